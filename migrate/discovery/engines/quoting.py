"""Lines of a text that open a quote without closing it: left to an engine, each swallows the lines behind it."""

from __future__ import annotations

import gzip
import zlib
from pathlib import Path
from typing import BinaryIO, cast

from migrate.errors import InputError
from migrate.model.stages import FlowFile

__all__ = ["with_closed_quotes"]

_BLOCK = 4 << 20  # bytes


def with_closed_quotes(file: FlowFile, copy: Path, *, gzipped: bool) -> tuple[Path, int]:
    """A file on each of whose lines every quote is closed, so that each line is a record.

    Parameters
    ----------
    copy
        Where a copy without the other lines goes, if there are any; packed where the file is.

    Returns
    -------
    The path of the file or of the copy, and how many lines the copy lacks. The lines before the first record stay.

    Raises
    ------
    InputError
        The file cannot be read, or the copy not be written.
    """
    path, quote = file.path.absolute(), file.layout.quote.encode()
    try:
        with _opened(path, "rb", gzipped=gzipped) as stream:
            if not _any_open(stream, quote):
                return path, 0
        lost = 0
        with _opened(path, "rb", gzipped=gzipped) as stream, _opened(copy, "wb", gzipped=gzipped) as kept:
            for number, line in enumerate(stream):
                if number >= file.layout.skip_lines and line.count(quote) % 2:
                    lost += 1
                else:
                    kept.write(line)
    except (OSError, EOFError, zlib.error) as error:
        raise InputError(
            f"cannot be read as flow logs: {error}", where=file.label, remedy="Write the file again, or leave it out."
        ) from None
    return copy, lost


def _opened(path: Path, mode: str, *, gzipped: bool) -> BinaryIO:
    return cast("BinaryIO", gzip.open(path, mode, compresslevel=1) if gzipped else path.open(mode))


def _any_open(stream: BinaryIO, quote: bytes) -> bool:
    """Whether any line has an odd number of quotes."""
    carried = 0
    while block := stream.read(_BLOCK):
        if quote not in block:
            if carried and b"\n" in block:
                return True
            continue
        odd = [piece.count(quote) % 2 for piece in block.split(b"\n")]
        odd[0] ^= carried
        carried = odd.pop()
        if any(odd):
            return True
    return bool(carried)

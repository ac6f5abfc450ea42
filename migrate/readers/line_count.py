"""How many lines a text has, where that is quickly told."""

from __future__ import annotations

import gzip
import zlib

from migrate.errors import InputError
from migrate.readers.peek import Peek

__all__ = ["line_count"]

_MOST = 64 << 20  # bytes on disk; a longer file would keep people waiting
_MOST_COMPRESSED = 8 << 20
_MOST_INSIDE = 256 << 20  # bytes, decompressed
_BLOCK = 1 << 20


def line_count(peek: Peek, comment: str = "") -> int | None:
    """Lines of a text; None where the file is long.

    Parameters
    ----------
    comment
        Lines that begin with it do not count.

    Raises
    ------
    InputError
        The file cannot be decompressed, or not be read.
    """
    try:
        with peek.path.open("rb") as stream:
            packed = stream.read(2) == b"\x1f\x8b"
            stream.seek(0)
            if peek.size_bytes > (_MOST_COMPRESSED if packed else _MOST):
                return None
            lines, read, last = 0, 0, b"\n"
            remark = b"\n" + comment.encode()
            with gzip.GzipFile(fileobj=stream) if packed else stream as text:
                while block := text.read(_BLOCK):
                    lines, read = lines + block.count(b"\n"), read + len(block)
                    lines -= (last + block).count(remark) if comment else 0
                    last = block[-1:]
                    if read > _MOST_INSIDE:
                        return None
    except (EOFError, zlib.error, gzip.BadGzipFile):
        raise InputError("is damaged: it cannot be decompressed", where=peek.label, remedy="Export it again.") from None
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror}", where=peek.label, remedy="Check its permissions.") from None
    return lines + (last != b"\n")

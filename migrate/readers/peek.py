"""A look at a file: what kind it is by its first bytes, and its content, read once and only if somebody needs it."""

from __future__ import annotations

import gzip
import hashlib
import io
import re
import stat
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from migrate.errors import InputError
from migrate.readers.labels import labels_of

__all__ = ["HEAD", "LARGEST", "Peek", "peek_at"]

LARGEST = 2_000_000_000  # bytes held in memory, after decompression
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # Microsoft Compound File: encrypted .xlsx, or old .xls
_UTF16 = (b"\xff\xfe", b"\xfe\xff")  # byte order marks
_BLOCK = 1 << 20
HEAD = 1 << 16  # bytes, decompressed, that suffice to tell what a file is


@dataclass
class Peek:
    """A file that readers are asked about.

    Attributes
    ----------
    path
        Where it is.
    label
        How findings name it: its name, with as many folders as make it unique among the files of the run.
    kind
        ``xlsx``, ``zip``, ``json``, ``parquet``, ``text`` or ``unknown``, by content. Compression by gzip is seen through.
    flow_fields
        Fields of VPC Flow Logs without a header, as the request declares them; empty where it does not.
    """

    path: Path
    label: str
    size_bytes: int
    kind: str = "unknown"
    flow_fields: tuple[str, ...] = ()
    cache: dict[str, object] = field(default_factory=dict, repr=False)

    @cached_property
    def head(self) -> bytes:
        """The first `HEAD` bytes, decompressed if they were gzipped. No more of the file is read for them."""
        if "content" in self.__dict__:
            return self.content[:HEAD]
        try:
            with self.path.open("rb") as stream:
                if stream.read(2) != b"\x1f\x8b":
                    stream.seek(0)
                    return stream.read(HEAD)
                stream.seek(0)
                with gzip.GzipFile(fileobj=stream) as inside:
                    return inside.read(HEAD)
        except (EOFError, zlib.error, gzip.BadGzipFile):
            raise _damaged(self.label) from None
        except OSError as error:
            raise InputError(f"cannot be read: {error.strerror}", where=self.label, remedy="Check its permissions.") from None

    @property
    def head_is_all(self) -> bool:
        """There is nothing after the head."""
        return len(self.head) < HEAD

    @cached_property
    def head_text(self) -> str:
        """The head of a text, decoded; a character that the head cuts in two is left out."""
        if self.head[:2] in _UTF16:
            return self.head.decode("utf-16", errors="replace")
        text = self.head.removeprefix(b"\xef\xbb\xbf")
        return text.decode("utf-8", errors="ignore" if not self.head_is_all else "replace")

    @cached_property
    def parquet(self) -> pq.FileMetaData:
        """The footer of a Parquet file.

        Raises
        ------
        InputError
            It is damaged.
        """
        try:
            return pq.read_metadata(self.path)
        except (pa.ArrowException, OSError):
            raise InputError("is damaged: it cannot be read as Parquet", where=self.label, remedy="Export it again.") from None

    @property
    def parquet_columns(self) -> tuple[str, ...]:
        """Names of the columns of a Parquet file."""
        return tuple(self.parquet.schema.to_arrow_schema().names)

    @property
    def parquet_rows(self) -> int:
        """Rows of a Parquet file, as its footer tells."""
        return int(self.parquet.num_rows)

    @cached_property
    def raw(self) -> bytes:
        """The file as it lies on disk. Not for Parquet, which is read where it lies."""
        if self.size_bytes > LARGEST:
            raise InputError(
                f"is over {LARGEST // 1_000_000_000} GB, too large for an inventory", where=self.label, remedy="Split the export."
            )
        try:
            with self.path.open("rb") as stream:
                return stream.read(LARGEST + 1)
        except OSError as error:
            raise InputError(f"cannot be read: {error.strerror}", where=self.label, remedy="Check its permissions.") from None

    @cached_property
    def content(self) -> bytes:
        """The file's bytes, decompressed if they were gzipped."""
        return _gunzip(self.raw, self.label) if self.raw[:2] == b"\x1f\x8b" else self.raw

    @cached_property
    def sha256(self) -> str:
        """Digest of the file as it lies on disk."""
        if "raw" in self.__dict__:
            return hashlib.sha256(self.raw).hexdigest()
        try:
            with self.path.open("rb") as stream:
                return hashlib.file_digest(stream, "sha256").hexdigest()
        except OSError as error:
            raise InputError(f"cannot be read: {error.strerror}", where=self.label, remedy="Check its permissions.") from None

    def describe(self) -> str:
        """What the file is, for people whose file no reader knows."""
        from migrate.readers.delimited import header_of  # noqa: PLC0415 -- it imports this module
        from migrate.readers.workbook import sheet_names  # noqa: PLC0415

        if self.kind == "xlsx":
            return f"it is a workbook with the sheets {_some(sheet_names(self))}"
        if self.kind == "text" and self.path.suffix.lower() == ".json":
            return "it is named as JSON, but holds neither an object nor a list"
        if self.kind == "text":
            return f"it is text that begins with the cells {_some(header_of(self))}"
        kinds = {"json": "it is JSON without records of a CMDB", "parquet": "it is Parquet without the fields of flow logs"}
        kinds |= {"zip": "it is an archive without RVTools' files"}
        binary = bool(self.head[:4096].strip()) and b"\0" in self.head
        unknown = "it holds NUL characters, so it is no text" if binary else "it is empty or of an unknown format"
        return kinds.get(self.kind, unknown)

    def release(self) -> None:
        """Forget the content: what is needed of it has been read."""
        digest = self.sha256
        self.forget()
        self.__dict__["sha256"] = digest

    def forget(self) -> None:
        """`release` for a file whose digest nobody will ask for."""
        for name in ("raw", "content", "head", "head_text", "parquet"):
            self.__dict__.pop(name, None)
        self.cache.clear()


def peek_at(files: Sequence[Path], flow_fields: tuple[str, ...] = ()) -> list[Peek]:
    """Open every file and say what kind it is. Of texts and compressed files, only the head is read.

    Raises
    ------
    InputError
        A file is missing, is no regular file (folders, links, pipes and devices are refused), cannot be read, or is
        encrypted or truncated.
    """
    labels = labels_of(files)
    return [_peek(path, label, flow_fields) for path, label in zip(files, labels, strict=True)]


def _some(names: Sequence[str]) -> str:
    shown = [re.sub(r"[\x00-\x1f\x7f]", " ", name)[:40] for name in names[:8]]
    return ", ".join(shown) + (" …" if len(names) > 8 else "")


def _peek(path: Path, label: str, flow_fields: tuple[str, ...]) -> Peek:
    try:
        status = path.lstat()
    except OSError as error:
        what = "no such file" if isinstance(error, FileNotFoundError) else f"cannot be read: {error.strerror}"
        raise InputError(what, where=str(path), remedy="Check the path.") from None
    except ValueError:
        raise InputError("is not a path", where=repr(str(path)), remedy="Check the path.") from None
    if stat.S_ISLNK(status.st_mode):
        raise InputError("is a symbolic link", where=str(path), remedy="Name the file that it points to.")
    if not stat.S_ISREG(status.st_mode):
        raise InputError("is not a regular file", where=str(path), remedy="Name a file.")
    peek = Peek(path, label, status.st_size, flow_fields=flow_fields)
    try:
        with path.open("rb") as stream:
            head = stream.read(_BLOCK if status.st_size < _BLOCK else 4096)
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror}", where=str(path), remedy="Check its permissions.") from None
    peek.kind = _kind(head, peek)
    return peek


def _kind(head: bytes, peek: Peek) -> str:
    if head[:4] == b"PAR1":
        return "parquet"
    if head[:8] == _OLE:
        encrypted = "EncryptedPackage".encode("utf-16-le") in peek.raw
        what = "is an encrypted workbook" if encrypted else "is an old .xls workbook"
        raise InputError(what, where=peek.label, remedy="Save it as .xlsx without a password.")
    if head[:2] == b"\x1f\x8b":
        head = peek.head[:4096]
    if head[:4] in (b"PK\x03\x04", b"PK\x05\x06"):
        return "xlsx" if _is_workbook(peek) else "zip"
    if peek.path.suffix.lower() in (".xlsx", ".xlsm", ".parquet", ".zip"):
        what = "is empty" if not head else f"is no {peek.path.suffix.lower()} file, or is damaged"
        raise InputError(what, where=peek.label, remedy="Export it again.")
    if head[:2] in _UTF16:
        begin = head[: len(head) // 2 * 2].decode("utf-16", errors="replace").lstrip()[:1]
        return "json" if begin in ("{", "[") else "text"
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
    if start in (b"{", b"["):
        return "json"
    return "text" if start and head.count(0) == 0 else "unknown"


def _is_workbook(peek: Peek) -> bool:
    """A zip archive is a workbook if it is named so or holds the part that every workbook has."""
    return peek.path.suffix.lower() in (".xlsx", ".xlsm") or b"xl/workbook.xml" in peek.raw


def _gunzip(raw: bytes, label: str) -> bytes:
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(raw)) as stream:
            content = stream.read(LARGEST + 1)
    except (OSError, EOFError, zlib.error):
        raise _damaged(label) from None
    if len(content) > LARGEST:
        raise InputError(
            f"decompresses to over {LARGEST // 1_000_000_000} GB", where=label, remedy="Check where it comes from, or split it."
        )
    return content


def _damaged(label: str) -> InputError:
    return InputError("is damaged: it cannot be decompressed", where=label, remedy="Export it again.")

"""Flow files that lie alike: an engine reads them as one table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from migrate.errors import InputError
from migrate.model.stages import FlowFile, Layout

__all__ = ["Alike", "alike"]

_GZIP = b"\x1f\x8b"


@dataclass(frozen=True)
class Alike:
    """Files of one format and one layout.

    Attributes
    ----------
    files
        Sorted by path, at least one.
    gzipped
        By content: names tell nothing.
    schema
        Names and types where Parquet.
    """

    format: str
    layout: Layout
    files: tuple[FlowFile, ...]
    gzipped: bool = False
    schema: pa.Schema | None = None

    def paths(self) -> list[Path]:
        """Absolute paths of the files."""
        return [file.path.absolute() for file in self.files]

    def shown(self) -> str:
        """The place that an error names."""
        return ", ".join(file.label for file in self.files[:3]) + (" …" if len(self.files) > 3 else "")


def alike(files: Sequence[FlowFile]) -> list[Alike]:
    """Put files of the same format, layout, compression and (where Parquet) columns together, in an order of their own.

    Parquet files whose types differ are not read as one: engines disagree on what then becomes of the types.

    Raises
    ------
    InputError
        A file cannot be read, or is no Parquet although it was taken for it.
    """
    groups: dict[tuple[str, Layout, bool, str], list[FlowFile]] = {}
    schemas: dict[str, pa.Schema] = {}
    for file in files:
        schema, gzipped = None, False
        if file.layout.container == "parquet":
            schema = _schema(file)
        else:
            gzipped = _begins(file) == _GZIP
        text = schema.to_string(show_field_metadata=False, show_schema_metadata=False) if schema is not None else ""
        if schema is not None:
            schemas.setdefault(text, schema)
        groups.setdefault((file.format, file.layout, gzipped, text), []).append(file)
    ordered = sorted(groups.items(), key=lambda item: (item[0][0], repr(item[0][1]), item[0][2], item[0][3]))
    return [
        Alike(name, layout, tuple(sorted(some, key=lambda file: str(file.path))), gzipped, schemas.get(text))
        for (name, layout, gzipped, text), some in ordered
    ]


def _begins(file: FlowFile) -> bytes:
    try:
        with file.path.open("rb") as stream:
            return stream.read(len(_GZIP))
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror}", where=file.label, remedy="Check its permissions.") from None


def _schema(file: FlowFile) -> pa.Schema:
    try:
        return pq.read_schema(file.path)
    except (pa.ArrowException, OSError, ValueError):
        raise InputError(
            "cannot be read as flow logs: it is no Parquet, or damaged",
            where=file.label,
            remedy="Write it again, or leave it out.",
        ) from None

"""Flow records: Parquet files with the fields of VPC Flow Logs. They are recognised here, and aggregated where they lie."""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa
import pyarrow.parquet as pq

from migrate.errors import InputError
from migrate.model.stages import FlowFile, Layout
from migrate.readers.ledger import Ledger
from migrate.readers.peek import Peek
from migrate.readers.reading import Reading

__all__ = ["NAME", "identify", "read", "row_count"]

NAME = "flows"

_NEEDED = frozenset(("srcaddr", "dstaddr", "dstport", "protocol"))
_COUNTED = frozenset(("bytes", "packets", "start"))


def identify(peek: Peek) -> str | None:
    """Say why these are flow records, or None: they have the addresses, port, protocol and an amount or a time.

    Raises
    ------
    InputError
        The file is damaged.
    """
    if peek.kind != "parquet":
        return None
    metadata = _metadata(peek)
    names = {name.replace("-", "_").lower() for name in metadata.schema.to_arrow_schema().names}
    if not (names >= _NEEDED and names & _COUNTED):
        return None
    return f"has the fields of VPC Flow Logs in {metadata.num_rows:,} rows"


def read(peeks: Sequence[Peek], ledger: Ledger) -> Reading:
    """Note the files and their number of rows; the records themselves are not read."""
    for peek in peeks:
        ledger.read[peek.label] += row_count(peek)
    files = (FlowFile(peek.path, peek.label, "vpc", Layout("parquet")) for peek in peeks)
    return Reading(flows=tuple(sorted(files, key=lambda file: file.label)))


def row_count(peek: Peek) -> int:
    """Rows of a Parquet file, as its footer tells."""
    return int(_metadata(peek).num_rows)


def _metadata(peek: Peek) -> pq.FileMetaData:
    known = peek.cache.get("metadata")
    if known is None:
        try:
            known = pq.read_metadata(peek.path)
        except (pa.ArrowException, OSError):
            raise InputError("is damaged: it cannot be read as Parquet", where=peek.label, remedy="Export it again.") from None
        peek.cache["metadata"] = known
    return known

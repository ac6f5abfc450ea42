"""Plain edges: client, server, port and protocol, and what else is known. Ends are addresses or names.

Bytes and packets are not split by direction: they count as the client's.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from migrate.model.stages import Layout
from migrate.readers.flow_formats.amounts import GARBAGE, whole
from migrate.readers.flow_formats.fields import Fields, plain_names, staged
from migrate.readers.flow_formats.heads import table_head, told
from migrate.readers.flow_formats.ports import port_number
from migrate.readers.flow_formats.protocols import protocol_number
from migrate.readers.flow_formats.record import record
from migrate.readers.flow_formats.times import seconds
from migrate.readers.peek import Peek

if TYPE_CHECKING:
    import ibis.expr.types as ir

__all__ = ["NAME", "fits", "identify", "records"]

NAME = "edges"

_NEEDED = frozenset(("client", "server", "port"))


def fits(columns: Collection[str]) -> bool:
    """Whether a table with these columns holds edges."""
    return plain_names(columns) >= _NEEDED


def identify(peek: Peek) -> tuple[Layout, str] | None:
    """Say how the rows lie and why they are edges, or None."""
    head = table_head(peek)
    return told(head, "has the columns client, server and port", peek) if head and fits(head.columns) else None


def records(raw: ir.Table) -> ir.Table:
    """Bring rows to `RECORD_COLUMNS`. Without a column of connections, a row's connections are not told."""
    import ibis  # noqa: PLC0415 -- only those who have flows pay for it

    raw = staged(raw, protocol_known=protocol_number(Fields(raw).get("protocol", "proto")))
    raw = staged(raw, port_known=port_number(Fields(raw).get("port"), raw.protocol_known, unnamed=GARBAGE))
    fields = Fields(raw)
    connections = fields.get("connections")
    return record(
        raw,
        src=fields.text("client"),
        dst=fields.text("server"),
        dstport=raw.port_known,
        protocol=raw.protocol_known,
        packets=whole(fields.get("packets")),
        bytes_=whole(fields.get("bytes")),
        connections=None
        if connections is None
        else ibis.ifelse(fields.text("connections") == "", ibis.null("int64"), whole(connections)),
        oriented=ibis.literal(True),
        start=seconds(fields.get("start")),
        end=seconds(fields.get("end")),
    )

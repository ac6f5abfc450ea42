"""Connections that agents of AWS Application Discovery Service saw: the export's CSV, or the columns in Athena.

Fields: https://docs.aws.amazon.com/application-discovery/latest/userguide/agent-data-collected.html. The listener stands in
``destination``, in the table of inbound connections too. There are no byte counts.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from migrate.model.stages import Layout
from migrate.readers.flow_formats.fields import Fields, plain_names
from migrate.readers.flow_formats.heads import table_head, told
from migrate.readers.flow_formats.ports import port_number
from migrate.readers.flow_formats.protocols import protocol_number
from migrate.readers.flow_formats.record import record
from migrate.readers.flow_formats.times import seconds
from migrate.readers.peek import Peek

if TYPE_CHECKING:
    import ibis.expr.types as ir

__all__ = ["NAME", "fits", "identify", "records"]

NAME = "ads"

_NEEDED = frozenset(("sourceip", "destinationip", "destinationport"))
_TELLING = frozenset(("agentid", "agentassignedprocessid"))


def fits(columns: Collection[str]) -> bool:
    """Whether a table with these columns holds such records."""
    names = plain_names(columns)
    return names >= _NEEDED and bool(names & _TELLING)


def identify(peek: Peek) -> tuple[Layout, str] | None:
    """Say how the rows lie and why they are such records, or None."""
    head = table_head(peek)
    return told(head, "has the columns of ADS agents", peek) if head and fits(head.columns) else None


def records(raw: ir.Table) -> ir.Table:
    """Bring rows to `RECORD_COLUMNS`; each stands for one connection. Rows about processes and load say nothing of one."""
    import ibis  # noqa: PLC0415 -- only those who have flows pay for it

    fields = Fields(raw)
    protocol = protocol_number(fields.get("transportprotocol"))
    agent = fields.text("agentid")
    src, dst = fields.text("sourceip"), fields.text("destinationip")
    time = seconds(fields.get("timestamp")).coalesce(seconds(fields.get("agentprovidedtimestamp")))
    return record(
        raw,
        src=src,
        dst=dst,
        srcport=port_number(fields.get("sourceport"), protocol),
        dstport=port_number(fields.get("destinationport"), protocol),
        protocol=protocol,
        connections=ibis.literal(1, type="int64"),
        oriented=ibis.literal(True),
        start=time,
        end=time,
        interface=agent,
        skipped=(src == "") & (dst == "") & (agent != ""),
    )

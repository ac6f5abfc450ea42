"""Azure Migrate's export of dependencies: one row per time slot, process and connection.

Columns: https://learn.microsoft.com/azure/migrate/how-to-create-group-machine-dependencies-agentless. The agentless analysis
looks at TCP connections, so that is the protocol.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from migrate.model.stages import Layout
from migrate.readers.flow_formats.fields import Fields, plain_names
from migrate.readers.flow_formats.heads import table_head, told
from migrate.readers.flow_formats.ports import port_number
from migrate.readers.flow_formats.protocols import TCP
from migrate.readers.flow_formats.record import record
from migrate.readers.flow_formats.times import seconds
from migrate.readers.peek import Peek

if TYPE_CHECKING:
    import ibis.expr.types as ir

__all__ = ["NAME", "fits", "identify", "records"]

NAME = "azure"

_NEEDED = frozenset(("sourceservername", "destinationport"))
_TARGETS = frozenset(("destinationservername", "destinationip"))


def fits(columns: Collection[str]) -> bool:
    """Whether a table with these columns holds such records."""
    names = plain_names(columns)
    return names >= _NEEDED and bool(names & _TARGETS)


def identify(peek: Peek) -> tuple[Layout, str] | None:
    """Say how the rows lie and why they are such records, or None."""
    head = table_head(peek)
    return told(head, "has the columns of Azure Migrate's dependencies", peek) if head and fits(head.columns) else None


def records(raw: ir.Table) -> ir.Table:
    """Bring rows to `RECORD_COLUMNS`; each stands for one connection. Destinations without a name are addresses."""
    import ibis  # noqa: PLC0415 -- only those who have flows pay for it

    fields = Fields(raw)
    name, address = fields.text("destinationservername"), fields.text("destinationip")
    time, protocol = seconds(fields.get("timeslot")), ibis.literal(TCP, type="int64")
    return record(
        raw,
        src=fields.text("sourceservername"),
        dst=ibis.ifelse(name == "", address, name),
        dstport=port_number(fields.get("destinationport"), protocol),
        protocol=protocol,
        connections=ibis.literal(1, type="int64"),
        oriented=ibis.literal(True),
        start=time,
        end=time,
    )

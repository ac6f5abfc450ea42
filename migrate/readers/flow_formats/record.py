"""What every flow format is brought to: one row per row of the file, with the same columns, judged alike."""

from __future__ import annotations

from typing import TYPE_CHECKING

from migrate.readers.flow_formats.amounts import LARGEST
from migrate.readers.flow_formats.record_kinds import ACCEPTED, MALFORMED, REJECTED, SKIPPED
from migrate.readers.flow_formats.times import plausible

if TYPE_CHECKING:
    import ibis.expr.types as ir

__all__ = ["RECORD_COLUMNS", "record"]

#: The columns of a record, in order.
RECORD_COLUMNS = (
    *("src", "dst", "srcport", "dstport", "protocol", "packets", "bytes", "packets_back", "bytes_back", "connections"),
    *("flags", "oriented", "start", "end", "interface", "kind"),
)
_LONGEST = 255  # characters of a name; longer ones are no names (RFC 1035, section 2.3.4)
_COUNTS = ("packets", "bytes", "packets_back", "bytes_back")


def record(
    raw: ir.Table,
    *,
    src: ir.StringValue,
    dst: ir.StringValue,
    dstport: ir.IntegerValue,
    protocol: ir.IntegerValue,
    srcport: ir.IntegerValue | None = None,
    packets: ir.IntegerValue | None = None,
    bytes_: ir.IntegerValue | None = None,
    packets_back: ir.IntegerValue | None = None,
    bytes_back: ir.IntegerValue | None = None,
    connections: ir.IntegerValue | None = None,
    flags: ir.IntegerValue | None = None,
    oriented: ir.BooleanValue | None = None,
    start: ir.IntegerValue | None = None,
    end: ir.IntegerValue | None = None,
    interface: ir.StringValue | None = None,
    skipped: ir.BooleanValue | None = None,
    rejected: ir.BooleanValue | None = None,
    shortest: int = 1,
) -> ir.Table:
    """Judge and order the columns of a record.

    Parameters
    ----------
    src, dst
        Address or host name; ``""`` where there is none.
    srcport, dstport
        0: none or unknown.
    protocol
        IANA number, -1 unknown.
    packets, bytes_, packets_back, bytes_back
        Sent by `src`, and by `dst`. None: 0.
    connections
        How many connections the row stands for; null or None: not told.
    flags
        TCP flags of `src`, as bits. None: 0.
    oriented
        The source itself knows `src` to be the client. None: it does not.
    start, end
        Seconds since 1970; null or None: unknown. Each stands in for the other; an end before the start is the start.
    interface
        Where the row was recorded; rows from several of them about the same ends are the same flow seen again.
    skipped, rejected
        The row says nothing of a connection; the connection did not come about.
    shortest
        Characters that `src` and `dst` must have.

    Returns
    -------
    `RECORD_COLUMNS`. Of a malformed row, whose ends are missing or whose numbers cannot be, the amounts are 0.
    """
    import ibis  # noqa: PLC0415 -- only those who have flows pay for it

    def number(value: ir.IntegerValue | None) -> ir.IntegerValue:
        return ibis.literal(0, type="int64") if value is None else value.cast("int64")

    def judged(value: ir.BooleanValue | None) -> ir.BooleanValue:
        return ibis.literal(False) if value is None else value.fill_null(False)

    nothing = ibis.null("int64")
    table = raw.select(
        src=src,
        dst=dst,
        srcport=number(srcport),
        dstport=number(dstport),
        protocol=number(protocol),
        packets=number(packets),
        bytes=number(bytes_),
        packets_back=number(packets_back),
        bytes_back=number(bytes_back),
        connections=nothing if connections is None else connections.cast("int64"),
        flags=number(flags),
        oriented=judged(oriented),
        start=nothing if start is None else start,
        end=nothing if end is None else end,
        interface=ibis.literal("") if interface is None else interface,
        skipped=judged(skipped),
        rejected=judged(rejected),
    ).view()  # what follows names these columns; without, ibis would write their expressions out once for each use
    given = {"packets": packets, "bytes": bytes_, "packets_back": packets_back, "bytes_back": bytes_back}
    counted = [name for name in _COUNTS if given[name] is not None]
    sane = (
        table.src.length().between(shortest, _LONGEST)
        & table.dst.length().between(shortest, _LONGEST)
        & table.dstport.between(0, 65_535)
        & table.protocol.between(-1, 255)
    )
    if srcport is not None:
        sane &= table.srcport.between(0, 65_535)
    for name in counted:
        sane &= table[name].between(0, LARGEST)
    if connections is not None:
        sane &= table.connections.isnull() | table.connections.between(0, LARGEST)
    sane = sane.fill_null(False)
    kind = ibis.cases((table.skipped, SKIPPED), (~sane, MALFORMED), (table.rejected, REJECTED), else_=ACCEPTED)
    kept = {name: ibis.ifelse(sane, table[name], 0).cast("int64") for name in counted}
    if connections is not None:
        kept["connections"] = ibis.ifelse(sane, table.connections, nothing)
    if flags is not None:
        kept["flags"] = ibis.ifelse(table.flags.between(0, 65_535), table.flags, 0).cast("int64")
    begin = plausible(table.start)
    until = plausible(table.end)
    kept |= {"start": begin.coalesce(until), "end": ibis.greatest(until.coalesce(begin), begin.coalesce(until))}
    return table.mutate(kind=kind.cast("int8"), **kept).select(*RECORD_COLUMNS)

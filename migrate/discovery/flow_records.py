"""The fields of a flow log, typed alike whatever the file calls and types them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis

from migrate.discovery.record_kinds import ACCEPTED, MALFORMED, REJECTED, SKIPPED
from migrate.errors import InputError

if TYPE_CHECKING:
    import ibis.expr.types as ir

__all__ = ["flow_records"]

_NEEDED = ("srcaddr", "dstaddr", "dstport", "protocol")
_LARGEST = 2**45  # 35 TB in one record is a fault of the exporter
_MILLISECONDS_FROM = 100_000_000_000  # as seconds the year 5138: such times are milliseconds
_PLAUSIBLE = (946_684_800, 4_102_444_800)  # 2000 to 2100: other times are unknown times


def flow_records(raw: ir.Table, shown: str) -> ir.Table:
    """Rename and type the fields; say of each record of which kind it is.

    Parameters
    ----------
    raw
        Fields of VPC Flow Logs under their names, with ``-`` or ``_`` between words.
    shown
        The place that an error names.

    Raises
    ------
    InputError
        A needed field is missing.
    """
    names = {column.lower().replace("-", "_"): column for column in reversed(raw.columns)}
    missing = [name for name in _NEEDED if name not in names]
    if missing:
        raise InputError(
            f"lacks the field {', '.join(missing)}",
            where=shown,
            remedy="Flow logs need srcaddr, dstaddr, dstport and protocol.",
        )

    def text(name: str) -> ir.StringValue:
        return raw[names[name]].cast("string") if name in names else ibis.literal("", type="string")

    def number(name: str, absent: int) -> ir.IntegerValue:
        if name not in names:
            return ibis.literal(absent, type="int64")
        column = raw[names[name]]
        whole = column.cast("int64") if column.type().is_integer() else column.try_cast("int64")
        return whole.coalesce(ibis.literal(absent, type="int64"))

    start, end = _seconds(raw, names.get("start")), _seconds(raw, names.get("end"))
    table = raw.select(
        src=text("srcaddr"),
        dst=text("dstaddr"),
        srcport=number("srcport", 0),
        dstport=number("dstport", 0),
        protocol=number("protocol", -1),
        packets=number("packets", 0),
        bytes=number("bytes", 0),
        flags=number("tcp_flags", 0),
        start=start.coalesce(end),
        end=end.coalesce(start),
        action=text("action").upper(),
        status=text("log_status").upper(),
        interface=text("interface_id"),
    )
    named = (table.src.length() > 2) & (table.dst.length() > 2)
    sane = (
        named
        & table.srcport.between(0, 65_535)
        & table.dstport.between(0, 65_535)
        & table.protocol.between(0, 255)
        & table.packets.between(0, _LARGEST)
        & table.bytes.between(0, _LARGEST)
    )
    kind = ibis.cases(
        (table.status.isin(["NODATA", "SKIPDATA"]), SKIPPED),
        (~sane.fill_null(False), MALFORMED),
        (table.action == "REJECT", REJECTED),
        else_=ACCEPTED,
    )
    return table.mutate(kind=kind.cast("int8")).drop("action", "status")


def _seconds(raw: ir.Table, column: str | None) -> ir.IntegerValue:
    """A time as whole seconds since 1970 (UTC), whatever type the file gives it."""
    if column is None:
        return ibis.null("int64")
    value = raw[column]
    if value.type().is_timestamp():
        return value.epoch_seconds().cast("int64")
    if value.type().is_date():
        return value.cast("timestamp").epoch_seconds().cast("int64")
    whole = value.cast("int64") if value.type().is_integer() else value.try_cast("int64")
    seconds = ibis.ifelse(whole >= _MILLISECONDS_FROM, whole // 1000, whole)
    return ibis.ifelse(seconds.between(*_PLAUSIBLE), seconds, ibis.null("int64"))

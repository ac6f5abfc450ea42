"""Records to folded rows: one pass over everything, and the only one.

A folded row sums the records of a day that are alike: of one kind, between the same ends, seen at one observation point,
with the same port of the server. Where a record alone tells which end is the client, it is turned so that this end comes
first, both ways are one row, and the client's port is forgotten; only doubtful rows keep both ports and the way that they
had. Whatever needs more thought is thought about folded rows, of which there are few.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis

from migrate.discovery.absence import is_absent
from migrate.discovery.business import business_hours
from migrate.discovery.evidence import DOUBTFUL, PORTED, TO_CLIENT, TO_SERVER, shows_client, way_of_record
from migrate.discovery.numbers import bit, int64
from migrate.discovery.window import HOURS_A_DAY, Window
from migrate.readers.flow_formats.record_kinds import REJECTED

if TYPE_CHECKING:
    import ibis.expr.types as ir

__all__ = ["NO_DAY", "folded"]

#: Stands for the day of records without a time, or with one outside the window. Records that say nothing of who talks to
#: whom have a number below it, another for each format: they are never the same flow seen twice.
NO_DAY = -1
_SECONDS_AN_HOUR = 3_600
_KEY = ("kind", "src", "dst", "protocol", "srcport", "dstport", "way", "interface", "day")
_SUMMED = ("bytes", "packets", "bytes_back", "packets_back")
#: Connections told, or seen to be opened; those in business hours.
_CONNECTIONS = ("exact", "business_exact")
#: Records that were turned, that show the client, that are in business hours, that are so and were turned.
_COUNTED = ("records_back", "shown", "business", "business_back")
_AMOUNTS = (*_SUMMED, *_COUNTED, *_CONNECTIONS)


def folded(records: ir.Table, window: Window, source: int) -> ir.Table:
    """Fold the records of one format.

    Parameters
    ----------
    records
        `migrate.readers.flow_formats.record.RECORD_COLUMNS`. Columns that the format lacks cost nothing.
    source
        The place of the format in `FORMATS`.

    Returns
    -------
    ``kind``, ``src``, ``dst`` (null where the record is broken), ``protocol``, ``srcport`` and ``dstport`` (0: forgotten or
    none), ``way`` (`TO_SERVER` or `DOUBTFUL`), ``interface``, ``day``, ``source``; ``bytes``, ``packets``, ``bytes_back``,
    ``packets_back`` (sent by ``src``, and by ``dst``), ``records`` and ``records_back``, ``shown`` (records that show the
    client), ``exact`` (connections told, or seen to be opened), ``business`` and ``business_back`` (records in business
    hours), ``business_exact``;
    ``first_seen``, ``last_seen`` (UTC seconds, null without times) and ``hours`` (bit i: something began in hour i, UTC).
    """
    absent = _lacking(records)
    timed = "start" not in absent
    rows = _rows(records.view(), window, absent).view()
    spans = {"first_seen": rows.start.min(), "last_seen": rows.end.max(), "hours": rows.hour.bit_or()} if timed else {}
    # Connections that are not told are records, which are counted: sums cost engines more.
    summed = _SUMMED if "connections" in absent else (*_SUMMED, *_CONNECTIONS)
    amounts = {name: rows[name].sum() if name in summed else rows[name].count() for name in _AMOUNTS if name not in absent}
    key = [name for name in _KEY if name not in absent]
    return _told(rows.group_by(key).agg(records=rows.count(), **amounts, **spans), window, source, absent)


def _told(grouped: ir.Table, window: Window, source: int, absent: set[str]) -> ir.Table:
    """Groups as `folded` returns them."""
    timed = "start" not in absent
    number = ibis.literal(0, type="int64")
    day = _day(grouped.day, window) if timed else ibis.literal(NO_DAY, type="int64")
    at_work = business_hours(window).of_day(day)
    values = {name: grouped[name] if name in grouped.columns else number for name in ("records", *_AMOUNTS)}
    values |= {name: values[name] - values[f"{name}_back"] for name in ("records", "business")}
    values |= {name: ibis.ifelse(at_work, values[name], number) for name in ("business", "business_back", "business_exact")}
    unknown = ibis.null("int64")
    broken = grouped.kind > REJECTED
    return grouped.select(
        "kind",
        src=ibis.ifelse(broken, ibis.null("string"), grouped.src),
        dst=ibis.ifelse(broken, ibis.null("string"), grouped.dst),
        protocol=grouped.protocol,
        **{name: grouped[name] if name not in absent else ibis.literal(0, type="int32") for name in ("srcport", "dstport")},
        way=grouped.way,
        interface=ibis.ifelse(broken, "", grouped.interface) if "interface" not in absent else ibis.literal(""),
        day=int64(ibis.ifelse(broken, NO_DAY - 1 - source, day)),
        source=ibis.literal(source, type="int64"),
        **{name: int64(value) for name, value in values.items()},
        first_seen=grouped.first_seen if timed else unknown,
        last_seen=grouped.last_seen if timed else unknown,
        hours=grouped.hours.coalesce(0) if timed else number,
    )


def _lacking(records: ir.Table) -> set[str]:
    """Columns of records and of their rows that are the same nothing for every record."""
    absent = {name for name in records.columns if is_absent(records, name)}
    for name in ("bytes", "packets"):
        if name not in absent:
            absent.discard(f"{name}_back")  # records are turned
    if {"flags", "oriented"} <= absent:
        absent |= {"shown"}
        if "connections" in absent:
            absent |= set(_CONNECTIONS)
    if "start" in absent:
        absent |= {"day", "business", "business_back", "business_exact"}
    return absent


def _rows(records: ir.Table, window: Window, absent: set[str]) -> ir.Table:
    """The key and the summands of each record."""
    # Views keep ibis from writing an expression out wherever it is used, for the engine to compute each time.
    records = records.mutate(way=way_of_record(records), shown=shows_client(records)).view()
    broken, turned, shown = records.kind > REJECTED, records.way == TO_CLIENT, records.shown
    ported = records.protocol.isin(PORTED)

    def either(here: str, there: str) -> ir.Value:
        return ibis.ifelse(turned, records[there], records[here])

    values: dict[str, ir.Value] = {
        "kind": records.kind,
        "src": either("src", "dst"),
        "dst": either("dst", "src"),
        "protocol": ibis.ifelse(broken, 0, records.protocol).cast("int16"),
        "srcport": ibis.ifelse((records.way == DOUBTFUL) & ported, records.srcport, 0).cast("int32"),
        "dstport": ibis.ifelse(ported & ~broken, either("dstport", "srcport"), 0).cast("int32"),
        "way": ibis.ifelse(turned, TO_SERVER, records.way).cast("int8"),
        **{name: either(name, f"{name}_back") for name in ("bytes", "packets")},
        **{f"{name}_back": either(f"{name}_back", name) for name in ("bytes", "packets")},
        **{name: records[name] for name in ("start", "end", "interface")},
        "records_back": _mark(turned),
        "shown": _mark(shown),
    }
    opened = shown & (records.way == TO_SERVER)
    told = "connections" not in absent
    values["exact"] = exact = records.connections.coalesce(ibis.ifelse(opened, 1, 0)) if told else _mark(opened)
    if "start" not in absent:
        values["hour"], values["day"], at_work = _times(records.start, window)
        values["business"] = _mark(at_work)
        values["business_back"] = _mark(at_work & turned)
        values["business_exact"] = ibis.ifelse(at_work, exact, 0) if told else _mark(at_work & opened)
    return records.select(**{name: value for name, value in values.items() if name not in absent})


def _mark(which: ir.BooleanValue) -> ir.IntegerValue:
    """Something to count where it is so."""
    return ibis.ifelse(which, ibis.literal(1, type="int8"), ibis.null("int8"))


def _times(start: ir.IntegerValue, window: Window) -> tuple[ir.IntegerValue, ir.IntegerValue, ir.BooleanValue]:
    """The hour of the day as a bit, the hour with which the day begins, and whether it may be a business hour.

    Days begin with the first hour of the window. Only those of groups are numbered: a division less for each record.
    """
    offset = window.first_hour % HOURS_A_DAY
    hour = (start // _SECONDS_AN_HOUR - offset).cast("int32")
    of_day = hour % HOURS_A_DAY
    at_work = business_hours(window).of_record(of_day, hour - window.first_hour // HOURS_A_DAY * HOURS_A_DAY)
    return bit((of_day + offset) % HOURS_A_DAY if offset else of_day), hour - of_day, at_work.fill_null(False)


def _day(begin: ir.IntegerValue, window: Window) -> ir.IntegerValue:
    """The day of the window, by the hour with which it begins."""
    first = window.first_hour // HOURS_A_DAY
    day = begin // HOURS_A_DAY
    return ibis.ifelse(day.between(first, first + window.last_day), int64(day) - first, NO_DAY).coalesce(NO_DAY)

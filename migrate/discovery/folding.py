"""Records to folded rows: one pass over everything, and the only one.

A folded row sums the records of a day that are alike: of one kind, between the same ends, seen at one observation point,
with the same port of the server. The client's port is forgotten wherever a record alone tells which end is the client, so
that only doubtful rows keep both. Whatever needs more thought is thought about folded rows, of which there are few.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis

from migrate.discovery.absence import is_absent
from migrate.discovery.business import business_hours
from migrate.discovery.evidence import PORTED, TO_CLIENT, TO_SERVER, shows_client, way_of_record
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
#: `exact`: connections told, or seen to be opened; `business_exact`: those in business hours.
_SUMMED = ("bytes", "packets", "bytes_back", "packets_back", "exact", "business_exact")
#: Records that show the client, that are in business hours, that do both. A count costs engines a third of a sum.
_COUNTED = ("shown", "business", "business_shown")


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
    none), ``way`` (see `migrate.discovery.evidence`), ``interface``, ``day``, ``source``; ``bytes``, ``packets``, ``bytes_back``,
    ``packets_back``, ``records``, ``shown`` (records that show the client), ``exact`` (connections told, or seen to be
    opened), ``business`` (records in business hours), ``business_exact``;
    ``first_seen``, ``last_seen`` (UTC seconds, null without times) and ``hours`` (bit i: something began in hour i, UTC).
    """
    absent = {name for name in records.columns if is_absent(records, name)}
    if {"flags", "oriented"} <= absent:
        absent |= {"shown", "business_shown"}
    if "connections" in absent:
        absent |= {"exact", "business_exact"}
    timed = "start" not in absent
    if not timed:
        absent |= {"day", "business", "business_shown", "business_exact"}
    rows = _rows(records.view(), window, absent).view()
    spans = {"first_seen": rows.start.min(), "last_seen": rows.end.max(), "hours": rows.hour.bit_or()} if timed else {}
    sums = {name: rows[name].sum() for name in _SUMMED if name not in absent}
    counts = {name: rows[name].count() for name in _COUNTED if name not in absent}
    key = [name for name in _KEY if name not in absent]
    grouped = rows.group_by(key).agg(records=rows.count(), **sums, **counts, **spans)
    number = ibis.literal(0, type="int64")
    day = _day(grouped.day, window) if timed else ibis.literal(NO_DAY, type="int64")
    at_work = business_hours(window).of_day(day)
    values = {name: grouped[name] if name in grouped.columns else number for name in (*_SUMMED, "records", *_COUNTED)}
    if "connections" in absent:  # then a record of the client's way that shows the client is a connection
        values["exact"] = ibis.ifelse(grouped.way == TO_SERVER, values["shown"], number)
        values["business_exact"] = ibis.ifelse(grouped.way == TO_SERVER, values["business_shown"], number)
    values |= {name: ibis.ifelse(at_work, values[name], number) for name in ("business", "business_exact")}
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
        **{name: int64(value) for name, value in values.items() if name != "business_shown"},
        first_seen=grouped.first_seen if timed else unknown,
        last_seen=grouped.last_seen if timed else unknown,
        hours=grouped.hours.coalesce(0) if timed else number,
    )


def _rows(records: ir.Table, window: Window, absent: set[str]) -> ir.Table:
    """The key and the summands of each record."""
    # Views keep ibis from writing an expression out wherever it is used, for the engine to compute each time.
    records = records.mutate(way=way_of_record(records), shown=shows_client(records)).view()
    broken, way, shown = records.kind > REJECTED, records.way, records.shown
    ported = records.protocol.isin(PORTED)
    counted, nothing = ibis.literal(1, type="int8"), ibis.null("int8")
    values: dict[str, ir.Value] = {
        "kind": records.kind,
        # As they come: engines know the texts of a dictionary again, but not those that an expression chooses.
        "src": records.src,
        "dst": records.dst,
        "protocol": ibis.ifelse(broken, 0, records.protocol).cast("int16"),
        "srcport": ibis.ifelse((way != TO_SERVER) & ported, records.srcport, 0).cast("int32"),
        "dstport": ibis.ifelse((way != TO_CLIENT) & ported & ~broken, records.dstport, 0).cast("int32"),
        "way": way,
        **{name: records[name] for name in ("bytes", "packets", "bytes_back", "packets_back", "start", "end")},
        "interface": records.interface,
    }
    exact = records.connections.coalesce(ibis.ifelse(shown & (way == TO_SERVER), 1, 0))
    values |= {"shown": ibis.ifelse(shown, counted, nothing), "exact": exact}
    if "start" not in absent:
        # Days begin with the first hour of the window; they are numbered from 1970, so that no number is negative.
        hour = (records.start // _SECONDS_AN_HOUR - window.first_hour % HOURS_A_DAY).cast("int32")
        of_day = hour % HOURS_A_DAY
        day = hour // HOURS_A_DAY
        values["hour"] = bit((of_day + window.first_hour % HOURS_A_DAY) % HOURS_A_DAY)
        values["day"] = day
        at_work = business_hours(window).of_record(of_day, hour - window.first_hour // HOURS_A_DAY * HOURS_A_DAY).fill_null(False)
        values["business"] = ibis.ifelse(at_work, counted, nothing)
        values["business_shown"] = ibis.ifelse(at_work & shown, counted, nothing)
        values["business_exact"] = ibis.ifelse(at_work, exact, 0)
    return records.select(**{name: value for name, value in values.items() if name not in absent})


def _day(day: ir.IntegerValue, window: Window) -> ir.IntegerValue:
    first = window.first_hour // HOURS_A_DAY
    return ibis.ifelse(day.between(first, first + window.last_day), int64(day) - first, NO_DAY).coalesce(NO_DAY)

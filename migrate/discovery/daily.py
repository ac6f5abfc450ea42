"""What passed between a client and a server on each day, counted once whoever saw it, and what the days come to."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis

from migrate.discovery.numbers import bit, int64
from migrate.discovery.window import MASK_DAYS, Window

if TYPE_CHECKING:
    import ibis.expr.types as ir

__all__ = ["by_day", "over_days"]

_KEY = ("kind", "client", "server", "protocol", "port")
_BOTH_WAYS = ("bytes_out", "bytes_in", "packets_out", "packets_in", "records_out", "records_in")
_PERCENTILE = 95


def by_day(oriented: ir.Table) -> ir.Table:
    """One row per conversation and day.

    A flow that several observation points recorded (the interfaces of both ends, routers on its way, the sensors of two
    formats) counts once: each sum is that of the point where it is largest.

    Returns
    -------
    Beside key and ``day``: sums both ways; ``exact`` connections (told, or seen to be opened) and ``busier``, the records
    of the busier way, with ``business_exact`` and ``business_busier`` of them in business hours; ``sources``.
    """
    amounts = (*_BOTH_WAYS, "exact", "business_exact", "business_out", "business_in")
    points = oriented.group_by(*_KEY, "day", "source", "interface").agg(
        **{name: int64(oriented[name].sum()) for name in amounts}, **_spans(oriented)
    )
    points = points.mutate(business_busier=ibis.greatest(points.business_out, points.business_in))
    largest = (*_BOTH_WAYS, "exact", "business_exact", "business_busier")
    days = points.group_by(*_KEY, "day").agg(
        **{name: points[name].max() for name in largest}, **_spans(points), sources=bit(points.source).bit_or()
    )
    return days.mutate(busier=ibis.greatest(days.records_out, days.records_in), bytes=days.bytes_out + days.bytes_in)


def over_days(days: ir.Table, window: Window) -> ir.Table:
    """One row per conversation: see `migrate.discovery.conversations`.

    Connections are the exact ones; where there is none at all, the records of the busier way.
    """
    last, known = days.day == window.last_day, days.day >= 0
    masks = {
        f"days_{number}": ibis.ifelse(
            days.day.between(MASK_DAYS * number, MASK_DAYS * (number + 1) - 1),
            bit(days.day % MASK_DAYS),
            0,
        ).bit_or()
        for number in range(window.masks)
    }
    counts = ("exact", "busier")
    whole = days.group_by(*_KEY).agg(
        **{name: days[name].sum() for name in (*_BOTH_WAYS, *counts, "business_exact", "business_busier")},
        **{f"{name}_p95": _percentile(days, name, window.days) for name in ("bytes", *counts)},
        **{f"{name}_last_day": days[name].sum(where=last) for name in ("bytes", *counts)},
        **_spans(days),
        **masks,
        sources=days.sources.bit_or(),
        known=known.any(),
    )
    seen = whole.exact > 0

    def number(value: ir.IntegerValue) -> ir.IntegerValue:
        return int64(value.coalesce(0))

    def chosen(exact: str, busier: str) -> ir.IntegerValue:
        return ibis.ifelse(seen, whole[exact], whole[busier])

    def known_only(value: ir.IntegerValue) -> ir.IntegerValue:
        return ibis.ifelse(whole.known, number(value), ibis.null("int64"))

    return whole.select(
        *_KEY,
        **{name: number(whole[name]) for name in _BOTH_WAYS[:4]},
        records=number(whole.records_out + whole.records_in),
        connections=number(chosen("exact", "busier")),
        business_connections=number(chosen("business_exact", "business_busier")),
        bytes_day_p95=known_only(whole.bytes_p95),
        connections_day_p95=known_only(chosen("exact_p95", "busier_p95")),
        bytes_last_day=number(whole.bytes_last_day),
        connections_last_day=number(chosen("exact_last_day", "busier_last_day")),
        first_seen=int64(whole.first_seen),
        last_seen=int64(whole.last_seen),
        hours=number(whole.hours),
        **{name: number(whole[name]) for name in masks},
        sources=number(whole.sources),
    )


def _spans(table: ir.Table) -> dict[str, ir.Scalar]:
    return {"first_seen": table.first_seen.min(), "last_seen": table.last_seen.max(), "hours": table.hours.bit_or()}


def _percentile(days: ir.Table, name: str, observed: int) -> ir.IntegerScalar:
    """The 95th percentile over the observed days by nearest rank; days without a row count as 0.

    The value of rank ceil(0.95 D) from below is the one of rank D - ceil(0.95 D) + 1 from above.
    """
    from_above = observed - -(-_PERCENTILE * observed // 100) + 1
    known = days.day >= 0
    if from_above == 1:
        return days[name].max(where=known)
    values = days[name].collect(where=known).sort()
    return ibis.ifelse(values.length() >= from_above, values[values.length() - from_above], 0)

"""What passed between a client and a server on each day, counted once whoever saw it, and what the days come to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import ibis

from migrate.discovery.numbers import bit, int64
from migrate.discovery.together import Together
from migrate.discovery.window import MASK_DAYS, Window

if TYPE_CHECKING:
    import ibis.expr.types as ir

__all__ = ["Alike", "by_day", "over_days"]

_KEY = ("kind", "client", "server", "protocol", "port")
_BOTH_WAYS = ("bytes_out", "bytes_in", "packets_out", "packets_in", "records_out", "records_in")
_PERCENTILE = 95


@dataclass(frozen=True)
class Alike:
    """What is known of folded rows before they are put together, of those that tell who talks to whom; else it is looked for.

    Attributes
    ----------
    decided
        Every row tells its client.
    apart
        That, and no two have the same key, day, source and interface.
    one_point
        All have the same source and interface.
    one_day
        All have the same day.
    """

    decided: bool = False
    apart: bool = False
    one_point: bool = False
    one_day: bool = False


def by_day(oriented: ir.Table, alike: Alike) -> ir.Table:
    """One row per conversation and day.

    A flow that several observation points recorded (the interfaces of both ends, routers on its way, the sensors of two
    formats) counts once: each sum is that of the point where it is largest.

    Returns
    -------
    Beside key and ``day``: sums both ways; ``exact`` connections (told, or seen to be opened) and ``busier``, the records
    of the busier way, with ``business_exact`` and ``business_busier`` of them in business hours; ``sources``.
    """
    amounts = (*_BOTH_WAYS, "exact", "business_exact", "business_out", "business_in")
    here = Together(oriented, (*_KEY, "day", "source", "interface"), alike.apart)
    points = here.told(**{name: here.sum(name) for name in amounts}, **here.spans())
    points = points.mutate(business_busier=ibis.greatest(points.business_out, points.business_in))
    largest = (*_BOTH_WAYS, "exact", "business_exact", "business_busier")
    seen = Together(points, (*_KEY, "day"), alike.apart and alike.one_point)
    days = seen.told(**{name: seen.max(name) for name in largest}, **seen.spans(), sources=seen.bits(bit(points.source)))
    return days.mutate(busier=ibis.greatest(days.records_out, days.records_in), bytes=days.bytes_out + days.bytes_in)


def over_days(days: ir.Table, window: Window, alike: Alike) -> ir.Table:
    """One row per conversation: see `migrate.discovery.conversations`.

    Connections are the exact ones; where there is none at all, the records of the busier way.
    """
    # The day stage puts together what is not `apart`: afterwards only days are to be added up.
    of = Together(days, _KEY, alike.one_day)
    last, known = days.day == window.last_day, days.day >= 0
    masks = {
        f"days_{number}": of.bits(
            ibis.ifelse(days.day.between(MASK_DAYS * number, MASK_DAYS * (number + 1) - 1), bit(days.day % MASK_DAYS), 0)
        )
        for number in range(window.masks)
    }
    counts = ("exact", "busier")
    whole = of.told(
        **{name: of.sum(name) for name in (*_BOTH_WAYS, *counts, "business_exact", "business_busier")},
        **{f"{name}_p95": _percentile(of, name, window.days) for name in ("bytes", *counts)},
        **{f"{name}_last_day": of.sum(name, last) for name in ("bytes", *counts)},
        **of.spans(),
        **masks,
        sources=of.bits(days.sources),
        known=of.any(known),
    )
    return _settled(whole, tuple(masks))


def _settled(whole: ir.Table, masks: tuple[str, ...]) -> ir.Table:
    """The columns of a conversation."""
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


def _percentile(of: Together, name: str, observed: int) -> ir.IntegerValue:
    """The 95th percentile over the observed days by nearest rank; days without a row count as 0.

    The value of rank ceil(0.95 D) from below is the one of rank D - ceil(0.95 D) + 1 from above.
    """
    from_above = observed - -(-_PERCENTILE * observed // 100) + 1
    known = of.table.day >= 0
    if from_above == 1:
        return of.max(name, known)
    if of.alone:
        return ibis.literal(0, type="int64")
    values = of.table[name].collect(where=known).sort()
    return ibis.ifelse(values.length() >= from_above, values[values.length() - from_above], 0)

"""Which dependencies hold two applications in one move group, and what each would cost a day if its ends were apart."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from migrate.discovery.cycles import cycle_numbers
from migrate.model.split_price import ROUND_TRIPS, split_usd_day
from migrate.spec import Spec
from migrate.units import BYTES_PER_GB

__all__ = ["Holding", "holding"]

_MANY = 3  # servers from which one alone is thin evidence for its application
_TIE = 1e-6  # USD: of two cuts that cost the same, the one through fewer dependencies


class Holding:
    """What holds applications together.

    Attributes
    ----------
    edges
        One row for each dependency that holds: ``consumer``, ``provider``, ``reason``, ``because`` (why it holds), ``usd_day``
        and ``round_trips_day`` (null where no traffic is known), ``cycle`` and ``chatty`` (by what it holds; both may be),
        ``weight`` (USD a day, for comparison, more than 0). The heaviest first.
    pairs
        One row for each pair of applications with such a dependency: ``consumer`` before ``provider`` by name, ``weight`` of
        everything between them, ``cycle`` and ``chatty``. By name.
    cycles
        As `cycle_numbers` gives them.
    doubtful
        Applications in cycles that rest on one server of a larger application.
    """

    def __init__(self, edges: pl.DataFrame, pairs: pl.DataFrame, cycles: pl.DataFrame, doubtful: pl.Series) -> None:
        self.edges, self.pairs, self.cycles, self.doubtful = edges, pairs, cycles, doubtful


def holding(edges: pl.DataFrame, members: pl.DataFrame, shared: Sequence[str], observed_days: int, spec: Spec) -> Holding:
    """Judge every dependency.

    A hard one holds when it is part of a cycle, when a use that waits for every answer makes
    ``waves.unsplittable_round_trips_day`` or the consumer uses servers of the provider, or when a day apart costs
    ``waves.unsplittable_usd_day``; but none of shared services, and none that rests on one server of an application of three
    or more: that one may be in the wrong application.
    """
    priced = _priced(edges, shared, max(observed_days, 1), spec)
    hard = priced.filter(pl.col("strength") == "hard")
    supported = _supported(hard, members)
    names = members["application"].sort()
    cycles = cycle_numbers(supported, names)
    number = cycles.select("application", "cycle")
    told = (
        supported.join(number.rename({"application": "consumer", "cycle": "one"}), on="consumer", how="left")
        .join(number.rename({"application": "provider", "cycle": "other"}), on="provider", how="left")
        .with_columns(cycle=(pl.col("one") == pl.col("other")).fill_null(value=False), because=_because(spec))
        .filter(pl.col("cycle") | pl.col("chatty"))
        .with_columns(
            because=pl.concat_str(
                pl.when("cycle").then(pl.lit("they need each other in a cycle")), "because", separator="; ", ignore_nulls=True
            )
        )
        .select("consumer", "provider", "reason", "because", "usd_day", "round_trips_day", "cycle", "chatty", "weight")
        .sort("weight", "consumer", "provider", descending=[True, False, False])
    )
    doubtful = cycle_numbers(hard, names).join(cycles, on="application", how="anti")["application"]
    return Holding(told, _pairs(priced, told), cycles, doubtful)


def _priced(edges: pl.DataFrame, shared: Sequence[str], days: int, spec: Spec) -> pl.DataFrame:
    """Dependencies between applications of the estate that are no shared services, with what severing them costs."""
    none = pl.Series(shared, dtype=pl.String).implode()
    seen = (pl.col("connections") > 0) | (pl.col("bytes") > 0)
    a_day = pl.col("connections") / days
    apart = split_usd_day(pl.col("bytes") / days / BYTES_PER_GB, a_day, spec.weights)
    inner = edges.filter(~pl.col("external") & ~pl.col("consumer").is_in(none) & ~pl.col("provider").is_in(none))
    least = spec.waves.unsplittable_round_trips_day / 1e6 * spec.weights.latency_usd_million_round_trips
    waits = pl.col("latency_bound") & (pl.col("chatter") * ROUND_TRIPS >= spec.waves.unsplittable_round_trips_day)
    return inner.with_columns(
        usd_day=pl.when(seen).then(apart), round_trips_day=pl.when(seen).then(a_day * ROUND_TRIPS), waits=waits & seen
    ).with_columns(
        dear=(pl.col("usd_day") >= spec.waves.unsplittable_usd_day).fill_null(value=False),
        # a server of both ends is used all day, whether or not its traffic leaves it: as much as what must just not be split
        weight=pl.max_horizontal(pl.col("usd_day").fill_null(0.0), pl.when(pl.col("shares") > 0).then(least).otherwise(0.0))
        + _TIE,
        chatty=pl.col("waits")
        | (pl.col("shares") > 0)
        | (pl.col("usd_day") >= spec.waves.unsplittable_usd_day).fill_null(value=False),
    )


def _because(spec: Spec) -> pl.Expr:
    """Why a dependency holds, beside cycles; null where it does not."""
    waits = pl.format(
        "it waits for about {} round trips a day, and {} or more are not split",
        (pl.col("chatter") * ROUND_TRIPS).round().cast(pl.Int64),
        pl.lit(f"{spec.waves.unsplittable_round_trips_day:,.0f}"),
    )
    dear = pl.format(
        "each day apart would cost {} USD, and {} or more are not split",
        pl.col("usd_day").round().cast(pl.Int64),
        pl.lit(f"{spec.waves.unsplittable_usd_day:,.0f}"),
    )
    uses = pl.format("{} of the consumer's declared servers are the provider's", "shares")
    parts = (pl.when(pl.col("shares") > 0).then(uses), pl.when("waits").then(waits), pl.when("dear").then(dear))
    return pl.when("chatty").then(pl.concat_str(*parts, separator="; ", ignore_nulls=True))


def _supported(hard: pl.DataFrame, members: pl.DataFrame) -> pl.DataFrame:
    """Edges with more than one server behind an end that has three or more: one may be in the wrong application."""
    size = members.select("application", "servers")
    sized = hard.join(size, left_on="consumer", right_on="application", how="left").join(
        size, left_on="provider", right_on="application", how="left", suffix="_of_provider"
    )
    stated = (pl.col("connections") == 0) | (pl.col("shares") > 0)
    consumers = (pl.col("servers") < _MANY) | (pl.col("consumers") > 1)
    providers = (pl.col("servers_of_provider") < _MANY) | (pl.col("providers") > 1)
    return sized.filter(stated | (consumers & providers))


def _pairs(priced: pl.DataFrame, held: pl.DataFrame) -> pl.DataFrame:
    """Both directions of a pair as one; soft dependencies between the same two are severed with it and count as well."""

    def paired(frame: pl.DataFrame) -> pl.DataFrame:
        ends = pl.min_horizontal("consumer", "provider"), pl.max_horizontal("consumer", "provider")
        return frame.with_columns(consumer=ends[0], provider=ends[1])

    key = ["consumer", "provider"]
    held = paired(held).group_by(key).agg(pl.col("cycle", "chatty").any())
    weights = paired(priced.select(*key, "weight")).group_by(key).agg(pl.col("weight").sum())  # of two at most: in any order
    return held.join(weights, on=key).sort(key)

"""How much the applications that traffic suggests change when the last observed day is left out."""

from __future__ import annotations

import polars as pl

from migrate.discovery.agreement import adjusted_rand, displaced
from migrate.discovery.communities import applications_by_traffic
from migrate.discovery.flows import DAYS
from migrate.discovery.ports import INFRASTRUCTURE
from migrate.findings import Finding, Severity

__all__ = ["stability", "without_last_day"]

_SAMPLE = 20_000  # servers that are grouped twice more: a few seconds, however large the estate is
_STABLE = 0.9  # below it the groups say more about the days than about the applications: a planning value
_VOLUMES = ("bytes_out", "bytes_in", "packets", "records")


def stability(internal: pl.DataFrame, apart: pl.DataFrame, inferred: pl.DataFrame) -> tuple[float | None, list[Finding]]:
    """Group with and without the last observed day, and compare.

    Parameters
    ----------
    internal
        `Traffic.internal`.
    apart
        Shared servers (``server_id``), which are kept apart in both.
    inferred
        Columns ``server_id`` and ``application``: what was inferred, not declared. Of more than 20,000 servers every so
        many-th application is looked at, without its traffic with the others.

    Returns
    -------
    The adjusted Rand index of both groupings, over the servers that either places; a server that one of them places nowhere
    is alone there. None where there are fewer than two days or nothing is grouped by traffic.
    """
    days = _days(internal)
    if days < 2 or inferred.is_empty():
        return None, []
    ours, every = _sample(inferred)
    among = internal.filter(
        ~pl.col("use").is_in(INFRASTRUCTURE) & pl.col("consumer_id").is_in(ours) & pl.col("provider_id").is_in(ours)
    )
    one, other = (applications_by_traffic(rows, apart) for rows in (among, without_last_day(among)))
    both = one.select("server_id", one="community").join(
        other.select("server_id", other="community"), on="server_id", how="full", coalesce=True
    )
    if both.is_empty():
        return None, []
    both = both.sort("server_id").with_columns(pl.col("one", "other").fill_null(-1 - pl.int_range(pl.len())))
    index, moved = adjusted_rand(both["one"], both["other"]), displaced(both["one"], both["other"])
    sample = f", in a sample of one application in {every}" if every > 1 else ""
    return index, [_finding(f"{moved:,} of {both.height:,} servers (ARI {index:.2f}){sample}", days, index)]


def _sample(inferred: pl.DataFrame) -> tuple[pl.Expr, int]:
    """Servers to look at, and one in how many applications they are."""
    every = -(-inferred.height // _SAMPLE)
    chosen = inferred.select(pl.col("application").unique().sort()).gather_every(every)
    return pl.lit(inferred.join(chosen, on="application", how="semi")["server_id"].implode()), every


def without_last_day(internal: pl.DataFrame) -> pl.DataFrame:
    """Traffic as it would be without the last day on which anything was seen.

    What was seen on that day only goes. Bytes and connections lose those of that day (``bytes_last_day``,
    ``connections_last_day``), packets and records the share of bytes, all rounded down.
    """
    masks = internal.select(DAYS).columns
    if internal.is_empty() or _days(internal) == 0:
        return internal
    last, bit = _last(internal)
    cleared = pl.col(masks[last]).xor(pl.col(masks[last]) & (1 << bit))
    size = pl.col("bytes_out") + pl.col("bytes_in")
    kept = pl.when(size > 0).then(1 - (pl.col("bytes_last_day") / size).clip(0, 1)).otherwise(1.0)
    volumes = [name for name in _VOLUMES if name in internal.columns]
    return (
        internal.with_columns(
            (pl.col(*volumes) * kept).floor().cast(pl.Int64),
            cleared.alias(masks[last]),
            connections=(pl.col("connections") - pl.col("connections_last_day")).clip(0),
            timed=pl.any_horizontal(pl.col(masks) != 0),
        )
        .filter(pl.any_horizontal(pl.col(masks) != 0) | ~pl.col("timed"))
        .drop("timed")
    )


def _days(internal: pl.DataFrame) -> int:
    """Days on which anything was seen."""
    return int(sum(mask.bit_count() for mask in _union(internal)))


def _last(internal: pl.DataFrame) -> tuple[int, int]:
    """The last of these days: which mask, and which bit."""
    union = _union(internal)
    last = max(number for number, mask in enumerate(union) if mask)
    return last, union[last].bit_length() - 1


def _union(internal: pl.DataFrame) -> list[int]:
    return [int(mask or 0) for mask in internal.select(DAYS.bitwise_or()).row(0)] if internal.height else []


def _finding(moved: str, days: int, index: float) -> Finding:
    return Finding(
        code="groups-by-traffic-stability",
        severity=Severity.info if index >= _STABLE else Severity.warning,
        subject="applications inferred from traffic",
        message=f"Leaving out the last of {days} observed days moves {moved}",
        remedy="Nothing has to be done; more days would tell more."
        if index >= _STABLE
        else "Observe two weeks or more, with a month end among them, before groups are taken as they are.",
    )

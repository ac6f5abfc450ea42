"""Hard or soft: whether a consumer stops when its provider is away."""

from __future__ import annotations

import polars as pl

from migrate.discovery.chattiness import CHATTY
from migrate.discovery.ports import LATENCY_BOUND, SOFT

__all__ = ["judged", "judged_ports"]

# Planning values of this project.
_REGULAR = 0.5  # share of the observed days on which a use is seen: working days are 5/7
_BATCH_HOURS = 2  # a use that only ever begins in so many hours of the day …
_BATCH_DAYS = 4  # … on at least so many days is a scheduled job
_BATCH_USES = ("transfer",)
_OFFICE = 0.9  # of the connections: people at work are behind them
_FREQUENT_TRANSFERS = 96  # a day: a file transfer every quarter of an hour is no batch


def judged(edges: pl.DataFrame, observed_days: int, office_days: int) -> pl.DataFrame:
    """Add ``strength``, ``reason``, ``latency_bound`` and ``weight`` to application edges.

    A dependency is hard when one of its uses is seen on at least half of the days (of the working days where it keeps
    business hours: a weekend in the window is no evidence against it) and is no batch: not confined to the same
    one or two hours of the day, and no file transfer rarer than every quarter of an hour. Time, mail, log, monitoring,
    backup, management and print traffic is soft whatever its volume. A declaration that traffic could have confirmed and
    did not is soft; without flow logs it is believed. What rests only on servers whose membership is doubted is soft. An
    application that uses a server of another needs it.
    """
    days = max(observed_days, 1)
    edges = edges.with_row_index("edge")
    regular, timed, transfer = _habits(observed_days, office_days)
    uses = (
        edges.select("edge", "uses")
        .explode("uses", empty_as_null=False, keep_nulls=False)
        .unnest("uses")
        .with_columns(
            a_day=pl.col("connections") / days,
            hard=~pl.col("use").is_in(SOFT) & regular & ~timed & ~transfer,
            bound=pl.col("use").is_in(LATENCY_BOUND),
        )
    )
    best = uses.sort("edge", "hard", "bound", "connections", "use", descending=[False, True, True, True, False]).unique(
        "edge", keep="first", maintain_order=True
    )
    described = pl.format(
        "{} traffic, {} connections a day on {} of {} days{}{}",
        "use",
        pl.col("a_day").round(1),
        "active_days",
        pl.lit(observed_days),
        pl.when(pl.col("share") >= _OFFICE).then(pl.lit(", in business hours")).otherwise(pl.lit("")),
        pl.when((pl.col("chat") >= CHATTY) & ~pl.col("use").is_in(SOFT))
        .then(pl.format(", chatty: up to {} round trips a MB", pl.col("chat").round().cast(pl.Int64)))
        .otherwise(pl.lit("")),
    )
    best = best.select("edge", "hard", "bound", described=described, use="use", a_day="a_day")
    edges = edges.join(best, on="edge", how="left")
    hard = pl.col("hard").fill_null(value=False)
    declared_only = pl.col("connections") == 0
    strength = pl.when(hard | (pl.col("shares") > 0) | (declared_only & (observed_days == 0)))
    return edges.with_columns(
        strength=strength.then(pl.lit("hard")).otherwise(pl.lit("soft")),
        reason=_reason(hard, declared_only, observed_days),
        latency_bound=(hard & pl.col("bound").fill_null(value=False)) | (pl.col("shares") > 0),
        weight=(100 * pl.col("connections").sqrt() + 10 * (pl.col("bytes") / 1e6).sqrt()).round().cast(pl.Int64),
        chatter=pl.col("a_day").fill_null(0.0),
    ).drop("edge", "hard", "bound", "described", "use", "a_day", "uses")


def judged_ports(rows: pl.DataFrame, observed_days: int, office_days: int) -> pl.DataFrame:
    """Add ``strength`` and ``reason`` to dependencies between servers, each row by itself; the rules are those of `judged`.

    Parameters
    ----------
    rows
        Columns ``use``, ``connections``, ``active_days``, ``hours`` and ``share`` (of the connections, in business hours).
    """
    regular, timed, transfer = _habits(observed_days, office_days)
    soft = {use: f"operational: {use} traffic" for use in SOFT}
    operational = pl.col("use").replace_strict(soft, default=None, return_dtype=pl.String)
    why = (
        pl.when(operational.is_not_null())
        .then(operational)
        .when(transfer)
        .then(pl.lit("batch: a file transfer now and then"))
        .when(timed)
        .then(pl.lit("batch: always in the same one or two hours of the day"))
        .when(regular)
        .then(pl.lit("regular: on at least half of the days"))
        .otherwise(pl.lit("rare: on fewer than half of the days"))
    )
    hard = operational.is_null() & regular & ~timed & ~transfer
    return rows.with_columns(strength=pl.when(hard).then(pl.lit("hard")).otherwise(pl.lit("soft")), reason=why)


def _habits(observed_days: int, office_days: int) -> tuple[pl.Expr, pl.Expr, pl.Expr]:
    """Whether a use is regular, whether it keeps to an hour, and whether it is a rare file transfer."""
    days = max(observed_days, 1)
    window = pl.when(pl.col("share") >= _OFFICE).then(max(office_days, 1)).otherwise(days)
    hours = pl.col("hours").bitwise_count_ones()
    timed = (hours > 0) & (hours <= _BATCH_HOURS) & (pl.col("active_days") >= _BATCH_DAYS)
    transfer = pl.col("use").is_in(_BATCH_USES) & (pl.col("connections") / days < _FREQUENT_TRANSFERS)
    return pl.col("active_days") >= _REGULAR * window, timed, transfer


def _reason(hard: pl.Expr, declared_only: pl.Expr, observed_days: int) -> pl.Expr:
    share = pl.format("{} of its declared servers are also the provider's", "shares")
    silent = pl.lit(
        f"declared, not seen in {observed_days} observed days"
        if observed_days
        else "declared; there are no flow logs to judge it by"
    )
    doubted = pl.lit("seen only from or to servers whose membership is doubted")
    return (
        pl.when((pl.col("shares") > 0) & declared_only)
        .then(share)
        .when(declared_only)
        .then(silent)
        .when(hard)
        .then(pl.format("regular: {}", "described"))
        .when(pl.col("shares") > 0)
        .then(share)
        .otherwise(pl.coalesce(pl.format("rare, batch or operational: {}", "described"), doubted))
    )

"""Evidence that a server without an application belongs to one that exists."""

from __future__ import annotations

import polars as pl

from migrate.discovery.affinity import by_application
from migrate.discovery.naming import name_keys

__all__ = ["place"]

#: Least combined confidence at which a server is assigned.
_LEAST_CONFIDENCE = 0.45
_ROUNDS = 4  # servers that only talk to servers assigned in the round before
_PURITY = 0.8  # of the servers with one key, how many must agree
_LEAST_TRAFFIC = 0.5  # of a server's application traffic, how much must be with one application
_MOST_KEYED = 60  # a folder or pool with more servers that are assigned is no application's own

#: Confidence that an agreeing key gives, by column, and that traffic with one application alone gives. Planning values,
#: measured on generated estates: tests/discovery.
_KEYS = {"stem": 0.75, "core": 0.65, "trunk": 0.55, "folder": 0.5, "resource_pool": 0.5}
_TRAFFIC = 0.6
_ANNOTATED = 0.8
_SAYS = {"stem": "name", "core": "name", "trunk": "name", "folder": "folder", "resource_pool": "resource pool"}

_CANDIDATE = pl.Schema(
    [
        ("server_id", pl.String),
        ("application", pl.String),
        ("confidence", pl.Float64),
        ("family", pl.String),
        ("evidence", pl.String),
    ]
)


def place(servers: pl.DataFrame, pairs: pl.DataFrame, home: pl.DataFrame) -> pl.DataFrame:
    """Assign servers without a home to existing applications.

    Evidence of different families (traffic, name, place, annotation) is combined as independent: 1 - Π(1 - confidence).

    Parameters
    ----------
    servers
        All servers (`Servers`).
    pairs
        As `affinity` returns them.
    home
        Columns ``server_id`` and ``application`` of the servers that have one.

    Returns
    -------
    Columns ``server_id``, ``application``, ``confidence``, ``evidence``; servers without enough evidence are absent.
    """
    if home.is_empty():
        return _empty().drop("family")
    still = servers.join(home, on="server_id", how="anti")
    static = pl.concat([_by_key(servers, home), _by_annotation(still, home)])
    placed = _empty().drop("family")
    known = home.select("server_id", "application")
    for _ in range(_ROUNDS):
        waiting = still.join(placed, on="server_id", how="anti").select("server_id")
        fresh = _decide(pl.concat([_by_traffic(waiting, pairs, known), static.join(waiting, on="server_id", how="semi")]))
        if fresh.is_empty():
            break
        placed = pl.concat([placed, fresh])
        known = pl.concat([known, fresh.select("server_id", "application")])
    return placed.sort("server_id")


def _empty() -> pl.DataFrame:
    return pl.DataFrame(schema=_CANDIDATE)


def _by_traffic(waiting: pl.DataFrame, pairs: pl.DataFrame, home: pl.DataFrame) -> pl.DataFrame:
    mine = pairs.join(waiting, on="server_id", how="semi")
    total = mine.group_by("server_id").agg(total=pl.col("full").sum())
    return (
        by_application(mine, home)
        .join(total, on="server_id")
        .with_columns(share=pl.col("weight") / pl.col("total"))
        .filter(pl.col("share") >= _LEAST_TRAFFIC)
        .select(
            "server_id",
            "application",
            confidence=_TRAFFIC * pl.col("share"),
            family=pl.lit("traffic"),
            evidence=pl.format(
                "{}% of its application traffic is with {} server(s) of {}",
                (100 * pl.col("weight") // pl.col("total")),
                "partners",
                "application",
            ),
        )
        .cast(_CANDIDATE)
    )


def _by_key(servers: pl.DataFrame, home: pl.DataFrame) -> pl.DataFrame:
    """Names, folders and pools whose servers with a home agree on one application."""
    keys = name_keys(servers).join(servers.select("server_id", "folder", "resource_pool"), on="server_id")
    found = [_empty()]
    for column, confidence in _KEYS.items():
        keyed = keys.select("server_id", key=column).drop_nulls()
        counts = keyed.join(home, on="server_id").group_by("key", "application").agg(agree=pl.len())
        pure = (
            counts.with_columns(all=pl.col("agree").sum().over("key"))
            .filter((pl.col("agree") >= _PURITY * pl.col("all")) & (pl.col("agree") >= 2) & (pl.col("all") <= _MOST_KEYED))
            .select("key", "application", "agree", "all")
        )
        found.append(
            keyed.join(home, on="server_id", how="anti")
            .join(pure, on="key")
            .select(
                "server_id",
                "application",
                confidence=confidence * pl.col("agree") / pl.col("all"),
                family=pl.lit("name" if _SAYS[column] == "name" else "place"),
                evidence=pl.format(
                    "its {} agrees with {} of {} server(s) of {} (“{}”)",
                    pl.lit(_SAYS[column]),
                    "agree",
                    "all",
                    "application",
                    pl.col("key").str.slice(0, 60),
                ),
            )
            .cast(_CANDIDATE)
        )
    return pl.concat(found)


def _by_annotation(still: pl.DataFrame, home: pl.DataFrame) -> pl.DataFrame:
    """Annotations in which exactly one application's name stands, whole."""
    noted = still.filter(pl.col("annotation").is_not_null()).select(
        "server_id", text=pl.col("annotation").str.to_lowercase().str.slice(0, 2000)
    )
    names = home["application"].unique().sort()
    if noted.is_empty() or names.is_empty():
        return _empty()
    lower = names.str.to_lowercase()
    lookup = (
        pl.DataFrame({"lower": lower, "application": names})
        .filter(pl.col("lower").str.len_chars() >= 4)
        .unique("lower", keep="first")
    )
    hits = noted.with_columns(lower=pl.col("text").str.extract_many(lookup["lower"].to_list(), overlapping=False))
    single = (
        hits.with_columns(pl.col("lower").list.unique())
        .filter(pl.col("lower").list.len() == 1)
        .with_columns(pl.col("lower").list.first())
        .join(lookup, on="lower")
    )
    return single.select(
        "server_id",
        "application",
        confidence=pl.lit(_ANNOTATED),
        family=pl.lit("annotation"),
        evidence=pl.format("its annotation names {}", "application"),
    ).cast(_CANDIDATE)


def _decide(candidates: pl.DataFrame) -> pl.DataFrame:
    """The best application of each server, families combined."""
    best = candidates.sort(
        "server_id", "application", "family", "confidence", "evidence", descending=[False, False, False, True, False]
    ).unique(["server_id", "application", "family"], keep="first", maintain_order=True)
    combined = best.group_by("server_id", "application", maintain_order=True).agg(
        confidence=1 - (1 - pl.col("confidence")).product(), evidence=pl.col("evidence").str.join("; ")
    )
    return (
        combined.with_columns(pl.col("confidence").round(2))
        .sort("server_id", "confidence", "application", descending=[False, True, False])
        .unique("server_id", keep="first", maintain_order=True)
        .filter(pl.col("confidence") >= _LEAST_CONFIDENCE)
    )

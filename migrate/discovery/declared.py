"""What the application list declares: one home for each server, and doubts where the traffic says otherwise."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from migrate.discovery.affinity import by_application
from migrate.findings import Finding, Severity
from migrate.model.estate import Estate

__all__ = ["DOUBTED_CONFIDENCE", "Homes", "declared_homes"]

DOUBTED_CONFIDENCE = 0.4
_FOREIGN_SHARE = 0.8  # of a doubted server's traffic is with one other application …
_OWN_SHARE = 0.02  # … and at most this with its own
_LEAST_WEIGHT = 500  # about 25 connections: less is no evidence against a declaration


@dataclass(frozen=True)
class Homes:
    """Server by server, the one application it counts for.

    Attributes
    ----------
    primary
        Columns of `Memberships`, at most one row per server.
    further
        Columns ``server_id`` and ``application``: other declared memberships, kept as dependencies.
    findings
        Doubts and choices.
    """

    primary: pl.DataFrame
    further: pl.DataFrame
    findings: list[Finding]


def declared_homes(estate: Estate, pairs: pl.DataFrame) -> Homes:
    """Choose the primary application of each server that has declared ones, and doubt it where evidence is strong.

    Of several declared applications, the one with whose other servers it has most traffic is primary; without traffic
    the first by name. A doubted membership is kept: its confidence falls, and a finding names the evidence.
    """
    members = estate.memberships
    single = members.filter(pl.len().over("server_id") == 1).select("server_id", "application")
    own = by_application(pairs, single).select("server_id", "application", "weight")
    ranked = (
        members.join(own, on=["server_id", "application"], how="left")
        .with_columns(pl.col("weight").fill_null(0))
        .sort("server_id", "weight", "application", descending=[False, True, False])
    )
    primary = ranked.unique("server_id", keep="first", maintain_order=True)
    further = ranked.join(primary.select("server_id", "application"), on=["server_id", "application"], how="anti")
    names = estate.servers.select("server_id", "name")
    findings = _several(further, primary, names)
    doubts = _doubts(primary, pairs)
    primary = primary.join(doubts.select("server_id", "doubt"), on="server_id", how="left").with_columns(
        confidence=pl.when(pl.col("doubt").is_not_null()).then(DOUBTED_CONFIDENCE).otherwise(pl.col("confidence")),
        evidence=pl.coalesce(pl.format("{}; doubted: {}", "evidence", "doubt"), "evidence"),
    )
    findings += _doubted(doubts, names)
    return Homes(
        primary.select(members.columns), further.select("server_id", "application").sort("server_id", "application"), findings
    )


def _several(further: pl.DataFrame, primary: pl.DataFrame, names: pl.DataFrame) -> list[Finding]:
    rows = (
        further.group_by("server_id")
        .agg(others=pl.col("application").sort(), weight=pl.col("weight").max())
        .join(primary.select("server_id", "application", "source", chosen="weight"), on="server_id")
        .join(names, on="server_id")
        .sort("server_id")
    )
    return [
        Finding(
            code="server-of-several-applications",
            severity=Severity.info,
            subject=row["name"],
            source=row["source"],
            message=f"{row['name']} is declared for {row['application']} and for {', '.join(row['others'])}; it moves with "
            f"{row['application']}, {_why(row)}, on which the others then depend",
            remedy="Name the application it moves with in the application list, if this is not the right one.",
        )
        for row in rows.iter_rows(named=True)
    ]


def _why(row: dict[str, int]) -> str:
    return "with which it has most traffic" if row["chosen"] > row["weight"] else "the first by name as traffic does not decide"


def _doubts(primary: pl.DataFrame, pairs: pl.DataFrame) -> pl.DataFrame:
    """Servers whose traffic is almost all with one other application and none with their own (and own has others)."""
    home = primary.select("server_id", "application")
    sizes = home.group_by("application").agg(servers=pl.len())
    all_weights = by_application(pairs, home).join(home.rename({"application": "own"}), on="server_id")
    is_own = pl.col("application") == pl.col("own")
    summary = all_weights.group_by("server_id", "own").agg(
        total=pl.col("weight").sum(),
        inside=pl.col("weight").filter(is_own).sum(),
        best=pl.col("weight").filter(~is_own).first(),
        other=pl.col("application").filter(~is_own).first(),
        partners=pl.col("partners").filter(~is_own).first(),
    )
    return (
        summary.join(sizes, left_on="own", right_on="application")
        .filter(
            (pl.col("servers") > 1)
            & (pl.col("total") >= _LEAST_WEIGHT)
            & (pl.col("inside") <= _OWN_SHARE * pl.col("total"))
            & (pl.col("best") >= _FOREIGN_SHARE * pl.col("total"))
        )
        .with_columns(
            doubt=pl.format(
                "{}% of its application traffic is with {} server(s) of {}, {}% with its own",
                (100 * pl.col("best") // pl.col("total")),
                "partners",
                "other",
                (100 * pl.col("inside") // pl.col("total")),
            )
        )
        .sort("server_id")
    )


def _doubted(doubts: pl.DataFrame, names: pl.DataFrame) -> list[Finding]:
    rows = doubts.join(names, on="server_id").sort("server_id")
    return [
        Finding(
            code="membership-doubted",
            severity=Severity.warning,
            subject=row["name"],
            message=f"{row['name']} is declared for {row['own']}, but {row['doubt']}",
            remedy=f"Ask the owner of {row['own']} whether {row['name']} works for {row['other']}.",
        )
        for row in rows.iter_rows(named=True)
    ]

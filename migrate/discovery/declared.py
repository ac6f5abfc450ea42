"""What the application list declares: one home for each server, and doubts where the traffic says otherwise."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from migrate.discovery.affinity import by_application
from migrate.discovery.naming import name_keys
from migrate.findings import Finding, Severity
from migrate.model.estate import Estate

__all__ = ["DOUBTED_CONFIDENCE", "Homes", "declared_homes"]

DOUBTED_CONFIDENCE = 0.4
_FOREIGN_SHARE = 0.6  # of a doubted server's traffic is with one other application …
_OWN_SHARE = 0.05  # … and at most this with its own
_LEAST_WEIGHT = 300  # about ten connections: less is no evidence against a declaration
_NAMESAKES = 2  # other servers whose name is alike and that are all declared for the other application


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
    doubts = _doubts(primary, pairs, names)
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


def _doubts(primary: pl.DataFrame, pairs: pl.DataFrame, servers: pl.DataFrame) -> pl.DataFrame:
    """Servers that traffic or names, left out themselves, place in one other application, and nothing in their own.

    By traffic: almost all is with the other application, none with its own, though its own servers talk to each other and
    not to the other application. By name: servers with a name alike are all declared for the other application, none for
    its own; and its traffic is not with its own.
    """
    home = primary.select("server_id", own="application")
    weights = by_application(pairs, primary.select("server_id", "application")).join(home, on="server_id")
    is_own = pl.col("application") == pl.col("own")
    traffic = weights.group_by("server_id", "own").agg(
        total=pl.col("full").sum(),
        inside=pl.col("full").filter(is_own).sum(),
        best=pl.col("weight").filter(~is_own).first(),
        busiest=pl.col("application").filter(~is_own).first(),
        partners=pl.col("partners").filter(~is_own).first(),
    )
    named = _namesakes(primary, servers)
    evidence = home.join(traffic.drop("own"), on="server_id", how="left").join(named, on="server_id", how="left")
    quiet = (pl.col("inside") <= _OWN_SHARE * pl.col("total")).fill_null(value=True)
    talks = (pl.col("total") >= _LEAST_WEIGHT) & (pl.col("best") >= _FOREIGN_SHARE * pl.col("total"))
    evidence = evidence.join(_cohesive(weights), on="own", how="left").join(
        _acquainted(weights), left_on=["own", "busiest"], right_on=["own", "application"], how="left"
    )
    by_traffic = quiet & talks & pl.col("cohesive").fill_null(value=False) & (pl.col("acquainted").fill_null(0) <= 1)
    by_name = quiet & (pl.col("namesakes") >= _NAMESAKES)
    return (
        evidence.with_columns(
            other=pl.when(by_name).then("namesake_of").when(by_traffic).then("busiest"),
            doubt=pl.when(by_name & by_traffic & (pl.col("namesake_of") == pl.col("busiest")))
            .then(pl.format("{}, and {}", _said_by_name(), _said_by_traffic()))
            .when(by_name)
            .then(pl.format("{}, and none of its application traffic is with its own", _said_by_name()))
            .when(by_traffic)
            .then(_said_by_traffic()),
        )
        .filter(pl.col("other").is_not_null())
        .sort("server_id")
    )


def _said_by_name() -> pl.Expr:
    return pl.format("{} servers with a name like its own are all declared for {}", "namesakes", "namesake_of")


def _said_by_traffic() -> pl.Expr:
    share = (100 * pl.col("best") / pl.col("total")).round().cast(pl.Int64)
    return pl.format(
        "{}% of its application traffic is with {} server(s) of {} and none with its own", share, "partners", "busiest"
    )


def _namesakes(primary: pl.DataFrame, servers: pl.DataFrame) -> pl.DataFrame:
    """Servers whose name is like that of others, all of one other application (``server_id``, ``namesake_of``, ``namesakes``)."""
    keyed = primary.select("server_id", "application").join(name_keys(servers), on="server_id").drop_nulls("core")
    counts = keyed.group_by("core", "application").agg(count=pl.len())
    others = (
        keyed.select("server_id", "core", own="application")
        .join(counts, on="core")
        .with_columns(count=pl.col("count").cast(pl.Int64) - (pl.col("application") == pl.col("own")).cast(pl.Int64))
        .filter(pl.col("count") > 0)
    )
    return (
        others.filter(pl.len().over("server_id") == 1)
        .filter(pl.col("application") != pl.col("own"))
        .select("server_id", namesake_of="application", namesakes="count")
    )


def _cohesive(weights: pl.DataFrame) -> pl.DataFrame:
    """Applications at least half of whose talking servers talk among themselves (``own``, ``cohesive``)."""
    inner = weights.group_by("own").agg(
        talking=pl.col("server_id").n_unique(),
        inner=pl.col("server_id").filter(pl.col("application") == pl.col("own")).n_unique(),
    )
    return inner.select("own", cohesive=2 * pl.col("inner") >= pl.col("talking"))


def _acquainted(weights: pl.DataFrame) -> pl.DataFrame:
    """How many servers of an application talk to another application (``own``, ``application``, ``acquainted``)."""
    return weights.group_by("own", "application").agg(acquainted=pl.col("server_id").n_unique())


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

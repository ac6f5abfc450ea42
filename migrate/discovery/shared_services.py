"""Which servers and applications serve everybody: found by how many depend on them, not by what they are called."""

from __future__ import annotations

import polars as pl

from migrate.discovery.ports import FAN_OUT, INFRASTRUCTURE
from migrate.discovery.traffic import Traffic
from migrate.findings import Finding, Severity

__all__ = ["shared_applications", "shared_servers"]

#: Share of all servers seen that a server serves on one infrastructure use, and the least number, to be shared.
_SERVER_SHARE, _SERVER_LEAST = 0.08, 10
#: The same for applications, on infrastructure uses; and on any port.
_APPLICATION_SHARE, _APPLICATION_LEAST = 0.15, 5
_ANY_SHARE, _ANY_LEAST = 0.35, 12


def shared_servers(traffic: Traffic) -> pl.DataFrame:
    """Servers that many others use for an infrastructure purpose, or that reach out to many for one or to scan them.

    Returns
    -------
    Columns ``server_id``, ``use`` (the purpose with most partners) and ``partners`` (servers), sorted by server.
    """
    edges = traffic.internal
    seen = pl.concat([edges["consumer_id"], edges["provider_id"]]).n_unique()
    least = max(_SERVER_LEAST, _SERVER_SHARE * seen)
    uses = edges.filter(pl.col("use").is_in(INFRASTRUCTURE))
    serving = (
        uses.group_by("provider_id", "use").agg(partners=pl.col("consumer_id").n_unique()).rename({"provider_id": "server_id"})
    )
    out = uses.filter(pl.col("use").is_in(FAN_OUT))
    reaching = (
        out.group_by("consumer_id", "use").agg(partners=pl.col("provider_id").n_unique()).rename({"consumer_id": "server_id"})
    )
    scanning = traffic.scanners.select("server_id", pl.lit("scanning").alias("use"), partners=pl.col("hosts").cast(pl.UInt32))
    return (
        pl.concat([serving, reaching, scanning])
        .filter(pl.col("partners") >= least)
        .sort("server_id", "partners", "use", descending=[False, True, False])
        .unique("server_id", keep="first", maintain_order=True)
        .with_columns(pl.col("partners").cast(pl.Int64))
    )


def shared_applications(traffic: Traffic, home: pl.DataFrame, shared: pl.DataFrame) -> tuple[tuple[str, ...], list[Finding]]:
    """Applications that a large share of all applications use.

    Parameters
    ----------
    home
        Columns ``server_id`` and ``application``: one row per server.
    shared
        As `shared_servers` returns it: an application most of whose servers are among them is shared too.
    """
    edges = _between_applications(traffic.internal, home)
    if edges.is_empty():
        return (), []
    seen = pl.concat([edges["consumer"], edges["provider"]]).n_unique()
    infra = edges.filter(pl.col("use").is_in(INFRASTRUCTURE))
    serving = infra.group_by(application="provider", use="use").agg(partners=pl.col("consumer").n_unique())
    reaching = (
        infra.filter(pl.col("use").is_in(FAN_OUT))
        .group_by(application="consumer", use="use")
        .agg(partners=pl.col("provider").n_unique())
    )
    by_use = pl.concat([serving, reaching]).filter(pl.col("partners") >= max(_APPLICATION_LEAST, _APPLICATION_SHARE * seen))
    anything = (
        edges.group_by(application="provider")
        .agg(partners=pl.col("consumer").n_unique())
        .filter(pl.col("partners") >= max(_ANY_LEAST, _ANY_SHARE * seen))
        .select("application", "partners", use=pl.lit("any"))
    )
    size = home.group_by("application").agg(servers=pl.len())
    manned = (
        home.join(shared, on="server_id")
        .group_by("application", "use")
        .agg(partners=pl.col("partners").max().cast(pl.UInt32), infrastructure=pl.len())
        .join(size, on="application")
        .filter(
            (2 * pl.col("infrastructure") > pl.col("servers")) | ((pl.col("use") == "scanning") & (pl.col("infrastructure") > 1))
        )
        .select("application", "partners", "use")
    )
    best = (
        pl.concat([frame.select("application", "use", pl.col("partners").cast(pl.Int64)) for frame in (by_use, anything, manned)])
        .sort("application", "partners", "use", descending=[False, True, False])
        .unique("application", keep="first", maintain_order=True)
    )
    findings = [_finding(row["application"], row["use"], row["partners"], seen) for row in best.iter_rows(named=True)]
    return tuple(best["application"].to_list()), findings


def _between_applications(internal: pl.DataFrame, home: pl.DataFrame) -> pl.DataFrame:
    return (
        internal.select("consumer_id", "provider_id", "use")
        .join(home.select(consumer_id="server_id", consumer="application"), on="consumer_id")
        .join(home.select(provider_id="server_id", provider="application"), on="provider_id")
        .filter(pl.col("consumer") != pl.col("provider"))
        .select("consumer", "provider", "use")
        .unique()
    )


def _finding(application: str, use: str, partners: int, seen: int) -> Finding:
    purpose = "services" if use == "any" else f"{use} traffic"
    return Finding(
        code="shared-service-recognised",
        severity=Severity.info,
        subject=application,
        message=f"{application} is a shared service: {partners:,} partners exchange {purpose} with it ({seen:,} applications "
        "were seen), so it is kept out of move groups",
        remedy="Move it, or its counterpart in the target, before those who need it.",
    )

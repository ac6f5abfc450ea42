"""Every server gets exactly one application: declared, placed by evidence, or newly grouped."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from migrate.discovery.affinity import affinity
from migrate.discovery.declared import declared_homes
from migrate.discovery.grouping import group
from migrate.discovery.placement import place
from migrate.discovery.shared_services import shared_applications
from migrate.discovery.traffic import NO_TRAFFIC, Traffic
from migrate.findings import Finding, Severity
from migrate.model.estate import Applications, Estate, Memberships

__all__ = ["Membership", "complete"]

_NAMED = 30  # names that a finding lists before it counts the rest


@dataclass(frozen=True)
class Membership:
    """The estate with every server at home, and what was declared beside.

    Attributes
    ----------
    estate
        Applications completed, memberships one per server.
    further
        Columns ``server_id`` and ``application``: declared memberships that are not primary.
    findings
        What was assumed.
    """

    estate: Estate
    further: pl.DataFrame
    findings: list[Finding]


def complete(estate: Estate, traffic: Traffic, shared: pl.DataFrame, largest: int) -> Membership:
    """Complete applications and memberships.

    Parameters
    ----------
    shared
        As `shared_servers` returns it.
    largest
        Servers that an application may have that is inferred from anything but traffic.
    """
    declared = estate.memberships.select("server_id", "application")
    apart = _apart(traffic, shared, declared)
    pairs = affinity(NO_TRAFFIC if declared.is_empty() else traffic, apart, declared)  # asked only who is at home with whom
    homes = declared_homes(estate, pairs)
    placed = place(estate.servers, pairs, homes.primary.select("server_id", "application"))
    homeless = estate.servers.join(homes.primary, on="server_id", how="anti").join(placed, on="server_id", how="anti")
    taken = pl.concat([estate.applications["application"], homes.primary["application"]]).unique().sort()
    grouped = group(homeless, traffic.internal, apart, shared, taken, largest)
    inferred = pl.concat([placed, grouped.drop("basis")]).with_columns(origin=pl.lit("inferred"), source=pl.lit(""))
    memberships = Memberships.cast(
        pl.concat([homes.primary.cast({"origin": pl.String}), inferred.select(homes.primary.columns)]).sort(
            "server_id", "application"
        )
    )
    applications = _applications(estate, homes.primary, homes.further, grouped)
    names = estate.servers.select("server_id", "name")
    findings = [*homes.findings, *_placed(placed, names), *_grouped(grouped, names, estate, traffic)]
    tables: dict[str, pl.DataFrame] = {name: getattr(estate, name) for name in Estate.members()}
    whole = Estate.cast({**tables, "applications": applications, "memberships": memberships})
    return Membership(whole, homes.further, findings)


def _apart(traffic: Traffic, shared: pl.DataFrame, declared: pl.DataFrame) -> pl.DataFrame:
    """Servers whose traffic says nothing about membership: shared ones, and all that are declared for a shared application."""
    services, _ = shared_applications(traffic, declared, shared)
    members = declared.filter(pl.col("application").is_in(services)).select("server_id")
    return pl.concat([shared.select("server_id"), members]).unique().sort("server_id")


def _applications(estate: Estate, primary: pl.DataFrame, further: pl.DataFrame, grouped: pl.DataFrame) -> pl.DataFrame:
    """The declared list, applications that only memberships name, and the inferred ones."""
    named = pl.concat([primary.select("application", "source"), further.select("application", source=pl.lit(""))])
    only_named = (
        named.sort("application", "source")
        .unique("application", keep="first", maintain_order=True)
        .with_columns(declared=pl.lit(value=True))
    )
    new = grouped.select("application").unique().with_columns(source=pl.lit(""), declared=pl.lit(value=False))
    more = pl.concat([only_named.select("application", "source", "declared"), new])
    more = more.join(estate.applications, on="application", how="anti").unique("application", keep="first", maintain_order=True)
    return Applications.cast(pl.concat([estate.applications, more], how="diagonal_relaxed").sort("application"))


def _listed(names: list[str]) -> str:
    shown = ", ".join(names[:_NAMED])
    return f"{shown} and {len(names) - _NAMED:,} more" if len(names) > _NAMED else shown


def _placed(placed: pl.DataFrame, names: pl.DataFrame) -> list[Finding]:
    rows = (
        placed.join(names, on="server_id")
        .sort("application", "name", "server_id")
        .group_by("application", maintain_order=True)
        .agg("name", "evidence", low=pl.col("confidence").min())
    )
    return [
        Finding(
            code="membership-inferred",
            severity=Severity.info,
            subject=row["application"],
            message=f"{len(row['name']):,} server(s) without an application count for {row['application']}, with a "
            f"confidence of at least {row['low']:.2f}: {_listed(row['name'])}. First reason: {row['evidence'][0]}",
            remedy="Confirm them with the owner and add them to the application list.",
        )
        for row in rows.iter_rows(named=True)
    ]


def _grouped(grouped: pl.DataFrame, names: pl.DataFrame, estate: Estate, traffic: Traffic) -> list[Finding]:
    if grouped.is_empty():
        return []
    rows = (
        grouped.join(names, on="server_id")
        .sort("application", "name", "server_id")
        .group_by("application", maintain_order=True)
        .agg("name", "evidence", "basis", confidence=pl.col("confidence").min())
    )
    nothing_else = estate.memberships.is_empty()
    findings = [_guessed(grouped, estate, traffic)] if nothing_else else []
    for row in rows.iter_rows(named=True):
        unknown = row["basis"][0] in ("unassigned", "cluster")
        if nothing_else and not unknown:
            continue
        findings.append(
            Finding(
                code="server-unassigned" if unknown else "application-inferred",
                severity=Severity.warning if unknown else Severity.info,
                subject=row["application"],
                message=f"{len(row['name']):,} server(s) belong to no known application and are planned as "
                f"“{row['application']}” ({row['evidence'][0]}; confidence {row['confidence']:.2f}): "
                f"{', '.join(row['name']) if unknown else _listed(row['name'])}",
                remedy="Find the owner, and add the servers to the application list.",
            )
        )
    return findings


def _guessed(grouped: pl.DataFrame, estate: Estate, traffic: Traffic) -> Finding:
    counts = grouped.group_by("basis").agg(servers=pl.len()).sort("servers", "basis", descending=[True, False])
    basis = ", ".join(f"{row[0]} {row[1]:,}" for row in counts.iter_rows())
    mean = grouped.select(pl.col("confidence").mean()).item()
    applications, servers = grouped["application"].n_unique(), grouped.height
    one = applications == 1
    wanted = "an application list" if traffic.observed_days else "an application list or flow logs"
    return Finding(
        code="applications-guessed",
        severity=Severity.warning,
        subject="applications",
        message=f"No application list was given: {applications:,} application{'' if one else 's'} of {servers:,} "
        f"server{'' if servers == 1 else 's'} {'was' if one else 'were'} inferred from {_bases(estate, traffic)}, with low "
        f"confidence (mean {mean:.2f}; servers by basis: {basis})",
        remedy=f"Give {wanted}; until then treat groups as proposals.",
    )


def _bases(estate: Estate, traffic: Traffic) -> str:
    """What there was to infer applications from."""
    places = {"folders": "folder", "pools": "resource_pool", "clusters": "cluster"}
    told = [name for name, column in places.items() if estate.servers[column].is_not_null().any()]
    bases = [*(["traffic"] if traffic.observed_days else []), "names", *told]
    text = f"{', '.join(bases[:-1])} and {bases[-1]}" if len(bases) > 1 else bases[0]
    return text if traffic.observed_days else f"{text} alone"

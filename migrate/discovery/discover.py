"""Discovery as a whole: from the estate and its flow logs to dependencies, applications and move groups."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import polars as pl

from migrate.discovery.declared import DOUBTED_CONFIDENCE
from migrate.discovery.dependencies import application_edges, planned
from migrate.discovery.flows import Conversations
from migrate.discovery.hosts import estate_of_hosts
from migrate.discovery.memberships import complete
from migrate.discovery.move_groups import form_groups
from migrate.discovery.outside import outside_parties, own_networks, with_parties
from migrate.discovery.reconciled import reconciled
from migrate.discovery.roles import roles
from migrate.discovery.server_dependencies import observe
from migrate.discovery.shared_services import shared_applications, shared_servers
from migrate.discovery.stability import stability
from migrate.discovery.traffic import Traffic
from migrate.findings import Finding, Severity
from migrate.model.estate import Estate
from migrate.model.stages import Discovery, FlowFiles
from migrate.spec import Spec

__all__ = ["discover"]

_KNOWN = DOUBTED_CONFIDENCE  # up to it a membership proves nothing about its application


def discover(estate: Estate, flows: FlowFiles, spec: Spec, heard: Conversations | None = None) -> Discovery:
    """Find out what needs what.

    Parameters
    ----------
    estate
        As the readers return it. Without servers, the hosts that the flow logs tell of are the estate.
    flows
        Flow logs; there may be none.
    spec
        The request; `waves.max_servers` bounds inferred applications and move groups.
    heard
        What the flow logs say, where `listening` has added them up already.

    Returns
    -------
    The estate with exactly one membership per server and every application named, and its dependencies, shared
    services and move groups. Order depends on nothing but the contents of the inputs.

    Raises
    ------
    InputError
        A flow log cannot be read.
    """
    traffic, findings = observe(estate, flows, spec.flows, heard)
    if estate.servers.is_empty():
        estate, found = estate_of_hosts(*traffic.ends())
        findings += found
    with ThreadPoolExecutor(1) as beside:  # roles rest on traffic alone, and take as long as half of the rest
        tiers = beside.submit(roles, traffic.internal)
        return replace(_grouped(estate, traffic, spec, findings), roles=tiers.result())


def _grouped(estate: Estate, traffic: Traffic, spec: Spec, findings: list[Finding]) -> Discovery:
    """Everything but roles."""
    largest = spec.waves.max_servers
    servers = shared_servers(traffic)
    membership = complete(estate, traffic, servers, largest)
    whole = membership.estate
    doubted = (pl.col("origin") == "declared") & (pl.col("confidence") <= DOUBTED_CONFIDENCE)
    home = whole.memberships.select("server_id", "application", doubted=doubted)
    known = whole.memberships.filter(pl.col("confidence") > _KNOWN).select("server_id", "application")
    shared, shared_findings = shared_applications(traffic, known, servers)
    parties = with_parties(traffic, home, own_networks(whole))
    outside, outside_findings = outside_parties(traffic, parties)
    edges = application_edges(traffic, home, parties, membership.further, _resolved(estate, whole))
    members = _members(whole)
    inferred = whole.memberships.join(whole.applications.filter(~pl.col("declared")), on="application", how="semi")
    agreement, stability_findings = stability(traffic.internal, servers, inferred.select("server_id", "application"))
    grouping = form_groups(edges, members, shared, spec, traffic.observed_days)
    cycle = grouping.cycles
    ends = edges.select("consumer", "provider", "strength").join(
        cycle.rename({"application": "consumer", "cycle": "one"}), on="consumer", how="left", maintain_order="left"
    )
    ends = ends.join(
        cycle.rename({"application": "provider", "cycle": "other"}), on="provider", how="left", maintain_order="left"
    )
    in_cycle = ends.select(
        ((pl.col("one") == pl.col("other")) & (pl.col("strength") == "hard")).fill_null(value=False)
    ).to_series()
    return Discovery(
        estate=whole,
        server_dependencies=traffic.server_dependencies(),
        application_dependencies=planned(
            edges.join(grouping.severed, on=["consumer", "provider"], how="left", maintain_order="left"),
            traffic.observed_days,
            in_cycle,
        ),
        shared_services=shared,
        move_groups=grouping.groups,
        observed_days=traffic.observed_days,
        external_gb_month=traffic.external_gb_month(),
        findings=[
            *findings,
            *membership.findings,
            *stability_findings,
            *shared_findings,
            *outside_findings,
            *grouping.findings,
            *reconciled(edges, traffic.observed_days, shared),
            *_too_large(members, largest),
            *_lost(estate, whole),
        ],
        outside=outside,
        stability=agreement,
        flow_rows=traffic.rows,
    )


def _members(whole: Estate) -> pl.DataFrame:
    counts = whole.memberships.group_by("application").agg(servers=pl.len(), confidence=pl.col("confidence").mean())
    return (
        whole.applications.select("application", "criticality")
        .join(counts, on="application", how="left")
        .with_columns(pl.col("servers").fill_null(0).cast(pl.Int64), pl.col("confidence").fill_null(1.0))
        .sort("application")
    )


def _resolved(estate: Estate, whole: Estate) -> pl.DataFrame:
    """Declared dependencies between applications that exist."""
    names = whole.applications.select("application")
    return (
        estate.declared_dependencies.join(names, left_on="consumer", right_on="application", how="semi")
        .join(names, left_on="provider", right_on="application", how="semi")
        .select("consumer", "provider")
    )


def _lost(estate: Estate, whole: Estate) -> list[Finding]:
    resolved = _resolved(estate, whole)
    rows = estate.declared_dependencies.join(resolved, on=["consumer", "provider"], how="anti").sort("consumer", "provider")
    return [
        Finding(
            code="dependency-of-unknown-application",
            severity=Severity.warning,
            subject=row["consumer"],
            source=row["source"],
            message=f"{row['consumer']} is declared to need {row['provider']}, but not both are known applications",
            remedy="Add the missing one to the application list, or correct its name.",
        )
        for row in rows.iter_rows(named=True)
    ]


def _too_large(members: pl.DataFrame, largest: int) -> list[Finding]:
    return [
        Finding(
            code="application-larger-than-wave",
            severity=Severity.warning,
            subject=row["application"],
            message=f"{row['application']} has {row['servers']:,} servers, more than the {largest:,} that one wave may hold",
            remedy="Split the application, or raise `waves.max_servers`.",
        )
        for row in members.filter(pl.col("servers") > largest).iter_rows(named=True)
    ]

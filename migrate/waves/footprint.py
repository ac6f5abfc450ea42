"""Where the moving servers of each application stand, what they cost, and what stays behind at each site."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from migrate.findings import Finding, Severity
from migrate.model.names import MOVING
from migrate.model.plan import PlannedApplication, PlannedServer
from migrate.spec import Spec

__all__ = ["Footprint", "locate"]

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Footprint:
    """Sites are sorted by name; those that only inventories name are among them.

    `source_usd_day` and `target_usd_day` cover only servers of which both costs are known (`priced` of `moving`), so
    that a cost unknown on one side does not make the other look better.
    """

    sites: tuple[str, ...]
    servers: NDArray[np.int64]  # applications × sites: moving servers
    rehosted: NDArray[np.int64]  # of each application: servers that move as they are
    data_gib: Floats  # applications × sites
    source_usd_month: Floats  # of each application
    target_usd_month: Floats
    priced: int
    moving: int
    staying: NDArray[np.int64]  # of each site: servers that are retained, or undecided
    findings: tuple[Finding, ...]


def locate(servers: Sequence[PlannedServer], moving: Sequence[PlannedApplication], spec: Spec) -> Footprint:
    """Sum up the servers of the `moving` applications by site.

    An application's data is shared among its sites like the used disk of its servers there (like their number, where no
    disk is known). An application without server records counts all of its servers at its own site.
    """
    canonical = {name.casefold(): site.name for site in spec.site for name in (site.name, *site.match)}

    def site_of(name: str | None) -> str | None:
        return None if name is None else canonical.get(name.casefold(), name)

    placed = [server.site for server in servers] + [application.site for application in moving]
    names = {site.name for site in spec.site} | {site_of(name) for name in placed}
    sites = tuple(sorted(name for name in names if name is not None))
    column = {name: index for index, name in enumerate(sites)}
    place = {application.application: index for index, application in enumerate(moving)}
    count, disk = np.zeros((len(moving), len(sites))), np.zeros((len(moving), len(sites)))
    source, target, staying = np.zeros(len(moving)), np.zeros(len(moving)), np.zeros(len(sites), dtype=np.int64)
    rehosted = np.zeros(len(moving), dtype=np.int64)
    priced, total, findings = 0, 0, []
    for server in servers:
        site = site_of(server.site)
        if server.disposition not in MOVING:
            if site is not None and server.disposition != "retire":
                staying[column[site]] += 1
            continue
        total += 1
        row = place.get(server.application or "")
        if row is None:
            findings.append(_without_wave(server))
            continue
        rehosted[row] += server.disposition == "rehost"
        if site is not None:
            count[row, column[site]] += 1
            disk[row, column[site]] += server.disk_used_gib or server.disk_gib or 0.0
        if server.cost_usd_month is not None and server.source_cost_usd_month is not None:
            priced += 1
            source[row] += server.source_cost_usd_month
            target[row] += server.cost_usd_month
    for row, application in enumerate(moving):
        site = site_of(application.site)
        if not count[row].any() and site is not None:
            count[row, column[site]] = application.moving_servers
    share = np.where(disk.sum(axis=1, keepdims=True) > 0, disk, count)
    share = share / np.maximum(share.sum(axis=1, keepdims=True), 1e-300)
    data = share * np.array([application.data_gib for application in moving]).reshape(-1, 1)
    return Footprint(sites, count.astype(np.int64), rehosted, data, source, target, priced, total, staying, tuple(findings))


def _without_wave(server: PlannedServer) -> Finding:
    return Finding(
        code="server-without-wave",
        severity=Severity.error,
        subject=server.name,
        source=server.source,
        message="The server is to move but belongs to no application that moves, so no wave takes it",
        remedy="Add it to an application in the application list.",
    )

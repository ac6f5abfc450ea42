"""One sample estate, written as the files that an enterprise would have."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from migrate.errors import RequestError
from migrate.sample.applications import draw_applications, draw_needs
from migrate.sample.background import background_connections, outside_addresses
from migrate.sample.connections import application_connections
from migrate.sample.flows import write_flows
from migrate.sample.lists import write_applications, write_utilisation
from migrate.sample.placement import vcenters
from migrate.sample.rvtools import write_rvtools
from migrate.sample.servers import draw_servers
from migrate.sample.servicenow import write_databases, write_locations, write_servers
from migrate.sample.servicenow_relations import write_relations
from migrate.sample.truth import write_truth

__all__ = ["SampleSummary", "write_sample"]

_FEWEST, _MOST = 20, 1_000_000


@dataclass(frozen=True)
class SampleSummary:
    """What was written. `flow_rows` are records of flow logs over all days; `templates` come beside the servers."""

    servers: int
    applications: int
    virtual_machines: int
    templates: int
    flow_rows: int
    files: tuple[Path, ...]


def write_sample(servers: int, seed: int, out: Path, progress: Callable[[str, int, int], None] | None = None) -> SampleSummary:
    """Write a sample estate of a nonprofit health system.

    Parameters
    ----------
    servers
        How many there are in all sources together, 20 to 1,000,000; templates and ESX hosts come on top.
    seed
        The same size and seed give the same bytes.
    out
        Folder, made where it is missing; files of an earlier sample with the same names are replaced.
    progress
        Called with what is being written, how many parts of it are done, and how many there are.

    Notes
    -----
    Flow logs hold at most about 900,000 conversations a day. Beyond some 100,000 servers, that makes fewer records per
    server than in a small sample; beyond 300,000, rare connections are not seen in two weeks at all.

    Raises
    ------
    RequestError
        `servers` is out of range or `seed` is negative.
    """
    if not _FEWEST <= servers <= _MOST:
        raise RequestError(
            f"a sample has {_FEWEST} to {_MOST:,} servers, not {servers:,}", where="--servers", remedy="Choose another size."
        )
    if seed < 0:
        raise RequestError(f"a seed is 0 or more, not {seed}", where="--seed", remedy="Choose another seed.")
    tell = progress or (lambda _what, _done, _of: None)
    tell("servers", 0, 1)
    apps = draw_applications(servers, seed)
    needs = draw_needs(apps)
    estate = draw_servers(apps, servers, seed)
    files: list[Path] = []
    machines = vcenters(estate)
    templates = 0
    for done, (name, site, vms) in enumerate(machines):
        tell("workbooks", done, len(machines))
        files.append(out / f"rvtools-{name}.xlsx")
        templates += write_rvtools(files[-1], vms, name, site, seed)
    files += _tables(estate, apps, needs, out, seed, tell)
    flows = pl.concat([application_connections(estate, needs, seed), background_connections(estate, seed)])
    addresses = pl.concat([estate["ip"], outside_addresses(seed)["ip"]])
    rows = write_flows(out / "flows", flows, addresses, servers, seed, progress)
    files += sorted((out / "flows").glob("*.parquet"))
    tell("truth", 0, 1)
    write_truth(out / "truth", estate, apps, needs)
    count = sum(vms.height for _, _, vms in machines)
    return SampleSummary(servers, apps.height, count, templates, rows, tuple(files))


def _tables(
    estate: pl.DataFrame, apps: pl.DataFrame, needs: pl.DataFrame, out: Path, seed: int, tell: Callable[[str, int, int], None]
) -> list[Path]:
    """The CMDB and the lists."""
    names = ("cmdb_ci_server", "cmdb_ci_db_instance", "cmdb_rel_ci", "cmn_location")
    paths = [out / f"servicenow-{name}.json" for name in names] + [out / "applications.csv", out / "utilisation.csv"]
    tell("tables", 0, 5)
    write_servers(paths[0], estate, seed)
    tell("tables", 1, 5)
    databases = write_databases(paths[1], estate, seed)
    tell("tables", 2, 5)
    write_relations(paths[2], estate, apps, needs, databases, seed)
    write_locations(paths[3])
    tell("tables", 3, 5)
    write_applications(paths[4], apps, seed)
    tell("tables", 4, 5)
    write_utilisation(paths[5], estate, seed)
    return paths

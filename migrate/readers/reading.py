"""What a reader hands back, before the sources are merged. Empty tables have the declared columns.

A server is referred to by its ``ref``: the citation of its row, which is unique in a run. Rows that name a server in
words carry ``server``, ``ip`` and ``site`` instead, and are matched after all files are read.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import polars as pl

from migrate.model.stages import FlowFile

__all__ = ["APPLICATIONS", "SIGHTINGS", "TABLES", "Reading"]

_S, _F = pl.String(), pl.Float64()

#: One row per server and source that mentions it. `uuid` and `other_uuid` identify; `os_certain` says who is believed.
SIGHTINGS: dict[str, pl.DataType] = {
    "ref": _S,
    "reader": _S,
    "name": _S,
    "fqdn": _S,
    "uuid": _S,
    "other_uuid": _S,
    "site": _S,
    "place": _S,  # the source's own key of the site, where its name is not known
    "cluster": _S,
    "hypervisor": _S,
    "cpu_model": _S,
    "folder": _S,
    "resource_pool": _S,
    "annotation": _S,
    "kind": _S,
    "power": _S,
    "environment": _S,
    "os_name": _S,
    "os_family": _S,
    "vcpu": _F,
    "memory_gib": _F,
    "disk_gib": _F,
    "disk_used_gib": _F,
    "owner": _S,
    "source": _S,
}

APPLICATIONS: dict[str, pl.DataType] = {
    "application": _S,
    "domain": _S,
    "owner": _S,
    "criticality": _S,
    "rto_h": _F,
    "rpo_h": _F,
    "data_class": _S,
    "disposition_hint": _S,
    "description": _S,
    "hospital": _S,
    "cost_center": _S,
    "reader": _S,
    "source": _S,
}

_NAMED: dict[str, pl.DataType] = {"ref": _S, "server": _S, "ip": _S, "site": _S}

#: Every table that a `Reading` may hold.
TABLES: dict[str, dict[str, pl.DataType]] = {
    "servers": SIGHTINGS,
    "disks": {"ref": _S, "disk": _S, "capacity_gib": _F, "used_gib": _F, "source": _S},
    "addresses": {"ref": _S, "ip": _S, "source": _S},
    "utilisation": {
        **_NAMED,
        "cpu_mean_pct": _F,
        "cpu_p90_pct": _F,
        "cpu_p95_pct": _F,
        "cpu_p99_pct": _F,
        "cpu_max_pct": _F,
        "memory_mean_pct": _F,
        "memory_p90_pct": _F,
        "memory_p95_pct": _F,
        "memory_p99_pct": _F,
        "memory_max_pct": _F,
        "disk_iops_p95": _F,
        "disk_mib_s_p95": _F,
        "network_mbit_s_p95": _F,
        "observed_days": _F,
        "source": _S,
    },
    "applications": APPLICATIONS,
    "memberships": {**_NAMED, "application": _S, "confidence": _F, "evidence": _S, "source": _S},
    "databases": {**_NAMED, "database": _S, "engine": _S, "version": _S, "size_gib": _F, "source": _S},
    # matched by `server` only: the address is what was lent
    "leases": {"server": _S, "ip": _S, "valid_from": pl.Datetime("us"), "valid_to": pl.Datetime("us"), "source": _S},
    # `certain` is false where a name is all that is known of an end: it counts if that is an application elsewhere
    "dependencies": {"consumer": _S, "provider": _S, "certain": pl.Boolean(), "source": _S},
    # an application needs a server or its database; or a server needs a server: the applications follow from memberships
    "needs": {"consumer": _S, "consumer_ref": _S, "provider_ref": _S, "source": _S},
}


@dataclass(frozen=True)
class Reading:
    """What one reader made of its files."""

    tables: Mapping[str, pl.DataFrame] = field(default_factory=dict)
    flows: tuple[FlowFile, ...] = ()

    def table(self, name: str) -> pl.DataFrame:
        """One of `TABLES`, with exactly its columns; columns that the reader does not know are null."""
        wanted = TABLES[name]
        frame = self.tables.get(name)
        if frame is None or not frame.width:
            return pl.DataFrame(schema=wanted)
        return frame.select(
            (pl.col(column) if column in frame.columns else pl.lit(None)).cast(dtype).alias(column)
            for column, dtype in wanted.items()
        )

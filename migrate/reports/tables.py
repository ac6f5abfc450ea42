"""A plan as flat tables: one function per table, used by the CSV files, the workbook and the page alike.

Lists become text joined with ``; ``, and unknown stays null.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from operator import attrgetter

import polars as pl

from migrate.model.plan import Plan
from migrate.model.stages import Discovery, OutsideParties

__all__ = [
    "JOINER",
    "applications_table",
    "dependencies_table",
    "findings_table",
    "groups_table",
    "outside_table",
    "risks_table",
    "servers_table",
    "waves_table",
]

JOINER = "; "

#: The first nine are what people and scripts rely on; new columns go behind them.
_SERVERS: Mapping[str, type[pl.DataType]] = {
    "name": pl.String,
    "site": pl.String,
    "application": pl.String,
    "disposition": pl.String,
    "target": pl.String,
    "wave": pl.Int64,
    "cutover_date": pl.Date,
    "cost_usd_month": pl.Float64,
    "source": pl.String,
    "server_id": pl.String,
    "region": pl.String,
    "environment": pl.String,
    "kind": pl.String,
    "power": pl.String,
    "os_family": pl.String,
    "os_name": pl.String,
    "database_engine": pl.String,
    "vcpu": pl.Float64,
    "memory_gib": pl.Float64,
    "disk_gib": pl.Float64,
    "disk_used_gib": pl.Float64,
    "source_cost_usd_month": pl.Float64,
    "membership_confidence": pl.Float64,
    "disposition_confidence": pl.Float64,
    "disposition_reason": pl.String,
    "target_reason": pl.String,
}
_COSTS = ("compute", "licence", "storage", "backup", "transfer")

_APPLICATIONS: Mapping[str, type[pl.DataType]] = {
    "application": pl.String,
    "domain": pl.String,
    "owner": pl.String,
    "criticality": pl.String,
    "data_class": pl.String,
    "site": pl.String,
    "disposition": pl.String,
    "wave": pl.Int64,
    "cutover_date": pl.Date,
    "servers": pl.Int64,
    "moving_servers": pl.Int64,
    "priced_servers": pl.Int64,
    "cost_usd_month": pl.Float64,
    "source_cost_usd_month": pl.Float64,
    "risk_score": pl.Float64,
    "risk_maximum": pl.Float64,
    "confidence": pl.Float64,
    "failure_probability": pl.Float64,
    "outage_usd_h": pl.Float64,
    "rto_h": pl.Float64,
    "rpo_h": pl.Float64,
    "data_gib": pl.Float64,
    "declared": pl.Boolean,
    "shared_service": pl.Boolean,
    "move_group": pl.String,
    "source": pl.String,
}

_DEPENDENCIES: Mapping[str, type[pl.DataType]] = {
    "consumer": pl.String,
    "provider": pl.String,
    "external": pl.Boolean,
    "strength": pl.String,
    "origin": pl.String,
    "in_cycle": pl.Boolean,
    "gb_day": pl.Float64,
    "connections_day": pl.Float64,
    "active_days": pl.Int64,
    "observed_days": pl.Int64,
    "reason": pl.String,
    "service": pl.String,
    "gb_day_p95": pl.Float64,
    "connections_day_p95": pl.Float64,
    "first_seen": pl.Datetime,
    "last_seen": pl.Datetime,
    "business_share": pl.Float64,
    "round_trips_mb": pl.Float64,
}

_WAVES: Mapping[str, type[pl.DataType]] = {
    "wave": pl.Int64,
    "date": pl.Date,
    "starts": pl.String,
    "duration_h": pl.Float64,
    "window": pl.String,
    "pathfinder": pl.Boolean,
    "servers": pl.Int64,
    "data_gib": pl.Float64,
    "replication_start": pl.Date,
    "decommission_date": pl.Date,
    "risk_score": pl.Float64,
    "risk_maximum": pl.Float64,
    "confidence": pl.Float64,
    "cost_usd_month": pl.Float64,
}


_OUTSIDE: Mapping[str, type[pl.DataType]] = {
    "network": pl.String,
    "direction": pl.String,
    "application": pl.String,
    "kind": pl.String,
    "servers": pl.Int64,
    "addresses": pl.Int64,
    "bytes_day": pl.Float64,
    "egress_gb_month": pl.Float64,
    "connections_day": pl.Float64,
}


def servers_table(plan: Plan) -> pl.DataFrame:
    """One row per server known from any source, in the plan's order."""
    costs = [server.cost for server in plan.servers]
    parts = [_column(f"{part}_usd_month", costs, part, pl.Float64) for part in _COSTS]
    addresses = pl.Series("addresses", [JOINER.join(s.addresses) for s in plan.servers], dtype=pl.String)
    volumes = pl.Series("volumes_gib", [JOINER.join(f"{v:g}" for v in s.volumes_gib) for s in plan.servers], dtype=pl.String)
    return _frame(plan.servers, _SERVERS).hstack([*parts, addresses, volumes])


def applications_table(plan: Plan) -> pl.DataFrame:
    """One row per application, in the plan's order; `risks` are rule ids with their points."""
    risks = [JOINER.join(f"{hit.rule} ({hit.points:g})" for hit in a.risks) for a in plan.applications]
    crews = [_hours(a.crew_h) for a in plan.applications]
    return _frame(plan.applications, _APPLICATIONS).hstack([_texts("crew_h", crews), _texts("risks", risks)])


def dependencies_table(plan: Plan) -> pl.DataFrame:
    """One row per dependency with the waves of its two ends; a null wave does not move or is outside the estate."""
    wave_of = {a.application: a.wave for a in plan.applications}
    columns = [
        pl.Series("consumer_wave", [wave_of.get(d.consumer) for d in plan.dependencies], dtype=pl.Int64),
        pl.Series("provider_wave", [wave_of.get(d.provider) for d in plan.dependencies], dtype=pl.Int64),
        _texts("ports", [JOINER.join(d.ports) for d in plan.dependencies]),
        _texts("via", [JOINER.join(d.via or ()) for d in plan.dependencies]),
        _texts("sources", [JOINER.join(d.sources or ()) for d in plan.dependencies]),
    ]
    return _frame(plan.dependencies, _DEPENDENCIES).hstack(columns)


def waves_table(plan: Plan) -> pl.DataFrame:
    """One row per wave. `applications` is their number; `application_names` names them."""
    waves = plan.waves
    loss = [wave.expected_loss_usd for wave in waves]
    columns = [
        pl.Series("applications", [len(wave.applications) for wave in waves], dtype=pl.Int64),
        *(_column(f"expected_loss_{part}_usd", loss, part, pl.Float64) for part in ("low", "likely", "high")),
        _texts("crew_h", [_hours(wave.crew_h) for wave in waves]),
        _texts("crew_available_h", [_hours(wave.crew_available_h) for wave in waves]),
        _texts("link_days", [_hours(wave.link_days) for wave in waves]),
        pl.Series("extra_capacity_usd", [sum(item.usd for item in wave.extra_capacity) for wave in waves], dtype=pl.Float64),
        _texts("application_names", [JOINER.join(wave.applications) for wave in waves]),
    ]
    return _frame(waves, _WAVES).hstack(columns)


def findings_table(source: Plan | Discovery) -> pl.DataFrame:
    """One row per finding, in the given order: worst first."""
    return _frame(source.findings, dict.fromkeys(("code", "severity", "subject", "source", "message", "remedy"), pl.String))


def groups_table(plan: Plan) -> pl.DataFrame:
    """One row per server, sorted: its application, its role and its move group.

    A server is named as its source names it, and by its id where several share the name.
    """
    move_group_of = {a.application: a.move_group for a in plan.applications}
    rows = [(s.name, s.server_id, s.application, s.role_group, move_group_of.get(s.application or "")) for s in plan.servers]
    columns = ("server", "server_id", "application_group", "role_group", "move_group")
    frame = pl.DataFrame(rows, schema=dict.fromkeys(columns, pl.String), orient="row")
    once = pl.len().over("server") == 1
    return frame.with_columns(server=pl.when(once).then("server").otherwise("server_id")).drop("server_id").sort("server")


def outside_table(plan: Plan) -> pl.DataFrame:
    """One row per network outside, direction and application, in the plan's order; columns as those of `OutsideParties`.

    Bytes and egress are null where the flow logs tell none.
    """
    lists = [_texts(name, [JOINER.join(getattr(party, name)) for party in plan.outside]) for name in ("ports", "some_addresses")]
    told = pl.when(pl.col("bytes_day") > 0)
    return (
        _frame(plan.outside, _OUTSIDE)
        .hstack(lists)
        .select(list(OutsideParties.columns()))
        .with_columns(told.then("bytes_day").alias("bytes_day"), told.then("egress_gb_month").alias("egress_gb_month"))
    )


def risks_table(plan: Plan) -> pl.DataFrame:
    """One row per risk rule that applies to an application, most points first."""
    hits = [
        (a.application, a.domain, a.criticality, a.wave, h.rule, h.points, h.detail) for a in plan.applications for h in a.risks
    ]
    schema: dict[str, type[pl.DataType]] = {
        "application": pl.String,
        "domain": pl.String,
        "criticality": pl.String,
        "wave": pl.Int64,
        "rule": pl.String,
        "points": pl.Float64,
        "detail": pl.String,
    }
    return pl.DataFrame(hits, schema=schema, orient="row").sort("points", "application", "rule", descending=[True, False, False])


def _frame(records: Sequence[object], columns: Mapping[str, type[pl.DataType]]) -> pl.DataFrame:
    return pl.DataFrame([_column(name, records, name, dtype) for name, dtype in columns.items()])


def _column(name: str, records: Sequence[object], attribute: str, dtype: type[pl.DataType]) -> pl.Series:
    return pl.Series(name, list(map(attrgetter(attribute), records)), dtype=dtype)


def _texts(name: str, values: Iterable[str]) -> pl.Series:
    """Text, with null for empty."""
    return pl.Series(name, [value or None for value in values], dtype=pl.String)


def _hours(by_name: Mapping[str, float]) -> str:
    return JOINER.join(f"{name} {value:g}" for name, value in sorted(by_name.items()) if value)

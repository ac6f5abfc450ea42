"""sizing.csv: of every server that gets a target what it needs, on what evidence, and its alternatives with their prices."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from migrate.model.plan import Plan

__all__ = ["sizing_table"]

_NEEDS = {
    "need_vcpu": pl.Float64,
    "need_memory_gib": pl.Float64,
    "evidence": pl.String,
    "cpu_speed": pl.Float64,
    "arm64": pl.String,
    "licensed_vcpu": pl.Int64,
    "waste": pl.String,
}


def sizing_table(plan: Plan) -> pl.DataFrame:
    """One row per server that gets a target, in the plan's order; none for a plan made before sizes were recorded.

    Columns: server_id, name, vcpu and memory_gib as allocated, those of `migrate.model.plan.SizedServers`, then by alternative
    (as_allocated, right_sized, newest, arm64, managed_databases, planned) its type and its cost in USD a month without traffic,
    and by cloud (aws, azure, google) its type and its compute in USD a month. Unknown is null.
    """
    known = [(s.server_id, s.name, s.vcpu, s.memory_gib) for s in plan.servers]
    schema = {"server_id": pl.String, "name": pl.String, "vcpu": pl.Float64, "memory_gib": pl.Float64}
    servers = pl.DataFrame(known, schema=schema, orient="row")
    if plan.sizing is None:
        return servers.clear().with_columns(pl.lit(None, dtype=dtype).alias(name) for name, dtype in _NEEDS.items())
    sized = plan.sizing.servers
    columns = [pl.Series("server_id", sized.server_ids, dtype=pl.String)]
    columns += [pl.Series(name, getattr(sized, name), dtype=dtype) for name, dtype in _NEEDS.items()]
    for way in plan.sizing.alternatives:
        name = way.key.replace("-", "_")
        columns.append(_types(f"{name}_type", way.types, way.type_of))
        columns.append(pl.Series(f"{name}_usd_month", way.usd_month, dtype=pl.Float64))
    table = servers.join(pl.DataFrame(columns), on="server_id", how="inner", maintain_order="left")
    if plan.clouds is None:
        return table
    clouds = [pl.Series("server_id", plan.clouds.server_ids, dtype=pl.String)]
    for cloud in plan.clouds.clouds:
        clouds.append(_types(f"{cloud.provider}_type", cloud.types, cloud.type_of))
        clouds.append(pl.Series(f"{cloud.provider}_compute_usd_month", cloud.compute_usd_month, dtype=pl.Float64))
    return table.join(pl.DataFrame(clouds), on="server_id", how="left", maintain_order="left")


def _types(name: str, types: Sequence[str], places: Sequence[int | None]) -> pl.Series:
    return pl.Series(name, types, dtype=pl.String).gather(pl.Series(places, dtype=pl.UInt32))

"""Operational carbon of servers beside their cost, month by month with the waves. Location-based: what the grid emits.

    source  kWh = hours × vCPU × costs.power_w_vcpu × PUE of the site / 1000
    target  kWh = hours × (vCPU × watts at load + GiB × 0.392 W + TiB × 1.2 W × 2 copies) × PUE / 1000
    tonnes  = kWh × kg CO2e a kWh of the grid / 1000

Power at the source is the same that the cost of power is computed from. A server counts where it runs: both in double run.
Switched-off servers draw nothing but, at the target, what their volumes draw. A managed database in two zones counts twice.
Not in it: making the hardware, networks, retained copies, and electricity that the provider buys to match. Where the power of
a server that moves is not known on either side, it is left out on both.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import polars as pl

from migrate.finance.axis import NEVER, Axis, Floats
from migrate.finance.carbon_figures import (
    GRID_SOURCE,
    GRIDS,
    MEMORY_W_GIB,
    POWER_SOURCE,
    PUE_SOURCE,
    STORAGE_COPIES,
    STORAGE_W_TIB,
    WATTS,
)
from migrate.finance.fates import Fates
from migrate.model.plan import Carbon, CarbonFigure, PlannedServer, Range
from migrate.spec import Spec
from migrate.targets.instances import load_instances
from migrate.units import HOURS_PER_MONTH

__all__ = ["carbon"]

_TYPE = r"^(?:rds:db\.)?([a-z0-9-]+\.[a-z0-9-]+)"
_GIB_PER_TIB = 1024.0
_SOURCE_RANGE = (0.5, 1.5)
_REASON = (
    "Power: at the source half to one and a half times the figure of the request; at the target the most and the least frugal "
    "processors that AWS runs in numbers. Grids and load stay as they are."
)
_METHOD = (
    "Location-based, operation only: hours × power × PUE × grid mean. Source power by vCPU as in the cost of power; target power "
    "by vCPU, memory and volumes. Switched-off servers draw nothing. Left out: making hardware, networks, matched electricity."
)


def carbon(servers: Sequence[PlannedServer], fates: Fates, spec: Spec, axis: Axis) -> Carbon | None:
    """Estimate it; None where no server's power is known, or no grid."""
    frame = _power(servers, fates, spec)
    known = frame["known"].to_numpy()
    if not known.any():
        return None
    start, never = np.zeros_like(fates.leave), np.full_like(fates.leave, NEVER)

    def tonnes(column: str, begin: np.ndarray, end: np.ndarray) -> Floats:
        kg_month = np.where(known, frame[column].fill_null(0.0).to_numpy(), 0.0)
        return axis.mean(begin, end, kg_month) / 1000.0

    source = tonnes("source_kg", start, fates.leave)
    target = {name: tonnes(f"target_{name}_kg", fates.replication, never) for name in ("low", "likely", "high")}
    stay = tonnes("source_kg", start, never)
    low, high = _SOURCE_RANGE
    whole = float(stay.sum())
    return Carbon(
        months=axis.months,
        source_t=_told(source),
        target_t=_told(target["likely"]),
        stay_t=_told(stay),
        total_t=Range(
            low=_round(source.sum() * low + target["low"].sum()),
            likely=_round(source.sum() + target["likely"].sum()),
            high=_round(source.sum() * high + target["high"].sum()),
            reason=_REASON,
        ),
        stay_total_t=Range(low=_round(whole * low), likely=_round(whole), high=_round(whole * high), reason=_REASON),
        source_kwh_month=_round(_sum(frame, known, "source_kwh")),
        target_kwh_month=_round(
            _sum(frame, known & fates.moves, "target_likely_kwh") + _sum(frame, known & (fates.leave >= NEVER), "source_kwh")
        ),
        servers=int(known.sum()),
        all_servers=len(servers),
        figures=_figures(spec),
        method=_METHOD,
    )


def _power(servers: Sequence[PlannedServer], fates: Fates, spec: Spec) -> pl.DataFrame:
    """By server: kWh and kg CO2e a month at the source and at the target (low, likely, high), and whether all is known."""
    frame = pl.DataFrame(
        {
            "vcpu": [server.vcpu for server in servers],
            "off": [server.power in ("off", "suspended") for server in servers],
            "mainframe": [server.kind == "mainframe" for server in servers],
            "site": [(server.site or "").strip().casefold() for server in servers],
            "target": [server.target for server in servers],
            "region": [server.region for server in servers],
            "volumes_gib": [math.fsum(server.volumes_gib) for server in servers],
            "moves": fates.moves,
        },
        schema_overrides={
            **dict.fromkeys(("vcpu", "volumes_gib"), pl.Float64),
            **dict.fromkeys(("off", "mainframe", "moves"), pl.Boolean),
            **dict.fromkeys(("site", "target", "region"), pl.String),
        },
    )
    types = load_instances().types.select("instance_type", "memory_gib", "architecture", target_vcpu="vcpu")
    two_zones = pl.col("target").str.contains("multi-az").fill_null(value=False)
    frame = frame.with_columns(
        instance_type=pl.col("target").str.extract(_TYPE), copies=pl.when(two_zones).then(2.0).otherwise(1.0)
    ).join(types, on="instance_type", how="left", maintain_order="left")
    site = _by_site(spec)
    pue, grid = (pl.col("site").replace_strict(table, default=other, return_dtype=pl.Float64) for table, other in site)
    source = pl.when("mainframe").then(None).when("off").then(0.0).otherwise(pl.col("vcpu") * spec.costs.power_w_vcpu) * pue
    frame = frame.with_columns(source_kwh=source * HOURS_PER_MONTH / 1000.0)
    frame = frame.with_columns(source_kg=pl.col("source_kwh") * grid)
    for name in ("low", "likely", "high"):
        frame = frame.with_columns(_target_kwh(name, spec).alias(f"target_{name}_kwh"))
        frame = frame.with_columns((pl.col(f"target_{name}_kwh") * _grid_there(spec)).alias(f"target_{name}_kg"))
    there = pl.col("target_likely_kg").is_not_null() | ~pl.col("moves")
    return frame.with_columns(known=pl.col("source_kg").is_not_null() & there)


def _target_kwh(name: str, spec: Spec) -> pl.Expr:
    load = spec.carbon.cpu_load
    arm = pl.when(pl.col("architecture") == "arm64").then(WATTS["arm64"].at(load)).otherwise(WATTS[name].at(load))
    running = pl.when("off").then(0.0).otherwise(pl.col("target_vcpu") * arm + pl.col("memory_gib") * MEMORY_W_GIB)
    volumes = pl.col("volumes_gib") / _GIB_PER_TIB * STORAGE_W_TIB * STORAGE_COPIES
    return (running + volumes) * pl.col("copies") * spec.carbon.target_pue * HOURS_PER_MONTH / 1000.0


def _by_site(spec: Spec) -> tuple[tuple[dict[str, float], float], tuple[dict[str, float], float | None]]:
    """PUE and kg CO2e a kWh by site in lower case, each with what holds elsewhere."""
    elsewhere = spec.carbon.source_kg_co2e_kwh
    elsewhere = GRIDS.get(spec.target.regions[0]) if elsewhere is None else elsewhere
    names = [(name.strip().casefold(), site) for site in spec.site for name in (*site.match, site.name)]
    pue = {name: site.pue for name, site in names if site.pue is not None}
    grid = {name: site.kg_co2e_kwh for name, site in names if site.kg_co2e_kwh is not None}
    return (pue, spec.costs.power_usage_factor), (grid, elsewhere)


def _grid_there(spec: Spec) -> pl.Expr:
    if spec.carbon.target_kg_co2e_kwh is not None:
        return pl.lit(spec.carbon.target_kg_co2e_kwh)
    return pl.col("region").replace_strict(GRIDS, default=None, return_dtype=pl.Float64)


def _figures(spec: Spec) -> tuple[CarbonFigure, ...]:
    def asked(key: str, value: float, unit: str, why: str, default: str = "planning value") -> CarbonFigure:
        table, _, name = key.partition(".")
        section = getattr(spec, table)
        basis = default if value == type(section).model_fields[name].default else "request"
        return CarbonFigure(key=key, value=value, unit=unit, basis=basis, source="plan.toml" if basis == "request" else why)

    def published(key: str, value: float, unit: str, source: str) -> CarbonFigure:
        return CarbonFigure(key=key, value=value, unit=unit, basis="source", source=source)

    load = spec.carbon.cpu_load
    figures = [
        asked("costs.power_w_vcpu", spec.costs.power_w_vcpu, "W a vCPU at the source", "[costs], docs/plan-toml.md"),
        asked(
            "costs.power_usage_factor", spec.costs.power_usage_factor, "PUE of sites that name none", "[costs], docs/plan-toml.md"
        ),
        asked("carbon.cpu_load", load, "mean load", "Cloud Carbon Footprint takes 0.5 where the load is not known"),
        asked("carbon.target_pue", spec.carbon.target_pue, "PUE of regions", PUE_SOURCE, "source"),
        *(published(f"target.watts.{name}", round(watts.at(load), 6), "W a vCPU", POWER_SOURCE) for name, watts in WATTS.items()),
        published("target.memory", MEMORY_W_GIB, "W a GiB", POWER_SOURCE),
        published("target.storage", STORAGE_W_TIB, "W a TiB and copy", POWER_SOURCE),
        published("target.storage_copies", STORAGE_COPIES, "copies of a volume", POWER_SOURCE),
    ]
    (pue, _), (grid, elsewhere) = _by_site(spec)
    for name, value in sorted(pue.items()):
        figures.append(CarbonFigure(key=f"site.{name}.pue", value=value, unit="PUE", basis="request", source="plan.toml"))
    for name, value in sorted(grid.items()):
        figures.append(
            CarbonFigure(key=f"site.{name}.grid", value=value, unit="kg CO2e a kWh", basis="request", source="plan.toml")
        )
    if elsewhere is not None and spec.carbon.source_kg_co2e_kwh is not None:
        figures.append(asked("carbon.source_kg_co2e_kwh", elsewhere, "kg CO2e a kWh", "plan.toml"))
    elif elsewhere is not None:
        why = f"taken to be as in {spec.target.regions[0]}: where the sites are is not known. {GRID_SOURCE}"
        figures.append(CarbonFigure(key="source.grid", value=elsewhere, unit="kg CO2e a kWh", basis="planning value", source=why))
    if spec.carbon.target_kg_co2e_kwh is not None:
        figures.append(asked("carbon.target_kg_co2e_kwh", spec.carbon.target_kg_co2e_kwh, "kg CO2e a kWh", "plan.toml"))
    else:
        regions = [region for region in spec.target.regions if region in GRIDS]
        figures += [published(f"target.grid.{region}", GRIDS[region], "kg CO2e a kWh", GRID_SOURCE) for region in regions]
    return tuple(figures)


def _sum(frame: pl.DataFrame, of: np.ndarray, column: str) -> float:
    return float(np.where(of, frame[column].fill_null(0.0).to_numpy(), 0.0).sum())


def _told(values: Floats) -> tuple[float, ...]:
    return tuple((np.round(values, 3) + 0.0).tolist())


def _round(value: float) -> float:
    return round(float(value), 3) + 0.0

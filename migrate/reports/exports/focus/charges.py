"""The charges that a plan expects, one row for each server and resource of the bill: what does not change with the months."""

from __future__ import annotations

import json
from collections.abc import Mapping

import numpy as np
import polars as pl

from migrate.finance.axis import Floats
from migrate.finance.fates import RESOURCES, Fates
from migrate.model.plan import Plan
from migrate.reports.exports.focus.columns import REGION_NAMES, SERVICES
from migrate.reports.exports.scope import Scope, unique_names, wave_name
from migrate.units import HOURS_PER_MONTH

__all__ = ["charges"]

_DATABASE = r"^rds:(db\.\S+) \((\S+), (\S+)\)$"
_CLOSE = 0.005  # USD a month: two prices that differ by less are the same
_YEARS = {"reserved_1y": "1 year", "reserved_3y": "3 years"}


def charges(plan: Plan, fates: Fates, scope: Scope) -> pl.DataFrame:
    """One row for each server in scope and resource that costs something.

    Columns: those of FOCUS that hold for every month, begin (day on the axis), resource, month_list and month_effective (USD
    a month at list price, and as the plan is priced), contracted (factor on both: private rates and the enterprise
    discount), quantity (a month) and committed (term, null where on demand).
    """
    in_scope = {server.server_id for server in scope.servers_of(plan)} if scope.waves else None
    chosen = np.array([in_scope is None or server.server_id in in_scope for server in plan.servers], dtype=bool)
    facts = _facts(plan).with_columns(pl.Series("begin", fates.replication)).with_row_index("row")
    parts = []
    for resource in RESOURCES:
        usd = np.where(chosen, fates.bill[resource], 0.0)
        rows = np.flatnonzero(usd > 0.0)
        if rows.size:
            part = facts[rows].with_columns(
                pl.lit(resource).alias("resource"),
                pl.Series("month_effective", usd[rows]),
                pl.Series("contracted", _contracted(plan, fates, resource)[rows]),
            )
            parts.append(part)
    if not parts:
        return facts.clear()
    return _described(_listed(pl.concat(parts), plan), plan).sort("ResourceId", "order")


def _facts(plan: Plan) -> pl.DataFrame:
    names = unique_names(plan)
    applications = {item.application: item for item in plan.applications}
    rows = []
    for server in plan.servers:
        application = applications.get(server.application or "")
        tags = {
            "application": server.application,
            "domain": None if application is None else application.domain,
            "owner": None if application is None else application.owner,
            "hospital": None if application is None else application.hospital,
            "cost_center": None if application is None else application.cost_center,
            "environment": server.environment,
            "wave": None if server.wave is None else wave_name(server.wave),
            "plan": plan.spec.plan.name,
        }
        rows.append(
            {
                "ResourceId": server.server_id,
                "ResourceName": names[server.server_id],
                "RegionId": server.region,
                "Tags": json.dumps({key: value for key, value in tags.items() if value}, ensure_ascii=False, sort_keys=True),
                "target": server.target,
                "windows": server.os_family == "windows",
                "volumes_gib": float(np.sum(server.volumes_gib)),
            }
        )
    text = dict.fromkeys(("ResourceId", "ResourceName", "RegionId", "Tags", "target"), pl.String)
    return pl.DataFrame(rows, schema={**text, "windows": pl.Boolean, "volumes_gib": pl.Float64})


def _contracted(plan: Plan, fates: Fates, resource: str) -> Floats:
    """What of the list price is paid after private rates and the enterprise discount, by server."""
    terms = plan.spec.discounts
    edp = terms.edp_share if resource in terms.edp_applies_to else 0.0
    factor = np.full(len(plan.servers), 1.0 - edp)
    shares = {rate.id: rate.share for rate in plan.spec.private_rate}
    for (name, of), usd in fates.agreed.items():
        if of == resource:
            paid = (1.0 - shares[name]) * (1.0 - edp if terms.edp_on_private_rates else 1.0)
            factor = np.where(usd > 0.0, paid, factor)
    return factor


def _listed(parts: pl.DataFrame, plan: Plan) -> pl.DataFrame:
    """Add service, item and, for compute, the on-demand price and the term whose price the plan has."""
    target = pl.col("target")
    keys = dict.fromkeys(("item", "engine", "deployment", "RegionId", "committed"), pl.String)
    rows = [(r.item, r.engine, r.deployment, r.region, r.term, r.usd_h * HOURS_PER_MONTH) for r in plan.rates]
    rates = pl.DataFrame(rows, schema={**keys, "rate_month": pl.Float64}, orient="row")
    on = ["item", "engine", "deployment", "RegionId"]
    demand = rates.filter(pl.col("committed") == "on_demand").select(*on, list_month="rate_month")
    named = parts.with_columns(
        item=pl.coalesce(target.str.extract(_DATABASE, 1), target),
        engine=target.str.extract(_DATABASE, 2),
        deployment=target.str.extract(_DATABASE, 3),
    ).with_row_index("place")
    compute = pl.col("resource") == "compute"
    close = (
        named.filter(compute)
        .join(rates.filter(pl.col("committed").is_in(list(_YEARS))), on=on, how="inner", nulls_equal=True)
        .filter((pl.col("rate_month") - pl.col("month_effective")).abs() < _CLOSE)
        .sort("place", "committed")
        .unique("place", keep="first", maintain_order=True)
        .select("place", "committed")
    )
    joined = named.join(close, on="place", how="left").join(demand, on=on, how="left", nulls_equal=True)
    listed = pl.when(compute & pl.col("committed").is_not_null()).then("list_month")
    return joined.with_columns(month_list=pl.coalesce(listed, "month_effective"))


def _described(parts: pl.DataFrame, plan: Plan) -> pl.DataFrame:
    """Add what FOCUS wants to know of a charge: service, SKU, unit, description."""
    resource = pl.col("resource")
    database = pl.col("target").str.starts_with("rds:").fill_null(value=False)
    told: Mapping[str, tuple[str, str, str]] = {
        "compute": ("Instance", "Hours", "Compute hours"),
        "licence": ("Instance", "Hours", "Windows licence hours"),
        "storage": ("Volume", "GiB-Months", "gp3 storage"),
        "backup": ("Snapshot", "Months", "Backup storage"),
        "transfer": ("Instance", "Months", "Data transfer to the internet"),
        "other": ("Instance", "Months", "Stated otherwise"),
    }
    kind, unit, meter = (
        resource.replace_strict({name: said[k] for name, said in told.items()}, return_dtype=pl.String) for k in range(3)
    )
    service = (
        pl.when(resource == "transfer").then(pl.lit("AWS Data Transfer"))
        .when(resource == "other").then(pl.lit("AWS, stated otherwise"))
        .when(database).then(pl.lit("Amazon Relational Database Service"))
        .when(resource.is_in(["storage", "backup"])).then(pl.lit("Amazon Elastic Block Store"))
        .otherwise(pl.lit("Amazon Elastic Compute Cloud"))
    )  # fmt: skip
    months = pl.when(unit == "Hours").then(HOURS_PER_MONTH).when(unit == "GiB-Months").then("volumes_gib").otherwise(1.0)
    sized = pl.when((unit == "GiB-Months") & (pl.col("volumes_gib") <= 0.0)).then(pl.lit("Months")).otherwise(unit)
    item = pl.when(resource.is_in(["compute", "licence"])).then(pl.coalesce("target", pl.lit("any"))).otherwise(resource)
    described = parts.with_columns(
        ResourceType=pl.when(database & (kind == "Instance")).then(pl.lit("Database Instance")).otherwise(kind),
        ServiceName=service,
        PricingUnit=sized,
        SkuMeter=meter,
        quantity=pl.when(months > 0.0).then(months).otherwise(1.0),
        SkuId=pl.concat_str(resource, item, pl.coalesce("RegionId", pl.lit("any")), separator="/"),
        ChargeDescription=pl.concat_str(
            pl.lit(f"Projected by the plan {plan.spec.plan.name}: "), meter, pl.lit(", "), pl.coalesce("target", pl.lit("any"))
        ),
        order=resource.replace_strict({name: k for k, name in enumerate(RESOURCES)}, return_dtype=pl.Int64),
    )
    return _classified(described)


def _classified(parts: pl.DataFrame) -> pl.DataFrame:
    """Add categories and, where a reservation covers the charge, which."""
    category, subcategory = (
        pl.col("ServiceName").replace_strict({name: kinds[k] for name, kinds in SERVICES.items()}, return_dtype=pl.String)
        for k in (0, 1)
    )
    committed = pl.col("committed").is_not_null()
    years = pl.col("committed").replace_strict(_YEARS, default=None, return_dtype=pl.String)
    return parts.with_columns(
        ChargeCategory=pl.lit("Usage"),
        ChargeFrequency=pl.lit("Usage-Based"),
        ServiceCategory=category,
        ServiceSubcategory=subcategory,
        ConsumedUnit=pl.col("PricingUnit"),
        PricingCategory=pl.when(committed).then(pl.lit("Committed")).otherwise(pl.lit("Standard")),
        CommitmentDiscountId=pl.when(committed).then(pl.format("projected/{}/{}", "ServiceName", "committed")),
        CommitmentDiscountCategory=pl.when(committed).then(pl.lit("Usage")),
        CommitmentDiscountName=pl.when(committed).then(pl.format("Reservations of {}, no upfront", years)),
        CommitmentDiscountType=pl.when(committed).then(pl.lit("Reserved Instance")),
        CommitmentDiscountStatus=pl.when(committed).then(pl.lit("Used")),
        CommitmentDiscountUnit=pl.when(committed).then(pl.col("PricingUnit")),
        SkuPriceId=pl.format("{}/on_demand", "SkuId"),
        RegionName=pl.col("RegionId").replace_strict(REGION_NAMES, default=pl.col("RegionId"), return_dtype=pl.String),
    )

"""Write the projected bill, month after month: CSV, or Parquet where the file is named so.

A row is a server's charge for one resource in one month; support, tax and reservations are a row a month. Costs are what the
cash flow has: the sum of `EffectiveCost` of a month is its ``target_run``, but for rounding. `ListCost` is at on-demand
prices. Reservations are billed as recurring purchases, and what they cover has no `BilledCost`, as providers write it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import polars as pl

from migrate.errors import RequestError
from migrate.files import replacing
from migrate.finance.axis import Axis, Floats, build_axis
from migrate.finance.fates import RESOURCES, read_fates
from migrate.model.plan import CostLine, Plan
from migrate.reports.exports.focus.charges import charges
from migrate.reports.exports.focus.columns import COLUMNS, SERVICES
from migrate.reports.exports.scope import Scope
from migrate.reports.neutral import neutral
from migrate.units import HOURS_PER_MONTH

__all__ = ["write_focus"]

#: What a credit says; prices and quantities are of what is used or bought.
_OF_CREDIT = (
    *("ChargeDescription", "ServiceName", "ServiceCategory", "ServiceSubcategory"),
    *("BilledCost", "EffectiveCost", "ListCost", "ContractedCost"),
)
_LARGE_MB = 50  # of CSV, from which on few spreadsheets read it
_FORMAT = "%Y-%m-%dT%H:%M:%SZ"


def write_focus(plan: Plan, path: Path, scope: Scope) -> tuple[str, ...]:
    """Write the file. With waves in scope, only their servers' charges, without support and tax of the whole.

    Raises
    ------
    RequestError
        The plan expects no charges.
    """
    axis = build_axis(plan.spec)
    fates = read_fates(plan.servers, plan.applications, plan.waves, plan.spec, axis)
    rows = charges(plan, fates, scope)
    if rows.is_empty():
        raise RequestError("the plan expects no charges of AWS", where="--format focus", remedy="Price it, or name other waves.")
    parquet = path.suffix == ".parquet"
    rows = rows if parquet else neutral(rows)
    factors = _price_factors(plan, axis)
    table = pl.concat([_month(rows, plan, scope, axis, k, factors) for k in range(len(axis.months))])
    with replacing(path) as temporary:
        if parquet:
            table.sink_parquet(temporary)
        else:
            table.sink_csv(temporary, datetime_format=_FORMAT)
    notes = [
        "Every row is projected: nothing of it has been used, billed or invoiced",
        "It holds what AWS is expected to charge; what the source costs is not in it",
    ]
    size = path.stat().st_size / 1e6
    if size >= _LARGE_MB and not parquet:
        notes.append(f"The file has {size:,.0f} MB; named {path.stem}.parquet it would be a small part of that")
    if plan.spec.currency.code != "USD":
        notes.append("Costs are in USD, the currency of the price book")
    return tuple(notes)


def _price_factors(plan: Plan, axis: Axis) -> dict[str, Floats]:
    """By resource and month: what the cash flow has over today's prices, where it lets prices rise."""
    months = np.arange(len(axis.months)) // 12
    found = {resource: np.ones(months.size) for resource in RESOURCES}
    for line in plan.business_case.lines:
        side, _, resource = line.key.partition(".")
        if side == "target" and resource in found:
            for factor in line.factors:
                if factor.how == "growth":
                    found[resource] = found[resource] * (1.0 + factor.value) ** months
    return found


def _month(rows: pl.DataFrame, plan: Plan, scope: Scope, axis: Axis, k: int, factors: Mapping[str, Floats]) -> pl.LazyFrame:
    """The rows of one month."""
    first, last = int(axis.edges[k]), int(axis.edges[k + 1])
    share = (last - pl.col("begin").clip(first, last)) / (last - first)
    table = {name: float(values[k]) for name, values in factors.items()}
    factor = pl.col("resource").replace_strict(table, return_dtype=pl.Float64)
    used = rows.lazy().filter(pl.col("begin") < last).with_columns(share=share, factor=factor)
    monthly = pl.concat([_usage(used), *_whole(used, plan, scope, k)], how="diagonal")
    start, end = (_instant(axis.first, day) for day in (first, last))
    common = {
        "BillingAccountId": scope.account or "projected",
        "BillingAccountName": f"Projected: {plan.spec.plan.name}",
        "BillingAccountType": "Projected",
        "BillingCurrency": "USD",
        "PricingCurrency": "USD",
        "InvoiceIssuerName": "Amazon Web Services",
        "ProviderName": "Amazon Web Services",
        "PublisherName": "Amazon Web Services",
        "x_Projected": "true",
    }
    times = {"BillingPeriodStart": start, "BillingPeriodEnd": end, "ChargePeriodStart": start, "ChargePeriodEnd": end}
    filled = monthly.with_columns(
        *(pl.lit(value).alias(name) for name, value in common.items()),
        *(pl.lit(value).cast(COLUMNS[name]).alias(name) for name, value in times.items()),
        *(pl.col(name).alias(f"PricingCurrency{name}") for name in ("ContractedUnitPrice", "EffectiveCost", "ListUnitPrice")),
    )
    known = set(filled.collect_schema().names())
    return filled.select(
        pl.col(name).cast(kind) if name in known else pl.lit(None, dtype=kind).alias(name) for name, kind in COLUMNS.items()
    )


def _usage(used: pl.LazyFrame) -> pl.LazyFrame:
    quantity = pl.col("quantity") * pl.col("share")
    committed = pl.col("committed").is_not_null()
    price = pl.col("month_list") * pl.col("factor") / pl.col("quantity")
    effective = _effective()
    return used.with_columns(
        PricingQuantity=quantity,
        ConsumedQuantity=quantity,
        ListUnitPrice=price,
        ListCost=price * quantity,
        ContractedUnitPrice=price * pl.col("contracted"),
        ContractedCost=price * pl.col("contracted") * quantity,
        EffectiveCost=effective,
        BilledCost=pl.when(committed).then(0.0).otherwise(effective),
        CommitmentDiscountQuantity=pl.when(committed).then(quantity),
    )


def _effective() -> pl.Expr:
    return pl.col("month_effective") * pl.col("factor") * pl.col("contracted") * pl.col("share")


def _whole(used: pl.LazyFrame, plan: Plan, scope: Scope, k: int) -> list[pl.LazyFrame]:
    """Rows of the month as a whole: reservations bought, support, tax."""
    frames = [_purchases(used)]
    if not scope.waves:
        amounts = {line.key: line.amount_usd[k] for line in plan.business_case.lines}
        if amounts.get("target.support"):
            frames.append(_support(amounts["target.support"]))
        if amounts.get("target.tax"):
            frames.append(_tax(amounts["target.tax"]))
        for line in _others(plan):
            if line.amount_usd[k]:
                sku = line.key.replace(".", "/")
                frames.append(_monthly(line.amount_usd[k], "AWS, stated otherwise", line.label, sku))
    return frames


def _purchases(used: pl.LazyFrame) -> pl.LazyFrame:
    same = ["ServiceName", "ServiceCategory", "ServiceSubcategory", "RegionId", "RegionName", "committed"]
    named = ["CommitmentDiscountId", "CommitmentDiscountCategory", "CommitmentDiscountName", "CommitmentDiscountType"]
    bought = (
        used.filter(pl.col("committed").is_not_null())
        .group_by(*same, *named, maintain_order=True)
        .agg(BilledCost=_effective().sum(), PricingQuantity=(pl.col("share") * HOURS_PER_MONTH).sum())
        .sort(*same)
    )
    price = pl.col("BilledCost") / pl.col("PricingQuantity")
    sku = pl.format("reservation/{}/{}/{}", "ServiceName", "RegionId", "committed")
    return bought.with_columns(
        ChargeCategory=pl.lit("Purchase"),
        ChargeFrequency=pl.lit("Recurring"),
        ChargeDescription=pl.format("Projected: {}, {}", "CommitmentDiscountName", "RegionId"),
        EffectiveCost=pl.lit(0.0),
        ListCost=pl.col("BilledCost"),
        ContractedCost=pl.col("BilledCost"),
        ListUnitPrice=price,
        ContractedUnitPrice=price,
        PricingUnit=pl.lit("Hours"),
        PricingCategory=pl.lit("Standard"),
        CommitmentDiscountQuantity=pl.col("PricingQuantity"),
        CommitmentDiscountUnit=pl.lit("Hours"),
        SkuId=sku,
        SkuPriceId=pl.concat_str(sku, pl.lit("/no_upfront")),
        SkuMeter=pl.lit("Reservation fee"),
    )


def _support(usd: float) -> pl.LazyFrame:
    """A recurring charge for what was used, not a purchase: purchases are for what comes later."""
    return _monthly(usd, "AWS Support", "AWS support", "support").with_columns(ChargeFrequency=pl.lit("Recurring"))


def _monthly(usd: float, service: str, what: str, sku: str) -> pl.LazyFrame:
    category, subcategory = SERVICES[service]
    row = {
        "ChargeCategory": "Usage",
        "ChargeFrequency": "Usage-Based",
        "ChargeDescription": f"Projected: {what}",
        "ServiceName": service,
        "ServiceCategory": category,
        "ServiceSubcategory": subcategory,
        **dict.fromkeys(
            ("BilledCost", "EffectiveCost", "ListCost", "ContractedCost", "ListUnitPrice", "ContractedUnitPrice"), usd
        ),
        **dict.fromkeys(("PricingQuantity", "ConsumedQuantity"), 1.0),
        **dict.fromkeys(("PricingUnit", "ConsumedUnit"), "Months"),
        "PricingCategory": "Standard",
        "SkuId": sku,
        "SkuPriceId": f"{sku}/month",
        "SkuMeter": what,
    }
    credit = {name: row[name] for name in _OF_CREDIT}
    return pl.LazyFrame([row if usd >= 0.0 else credit | {"ChargeCategory": "Credit", "ChargeFrequency": "Recurring"}])


def _others(plan: Plan) -> list[CostLine]:
    """Lines of the AWS bill that belong to no server, beside support, tax and discounts."""
    lines = [line for line in plan.business_case.lines if line.group == "target_run" and line.side == "moving"]
    known = {f"target.{name}" for name in (*RESOURCES, "support", "tax", "edp")}
    return [line for line in lines if line.key not in known and not line.key.startswith("target.private_")]


def _tax(usd: float) -> pl.LazyFrame:
    row = {
        "ChargeCategory": "Tax",
        "ChargeFrequency": "Recurring",
        "ChargeDescription": "Projected: tax on the bill",
        "ServiceName": "AWS, stated otherwise",
        "ServiceCategory": "Other",
        "ServiceSubcategory": "Other (Other)",
        **dict.fromkeys(("BilledCost", "EffectiveCost", "ListCost", "ContractedCost"), usd),
    }
    return pl.LazyFrame([row])


def _instant(first: dt.date, day: int) -> dt.datetime:
    return dt.datetime.combine(first + dt.timedelta(days=day), dt.time(), tzinfo=dt.UTC)

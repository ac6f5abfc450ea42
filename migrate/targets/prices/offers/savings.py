"""Rates of Compute Savings Plans without upfront payment, through boto3.

AWS tells them by DescribeSavingsPlansOfferingRates, for one- and three-year plans, each type by region and system
(https://docs.aws.amazon.com/savingsplans/latest/APIReference/API_DescribeSavingsPlansOfferingRates.html, read 2026-11-22).
Needs the permission ``savingsplans:DescribeSavingsPlansOfferingRates``.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from migrate.targets.prices.offers.refusal import told_by_aws

__all__ = ["SavingsRates", "fetch_savings"]

_API_REGION = "us-east-1"
_SYSTEMS = {"Linux/UNIX": "linux", "Windows": "windows"}
_RUNNING = re.compile(r"(?:^|-)BoxUsage(?::|$)")  # and not UnusedBox, which is a reservation of capacity
_YEAR_SECONDS = 365 * 24 * 3600
_TERMS = {_YEAR_SECONDS: "savings_1y", 3 * _YEAR_SECONDS: "savings_3y"}
_SCHEMA = {"region": pl.String, "type": pl.String, "os": pl.String, "term": pl.String, "usd": pl.Float64}


@dataclass(frozen=True)
class SavingsRates:
    """Rates of Savings Plans.

    Attributes
    ----------
    day
        When AWS was asked: it tells today's rates only.
    rows
        Columns: region, type, os, term (``savings_1y``, ``savings_3y``), usd (an hour; may be 0 where AWS says so).
    """

    day: dt.date
    rows: pl.DataFrame


def fetch_savings(regions: Sequence[str], day: dt.date) -> SavingsRates:
    """Ask AWS for the rates of shared Linux and Windows instances in the regions.

    Raises
    ------
    MigrateError
        AWS cannot be reached, or refuses.
    """
    import boto3  # noqa: PLC0415 -- reading a book should not pay for it

    with told_by_aws("the rates of Savings Plans"):
        client = boto3.client("savingsplans", region_name=_API_REGION)
        rows = [row for region in regions for rate in _rates(client, region) if (row := _row(rate)) is not None]
    return SavingsRates(day, pl.DataFrame(rows, schema=_SCHEMA, orient="row"))


def _rates(client: Any, region: str) -> Iterator[Mapping[str, Any]]:
    """The API has pages and boto3 no paginator for them."""
    wanted = {"region": [region], "tenancy": ["shared"], "productDescription": list(_SYSTEMS)}
    asked: dict[str, Any] = {
        "savingsPlanPaymentOptions": ["No Upfront"],
        "savingsPlanTypes": ["Compute"],
        "products": ["EC2"],
        "serviceCodes": ["AmazonEC2"],
        "filters": [{"name": name, "values": values} for name, values in wanted.items()],
        "maxResults": 1000,
    }
    while True:
        page = client.describe_savings_plans_offering_rates(**asked)
        yield from page.get("searchResults", ())
        if not page.get("nextToken"):
            return
        asked["nextToken"] = page["nextToken"]


def _row(rate: Mapping[str, Any]) -> tuple[object, ...] | None:
    """A rate of a running instance; None for others."""
    said = {item["name"]: item["value"] for item in rate["properties"]}
    plan = rate["savingsPlanOffering"]
    term, system = _TERMS.get(plan["durationSeconds"]), _SYSTEMS.get(said.get("productDescription", ""))
    if (
        not _RUNNING.search(rate["usageType"])
        or term is None
        or system is None
        or plan["currency"] != "USD"
        or rate["unit"] != "Hrs"
    ):
        return None
    return said["region"], said["instanceType"], system, term, float(rate["rate"])

"""Rates of Savings Plans in the shape of DescribeSavingsPlansOfferingRates, filtered as it filters."""

from __future__ import annotations

from typing import Any

from moto.core.base_backend import BackendDict, BaseBackend

__all__ = ["SavingsPlansBackend", "savingsplans_backends"]

_PAGE = 2  # so that a client that reads the first page only is found out
_YEAR_SECONDS = 31_536_000


class SavingsPlansBackend(BaseBackend):
    """Rates that a test has added."""

    def __init__(self, region_name: str, account_id: str) -> None:
        super().__init__(region_name, account_id)
        self.rates: list[dict[str, Any]] = []

    def add(self, region: str, name: str, usd: str, years: int, system: str = "Linux/UNIX", **changed: str) -> None:
        """Offer a rate; `changed` overrides usageType, tenancy, paymentOption, planType, unit or currency."""
        said = {"region": region, "instanceType": name, "productDescription": system, "tenancy": changed.get("tenancy", "shared")}
        self.rates.append(
            {
                "savingsPlanOffering": {
                    "offeringId": f"00000000-0000-0000-0000-{len(self.rates):012}",
                    "paymentOption": changed.get("paymentOption", "No Upfront"),
                    "planType": changed.get("planType", "Compute"),
                    "durationSeconds": years * _YEAR_SECONDS,
                    "currency": changed.get("currency", "USD"),
                    "planDescription": f"{years} year No Upfront Compute Savings Plan",
                },
                "rate": usd,
                "unit": changed.get("unit", "Hrs"),
                "productType": "EC2",
                "serviceCode": "AmazonEC2",
                "usageType": changed.get("usageType", f"BoxUsage:{name}"),
                "operation": "RunInstances",
                "properties": [{"name": key, "value": value} for key, value in said.items()],
            }
        )

    def page(self, asked: dict[str, Any]) -> tuple[list[dict[str, Any]], str]:
        """One page of what fits the request, and the token of the next; empty at the end, as AWS has it."""
        filters = {item["name"]: item["values"] for item in asked.get("filters", [])}
        found = [
            rate
            for rate in self.rates
            if rate["savingsPlanOffering"]["paymentOption"] in asked["savingsPlanPaymentOptions"]
            and rate["savingsPlanOffering"]["planType"] in asked["savingsPlanTypes"]
            and all(item["value"] in filters.get(item["name"], [item["value"]]) for item in rate["properties"])
        ]
        begin = int(asked.get("nextToken") or 0)
        end = begin + _PAGE
        return found[begin:end], str(end) if end < len(found) else ""


savingsplans_backends = BackendDict(
    SavingsPlansBackend, "savingsplans", use_boto3_regions=False, additional_regions=["us-east-1", "aws"]
)

"""Requests for the rates of Savings Plans and their answers."""

from __future__ import annotations

import json

from moto.core.responses import ActionResult, BaseResponse

from tests.targets.prices.savings_mock.models import SavingsPlansBackend, savingsplans_backends

__all__ = ["SavingsPlansResponse"]


class SavingsPlansResponse(BaseResponse):
    """DescribeSavingsPlansOfferingRates."""

    def __init__(self) -> None:
        super().__init__(service_name="savingsplans")

    @property
    def _backend(self) -> SavingsPlansBackend:
        return savingsplans_backends[self.current_account]["us-east-1"]

    def describe_savings_plans_offering_rates(self) -> ActionResult:
        """A page of rates."""
        found, after = self._backend.page(json.loads(self.body))
        return ActionResult({"searchResults": found, "nextToken": after})

"""Requests to the Price List Bulk API and their answers."""

from __future__ import annotations

from moto.core.responses import ActionResult, BaseResponse

from tests.targets.prices.pricing_mock.models import PriceListBackend, pricing_backends

__all__ = ["PricingResponse"]


class PricingResponse(BaseResponse):
    """ListPriceLists and GetPriceListFileUrl."""

    def __init__(self) -> None:
        super().__init__(service_name="pricing")
        self.automated_parameter_parsing = True

    @property
    def _backend(self) -> PriceListBackend:
        return pricing_backends[self.current_account][self.region]

    def list_price_lists(self) -> ActionResult:
        """A page of price lists."""
        region, token = self._get_param("RegionCode"), self._get_param("NextToken")
        arns, after = self._backend.page(self._get_param("ServiceCode"), region, token)
        kinds = ["json", "csv"]
        lists = [{"PriceListArn": arn, "RegionCode": region, "CurrencyCode": "USD", "FileFormats": kinds} for arn in arns]
        return ActionResult({"PriceLists": lists} | ({"NextToken": after} if after is not None else {}))

    def get_price_list_file_url(self) -> ActionResult:
        """Where a price list can be downloaded."""
        return ActionResult({"Url": self._backend.url(self._get_param("PriceListArn"), self._get_param("FileFormat"))})

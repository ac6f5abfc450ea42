"""What the Price List Bulk API knows: lists by service and region, each with the address of its file."""

from __future__ import annotations

from moto.core.base_backend import BackendDict, BaseBackend
from moto.core.exceptions import ServiceException

__all__ = ["PriceListBackend", "PriceListError", "pricing_backends"]

_PAGE = 1  # so that a client that reads the first page only is found out


class PriceListError(ServiceException):
    """An error that the service's model describes; moto takes the service from the module's name."""

    __module__ = "moto.pricing.exceptions"


class PriceListBackend(BaseBackend):
    """Price lists that a test has added."""

    def __init__(self, region_name: str, account_id: str) -> None:
        super().__init__(region_name, account_id)
        self.lists: dict[tuple[str, str], list[str]] = {}
        self.addresses: dict[str, str] = {}

    def add(self, service: str, region: str, url: str) -> None:
        """Offer a file for a service in a region."""
        arn = f"arn:aws:pricing:::price-list/aws/{service}/USD/20260901101500/{region}"
        self.lists.setdefault((service, region), []).append(arn)
        self.addresses[arn] = url

    def page(self, service: str, region: str, token: str | None) -> tuple[list[str], str | None]:
        """One page of the lists, and the token of the next. The first is empty, as AWS's pages may be."""
        found = self.lists.get((service, region), [])
        at = int(token) if token is not None else -_PAGE
        after = at + _PAGE
        return found[max(at, 0) : max(after, 0)], str(after) if after < len(found) else None

    def url(self, arn: str, kind: str) -> str:
        """The address of a file."""
        if arn not in self.addresses or kind not in ("csv", "json"):
            raise PriceListError("NotFoundException", f"no {kind} of {arn}")
        return self.addresses[arn]


pricing_backends = BackendDict(
    PriceListBackend, "pricing", use_boto3_regions=False, additional_regions=["us-east-1", "eu-central-1", "ap-south-1"]
)

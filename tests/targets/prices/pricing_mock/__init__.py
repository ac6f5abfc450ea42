"""A backend for the Price List Bulk API beside moto's own, which has none."""

from __future__ import annotations

from tests.targets.prices.moto_registry import register
from tests.targets.prices.pricing_mock.models import PriceListBackend, PriceListError, pricing_backends

__all__ = ["PriceListBackend", "PriceListError", "install", "pricing_backends"]

_NAME = "pricing"
_HOST = r"https?://api\.pricing\.(.+)\.amazonaws\.com"


def install() -> None:
    """Let `moto.mock_aws` find the backend; to call it again does nothing."""
    register(_NAME, _HOST, __name__)

"""A backend for the rates of Savings Plans beside moto's own, which has none."""

from __future__ import annotations

from tests.targets.prices.moto_registry import register
from tests.targets.prices.savings_mock.models import SavingsPlansBackend, savingsplans_backends

__all__ = ["SavingsPlansBackend", "install", "savingsplans_backends"]

_NAME = "savingsplans"
_HOST = r"https?://savingsplans\.amazonaws\.com"


def install() -> None:
    """Let `moto.mock_aws` find the backend; to call it again does nothing."""
    register(_NAME, _HOST, __name__)

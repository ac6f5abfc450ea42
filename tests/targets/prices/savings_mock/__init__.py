"""A backend for the rates of Savings Plans beside moto's own, which has none."""

from __future__ import annotations

import re
import sys

import moto.backend_index

from tests.targets.prices.savings_mock.models import SavingsPlansBackend, savingsplans_backends

__all__ = ["SavingsPlansBackend", "install", "savingsplans_backends"]

_NAME = "savingsplans"
_HOST = r"https?://savingsplans\.amazonaws\.com"


def install() -> None:
    """Let `moto.mock_aws` find the backend; to call it again does nothing."""
    if f"moto.{_NAME}" in sys.modules:
        return
    from tests.targets.prices.savings_mock import models, responses, urls

    for part, module in (("", sys.modules[__name__]), (".models", models), (".responses", responses), (".urls", urls)):
        sys.modules[f"moto.{_NAME}{part}"] = module
    moto.backend_index.backend_url_patterns.append((_NAME, re.compile(_HOST)))

"""Where the backend answers."""

from __future__ import annotations

from tests.targets.prices.savings_mock.responses import SavingsPlansResponse

url_bases = [r"https?://savingsplans\.amazonaws\.com"]
url_paths = {"{0}/DescribeSavingsPlansOfferingRates$": SavingsPlansResponse.dispatch}

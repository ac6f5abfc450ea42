"""Where the backend answers."""

from __future__ import annotations

from tests.targets.prices.pricing_mock.responses import PricingResponse

url_bases = [r"https?://api\.pricing\.(.+)\.amazonaws\.com"]
url_paths = {"{0}/$": PricingResponse.dispatch}

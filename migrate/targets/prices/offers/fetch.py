"""Price list files from AWS, through boto3's Price List Bulk API; each is streamed to a file, read, and removed.

https://docs.aws.amazon.com/awsaccountbilling/latest/aboutv2/using-the-aws-price-list-bulk-api.html (read 2026-11-22).
Needs the permissions ``pricing:ListPriceLists`` and ``pricing:GetPriceListFileUrl``.
"""

from __future__ import annotations

import datetime as dt
import shutil
import tempfile
import urllib.request
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from migrate.errors import InputError, RequestError
from migrate.targets.prices.offers.offer import SERVICES, Offer, read_offer
from migrate.targets.prices.offers.refusal import REMEDY, told_by_aws

__all__ = ["fetch_offers"]

_API_REGION = "us-east-1"  # one of the few where the API is; it tells the prices of all
_SECONDS = 60.0


def fetch_offers(regions: Sequence[str], day: dt.date) -> Iterator[Offer]:
    """The price lists of EC2, RDS and data transfer that hold on a day in each region, one in memory at a time.

    Raises
    ------
    RequestError
        AWS has no price list of EC2 in a region.
    MigrateError
        AWS cannot be reached, refuses, or gives a file that cannot be read.
    """
    import boto3  # noqa: PLC0415 -- reading a book should not pay for it

    with told_by_aws("the price lists"):
        client = boto3.client("pricing", region_name=_API_REGION)
        for region in regions:
            for service in SERVICES:
                url = _url(client, service, region, day)
                if url is not None:
                    yield _read(url, f"{service}-{region}")


def _url(client: Any, service: str, region: str, day: dt.date) -> str | None:
    noon = dt.datetime.combine(day, dt.time(12), dt.UTC)
    asked = {"ServiceCode": service, "EffectiveDate": noon, "CurrencyCode": "USD", "RegionCode": region}
    pages = client.get_paginator("list_price_lists").paginate(**asked)
    arns = [found["PriceListArn"] for page in pages for found in page["PriceLists"]]
    if arns:
        return str(client.get_price_list_file_url(PriceListArn=arns[0], FileFormat="csv")["Url"])
    if service != SERVICES[0]:
        return None
    raise RequestError(f"AWS has no price list of {service} in {region!r:.80} on {day}", remedy="Correct --regions.")


def _read(url: str, name: str) -> Offer:
    parts = urlsplit(url)
    if parts.scheme != "https" and parts.hostname not in ("localhost", "127.0.0.1"):
        raise InputError("the address of a price list is not https", where=url[:200], remedy=REMEDY)
    with tempfile.TemporaryDirectory(prefix="migrate-prices-") as folder:
        path = Path(folder) / f"{name}.csv"
        with urllib.request.urlopen(url, timeout=_SECONDS) as answer, path.open("wb") as file:  # noqa: S310 -- checked above
            shutil.copyfileobj(answer, file)
        offer = read_offer(path)
    if offer is None:
        raise InputError("is not a price list file", where=name, remedy="Fetch it again.")
    return offer

"""One AWS Price List file, JSON or CSV, condensed to the rows that a price book can use.

Format: https://docs.aws.amazon.com/awsaccountbilling/latest/aboutv2/reading-service-price-list-file-for-services.html
(read 2026-11-22). Both kinds say the same; their names differ in capitals and blanks (``Product Family``,
``productFamily``), so names are compared by their letters and digits.
"""

from __future__ import annotations

import csv
import datetime as dt
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

import polars as pl

from migrate.errors import InputError
from migrate.targets.prices.offers.members import walk_members

__all__ = ["FIELDS", "SERVICES", "Offer", "read_offer"]

#: Services that a book is made from.
SERVICES = ("AmazonEC2", "AmazonRDS", "AWSDataTransfer")

_PRICE = ("termtype", "unit", "priceperunit", "startingrange", "endingrange")
_TERM = ("leasecontractlength", "purchaseoption", "offeringclass")
_PRODUCT = (
    "sku", "productfamily", "locationtype", "regioncode", "instancetype", "vcpu", "tenancy", "operatingsystem", "licensemodel",
    "preinstalledsw", "capacitystatus", "marketoption", "usagetype", "databaseengine", "deploymentoption", "transfertype",
    "fromregioncode", "tolocation", "tolocationtype",
)  # fmt: skip
#: Columns of `Offer.rows`: text as the file has it, null where it has none.
FIELDS = (*_PRODUCT, *_PRICE, *_TERM)

_FAMILIES = (
    "Compute Instance", "Compute Instance (bare metal)", "Storage", "System Operation", "Provisioned Throughput",
    "Storage Snapshot", "Database Instance", "Database Storage", "Data Transfer", "Dedicated Host",
)  # fmt: skip
_HOSTS = "Dedicated Host"  # its tenancy is Host; so is that of instances on one, which cost nothing beside it
_TENANCIES = ("", "Shared", "NA")
_HEAD = ("formatversion", "disclaimer", "publicationdate", "version", "offercode")
_GROUPS = ("OnDemand", "Reserved")


@dataclass(frozen=True)
class Offer:
    """What one file says.

    Attributes
    ----------
    place
        The file.
    code
        The service, such as ``AmazonEC2``.
    published
        The day it was published.
    version
        Its version.
    rows
        One price in a row, in the families and tenancy that a book can use. Columns: `FIELDS`.
    """

    place: str
    code: str
    published: dt.date
    version: str
    rows: pl.DataFrame


def read_offer(path: Path) -> Offer | None:
    """Read a price list file; None where it is of a service that no book is made from, or no price list file.

    Raises
    ------
    InputError
        It begins as a price list file and cannot be read to the end.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            begin = stream.read(1)
            stream.seek(0)
            return _of_json(path, stream) if begin == "{" else _of_csv(path, stream)
    except (ValueError, KeyError, TypeError, AttributeError, csv.Error, pl.exceptions.PolarsError) as error:
        raise InputError(
            f"is not a whole price list file: {str(error)[:120]}", where=str(path), remedy="Download it again."
        ) from None


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())


def _offer(path: Path, head: Mapping[str, str], rows: pl.DataFrame) -> Offer:
    published = dt.date.fromisoformat(head["publicationdate"][:10])
    return Offer(str(path), head["offercode"], published, head.get("version", ""), rows.filter(_wanted()))


def _wanted() -> pl.Expr:
    tenancy = pl.col("tenancy").fill_null("").is_in(_TENANCIES) | (pl.col("productfamily") == _HOSTS)
    committed = (pl.col("offeringclass").fill_null("").is_in(["", "standard"])) & (pl.col("purchaseoption") == "No Upfront")
    return pl.col("productfamily").is_in(_FAMILIES) & tenancy & ((pl.col("termtype") == "OnDemand") | committed)


def _of_csv(path: Path, stream: TextIO) -> Offer | None:
    reader = csv.reader(stream)
    head = {_plain(row[0]): row[1] for _, row in zip(_HEAD, reader, strict=False) if len(row) > 1}
    if "formatversion" not in head or head.get("offercode") not in SERVICES:
        return None
    names: dict[str, str] = {}
    for name in next(reader):
        names.setdefault(_plain(name), name)
    if names.get("currency") is None or "priceperunit" not in names:
        raise ValueError("it has no prices")
    columns = [
        pl.col(names[field]).replace("", None).alias(field) if field in names else pl.lit(None, dtype=pl.String).alias(field)
        for field in FIELDS
    ]
    table = pl.scan_csv(path, skip_lines=len(_HEAD), infer_schema=False)
    usd = table.filter(pl.col(names["currency"]) == "USD").select(columns).filter(_wanted())
    return _offer(path, head, usd.collect(engine="streaming"))


def _of_json(path: Path, stream: TextIO) -> Offer | None:
    head: dict[str, str] = {}
    products: dict[str, dict[str, str | None]] = {}
    rows: list[tuple[str | None, ...]] = []
    for where, value in walk_members(stream, _is_opened):
        if len(where) == 1:
            head[_plain(where[0])] = value
            if "offercode" in head and head["offercode"] not in SERVICES:
                return None
        elif where[0] == "products":
            kept = _product(value)
            if kept is not None:
                products[where[1]] = kept
        elif where[0] == "terms" and len(where) == 3 and where[1] in _GROUPS:
            if not products:
                raise ValueError("its terms stand before its products")
            product = products.get(where[2])
            rows += _prices(product, where[1], value.values()) if product is not None else ()
    if "formatversion" not in head or "offercode" not in head or not products:  # an index, or something else
        return None
    return _offer(path, head, pl.DataFrame(rows, schema=dict.fromkeys(FIELDS, pl.String), orient="row"))


def _is_opened(path: tuple[str, ...]) -> bool:
    return path in {("products",), ("terms",)} or (len(path) == 2 and path[0] == "terms")


def _product(value: Mapping[str, Any]) -> dict[str, str | None] | None:
    """The fields of a product that may be wanted."""
    said = {_plain(name): text for name, text in value.get("attributes", {}).items()}
    said |= {"sku": value.get("sku"), "productfamily": value.get("productFamily")}
    family = said["productfamily"]
    if family not in _FAMILIES or (family != _HOSTS and (said.get("tenancy") or "") not in _TENANCIES):
        return None
    return {field: said.get(field) or None for field in _PRODUCT}


def _prices(product: Mapping[str, str | None], group: str, offers: Iterable[Any]) -> Iterator[tuple[str | None, ...]]:
    for offer in offers:
        terms = {_plain(name): text for name, text in offer.get("termAttributes", {}).items()}
        for dimension in offer["priceDimensions"].values():
            price = dimension["pricePerUnit"].get("USD")
            if price is not None:
                said = (group, dimension["unit"], price, dimension.get("beginRange"), dimension.get("endRange"))
                yield (*product.values(), *said, *(terms.get(name) or None for name in _TERM))

"""Price list files in the shapes that AWS publishes, JSON and CSV, from one table of products.

Names, order and nesting follow
https://docs.aws.amazon.com/awsaccountbilling/latest/aboutv2/reading-service-price-list-file-for-services.html
"""

from __future__ import annotations

import csv
import io
import json
from dataclasses import dataclass, field

#: attribute in JSON -> column in CSV
_NAMES = {
    "productFamily": "Product Family",
    "servicecode": "serviceCode",
    "location": "Location",
    "locationType": "Location Type",
    "instanceType": "Instance Type",
    "vcpu": "vCPU",
    "tenancy": "Tenancy",
    "operatingSystem": "Operating System",
    "licenseModel": "License Model",
    "preInstalledSw": "Pre Installed S/W",
    "capacitystatus": "CapacityStatus",
    "marketoption": "MarketOption",
    "databaseEngine": "Database Engine",
    "deploymentOption": "Deployment Option",
    "transferType": "Transfer Type",
    "fromRegionCode": "From Region Code",
    "toLocation": "To Location",
    "toLocationType": "To Location Type",
    "usagetype": "usageType",
    "operation": "operation",
    "regionCode": "Region Code",
}
_PRICE = "SKU,OfferTermCode,RateCode,TermType,PriceDescription,EffectiveDate,StartingRange,EndingRange,Unit,PricePerUnit,Currency"
_TERM = {"LeaseContractLength": "", "PurchaseOption": "", "OfferingClass": ""}


@dataclass(frozen=True)
class Price:
    """A price of a product: `lease` such as ``1yr``, empty on demand."""

    usd: str
    unit: str = "Hrs"
    lease: str = ""
    purchase: str = "No Upfront"
    offering: str = "standard"
    begin: str = "0"
    end: str = "Inf"

    @property
    def terms(self) -> dict[str, str]:
        """The term attributes, empty on demand."""
        values = (self.lease, self.purchase, self.offering)
        return dict(zip(_TERM, values, strict=True)) if self.lease else {}


@dataclass(frozen=True)
class Product:
    """A product with its prices; `attributes` by their names in JSON."""

    family: str
    attributes: dict[str, str]
    prices: list[Price] = field(default_factory=list)


def instance(name: str, region: str, vcpu: int | str, prices: list[Price], **changed: str) -> Product:
    """A compute instance, Linux and shared unless changed."""
    plain = {
        "servicecode": "AmazonEC2",
        "locationType": "AWS Region",
        "instanceType": name,
        "vcpu": str(vcpu),
        "tenancy": "Shared",
        "operatingSystem": "Linux",
        "licenseModel": "No License required",
        "preInstalledSw": "NA",
        "capacitystatus": "Used",
        "marketoption": "OnDemand",
        "usagetype": f"BoxUsage:{name}",
        "operation": "RunInstances",
        "regionCode": region,
    }
    return Product("Compute Instance", plain | changed, prices)


def database(name: str, region: str, prices: list[Price], **changed: str) -> Product:
    """A database class, MySQL in one zone unless changed."""
    plain = {
        "servicecode": "AmazonRDS",
        "locationType": "AWS Region",
        "instanceType": name,
        "databaseEngine": "MySQL",
        "deploymentOption": "Single-AZ",
        "licenseModel": "No license required",
        "usagetype": f"InstanceUsage:{name}",
        "regionCode": region,
    }
    return Product("Database Instance", plain | changed, prices)


def usage(family: str, kind: str, region: str, prices: list[Price], **more: str) -> Product:
    """Anything that is priced by its usage type."""
    return Product(family, {"locationType": "AWS Region", "usagetype": kind, "regionCode": region} | more, prices)


def as_json(code: str, products: list[Product], version: str = "20260901101500") -> str:
    """The JSON file of a service."""
    listed, terms = {}, {"OnDemand": {}, "Reserved": {}}  # type: ignore[var-annotated]
    for number, product in enumerate(products):
        sku = f"SKU{number:013}"
        listed[sku] = {"sku": sku, "productFamily": product.family, "attributes": product.attributes}
        for place, price in enumerate(product.prices):
            group = "Reserved" if price.lease else "OnDemand"
            offer = (
                f"{sku}.{price.lease}{price.purchase}{price.offering}".replace(" ", "") if price.lease else f"{sku}.JRTCKXETXF"
            )
            known = (
                terms[group]
                .setdefault(sku, {})
                .setdefault(
                    offer,
                    {"sku": sku, "effectiveDate": "2026-09-01T00:00:00Z", "priceDimensions": {}, "termAttributes": price.terms},
                )
            )
            known["priceDimensions"][f"{offer}.{place}"] = {
                "rateCode": f"{offer}.{place}",
                "description": f"${price.usd} per unit",
                "beginRange": price.begin,
                "endRange": price.end,
                "unit": price.unit,
                "pricePerUnit": {"USD": price.usd},
                "appliesTo": [],
            }
    head = {"formatVersion": "v1.0", "disclaimer": 'For information, {not} a contract, "quoted"', "offerCode": code}
    whole = head | {"version": version, "publicationDate": _published(version), "products": listed, "terms": terms}
    return json.dumps(whole | {"attributesList": {}}, indent=2)


def as_csv(code: str, products: list[Product], version: str = "20260901101500") -> str:
    """The CSV file of a service: five lines about it, a header, one price in a row."""
    text = io.StringIO()
    writer = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\n")
    head = {"FormatVersion": "v1.0", "Disclaimer": "For information, not a contract", "Publication Date": _published(version)}
    writer.writerows((head | {"Version": version, "OfferCode": code}).items())
    writer.writerow([*_PRICE.split(","), *_TERM, *_NAMES.values()])
    for number, product in enumerate(products):
        for place, price in enumerate(product.prices):
            sku = f"SKU{number:013}"
            group = "Reserved" if price.lease else "OnDemand"
            said = [sku, "T", f"{sku}.T.{place}", group, "", "2026-09-01", price.begin, price.end, price.unit, price.usd, "USD"]
            attributes = product.attributes | {"productFamily": product.family}
            writer.writerow([*said, *(_TERM | price.terms).values(), *(attributes.get(name, "") for name in _NAMES)])
    return text.getvalue()


def _published(version: str) -> str:
    return f"{version[:4]}-{version[4:6]}-{version[6:8]}T10:15:00Z"

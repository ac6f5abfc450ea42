"""The columns of FOCUS 1.2 (FinOps Open Cost and Usage Specification, Cost and Usage) that a projected bill has.

https://focus.finops.org/focus-specification/v1-2/. All mandatory columns are here, and the conditional ones for what AWS
supports and a plan knows; `InvoiceId` stays empty, for nothing has been invoiced. `x_Projected` is a column of ours, named as
the specification wants such columns named.
"""

from __future__ import annotations

import polars as pl

__all__ = ["COLUMNS", "REGION_NAMES", "SERVICES"]

_TIME = pl.Datetime("ms", "UTC")
_TEXT, _NUMBER = pl.String(), pl.Float64()

COLUMNS: dict[str, pl.DataType] = {
    "AvailabilityZone": _TEXT,
    "BilledCost": _NUMBER,
    "BillingAccountId": _TEXT,
    "BillingAccountName": _TEXT,
    "BillingAccountType": _TEXT,
    "BillingCurrency": _TEXT,
    "BillingPeriodEnd": _TIME,
    "BillingPeriodStart": _TIME,
    "CapacityReservationId": _TEXT,
    "CapacityReservationStatus": _TEXT,
    "ChargeCategory": _TEXT,
    "ChargeClass": _TEXT,
    "ChargeDescription": _TEXT,
    "ChargeFrequency": _TEXT,
    "ChargePeriodEnd": _TIME,
    "ChargePeriodStart": _TIME,
    "CommitmentDiscountCategory": _TEXT,
    "CommitmentDiscountId": _TEXT,
    "CommitmentDiscountName": _TEXT,
    "CommitmentDiscountQuantity": _NUMBER,
    "CommitmentDiscountStatus": _TEXT,
    "CommitmentDiscountType": _TEXT,
    "CommitmentDiscountUnit": _TEXT,
    "ConsumedQuantity": _NUMBER,
    "ConsumedUnit": _TEXT,
    "ContractedCost": _NUMBER,
    "ContractedUnitPrice": _NUMBER,
    "EffectiveCost": _NUMBER,
    "InvoiceId": _TEXT,
    "InvoiceIssuerName": _TEXT,
    "ListCost": _NUMBER,
    "ListUnitPrice": _NUMBER,
    "PricingCategory": _TEXT,
    "PricingCurrency": _TEXT,
    "PricingCurrencyContractedUnitPrice": _NUMBER,
    "PricingCurrencyEffectiveCost": _NUMBER,
    "PricingCurrencyListUnitPrice": _NUMBER,
    "PricingQuantity": _NUMBER,
    "PricingUnit": _TEXT,
    "ProviderName": _TEXT,
    "PublisherName": _TEXT,
    "RegionId": _TEXT,
    "RegionName": _TEXT,
    "ResourceId": _TEXT,
    "ResourceName": _TEXT,
    "ResourceType": _TEXT,
    "ServiceCategory": _TEXT,
    "ServiceName": _TEXT,
    "ServiceSubcategory": _TEXT,
    "SkuId": _TEXT,
    "SkuMeter": _TEXT,
    "SkuPriceDetails": _TEXT,
    "SkuPriceId": _TEXT,
    "SubAccountId": _TEXT,
    "SubAccountName": _TEXT,
    "SubAccountType": _TEXT,
    "Tags": _TEXT,
    "x_Projected": _TEXT,
}

#: Category and subcategory by name of the service, each of the allowed values.
SERVICES = {
    "Amazon Elastic Compute Cloud": ("Compute", "Virtual Machines"),
    "Amazon Elastic Block Store": ("Storage", "Block Storage"),
    "Amazon Relational Database Service": ("Databases", "Relational"),
    "AWS Data Transfer": ("Networking", "Data Transfer"),
    "AWS Support": ("Management and Governance", "Support"),
    "AWS, stated otherwise": ("Other", "Other (Other)"),
}

#: AWS, "Regions and Zones". A region that is not here is called by its code.
REGION_NAMES = {
    "us-east-1": "US East (N. Virginia)",
    "us-east-2": "US East (Ohio)",
    "us-west-1": "US West (N. California)",
    "us-west-2": "US West (Oregon)",
    "af-south-1": "Africa (Cape Town)",
    "ap-east-1": "Asia Pacific (Hong Kong)",
    "ap-northeast-1": "Asia Pacific (Tokyo)",
    "ap-northeast-2": "Asia Pacific (Seoul)",
    "ap-northeast-3": "Asia Pacific (Osaka)",
    "ap-south-1": "Asia Pacific (Mumbai)",
    "ap-southeast-1": "Asia Pacific (Singapore)",
    "ap-southeast-2": "Asia Pacific (Sydney)",
    "ca-central-1": "Canada (Central)",
    "eu-central-1": "Europe (Frankfurt)",
    "eu-north-1": "Europe (Stockholm)",
    "eu-south-1": "Europe (Milan)",
    "eu-west-1": "Europe (Ireland)",
    "eu-west-2": "Europe (London)",
    "eu-west-3": "Europe (Paris)",
    "me-south-1": "Middle East (Bahrain)",
    "sa-east-1": "South America (Sao Paulo)",
}

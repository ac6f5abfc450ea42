"""Applications with data that the law protects."""

from __future__ import annotations

import polars as pl

from migrate.risk.references import NIST_800_53, SECURITY_RULE
from migrate.risk.rule import RiskRule

__all__ = ["RULE"]

_REGULATED = r"(?i)\b(?:e?phi|pci(?:[ -]dss)?|pii|gdpr|hipaa|restricted|regulated|confidential)\b"

RULE = RiskRule(
    id="regulated-data",
    title="It holds regulated data",
    measures="The data class names PHI, PCI, PII or another regulated class",
    reference=(
        f"{SECURITY_RULE} 164.308(a)(1)(ii)(A) risk analysis, 164.308(b)(1) business associate contracts and 164.312; "
        f"{NIST_800_53}: RA-2 Security Categorization"
    ),
    points=7,
    remedy=(
        "Update the risk analysis, have the business associate agreement signed, encrypt at rest and in transit, and keep"
        " logs before data moves."
    ),
    needs="the data class of applications",
    population=pl.col("data_class").is_not_null(),
    hit=pl.col("data_class").str.contains(_REGULATED),
    detail=pl.format("data class {}", pl.col("data_class").str.slice(0, 60)),
)

"""Connections to parties outside."""

from __future__ import annotations

import polars as pl

from migrate.risk.references import NIST_800_53, SECURITY_RULE
from migrate.risk.rule import RiskRule

__all__ = ["RULE"]

RULE = RiskRule(
    id="external-partner",
    title="It talks to parties outside the estate",
    measures="A dependency, either way, with a public address: one outside the estate and the private networks",
    reference=f"{NIST_800_53}: CA-3 Information Exchange; {SECURITY_RULE} 164.308(b)(1) business associate contracts",
    points=4,
    remedy=(
        "Tell the partner the new addresses weeks ahead: allow-lists, VPN tunnels and certificates are changed on their calendar."
    ),
    needs="flow logs",
    population=pl.col("dependencies_known") & pl.col("observed"),
    hit=pl.col("partners") > 0,
    detail=pl.format("networks of outside parties: {}", "partners"),
)

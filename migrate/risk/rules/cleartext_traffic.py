"""Unencrypted traffic that would cross the link."""

from __future__ import annotations

import polars as pl

from migrate.risk.references import NIST_800_53, SECURITY_RULE
from migrate.risk.rule import RiskRule

__all__ = ["RULE"]

RULE = RiskRule(
    id="cleartext-traffic",
    title="Unencrypted traffic would leave the building",
    measures="FTP, Telnet, TFTP, rlogin, rsh or HL7 over MLLP with an application outside its move group",
    reference=(
        f"{SECURITY_RULE} 164.312(e)(1) transmission security; {NIST_800_53}: SC-8 Transmission Confidentiality and Integrity"
    ),
    points=4,
    remedy="Wrap it in TLS or IPsec, or move both ends in one wave.",
    needs="flow logs",
    population=pl.col("dependencies_known") & pl.col("observed"),
    hit=pl.col("cleartext_links") > 0,
    detail=pl.format("neighbours over unencrypted protocols: {}", "cleartext_links"),
)

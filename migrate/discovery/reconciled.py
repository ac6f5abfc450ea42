"""What the CMDB declares against what the flow logs show: where they differ, and where that matters most."""

from __future__ import annotations

import polars as pl

from migrate.findings import Finding, Severity

__all__ = ["reconciled"]

_NAMED = 10


def reconciled(edges: pl.DataFrame, observed_days: int, shared: tuple[str, ...]) -> list[Finding]:
    """One finding on declared dependencies that were never seen, and one on strong ones that nobody declared.

    Parameters
    ----------
    edges
        As `migrate.discovery.dependencies.application_edges` returns them.
    observed_days
        Without flow logs (0) there is nothing to compare.
    shared
        Shared services: that everybody needs them is seldom declared, and says nothing about the CMDB.
    """
    inside = edges.filter(~pl.col("external") & ~pl.col("provider").is_in(shared) & ~pl.col("consumer").is_in(shared))
    declared = inside.filter(pl.col("origin") != "observed")
    if not observed_days or declared.is_empty():
        return []
    days = "1 day" if observed_days == 1 else f"{observed_days:,} days"
    silent = declared.filter((pl.col("origin") == "declared") & (pl.col("shares") == 0)).sort("consumer", "provider")
    unknown = inside.filter((pl.col("origin") == "observed") & (pl.col("strength") == "hard")).sort(
        "weight", "consumer", "provider", descending=[True, False, False]
    )
    findings = []
    if silent.height:
        findings.append(
            Finding(
                code="declared-never-observed",
                severity=Severity.warning,
                subject="dependencies",
                message=f"{silent.height:,} of {declared.height:,} declared dependencies were not seen in {days} of flow logs, "
                f"such as {_named(silent)}; they count as soft",
                remedy="Ask the owners whether they still exist, or work at month end only; correct the CMDB.",
            )
        )
    if unknown.height:
        hard = inside.filter(pl.col("strength") == "hard").height
        findings.append(
            Finding(
                code="strong-dependency-undeclared",
                severity=Severity.warning,
                subject="dependencies",
                message=f"{unknown.height:,} of {hard:,} hard dependencies between applications are in the flow logs but not in "
                f"the CMDB; the strongest are {_named(unknown)}",
                remedy="Confirm them with the owners and add them to the CMDB.",
            )
        )
    return findings


def _named(rows: pl.DataFrame) -> str:
    names = [f"{consumer} → {provider}" for consumer, provider in rows.select("consumer", "provider").head(_NAMED).iter_rows()]
    more = rows.height - len(names)
    return f"{', '.join(names)} and {more:,} more" if more else ", ".join(names)

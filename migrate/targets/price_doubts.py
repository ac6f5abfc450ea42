"""What is to be said of the bill as a whole: databases managed at a premium, servers that are paid as stopped."""

from __future__ import annotations

import polars as pl

from migrate.findings import Finding, Severity
from migrate.targets.dispositions import DECLARED
from migrate.units import HOURS_PER_MONTH

__all__ = ["doubts_about_prices"]

_NAMED = 5


def doubts_about_prices(costed: pl.DataFrame, plan: str) -> list[Finding]:
    """At most one finding of each kind, with the sum and the names of the dearest servers."""
    return [*_premium(costed, plan), *_stopped(costed, plan)]


def _premium(costed: pl.DataFrame, plan: str) -> list[Finding]:
    declared = pl.col("managed") & pl.col("disposition_rule").is_in(DECLARED)
    dearer = costed.filter(declared & (pl.col("database_premium_usd_month") > 0))
    if dearer.is_empty():
        return []
    sums = dearer.select(pl.col("^(database|rehost|spared|database_premium)_usd_month$").sum()).row(0, named=True)
    one = dearer.height == 1
    return [
        Finding(
            code="managed-database-premium",
            severity=Severity.warning,
            subject=plan,
            message=f"{'1 server becomes a managed database' if one else f'{dearer.height} servers become managed databases'} "
            f"because it was decided, and {'is' if one else 'are'} dearer for it by "
            f"{sums['database_premium_usd_month']:,.0f} USD a month: {sums['database_usd_month']:,.0f} less "
            f"{sums['spared_usd_month']:,.0f} of operations spared, against {sums['rehost_usd_month']:,.0f} rehosted: "
            f"{_names(dearer, 'database_premium_usd_month')}",
            remedy="Decide in [[disposition]] to rehost them, or keep the decision for what it is worth beside the price.",
        )
    ]


def _stopped(costed: pl.DataFrame, plan: str) -> list[Finding]:
    hourly = (pl.col("usd_h") + pl.col("licence_usd_h").fill_null(0.0)) * HOURS_PER_MONTH
    stopped = costed.filter(pl.col("off") & pl.col("needs_target") & pl.col("target").is_not_null()).with_columns(started=hourly)
    if stopped.is_empty():
        return []
    compute, licences = stopped.select(pl.col("usd_h", "licence_usd_h").sum() * HOURS_PER_MONTH).row(0)
    one = stopped.height == 1
    return [
        Finding(
            code="switched-off-priced-as-stopped",
            severity=Severity.info,
            subject=plan,
            message=f"{'1 server is' if one else f'{stopped.height:,} servers are'} switched off and "
            f"{'moves' if one else 'move'}: only storage and backups are in the cost. To start "
            f"{'it' if one else 'all of them'} would add {compute:,.0f} USD of compute and {licences:,.0f} of licences "
            f"a month: {_names(stopped, 'started')}",
            remedy="Ask their owners which are needed; retire the others in [[disposition]].",
        )
    ]


def _names(servers: pl.DataFrame, dearest: str) -> str:
    names = servers.sort(dearest, "name", "server_id", descending=[True, False, False], nulls_last=True)["name"]
    rest = f" and {names.len() - _NAMED:,} more" if names.len() > _NAMED else ""
    return ", ".join(names.head(_NAMED)) + rest

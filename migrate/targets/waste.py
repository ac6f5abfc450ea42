"""Servers that cost more than they need to: switched off, idle, oversized, each with the money at stake."""

from __future__ import annotations

import polars as pl

from migrate.findings import Finding, Severity
from migrate.model.plan import Waste

__all__ = ["doubts_about_waste", "waste_of", "wasted"]

_IDLE_CPU_PCT = 2.0  # as `migrate.targets.dispositions` has it
_IDLE_DAYS = 14.0
#: Needs at most this share of its vCPUs and of its memory, headroom included. A planning value of this project.
_OVERSIZED = 0.5
_NAMED = 5

_KINDS = {
    "idle": f"running, not for recovery, with at most {_IDLE_CPU_PCT:g} % CPU at the 95th percentile over {_IDLE_DAYS:g} days "
    "or more",
    "oversized": f"measured CPU and memory need at most {_OVERSIZED:.0%} of what it has, headroom included".replace("%", " %"),
    "switched-off": "switched off, and moves all the same",
}
_WORDS = {
    "idle": (
        "servers-idle",
        "{} idle and {}: {} USD a month could be spared: {}",
        "Ask their owners whether they are needed; retire the others in [[disposition]].",
    ),
    "oversized": (
        "servers-oversized",
        "{} oversized and {}: their right size costs {} USD a month less than what they have been given: {}",
        "Nothing to do: the plan has the right size. Reduce them at the source first where that makes room.",
    ),
}


def wasted() -> pl.Expr:
    """Which kind a server is, of those that get a target; null: none. A server is of one kind: off, else idle, else oversized."""
    recovery = pl.col("environment").cast(pl.String).eq_missing("dr")  # is meant to be idle
    idle = (pl.col("cpu_p95_pct") <= _IDLE_CPU_PCT) & (pl.col("observed_days") >= _IDLE_DAYS) & ~recovery
    small = (pl.col("need_vcpu") <= _OVERSIZED * pl.col("vcpu")) & (
        pl.col("need_memory_gib") <= _OVERSIZED * pl.col("memory_gib")
    )
    return (
        pl.when("off")
        .then(pl.lit("switched-off"))
        .when(idle)
        .then(pl.lit("idle"))
        .when(pl.col("measured_cpu") & pl.col("measured_memory") & small)
        .then(pl.lit("oversized"))
    )


def waste_of(servers: pl.DataFrame) -> tuple[Waste, ...]:
    """What is at stake, by kind.

    Parameters
    ----------
    servers
        name, waste, planned, allocated and right_sized (USD a month, null: not known).

    Returns
    -------
    Of idle and switched-off servers their whole cost, of oversized ones what their right size saves.
    """
    saved = (pl.col("allocated") - pl.col("right_sized")).clip(0.0, None)
    stake = servers.with_columns(usd=pl.when(pl.col("waste") == "oversized").then(saved).otherwise("planned"))
    found = []
    for kind, what in _KINDS.items():
        rows = stake.filter(pl.col("waste") == kind).sort("usd", "name", descending=[True, False], nulls_last=True)
        if rows.height:
            usd = rows["usd"]
            found.append(
                Waste.model_validate(
                    {
                        "kind": kind,
                        "what": what,
                        "servers": rows.height,
                        "priced": usd.count(),
                        "usd_month": float(usd.sum()),
                        "dearest": tuple(rows["name"].head(_NAMED)),
                    }
                )
            )
    return tuple(found)


def doubts_about_waste(waste: tuple[Waste, ...], plan: str) -> list[Finding]:
    """One finding for each kind; what is switched off has one of its own (``switched-off-priced-as-stopped``)."""
    found = []
    for each in waste:
        if each.kind not in _WORDS:
            continue
        code, words, remedy = _WORDS[each.kind]
        one = each.servers == 1
        rest = f" and {each.servers - _NAMED:,} more" if each.servers > _NAMED else ""
        count = f"{'1 server is' if one else f'{each.servers:,} servers are'}"
        names = ", ".join(each.dearest) + rest
        found.append(
            Finding(
                code=code,
                severity=Severity.info,
                subject=plan,
                message=words.format(count, "moves" if one else "move", f"{each.usd_month:,.0f}", names)
                + (f" ({each.priced:,} priced)" if each.priced < each.servers else ""),
                remedy=remedy,
            )
        )
    return found

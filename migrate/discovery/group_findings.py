"""What move groups have to say: cycles, and dependencies that should hold applications together but are severed."""

from __future__ import annotations

import polars as pl

from migrate.findings import Finding, Severity

__all__ = ["cycle_findings", "doubtful_cycle_findings", "severed_findings"]

_NAMED = 25
_SEVERED = 50  # severed dependencies that get a finding each


def cycle_findings(cycles: pl.DataFrame, group: pl.DataFrame) -> list[Finding]:
    """One finding per cycle, listing it. `group` has the columns ``application`` and ``group``."""
    told = (
        cycles.join(group, on="application", how="left", maintain_order="left")
        .group_by("cycle", maintain_order=True)
        .agg("application", pl.col("group").n_unique())
    )
    found = []
    for _, names, groups in told.iter_rows():
        fate = (
            "contracted into one move group"
            if groups == 1
            else f"too much for one wave, so they are kept in {groups} move groups"
        )
        found.append(
            Finding(
                code="dependency-cycle",
                severity=Severity.info if groups == 1 else Severity.warning,
                subject=names[0],
                message=f"{len(names)} applications need each other in a cycle and are {fate}: {_listed(names)}",
                remedy="Break the cycle at its weakest dependency if they have to move apart."
                if groups == 1
                else "Plan temporary connections for the dependencies that are severed, or break the cycle before the move.",
            )
        )
    return found


def doubtful_cycle_findings(doubtful: pl.Series) -> list[Finding]:
    """One finding about cycles that rest on single servers and were not contracted."""
    if doubtful.is_empty():
        return []
    return [
        Finding(
            code="dependency-cycle-doubtful",
            severity=Severity.info,
            subject="move groups",
            message=f"{len(doubtful)} applications are in dependency cycles that rest on one server of a larger application, "
            f"which may be declared for the wrong one; they were not contracted: {_listed(doubtful.to_list())}",
            remedy="Check the memberships of the servers behind these dependencies.",
        )
    ]


def _listed(names: list[str]) -> str:
    return ", ".join(names[:_NAMED]) + (f" and {len(names) - _NAMED} more" if len(names) > _NAMED else "")


def severed_findings(severed: pl.DataFrame) -> list[Finding]:
    """One finding for each of the dearest, and one for the rest with what they cost together."""
    found = [
        Finding(
            code="hard-dependency-severed",
            severity=Severity.warning,
            subject=row["consumer"],
            message=f"{row['consumer']} needs {row['provider']} ({row['reason']}; {row['because']}), but {row['severed']}; "
            f"{_price(row['usd_day'])}",
            remedy="Keep the two waves close, and test this dependency across the link.",
        )
        for row in severed.head(_SEVERED).iter_rows(named=True)
    ]
    rest = severed.slice(_SEVERED)
    if rest.height:
        found.append(
            Finding(
                code="hard-dependency-severed",
                severity=Severity.warning,
                subject="move groups",
                message=f"{rest.height:,} more dependencies that should hold applications together run between move groups, each "
                f"cheaper than those that are named; {_price(float(rest['usd_day'].sum()))} in all",
                remedy="See plan.json: dependencies with `severed`, and what each costs a day.",
            )
        )
    return found


def _price(usd_day: float | None) -> str:
    return "what it costs is not known: no traffic was seen" if usd_day is None else f"a day apart costs {usd_day:,.2f} USD"

"""What move groups have to say: cycles, and hard dependencies that run between groups."""

from __future__ import annotations

import polars as pl

from migrate.discovery.bundles import Bundles
from migrate.findings import Finding, Severity

__all__ = ["cycle_findings", "doubtful_cycle_findings", "severed_findings"]

_NAMED = 25
_SEVERED = 100  # severed dependencies that get a finding each


def cycle_findings(cycles: pl.DataFrame, sets: Bundles) -> list[Finding]:
    """One finding per cycle, listing it."""
    found = []
    for (_,), part in cycles.group_by("cycle", maintain_order=True):
        names = part["application"].to_list()
        roots = {sets.find(name) for name in names}
        whole = len(roots) == 1
        fate = (
            "contracted into one move group" if whole else f"too much for one wave, so they are kept in {len(roots)} move groups"
        )
        found.append(
            Finding(
                code="dependency-cycle",
                severity=Severity.info if whole else Severity.warning,
                subject=names[0],
                message=f"{len(names)} applications need each other in a cycle and are {fate}: {_listed(names)}",
                remedy="Break the cycle at its weakest dependency if they have to move apart."
                if whole
                else "Plan temporary connections for the dependencies that are severed, or break the cycle before the move.",
            )
        )
    return found


def doubtful_cycle_findings(doubtful: pl.DataFrame) -> list[Finding]:
    """One finding about cycles that rest on single servers and were not contracted."""
    if doubtful.is_empty():
        return []
    return [
        Finding(
            code="dependency-cycle-doubtful",
            severity=Severity.info,
            subject="move groups",
            message=f"{doubtful.height} applications are in dependency cycles that rest on one server of a larger application, "
            f"which may be declared for the wrong one; they were not contracted: {_listed(doubtful['application'].to_list())}",
            remedy="Check the memberships of the servers behind these dependencies.",
        )
    ]


def _listed(names: list[str]) -> str:
    return ", ".join(names[:_NAMED]) + (f" and {len(names) - _NAMED} more" if len(names) > _NAMED else "")


def severed_findings(severed: list[dict[str, object]], sets: Bundles) -> list[Finding]:
    """One finding for each of the costliest pairs whose ends did not come into one group, and one for the number of the rest."""
    apart = [row for row in severed if sets.find(str(row["consumer"])) != sets.find(str(row["provider"]))]
    found = [
        Finding(
            code="hard-dependency-severed",
            severity=Severity.warning,
            subject=str(row["consumer"]),
            message=f"{row['consumer']} needs {row['provider']} ({row['reason']}), but together with what already moves with "
            "them they would be too much for one wave, or a rule keeps them apart",
            remedy="Keep the two waves close, and test this dependency across the link.",
        )
        for row in apart[:_SEVERED]
    ]
    if len(apart) > _SEVERED:
        found.append(
            Finding(
                code="hard-dependency-severed",
                severity=Severity.warning,
                subject="move groups",
                message=f"{len(apart) - _SEVERED:,} more hard dependencies within cycles run between move groups, all with less "
                "traffic than those that are named",
                remedy="See dependencies.csv: strength hard, in_cycle true, applications in different move groups.",
            )
        )
    return found

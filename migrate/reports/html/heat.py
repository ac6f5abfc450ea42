"""Risk by domain and wave, by criticality and score, and the rules behind it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from migrate.model.names import CRITICALITIES
from migrate.model.plan import Plan, PlannedApplication
from migrate.reports.numerals import UNKNOWN, count, day, decimal

__all__ = ["BANDS", "Cell", "HeatRow", "Risk", "RuleCount", "risk"]

BANDS = ("0–20", "20–40", "40–60", "60–80", "80–100")
_TOP = 12


@dataclass(frozen=True)
class Cell:
    """One field: `strength` from 0 to 1 is its shade, None for nothing there."""

    text: str
    strength: float | None
    tip: str


@dataclass(frozen=True)
class HeatRow:
    """One domain or criticality."""

    label: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class RuleCount:
    """How often a rule applies."""

    rule: str
    applications: int
    points: float
    example: str


@dataclass(frozen=True)
class Risk:
    """The section's figures."""

    waves: tuple[int, ...]
    by_domain: tuple[HeatRow, ...]
    by_criticality: tuple[HeatRow, ...]
    rules: tuple[RuleCount, ...]
    top: tuple[PlannedApplication, ...]


def risk(plan: Plan) -> Risk:
    """Arrange the risk scores of the moving applications."""
    moving = [application for application in plan.applications if application.wave is not None]
    dates = {wave.wave: day(wave.date) for wave in plan.waves}
    return Risk(
        waves=tuple(dates),
        by_domain=_by_domain(moving, dates),
        by_criticality=_by_criticality(moving) if moving else (),
        rules=_rules(moving),
        top=tuple(sorted(moving, key=lambda a: (-a.risk_score, a.application))[:_TOP]),
    )


def _by_domain(moving: Sequence[PlannedApplication], dates: dict[int, str]) -> tuple[HeatRow, ...]:
    fields: dict[tuple[str | None, int], list[PlannedApplication]] = defaultdict(list)
    for application in moving:
        fields[application.domain, application.wave or 0].append(application)
    domains = sorted({domain for domain, _ in fields}, key=lambda domain: (domain is None, domain or ""))
    return tuple(
        HeatRow(domain or "no domain", tuple(_field(fields.get((domain, wave), []), wave, date) for wave, date in dates.items()))
        for domain in domains
    )


def _field(members: Sequence[PlannedApplication], wave: int, date: str) -> Cell:
    if not members:
        return Cell("", None, "")
    worst = max(members, key=lambda a: (a.risk_score, a.application))
    more = f"\nand {len(members) - 1} more" if len(members) > 1 else ""
    tip = f"Wave {wave}, {date}\n{decimal(worst.risk_score, 0)} of 100: {worst.application[:60]}{more}"
    return Cell(decimal(worst.risk_score, 0), round(worst.risk_score / 100.0, 2), tip)


def _by_criticality(moving: Sequence[PlannedApplication]) -> tuple[HeatRow, ...]:
    counts = Counter((a.criticality, min(int(a.risk_score // 20), 4)) for a in moving)
    most = max(counts.values())
    rows = []
    for criticality in CRITICALITIES:
        cells = []
        for band, label in enumerate(BANDS):
            number = counts[criticality, band]
            tip = f"{criticality}, score {label}\n{count(number, 'application')}"
            cells.append(Cell(f"{number:,}", round(0.08 + 0.8 * number / most, 2), tip) if number else Cell("", None, ""))
        rows.append(HeatRow(criticality, tuple(cells)))
    return tuple(rows)


def _rules(moving: Sequence[PlannedApplication]) -> tuple[RuleCount, ...]:
    hits: dict[str, list[tuple[float, str]]] = defaultdict(list)
    for application in moving:
        for hit in application.risks:
            hits[hit.rule].append((hit.points, f"{application.application}: {hit.detail}"))
    found = [RuleCount(rule, len(of), sum(points for points, _ in of), max(of)[1] or UNKNOWN) for rule, of in hits.items()]
    return tuple(sorted(found, key=lambda row: (-row.points, row.rule)))

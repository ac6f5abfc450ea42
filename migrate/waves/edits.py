"""What a person changed in a table of waves: against the plan that it came from, judged without solving."""

from __future__ import annotations

import datetime as dt
import difflib
from collections.abc import Sequence
from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict

from migrate.findings import Finding, Severity
from migrate.model.application_ids import application_id
from migrate.model.plan import ObjectiveTerms, Plan, PlannedApplication
from migrate.readers.wave_table import WaveRow, WaveTable
from migrate.waves.check import check_plan, price_extra_capacity, score_plan
from migrate.waves.constraints import Violation
from migrate.waves.extra_costs import ExtraCost
from migrate.waves.follow import follow

__all__ = ["Edit", "Edited", "Scored", "edit_plan", "score_edits"]

_MOST_WAVES = 400


class Edit(BaseModel):
    """One application that the table has in another wave than the plan. None: in no wave."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    application: str
    before: int | None
    after: int | None
    why: str  # as the table says; empty where it does not
    source: str


@dataclass(frozen=True)
class Edited:
    """The plan with the edits, and with dates, rows of waves and objective that follow from them."""

    plan: Plan
    edits: tuple[Edit, ...]
    findings: tuple[Finding, ...]


class Scored(BaseModel):
    """An edited plan, judged. `difference` is its cost less that of the plan as it was."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    edits: tuple[Edit, ...]
    objective: ObjectiveTerms
    planned: ObjectiveTerms
    difference: ObjectiveTerms
    violations: tuple[Violation, ...]  # all that the edited plan breaks
    extra: tuple[ExtraCost, ...]  # what its waves need beyond the usual capacity
    findings: tuple[Finding, ...]  # what of the table could not be taken as it stands


def edit_plan(plan: Plan, table: WaveTable) -> Edited:
    """Put every application where the table says. What the table does not name stays where it is.

    The wave counts; where only the date was changed, it counts.
    """
    finder = _Finder(plan.applications)
    edits: dict[str, Edit] = {}
    seen: set[str] = set()
    findings = list(table.findings)
    for row in table.rows:
        found = finder.find(row)
        if found is None:
            findings.append(finder.unknown(row))
        elif found.application in seen:
            findings.append(
                _told("row-repeated", found, row, "A second row names it; the first one counts", "Remove one of them.")
            )
        else:
            seen.add(found.application)
            wave, doubts = _wanted(found, row, plan)
            findings += doubts
            if wave != found.wave:
                name = found.application
                edits[name] = Edit(application=name, before=found.wave, after=wave, why=row.why, source=row.source)
    findings += _not_named(plan, seen, table.label)
    changed = tuple(
        item.model_copy(update={"wave": edits[item.application].after}) if item.application in edits else item
        for item in plan.applications
    )
    followed = follow(plan.model_copy(update={"applications": changed}))
    update = {name: getattr(followed, name) for name in ("servers", "applications", "candidates", "waves", "solution")}
    return Edited(plan.model_copy(update=update), tuple(edits[name] for name in sorted(edits)), tuple(findings))


def score_edits(plan: Plan, table: WaveTable) -> Scored:
    """Judge an edited table of waves: its edits, what they cost by term, and every rule that is broken."""
    edited = edit_plan(plan, table)
    after, before = score_plan(edited.plan), score_plan(plan)
    difference = {name: round(getattr(after, name) - getattr(before, name), 2) for name in ObjectiveTerms.model_fields}
    return Scored(
        edits=edited.edits,
        objective=after,
        planned=before,
        difference=ObjectiveTerms(**difference),
        violations=check_plan(edited.plan),
        extra=price_extra_capacity(edited.plan),
        findings=edited.findings,
    )


class _Finder:
    """Finds the application of a row: by its id, its name, or its name without what neutralised it."""

    def __init__(self, applications: Sequence[PlannedApplication]) -> None:
        self._by_name: dict[str, PlannedApplication] = {}
        self._by_id: dict[str, list[PlannedApplication]] = {}
        for item in applications:
            self._by_name.setdefault(item.application.casefold(), item)
            self._by_id.setdefault(application_id(item.application), []).append(item)
        self._exact = {item.application: item for item in applications}

    def find(self, row: WaveRow) -> PlannedApplication | None:
        name = row.application or ""
        same = self._by_id.get((row.application_id or "").lower(), [])
        if len(same) == 1:
            return same[0]
        return self._exact.get(name) or self._exact.get(name.removeprefix("'")) or self._by_name.get(name.casefold())

    def unknown(self, row: WaveRow) -> Finding:
        name = row.application or row.application_id or ""
        near = difflib.get_close_matches(name.casefold(), sorted(self._by_name), n=1, cutoff=0.5)
        return Finding(
            code="unknown-application",
            severity=Severity.error,
            subject=name,
            source=row.source,
            message="The plan has no application of this id or name, so the row was left out",
            remedy=f"Did you mean {self._by_name[near[0]].application!r}?" if near else "Use the names of the export.",
        )


def _wanted(found: PlannedApplication, row: WaveRow, plan: Plan) -> tuple[int | None, list[Finding]]:
    """The wave that the row asks for, and what is doubtful about it."""
    if found.moving_servers == 0:
        text = "It has no server that moves, so it stays in no wave"
        doubts = [] if row.wave is None else [_told("application-does-not-move", found, row, text, "Leave its wave empty.")]
        return found.wave, doubts
    most = len(plan.candidates) or _MOST_WAVES
    if row.wave is not None and not 1 <= row.wave <= most:
        text = f"There is no wave {row.wave}: the calendar has waves 1 to {most}, so it stays in wave {found.wave}"
        return found.wave, [_told("no-such-wave", found, row, text, "Name one of the calendar.")]
    if not row.dates or found.cutover_date in row.dates:
        return row.wave, []
    on = [number for number, candidate in enumerate(plan.candidates, start=1) if candidate.date in row.dates]
    if row.wave != found.wave:
        text = f"Its wave was changed to {row.wave} and its date to {_days(row.dates)}, which is not that wave's: the wave counts"
        return row.wave, [] if row.wave in on else [_told("wave-and-date-disagree", found, row, text, "Correct one of the two.")]
    what = "no wave is on that day" if not on else "it can be read as several days with a wave"
    text = f"Its date was changed to {_days(row.dates)}, but {what}: it stays in wave {found.wave}"
    near = sorted(plan.candidates, key=lambda candidate: abs((candidate.date - row.dates[0]).days))[:2]
    dates = " and ".join(f"{day:%Y-%m-%d}" for day in sorted(candidate.date for candidate in near))
    remedy = f"The nearest dates of the calendar are {dates}." if near else "Change the wave instead."
    return (on[0], []) if len(on) == 1 else (found.wave, [_told("no-wave-on-date", found, row, text, remedy)])


def _days(dates: Sequence[dt.date]) -> str:
    return " or ".join(str(day) for day in dates)


def _not_named(plan: Plan, seen: set[str], label: str) -> list[Finding]:
    missing = sorted(item.application for item in plan.applications if item.wave is not None and item.application not in seen)
    if not missing:
        return []
    shown = ", ".join(missing[:5]) + (f" and {len(missing) - 5} more" if len(missing) > 5 else "")
    return [
        Finding(
            code="application-not-in-table",
            severity=Severity.info,
            subject=label,
            source=label,
            message=f"{len(missing)} applications of the plan are not in the table and stay where they are: {shown}",
            remedy="Nothing to do, unless rows were lost.",
        )
    ]


def _told(code: str, found: PlannedApplication, row: WaveRow, message: str, remedy: str) -> Finding:
    return Finding(
        code=code, severity=Severity.warning, subject=found.application, source=row.source, message=message, remedy=remedy
    )

"""What differs between two plans, and why: moves, cost, risk, dates, dispositions, what was added and what is gone."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from typing import Any

from pydantic import BaseModel, ConfigDict

from migrate.model.plan import ObjectiveTerms, Plan
from migrate.waves.move_reasons import Reasons, grown

__all__ = ["Change", "Figure", "Move", "PlanDiff", "diff_plans"]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Move(_Part):
    """An application whose cutover is on another day, or that moves only in one of the plans (None)."""

    application: str
    wave_before: int | None
    wave_after: int | None
    date_before: dt.date | None
    date_after: dt.date | None
    servers: int  # that move, in the later plan; in the earlier one where it is gone
    days: int | None  # later (positive) or earlier; None where it moves only in one of the plans
    reasons: tuple[str, ...]


class Change(_Part):
    """Something that both plans say differently. None: it is not there, or not known."""

    subject: str
    what: str
    before: str | None
    after: str | None
    reason: str


class Figure(_Part):
    """A figure of both plans. None: not known. The difference is the second less the first."""

    figure: str
    unit: str
    before: float | None
    after: float | None
    difference: float | None


class PlanDiff(_Part):
    """All that differs, each part sorted."""

    moves: tuple[Move, ...]  # by application
    figures: tuple[Figure, ...]
    objective: ObjectiveTerms  # the second's less the first's
    dates: tuple[Change, ...]  # first and last cutover, exits of sites
    dispositions: tuple[Change, ...]  # of servers in both
    targets: tuple[Change, ...]  # of servers in both
    servers_added: tuple[str, ...]  # names
    servers_removed: tuple[str, ...]
    applications_added: tuple[str, ...]
    applications_removed: tuple[str, ...]
    inputs: tuple[Change, ...]  # digests of files that differ
    request: tuple[Change, ...]  # keys of plan.toml that differ
    findings: tuple[Change, ...]  # how often each code is told, where that differs

    @property
    def same(self) -> bool:
        """The plans decide the same."""
        return not (self.moves or self.dispositions or self.targets or self.servers_added or self.servers_removed)


def diff_plans(before: Plan, after: Plan) -> PlanDiff:
    """Compare two plans of one estate.

    Parameters
    ----------
    before, after
        Two plans. Applications are the same by name, servers by id.
    """
    old = {server.server_id: server for server in before.servers}
    new = {server.server_id: server for server in after.servers}
    both = sorted(old.keys() & new.keys())
    names = ({item.application for item in before.applications}, {item.application for item in after.applications})
    dispositions = [
        Change(subject=new[key].name, what="disposition", before=a, after=b, reason=new[key].disposition_reason)
        for key in both
        if (a := old[key].disposition) != (b := new[key].disposition)
    ]
    targets = [
        Change(subject=new[key].name, what="target", before=a, after=b, reason=new[key].target_reason)
        for key in both
        if (a := old[key].target) != (b := new[key].target)
    ]
    first, second = before.solution.objective, after.solution.objective
    return PlanDiff(
        moves=_moves(before, after),
        figures=_figures(before, after),
        objective=ObjectiveTerms(
            **{name: round(getattr(second, name) - getattr(first, name), 2) for name in ObjectiveTerms.model_fields}
        ),
        dates=_dates(before, after),
        dispositions=tuple(dispositions),
        targets=tuple(targets),
        servers_added=tuple(sorted(new[key].name for key in new.keys() - old.keys())),
        servers_removed=tuple(sorted(old[key].name for key in old.keys() - new.keys())),
        applications_added=tuple(sorted(names[1] - names[0])),
        applications_removed=tuple(sorted(names[0] - names[1])),
        inputs=_inputs(before, after),
        request=_request(before, after),
        findings=_findings(before, after),
    )


def _moves(before: Plan, after: Plan) -> tuple[Move, ...]:
    old = {item.application: item for item in before.applications}
    new = {item.application: item for item in after.applications}
    reasons = Reasons(before, after)
    moves = []
    for name in sorted(old.keys() | new.keys()):
        a, b = old.get(name), new.get(name)
        dates = (None if a is None else a.cutover_date, None if b is None else b.cutover_date)
        if dates[0] == dates[1]:
            continue
        moving = b if b is not None and b.moving_servers else a
        moves.append(
            Move(
                application=name,
                wave_before=None if a is None else a.wave,
                wave_after=None if b is None else b.wave,
                date_before=dates[0],
                date_after=dates[1],
                servers=0 if moving is None else moving.moving_servers,
                days=(dates[1] - dates[0]).days if dates[0] is not None and dates[1] is not None else None,
                reasons=reasons.of(name),
            )
        )
    return tuple(moves)


def _figures(before: Plan, after: Plan) -> tuple[Figure, ...]:
    rows: list[tuple[str, str, list[float | None]]] = []

    def add(name: str, unit: str, values: Sequence[float | None]) -> None:
        rows.append((name, unit, [None if value is None else float(value) for value in values]))

    plans = (before, after)
    for term in ObjectiveTerms.model_fields:
        add(f"objective: {term.replace('_', ' ')}", "USD", [getattr(plan.solution.objective, term) for plan in plans])
    cases = [plan.business_case for plan in plans]
    add("NPV", "USD", [case.npv_usd for case in cases])
    add("one-off cost", "USD", [case.one_off_usd for case in cases])
    add("run cost before", "USD a month", [case.run_cost_before_usd_month for case in cases])
    add("run cost after", "USD a month", [case.run_cost_after_usd_month for case in cases])
    add("dearest month of double run", "USD a month", [case.peak_bubble_usd_month for case in cases])
    add("expected loss of all waves", "USD", [sum(wave.expected_loss_usd.likely for wave in plan.waves) for plan in plans])
    add("risk of the riskiest wave", "of 100", [max((wave.risk_score for wave in plan.waves), default=None) for plan in plans])
    add("lower bound", "USD", [plan.solution.bound for plan in plans])
    add("waves", "", [len(plan.waves) for plan in plans])
    add("servers", "", [len(plan.servers) for plan in plans])
    add("moving servers", "", [case.moving_servers for case in cases])
    add("applications", "", [len(plan.applications) for plan in plans])
    return tuple(
        Figure(
            figure=name,
            unit=unit,
            before=a,
            after=b,
            difference=None if a is None or b is None else round(b - a, 2),
        )
        for name, unit, (a, b) in rows
    )


def _dates(before: Plan, after: Plan) -> tuple[Change, ...]:
    found = []
    ends = [(plan.waves[0].date, plan.waves[-1].date) if plan.waves else (None, None) for plan in (before, after)]
    for place, what in enumerate(("first cutover", "last cutover")):
        found.append(("", what, ends[0][place], ends[1][place]))
    exits = [{item.site: item.exit_date for item in plan.business_case.site_exits} for plan in (before, after)]
    found += [(site, "exit", exits[0].get(site), exits[1].get(site)) for site in sorted(exits[0].keys() | exits[1].keys())]
    found.append(("", "pays back", before.business_case.payback_month, after.business_case.payback_month))
    return tuple(
        Change(subject=subject, what=what, before=_text(a), after=_text(b), reason="") for subject, what, a, b in found if a != b
    )


def _inputs(before: Plan, after: Plan) -> tuple[Change, ...]:
    old, new = ({(item.file, item.reader): item for item in plan.inputs} for plan in (before, after))
    changes = []
    for key in sorted(old.keys() | new.keys()):
        a, b = old.get(key), new.get(key)
        if (a and a.sha256) != (b and b.sha256):
            rows = grown("rows", a.rows_read, b.rows_read) if a and b else ""
            changes.append(
                Change(
                    subject=key[0],
                    what="sha256",
                    before=a.sha256[:12] if a else None,
                    after=b.sha256[:12] if b else None,
                    reason=rows or ("the content differs" if a and b else "read for one of the plans only"),
                )
            )
    return tuple(changes)


def _request(before: Plan, after: Plan) -> tuple[Change, ...]:
    old, new = (dict(_keys(plan.spec.model_dump(mode="json", exclude={"lines"}))) for plan in (before, after))
    return tuple(
        Change(subject=key, what="plan.toml", before=_text(old.get(key)), after=_text(new.get(key)), reason="")
        for key in sorted(old.keys() | new.keys())
        if old.get(key) != new.get(key)
    )


def _keys(value: Any, place: str = "") -> list[tuple[str, object]]:
    """Every leaf with its dotted place; items of lists of tables go by their id, name or application."""
    if isinstance(value, dict):
        return [leaf for key, inner in value.items() for leaf in _keys(inner, f"{place}.{key}" if place else key)]
    if isinstance(value, list) and value and isinstance(value[0], dict):
        leaves = []
        for number, item in enumerate(value, start=1):
            name = next((str(item[key]) for key in ("id", "name", "application", "skill", "from_") if item.get(key)), str(number))
            leaves += _keys(item, f"{place}[{name}]")
        return leaves
    return [(place, value)]


def _findings(before: Plan, after: Plan) -> tuple[Change, ...]:
    old, new = (Counter(finding.code for finding in plan.findings) for plan in (before, after))
    return tuple(
        Change(subject=code, what="findings", before=str(old[code]), after=str(new[code]), reason="")
        for code in sorted(old.keys() | new.keys())
        if old[code] != new[code]
    )


def _text(value: object) -> str | None:
    return None if value is None else str(value)

"""What a board must decide, what the answer rests on and what is not known, in sentences: for the slides and the paper."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from migrate.findings import Severity
from migrate.model.plan import Plan, SiteExit
from migrate.reports.html.lists import finding_groups
from migrate.reports.numerals import count, day, month, percent, share, usd_short
from migrate.reports.visible import shortened

__all__ = ["ExitRow", "decisions", "exit_rows", "rests_on", "unknowns"]

_PLAN_TOML = "plan.toml"
_LONGEST = 220  # characters of an example


@dataclass(frozen=True)
class ExitRow:
    """A site: when it is empty and what its lease says. `late` in days; None where either date is not known."""

    site: str
    empty: str
    lease_end: str
    verdict: str
    saved: str
    late: int | None


def exit_rows(plan: Plan) -> tuple[ExitRow, ...]:
    """Each site of the request against its lease."""
    return tuple(_exit(leaving) for leaving in plan.business_case.site_exits)


def decisions(plan: Plan) -> tuple[str, ...]:
    """What somebody has to decide, the most urgent first."""
    return tuple(_decisions(plan))


def unknowns(plan: Plan) -> tuple[str, ...]:
    """What is not known, and what that does to the answer."""
    return tuple(_unknowns(plan))


def rests_on(plan: Plan) -> tuple[str, ...]:
    """The foundations of the figures: prices, files, figures given and figures assumed."""
    case = plan.business_case
    figures = [a for a in case.assumptions if a.key != "price_book" and not a.key.startswith("convention.")]
    given = sum(a.source == _PLAN_TOML for a in figures)
    rows = sum(file.rows_read or 0 for file in plan.inputs)
    aside = sum(file.rows_quarantined for file in plan.inputs)
    return (
        f"Prices: {plan.price_book}, {plan.spec.target.term.replace('_', ' ')}, {plan.spec.target.regions[0]}.",
        f"{count(len(plan.inputs), 'input file')} with {count(rows, 'row')}, {aside:,} set aside; digests stand in the workbook.",
        f"{given:,} of {count(len(figures), 'figure')} behind the money come from this programme's own request; "
        f"{len(figures) - given:,} are planning values of the program, to be replaced by your books.",
        "Today's prices over the whole horizon: no inflation, no price cuts.",
    )


def _exit(leaving: SiteExit) -> ExitRow:
    late = (leaving.exit_date - leaving.lease_end).days if leaving.exit_date and leaving.lease_end else None
    if leaving.exit_date is None:
        verdict = f"not emptied: {', '.join(leaving.blocked_by[:3])}" if leaving.blocked_by else "not emptied"
    elif late is None:
        verdict = "no lease end is given"
    elif late > 0:
        verdict = f"{count(late, 'day')} too late"
    else:
        verdict = f"{count(-late, 'day')} before the lease ends"
    return ExitRow(leaving.site, day(leaving.exit_date), day(leaving.lease_end), verdict, usd_short(leaving.saved_usd), late)


def _decisions(plan: Plan) -> Iterator[str]:
    case = plan.business_case
    if plan.waves:
        start = min(wave.replication_start for wave in plan.waves)
        yield f"Release {usd_short(case.one_off_usd)} of one-off costs; the first data is replicated on {day(start)}."
    for leaving in case.site_exits:
        row = _exit(leaving)
        if row.late is not None and row.late > 0:
            yield f"{leaving.site}: extend the lease beyond {row.lease_end}, or add crews: it is empty {row.verdict}."
        elif leaving.exit_date is None and leaving.blocked_by:
            named = ", ".join(leaving.blocked_by[:3])
            more = f" and {len(leaving.blocked_by) - 3} more" if len(leaving.blocked_by) > 3 else ""
            yield f"{leaving.site} stays open: decide on {named}{more}, or house them elsewhere."
    undecided = sum(server.disposition is None for server in plan.servers)
    if undecided:
        yield f"Decide what becomes of {count(undecided, 'server')} without a disposition."
    if plan.waves and case.payback_month is None:
        yield f"Moving does not pay back within {count(plan.spec.plan.horizon_years, 'year')}: confirm the reasons beyond money."
    for group in finding_groups(plan.findings):
        if group.severity == Severity.error.value and group.code != "exit-after-lease":
            yield f"{shortened(group.examples[0].message, _LONGEST)} ({count(group.number, 'case')}): {group.remedy}"


def _unknowns(plan: Plan) -> Iterator[str]:
    case = plan.business_case
    if case.moving_servers:
        covered = percent(share(case.priced_servers, case.moving_servers))
        yield (
            f"The cost of {case.priced_servers:,} of {case.moving_servers:,} moving servers is known ({covered}); "
            "the others are left out of both sides, not counted as free."
        )
    spread = case.npv_range
    yield f"Present value {usd_short(spread.low)} to {usd_short(spread.high)}: {spread.reason}"
    if plan.outlook and plan.tasks:
        yield (
            f"Planned end {day(plan.tasks.end)}; in four of five simulated runs the last server is decommissioned by "
            f"{day(plan.outlook.end.p80)}."
        )
    if case.peak_bubble_month:
        yield f"Double run peaks at {usd_short(case.peak_bubble_usd_month)} in {month(case.peak_bubble_month)}."
    for group in finding_groups(plan.findings)[:40]:
        if group.severity == Severity.warning.value:
            yield f"{count(group.number, 'warning')} {group.code}: {shortened(group.examples[0].message, _LONGEST)}"

"""What a board must decide and what the answer rests on, in sentences: for the slides and the paper."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from migrate.findings import Severity
from migrate.model.plan import Plan, SiteExit
from migrate.reports.html.lists import FindingGroup, finding_groups
from migrate.reports.numerals import count, day, month, usd_short
from migrate.reports.visible import shortened
from migrate.units import HOURS_PER_MONTH

__all__ = ["ExitRow", "decisions", "exit_rows", "rests_on"]

_PLAN_TOML = "plan.toml"
_LONGEST = 220  # characters of an example
_MOST_NAMED = 3


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


def rests_on(plan: Plan) -> tuple[str, ...]:
    """The foundations of the figures: prices, files, figures given and figures assumed."""
    case = plan.business_case
    figures = [a for a in case.assumptions if a.counts and a.key != "price_book" and not a.key.startswith("convention.")]
    given = sum(a.source == _PLAN_TOML for a in figures)
    rows = sum(file.rows_read or 0 for file in plan.inputs)
    aside = sum(file.rows_quarantined for file in plan.inputs)
    return (
        f"Prices: {plan.price_book}, {plan.spec.target.term.replace('_', ' ')}, {plan.spec.target.regions[0]}.",
        f"{count(len(plan.inputs), 'input file')} with {count(rows, 'row')}, {aside:,} set aside; digests stand in the workbook.",
        f"{given:,} of {count(len(figures), 'figure')} behind the money come from this programme's own request; "
        f"{len(figures) - given:,} are planning values of the program, to be replaced by your books.",
        "Prices rise as costs.*_share_year of the request says."
        if _rising(plan)
        else "Today's prices over the whole horizon: no inflation, no price cuts.",
    )


def _rising(plan: Plan) -> bool:
    return any(factor.how == "growth" for line in plan.business_case.lines for factor in line.factors)


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
        elif row.late is not None:
            yield f"{leaving.site}: give notice that the lease ends on {row.lease_end}; it is empty {row.verdict}."
        elif leaving.exit_date is None and leaving.blocked_by:
            named = ", ".join(leaving.blocked_by[:3])
            more = f" and {len(leaving.blocked_by) - 3} more" if len(leaving.blocked_by) > 3 else ""
            yield f"{leaving.site} stays open: decide on {named}{more}, or house them elsewhere."
    yield from _commitments(plan)
    yield from _penalties(plan)
    undecided = sum(server.disposition is None for server in plan.servers)
    if undecided:
        yield f"Decide what becomes of {count(undecided, 'server')} without a disposition."
    if plan.waves and case.payback_month is None:
        yield f"Moving does not pay back within {count(plan.spec.plan.horizon_years, 'year')}: confirm the reasons beyond money."
    for group in finding_groups(plan.findings):
        if group.severity == Severity.error.value and group.code != "exit-after-lease":
            yield f"{shortened(group.examples[0].message, _LONGEST)} ({_named(group)}). {group.remedy}"


def _named(group: FindingGroup) -> str:
    """The first subjects of a group, and how many there are beside."""
    subjects = list(dict.fromkeys(finding.subject for finding in group.examples))
    left = group.number - len(subjects[:_MOST_NAMED])
    named = ", ".join(shortened(subject, 40) for subject in subjects[:_MOST_NAMED])
    return f"{named} and {left:,} more" if left > 0 else named


def _commitments(plan: Plan) -> Iterator[str]:
    """What to buy first: fees a month from each of the first months with purchases, and what is signed for with them."""
    found = plan.spending.commitments if plan.spending else None
    if found is None or not found.purchases:
        return
    monthly: dict[dt.date, float] = {}
    for purchase in found.purchases:
        if not purchase.renewal:
            monthly[purchase.month] = monthly.get(purchase.month, 0.0) + purchase.usd_h * HOURS_PER_MONTH
    first = sorted(monthly)[:_MOST_NAMED]
    if not first:
        return
    signed = sum(p.usd_h * HOURS_PER_MONTH * 12 * p.years for p in found.purchases if p.month in first and not p.renewal)
    bought = ", ".join(f"{usd_short(monthly[at])} a month from {month(at)}" for at in first)
    yield (
        f"Commit compute as its load arrives: {bought} ({usd_short(signed)} signed for with these); "
        f"in all it saves {usd_short(found.saving_usd)} against on demand."
    )


def _penalties(plan: Plan) -> Iterator[str]:
    case = plan.business_case
    for line in case.lines:
        if line.category == "penalties" and sum(line.amount_usd) > 0.0:
            at = next(entry.month for entry, usd in zip(case.months, line.amount_usd, strict=True) if usd > 0.0)
            yield f"{shortened(line.label, 80)}: accept {usd_short(sum(line.amount_usd))} in {month(at)}, or negotiate it."

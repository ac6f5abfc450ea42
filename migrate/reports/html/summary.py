"""The answer first: key figures, and the plan in a few sentences."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from migrate.model.names import DISPOSITIONS
from migrate.model.plan import Plan
from migrate.reports.html.worth import worth_words
from migrate.reports.numerals import count, day, month, percent, share, usd_short, whole

__all__ = ["SCORE", "Figure", "headline", "key_figures", "sentences"]


#: What the objective is and is not, wherever its dollars stand beside those of the business case.
SCORE = "These dollars are the planner's score over the planning period, not cash; cash is in the business case."


@dataclass(frozen=True)
class Figure:
    """A number to remember, with what it is and what qualifies it."""

    label: str
    value: str
    note: str
    tone: str = ""  # "good", "bad" or plain
    trace: str = ""  # id for `migrate trace`


def headline(plan: Plan) -> str:
    """One sentence: what moves, when, and whether it is worth it."""
    waves = plan.waves
    total = count(len(plan.servers), "server")
    if not waves:
        return f"No server moves yet: the plan has {total} and no wave. The findings say what is missing."
    moved = sum(wave.servers for wave in waves)
    span = f"on {day(waves[0].date)}" if len(waves) == 1 else f"between {day(waves[0].date)} and {day(waves[-1].date)}"
    years = count(plan.spec.plan.horizon_years, "year")
    return (
        f"Moving {moved:,} of {total} in {count(len(waves), 'wave')} {span} is worth {worth_words(plan)}, "
        f"against staying, in present value over {years}."
    )


def key_figures(plan: Plan) -> tuple[Figure, ...]:
    """The tiles at the top of the page."""
    case, waves = plan.business_case, plan.waves
    moved = sum(wave.servers for wave in waves)
    change = share(case.run_cost_after_usd_month - case.run_cost_before_usd_month, case.run_cost_before_usd_month)
    spread = case.npv_range
    unless = "if no cutover fails; " if case.simulation is not None else ""
    figures = [
        Figure(
            "Net present value",
            usd_short(case.npv_usd),
            f"{unless}{usd_short(spread.low)} to {usd_short(spread.high)}, at {percent(plan.spec.plan.discount_rate, 1)} a year",
            "good" if case.npv_usd > 0 else "bad",
            "npv",
        ),
        Figure(
            "Payback",
            month(case.payback_month) if case.payback_month else f"> {count(plan.spec.plan.horizon_years, 'year')}",
            f"one-off costs {usd_short(case.one_off_usd)}",
            "" if case.payback_month else "bad",
            "payback",
        ),
        *_returns(plan),
        Figure(
            "Run cost a month",
            usd_short(case.run_cost_after_usd_month),
            f"now {usd_short(case.run_cost_before_usd_month)}" + (f", {_signed(change)}" if change is not None else ""),
            "good" if case.run_cost_after_usd_month < case.run_cost_before_usd_month else "bad",
            "run_cost.after",
        ),
        Figure("Servers that move", f"{moved:,}", f"of {len(plan.servers):,} known", trace="servers.moving"),
        Figure(
            "Applications",
            f"{sum(a.wave is not None for a in plan.applications):,}",
            f"move, of {len(plan.applications):,} known",
            trace="applications.moving",
        ),
        Figure(
            "Waves",
            f"{len(waves):,}",
            f"{day(waves[0].date)} to {day(waves[-1].date)}" if waves else "none planned",
            trace="waves",
        ),
        Figure(
            "Paid twice, at most",
            usd_short(case.peak_bubble_usd_month),
            f"AWS beside old servers, {month(case.peak_bubble_month)}" if case.peak_bubble_month else "nothing is paid twice",
            trace="bubble",
        ),
        Figure("Riskiest wave", *_riskiest(plan)),
        Figure(
            "Cost coverage",
            percent(share(case.priced_servers, case.moving_servers)),
            f"cost of {case.priced_servers:,} of {case.moving_servers:,} moving servers is known",
            "bad" if case.moving_servers and case.priced_servers < 0.9 * case.moving_servers else "",
            "coverage",
        ),
        Figure("Site exits", *_exits(plan), "site_exits"),
        *_spending(plan),
    ]
    return tuple(figures)


def sentences(plan: Plan) -> tuple[str, ...]:
    """The plan in words, for who reads nothing else."""
    return tuple(_sentences(plan))


def _sentences(plan: Plan) -> Iterator[str]:
    case = plan.business_case
    fates = Counter(server.disposition for server in plan.servers)
    parts = [f"{fates[name]:,} {name}" for name in DISPOSITIONS if fates[name]]
    undecided = [f"{fates[None]:,} undecided"] if fates[None] else []
    if parts or undecided:
        yield f"What becomes of the {count(len(plan.servers), 'server')}: {', '.join([*parts, *undecided])}."
    if plan.waves:
        largest = max(plan.waves, key=lambda wave: (wave.servers, -wave.wave))
        yield (
            f"The largest wave is {largest.wave} on {day(largest.date)} with {count(largest.servers, 'server')}; "
            f"{whole(sum(wave.data_gib for wave in plan.waves) / 1024.0)} TiB are replicated in all."
        )
    if plan.tasks and plan.outlook:
        yield (
            f"The last decommission, wiping and records included, ends on {day(plan.tasks.end)} as planned, and by "
            f"{day(plan.outlook.end.p80)} with a probability of four fifths ({plan.outlook.runs:,} simulated runs)."
        )
    for leaving in case.site_exits:
        lease = f" The lease ends on {day(leaving.lease_end)}." if leaving.lease_end else ""
        if leaving.exit_date is not None:
            late = (leaving.exit_date - leaving.lease_end).days if leaving.lease_end else 0
            over = f"{leaving.site} is empty on {day(leaving.exit_date)}, {count(late, 'day')} after its lease ends."
            yield over if late > 0 else f"{leaving.site} is empty on {day(leaving.exit_date)}.{lease}"
        else:
            named = ", ".join(leaving.blocked_by[:3]) + (
                f" and {len(leaving.blocked_by) - 3} more" if len(leaving.blocked_by) > 3 else ""
            )
            yield f"{leaving.site} is not emptied{f', kept open by {named}' if named else ''}.{lease}"
    yield from _earlier(plan)
    yield from _quality(plan)
    severities = Counter(finding.severity.value for finding in plan.findings)
    if severities:
        said = ", ".join(count(severities[level], noun) for level, noun in _SEVERITIES if severities[level])
        yield f"The data and the plan raise {said}."


_SEVERITIES = (("error", "error"), ("warning", "warning"), ("info", "note"))


def _earlier(plan: Plan) -> Iterator[str]:
    """What became of the plan that this one was made from."""
    if plan.earlier is None:
        return
    now = {application.application: application.cutover_date for application in plan.applications}
    open_ = [item for item in plan.earlier.applications if item.state == "planned"]
    moved = sum(now.get(item.application, item.date) != item.date for item in open_)
    settled = len(plan.earlier.applications) - len(open_)
    new = len({name for name, date in now.items() if date} - {item.application for item in plan.earlier.applications})
    came = f" {count(new, 'application')} came in since." if new else ""
    yield (
        f"Made on {day(plan.earlier.as_of)} from an earlier plan (sha256 {plan.earlier.sha256[:12]}). Done or under way by then: "
        f"{count(settled, 'application')}. Another date than there: {moved:,} of {len(open_):,} others.{came}"
    )


def _quality(plan: Plan) -> Iterator[str]:
    solution = plan.solution
    if not plan.waves:
        return
    if solution.first_fit is not None:
        yield _saved(solution.objective.total, solution.first_fit.total, solution.bound)
    if solution.bound is not None:
        left = max(solution.objective.total - solution.bound, 0.0)
        yield f"By the planner's score, no plan can be more than {usd_short(left)} better than this one."
    elif solution.bound_reason:
        yield solution.bound_reason


def _saved(ours: float, first_fit: float, bound: float | None) -> str:
    """What planning saves, in dollars and of what can be saved at all: most of the score is the same for every plan."""
    saved = first_fit - ours
    if saved < 0.5:
        return "Planning finds nothing better than filling waves first-fit."
    share_of = share(saved, first_fit - bound) if bound is not None and bound < first_fit else None
    least = f": at least {percent(min(share_of, 1.0))} of what any plan could save" if share_of is not None else ""
    return f"Planning saves {usd_short(saved)} against filling waves first-fit{least}. {SCORE}"


def _returns(plan: Plan) -> Iterator[Figure]:
    """Rate of return and range of the simulation, of plans that have them."""
    case = plan.business_case
    if case.worth:
        worth = case.worth[0]
        value = "none" if worth.irr is None else percent(worth.irr, 1)
        mirr = "none" if worth.mirr is None else percent(worth.mirr, 1)
        yield Figure("Internal rate of return", value, f"a year; modified {mirr}", trace="irr")
    if case.simulation is not None:
        found = case.simulation
        note = f"{usd_short(found.p10_usd)} (P10) to {usd_short(found.p90_usd)} (P90), with failed cutovers"
        yield Figure("Present value, simulated", usd_short(found.p50_usd), note, trace="npv.p50")


def _spending(plan: Plan) -> Iterator[Figure]:
    """Ownership, commitments and carbon, of plans that have them."""
    ways = {own.way: own for own in plan.business_case.ownership}
    if "moving" in ways and "staying-with-refresh" in ways:
        staying = usd_short(ways["staying-with-refresh"].total_usd)
        years = count(plan.spec.plan.horizon_years, "year")
        yield Figure(
            "Cost of ownership", usd_short(ways["moving"].total_usd), f"staying {staying}, over {years}", trace="tco.moving"
        )
    if plan.spending is not None and plan.spending.commitments is not None:
        saved = plan.spending.commitments
        note = f"against on demand; {usd_short(saved.too_early_usd)} more if bought at the start"
        yield Figure("Saved by commitments", usd_short(saved.saving_usd), note, trace="commitments.saving")
    if plan.spending is not None and plan.spending.carbon is not None:
        carbon = plan.spending.carbon
        note = f"staying {whole(carbon.stay_total_t.likely)} t, over the horizon"
        yield Figure("Carbon", f"{whole(carbon.total_t.likely)} t CO2e", note, trace="carbon.moving")


def _riskiest(plan: Plan) -> tuple[str, str, str, str]:
    if not plan.waves:
        return "–", "no wave", "", "waves"
    worst = max(plan.waves, key=lambda wave: (wave.risk_score, -wave.wave))
    note = f"wave {worst.wave}; data {percent(worst.confidence)} complete"
    return f"{worst.risk_score:.0f} of 100", note, "", f"wave.{worst.wave}.risk"


def _exits(plan: Plan) -> tuple[str, str, str]:
    exits = plan.business_case.site_exits
    if not exits:
        return "–", "no site is named in the request", ""
    done = sum(leaving.exit_date is not None for leaving in exits)
    saved = sum(leaving.saved_usd for leaving in exits)
    return f"{done} of {len(exits)}", f"fixed costs of {usd_short(saved)} avoided", "" if done == len(exits) else "bad"


def _signed(change: float) -> str:
    return f"{'−' if change < 0 else '+'}{abs(change) * 100:.0f} %"

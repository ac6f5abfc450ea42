"""What a reader must know of the figures behind the business case: how many are the program's own, and how far they carry."""

from __future__ import annotations

from migrate.finance.fates import Fates
from migrate.findings import Finding, Severity
from migrate.model.plan import BusinessCase, CostLine
from migrate.spec import Spec
from migrate.targets.source_cost import source_parts

__all__ = ["figure_doubts"]

_LARGE_SHARE = 0.1  # of the NPV: from here on failed cutovers change the answer
_SURE = 0.9  # share of the runs in which moving is worth it that needs no warning


def figure_doubts(case: BusinessCase, fates: Fates, spec: Spec) -> list[Finding]:
    """Findings about rates, books, penalties and the simulation; one of each for the plan."""
    return [*_template(case, spec), *_books(fates, spec), *_bound(case), *_simulated(case, spec)]


def _template(case: BusinessCase, spec: Spec) -> list[Finding]:
    """How much of what servers cost today rests on rates that nobody has given."""
    lines = [line for line in case.lines if line.group == "stay_run"]
    own = [line for line in lines if line.rate_key and line.rate_key.removeprefix("costs.") not in spec.costs.model_fields_set]
    total, planned = sum(line.amount_usd[0] for line in lines), sum(line.amount_usd[0] for line in own)
    if planned <= 0 or total <= 0:
        return []
    names = ", ".join(line.label.removesuffix(", staying").lower() for line in own)
    return [
        Finding(
            code="source-costs-from-template",
            severity=Severity.info,
            subject=spec.plan.name,
            message=f"{planned / total:.0%} of what servers cost today rests on planning values of this program: {names}",
            remedy="Set `costs.<part>_usd_year` to what the books say, such as `costs.maintenance_usd_year`, or the rates.",
        )
    ]


def _books(fates: Fates, spec: Spec) -> list[Finding]:
    """Figures of the books that no server can bear."""
    lost = [part for part in source_parts(spec.costs) if getattr(spec.costs, part.books, None) and not fates.today[part.key]]
    return [
        Finding(
            code="books-without-use",
            severity=Severity.warning,
            subject=f"costs.{part.books}",
            message=f"The books give a cost of {part.label.lower()}, but no server is known to use any, so it is not counted",
            remedy="Complete the inventory, or add the cost to `fixed_cost_usd_month` of the site.",
        )
        for part in lost
    ]


def _bound(case: BusinessCase) -> list[Finding]:
    """What is paid because of dates: penalties, and hardware for what leaves too late."""
    found = []
    for line in case.lines:
        usd = sum(line.amount_usd)
        if usd > 0 and (line.category == "penalties" or line.key == "one-off.refresh"):
            found.append(
                Finding(
                    code="refresh-before-leaving" if line.key == "one-off.refresh" else "term-penalty",
                    severity=Severity.warning,
                    subject=line.label,
                    message=f"Costs {usd:,.0f} USD when moving, because of the dates of the waves: {_first(case, line)}",
                    remedy="Compare it with what earlier or later waves would cost, and negotiate the end of the term.",
                )
            )
    return found


def _first(case: BusinessCase, line: CostLine) -> str:
    month = next(month.month for month, usd in zip(case.months, line.amount_usd, strict=True) if usd > 0)
    return f"paid from {month:%B %Y} on"


def _simulated(case: BusinessCase, spec: Spec) -> list[Finding]:
    simulation, found = case.simulation, []
    if simulation is None:
        return []
    beyond = case.npv_usd > simulation.p90_usd
    if beyond or simulation.failures_usd > _LARGE_SHARE * abs(case.npv_usd):
        above = f", and nine of ten below {simulation.p90_usd:,.0f} USD" if beyond else ""
        found.append(
            Finding(
                code="failures-not-in-npv",
                severity=Severity.warning if beyond else Severity.info,
                subject=spec.plan.name,
                message=f"The NPV of {case.npv_usd:,.0f} USD counts no failed cutover; in the simulation they cost "
                f"{simulation.failures_usd:,.0f} USD in the mean, so half of its runs are below {simulation.p50_usd:,.0f} USD"
                f"{above}",
                remedy="Decide by the simulated figures, and check the costs of outages in [risk]: they are losses of the "
                "business, not of its IT budget.",
            )
        )
    if simulation.positive_share < _SURE:
        found.append(
            Finding(
                code="npv-uncertain",
                severity=Severity.warning,
                subject=spec.plan.name,
                message=f"Moving is worth it in {simulation.positive_share:.0%} of {simulation.runs:,} simulated runs only",
                remedy="Narrow the inputs at the top of the tornado: replace their planning values by known figures.",
            )
        )
    return found

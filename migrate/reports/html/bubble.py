"""The migration bubble: what each month costs at the source, twice, and in the cloud, against staying."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from migrate.model.plan import Month, Plan
from migrate.reports.html.axes import Tick, money_ticks
from migrate.reports.html.chart import (
    HEIGHT,
    Area,
    Chart,
    Layer,
    middle,
    month_ticks,
    path_band,
    path_line,
    path_y,
    stacked,
    step_points,
    tip_columns,
)
from migrate.reports.numerals import month, usd, usd_short

__all__ = ["Year", "bubble", "cumulated", "years"]

_MONTHS_AFTER = 9

_LAYERS = (
    ("source", "At the source: servers and sites"),
    ("target", "In the cloud: AWS bill and operations"),
    ("both", "Paid twice: double run"),
    ("once", "One-off costs and partner"),
)


@dataclass(frozen=True)
class Year:
    """One calendar year of the business case, USD."""

    year: int
    source: float
    sites: float
    target: float
    operations: float
    one_off: float
    partner: float
    total: float
    stay: float
    saving: float
    cumulated: float


def bubble(plan: Plan) -> Chart | None:
    """Stack the months from the start until shortly after the last server has left; None without months."""
    months = _busy(plan)
    if len(months) < 2:
        return None
    parts = [_split(entry) for entry in months]
    layers = [Layer(key, label, [part[at] for part in parts]) for at, (key, label) in enumerate(_LAYERS)]
    case = plan.business_case
    peak = next((at for at, entry in enumerate(months) if entry.month == case.peak_bubble_month), None)
    mark = None if peak is None else Tick(middle(peak, len(months)), f"{usd_short(case.peak_bubble_usd_month)} paid twice")
    tips = [_month_tip(entry, part) for entry, part in zip(months, parts, strict=True)]
    return stacked([entry.month for entry in months], layers, [entry.stay_total for entry in months], tips, mark=mark)


def cumulated(plan: Plan) -> Chart | None:
    """Add up what the plan saves against staying, over the whole horizon; None without months."""
    months, case = plan.business_case.months, plan.business_case
    if len(months) < 2:
        return None
    total, savings = 0.0, []
    for entry in months:
        total += entry.stay_total - entry.total
        savings.append(total)
    low, high, ticks = money_ticks(min(savings), max(savings))
    points = step_points(savings, low, high)
    zero = path_y(0.0, low, high)
    floor = [(x, zero) for x, _ in points]
    gained = path_band(floor, [(x, min(y, zero)) for x, y in points])
    lost = path_band(floor, [(x, max(y, zero)) for x, y in points])
    paid = next((at for at, entry in enumerate(months) if entry.month == case.payback_month), None)
    mark = None if paid is None else Tick(middle(paid, len(months)), f"Paid back {month(case.payback_month)}")
    tips = [f"{month(entry.month)}\nCumulated saving {usd(saving)}" for entry, saving in zip(months, savings, strict=True)]
    areas = (Area("saving", "Saved", gained), Area("loss", "Not yet earned back", lost))
    share = round(zero / HEIGHT * 100, 3)
    return Chart(areas, path_line(points), share, ticks, month_ticks([entry.month for entry in months]), tip_columns(tips), mark)


def years(plan: Plan) -> tuple[Year, ...]:
    """Add the months up to calendar years."""
    rows: list[Year] = []
    for number in sorted({entry.month.year for entry in plan.business_case.months}):
        months = [entry for entry in plan.business_case.months if entry.month.year == number]
        total, stay = sum(entry.total for entry in months), sum(entry.stay_total for entry in months)
        rows.append(
            Year(
                year=number,
                source=sum(entry.source_run for entry in months),
                sites=sum(entry.site_fixed for entry in months),
                target=sum(entry.target_run for entry in months),
                operations=sum(entry.target_operations for entry in months),
                one_off=sum(entry.one_off for entry in months),
                partner=sum(entry.partner for entry in months),
                total=total,
                stay=stay,
                saving=stay - total,
                cumulated=stay - total + (rows[-1].cumulated if rows else 0.0),
            )
        )
    return tuple(rows)


def _busy(plan: Plan) -> Sequence[Month]:
    """Months until some time after the last decommission or site exit."""
    months = plan.business_case.months
    ends = [wave.decommission_date for wave in plan.waves]
    ends += [leaving.exit_date for leaving in plan.business_case.site_exits if leaving.exit_date is not None]
    if not ends:
        return months[:24]
    last = next((at for at, entry in enumerate(months) if entry.month > max(ends)), len(months))
    return months[: max(last + _MONTHS_AFTER, 18)]


def _split(entry: Month) -> tuple[float, float, float, float]:
    """Source, target, both and one-off, which add up to the month: double run is what the target costs too early."""
    source, target = entry.source_run + entry.site_fixed, entry.target_run + entry.target_operations
    both = min(entry.double_run, target)
    return source, target - both, both, entry.one_off + entry.partner


def _month_tip(entry: Month, part: tuple[float, float, float, float]) -> str:
    lines = [f"{month(entry.month)}: {usd(entry.total)}", f"Staying: {usd(entry.stay_total)}"]
    lines += [f"{label.split(':')[0]}: {usd(value)}" for (_, label), value in zip(_LAYERS, part, strict=True) if value > 0.0]
    running = (entry.servers_source, entry.servers_both, entry.servers_target)
    return "\n".join([*lines, "Servers: {:,.0f} source, {:,.0f} both, {:,.0f} cloud".format(*running)])

"""How sure the present value is: tornado, simulation, and the case with other figures."""

from __future__ import annotations

from migrate.model.plan import CaseResult, Plan, Sensitivity, Simulation
from migrate.reports.html.axes import Tick, money_ticks
from migrate.reports.html.chart import HEIGHT, WIDTH, Area, Chart, Column
from migrate.reports.html.grid import Bars, Grid, Segment, Stripe
from migrate.reports.numerals import count, month, percent, usd, usd_short

__all__ = ["case_grid", "histogram", "simulation_words", "tornado_bars"]

_MOST = 14


def tornado_bars(plan: Plan) -> Bars | None:
    """One bar an uncertain input, widest first; None where no sensitivities were computed."""
    case = plan.business_case
    if not case.tornado:
        return None
    shown = case.tornado[:_MOST]
    ends = [end for each in shown for end in (each.npv_at_low_usd, each.npv_at_high_usd)]
    low, high, ticks = money_ticks(min(*ends, case.npv_usd), max(*ends, case.npv_usd), wanted=6)
    return Bars(
        title="What moves the present value most",
        stripes=tuple(_stripe(each, case.npv_usd, low, high) for each in shown),
        ticks=ticks,
        key=(("low", "at its low end"), ("high", "at its high end")),
        mark=Tick(_at(case.npv_usd, low, high), f"{usd_short(case.npv_usd)} as planned"),
        note="Each input alone at its low and its high end, all others as planned. The amounts are what the present value then "
        "is less (−) or more (+) than as planned: at the low / at the high end.",
    )


def _stripe(each: Sensitivity, npv: float, low: float, high: float) -> Stripe:
    ends = sorted((("low", each.npv_at_low_usd), ("high", each.npv_at_high_usd)), key=lambda end: -abs(end[1] - npv))
    segments = tuple(  # the shorter on top, where both lie on one side
        Segment(_at(begin, low, high), round(_at(end, low, high) - _at(begin, low, high), 3), kind, f"{usd(begin)} to {usd(end)}")
        for kind, begin, end in ((kind, min(value, npv), max(value, npv)) for kind, value in ends)
        if end - begin > 0.005
    )
    span = f"{_end(each.low, each.unit)} to {_end(each.high, each.unit)}"
    return Stripe(f"{each.label}, {span}", _both(each, npv), segments, each.why, f"tornado.{each.input}")


def _both(each: Sensitivity, npv: float) -> str:
    """What each end takes from or adds to the present value: an input may do so to one side only, or unevenly."""
    return " / ".join(_change(value - npv) for value in (each.npv_at_low_usd, each.npv_at_high_usd))


def _change(value: float) -> str:
    return f"+{usd_short(value)}" if value >= 0.5 else usd_short(value)


def _end(value: float, unit: str) -> str:
    if unit == "USD":
        return usd_short(value)
    if unit == "days":
        return f"{value:+.0f} days" if value else "0 days"
    return f"{value * 100:+.0f} {'points' if unit.startswith('points') else '%'}".replace("-", "−")


def _at(value: float, low: float, high: float) -> float:
    return round((value - low) / (high - low) * 100.0, 3)


def histogram(plan: Plan) -> Chart | None:
    """Runs of the simulation by present value; None without a simulation."""
    simulation = plan.business_case.simulation
    if simulation is None or not simulation.histogram:
        return None
    bins = simulation.histogram
    low, high = bins[0].from_usd, bins[-1].to_usd
    most = max(each.runs for each in bins) / simulation.runs
    if high <= low or most <= 0:
        return None
    losses: list[str] = []
    gains: list[str] = []
    columns = []
    for each in bins:
        x, width = (each.from_usd - low) / (high - low) * WIDTH, (each.to_usd - each.from_usd) / (high - low) * WIDTH
        top = HEIGHT * (1.0 - each.runs / simulation.runs / most * 0.92)
        path = f"M{x:.2f} {HEIGHT:g} L{x:.2f} {top:.2f} L{x + width:.2f} {top:.2f} L{x + width:.2f} {HEIGHT:g}Z"
        (gains if each.from_usd >= 0 else losses).append(path)
        part = percent(each.runs / simulation.runs, 1)
        tip = f"{usd_short(each.from_usd)} to {usd_short(each.to_usd)}\n{count(each.runs, 'run')}, {part}"
        columns.append(Column(round(x / WIDTH * 100, 3), round(width / WIDTH * 100, 3), tip))
    areas = [Area(key, label, " ".join(paths)) for key, label, paths in (
        ("both", "moving costs more than staying", losses), ("target", "moving is worth it", gains)) if paths]  # fmt: skip
    _, _, money = money_ticks(low, high, wanted=6)
    scale = money_ticks(low, high, wanted=6)
    values = [scale[0] + (scale[1] - scale[0]) * tick.at / 100.0 for tick in money]
    times = tuple(Tick(_at(v, low, high), tick.label) for v, tick in zip(values, money, strict=True) if low <= v <= high)
    shares = tuple(Tick(round(at * 92.0, 3), percent(most * at, 1)) for at in (0.0, 0.5, 1.0))
    marked = Tick(_at(simulation.p50_usd, low, high), f"P50 {usd_short(simulation.p50_usd)}")
    return Chart(tuple(areas), "", 100.0, shares, times, tuple(columns), marked)


def simulation_words(plan: Plan) -> str:
    """What the simulation says in one sentence or two; empty without one."""
    found = plan.business_case.simulation
    return "" if found is None else _words(found)


def _words(found: Simulation) -> str:
    return (
        f"In {found.runs:,} runs with all uncertain inputs drawn at once, the present value is {usd_short(found.p10_usd)} or "
        f"less in one of ten (P10), {usd_short(found.p50_usd)} in the middle (P50), and more than {usd_short(found.p90_usd)} in "
        f"one of ten (P90). "
        f"Moving is worth it in {percent(found.positive_share, 1)} of them. Failed cutovers, which the case as planned does not "
        f"count, take {usd_short(found.failures_usd)} of it in the mean."
    )


def case_grid(plan: Plan) -> Grid | None:
    """The case with other figures side by side: as planned, what the request asks for, then what is always computed.

    None where only the first was computed.
    """
    if len(plan.business_case.cases) < 2:
        return None
    planned, *others = plan.business_case.cases
    cases = (planned, *(each for each in others if each.asked), *(each for each in others if not each.asked))
    return Grid(
        title="Scenarios side by side",
        head=("Scenario", "What is other", "Present value", "Against plan", "IRR", "Paid back", "Moving", "Staying", "One-off"),
        rows=tuple(_case(each) for each in cases),
        widths=(1.5, 2.4, 1.1, 1.1, 0.8, 1.0, 1.1, 1.1, 1.0),
        right=(2, 3, 4, 5, 6, 7, 8),
        note="Moving, staying and one-off costs over the horizon, not discounted.",
        traces=tuple(f"case.{each.name}" for each in cases),
    )


def _case(each: CaseResult) -> tuple[str, ...]:
    return (
        each.name,
        "; ".join(each.changes) or each.why or "nothing",
        usd_short(each.npv_usd),
        usd_short(each.difference_usd) if each.changes else "",
        "none" if each.irr is None else percent(each.irr, 1),
        month(each.payback_month) if each.payback_month else "never",
        usd_short(each.moving_usd),
        usd_short(each.staying_usd),
        usd_short(each.one_off_usd),
    )

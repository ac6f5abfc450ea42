"""The slides of money: by month against staying, the case, and where it goes."""

from __future__ import annotations

from pptx.enum.chart import XL_CHART_TYPE, XL_LEGEND_POSITION, XL_TICK_LABEL_POSITION
from pptx.util import Pt

from migrate.model.plan import Plan
from migrate.reports.cash_flow_sheet import COSTS
from migrate.reports.deck.canvas import ACCENT, Deck, Slide, colour
from migrate.reports.deck.chart_data import SafeChartData
from migrate.reports.deck.charts import axes, last_as_line, legend, money_format, tornado, yearly
from migrate.reports.html import Story
from migrate.reports.html.worth import worth_words
from migrate.reports.numerals import month, percent, usd_short
from migrate.reports.visible import shortened

__all__ = ["alternatives_slide", "case_slide", "months_slide", "spending_slide"]

_SHADES = {"source_run": "6F8FB3", "site_fixed": "A9BCD3", "target_run": "2B9A8B", "target_operations": "8CCDC3",
           "one_off": "9277B5", "partner": "C8B8DA"}  # fmt: skip
_MOST_ROWS = 9


def months_slide(deck: Deck, plan: Plan) -> None:
    """Add what every month costs, stacked, and as a line what it would cost if nothing moved."""
    case = plan.business_case
    if case.peak_bubble_month:
        said = (
            f"For a while both places are paid: {usd_short(case.peak_bubble_usd_month)} twice in {month(case.peak_bubble_month)}"
        )
    else:
        said = "What every month costs, against staying"
    slide = deck.slide(said)
    if not case.months:
        slide.text("The plan holds no cash flow.", slide.left, slide.top, slide.width, 0.4)
        return
    data = SafeChartData([entry.month for entry in case.months])
    shown = [(name, label) for name, label in COSTS if any(getattr(entry, name) for entry in case.months)]
    for name, label in shown:
        data.add_series(label, [getattr(entry, name) for entry in case.months])
    data.add_series("If nothing moves", [entry.stay_total for entry in case.months])
    chart = slide.chart(XL_CHART_TYPE.COLUMN_STACKED, data, at=(slide.left, slide.top), size=(slide.width, 5.45))
    plot = chart.plots[0]
    plot.gap_width, plot.overlap = 0, 100
    for series, (name, _) in zip(list(plot.series)[:-1], shown, strict=True):
        series.format.fill.solid()
        series.format.fill.fore_color.rgb = colour(_SHADES[name])
    last_as_line(chart)
    axes(chart, money_format(max(max(entry.total, entry.stay_total) for entry in case.months)))
    chart.category_axis.tick_labels.number_format, chart.category_axis.tick_labels.number_format_is_linked = "yyyy", False
    yearly(chart)
    legend(chart, XL_LEGEND_POSITION.BOTTOM)


def case_slide(deck: Deck, plan: Plan, story: Story) -> None:
    """Add what the case is worth and how sure that is; of plans without sensitivities the saving so far and the years."""
    case = plan.business_case
    paid = f"paid back in {month(case.payback_month)}" if case.payback_month else "not paid back within the horizon"
    slide = deck.slide(f"The money: {worth_words(plan)}; {paid}")
    half = slide.width / 2 - 0.15
    right = slide.left + half + 0.3
    if case.tornado:
        tornado(slide, case.tornado, case.npv_usd, half)
    elif case.months:
        _cumulated(slide, plan, half)
    top = _range(slide, plan, right, half)
    if story.worth:
        slide.grid(story.worth[0], at=(right, top), width=half, most=7, size=10.5)
        slide.text(story.uncertainty.words, right, slide.bottom - 1.0, half, 1.0, size=10.5)
        return
    rows = [
        tuple(usd_short(getattr(year, name)) for name in ("total", "stay", "saving", "cumulated")) for year in story.years[:11]
    ]
    named = [(str(year.year), *row) for year, row in zip(story.years, rows, strict=False)]
    head, widths = ("Year", "Moving", "Staying", "Saving", "Cumulated"), (half * 0.16, *[half * 0.21] * 4)
    slide.table(head, named, at=(right, top), widths=widths, right=(1, 2, 3, 4), size=11, row_height=0.25)


def _range(slide: Slide, plan: Plan, left: float, width: float) -> float:
    """Add three tiles: percentiles of the simulation, or low, likely and high. Gives where there is room again."""
    simulation, spread = plan.business_case.simulation, plan.business_case.npv_range
    if simulation is not None:
        said, values = "Net present value, simulated", (simulation.p10_usd, simulation.p50_usd, simulation.p90_usd)
        labels, reason = ("P10", "P50", "P90"), ""
    else:
        said, values = "Net present value", (spread.low, spread.likely, spread.high)
        labels, reason = ("Low", "Likely", "High"), spread.reason
    slide.text(said, left, slide.top, width, 0.3, size=14, ink=ACCENT, bold=True)
    third, note = (width - 0.2) / 3, f"at {percent(plan.spec.plan.discount_rate, 1)} a year"
    for at, (label, value) in enumerate(zip(labels, values, strict=True)):
        slide.tile(label, usd_short(value), note, at=(left + at * (third + 0.1), slide.top + 0.35), size=(third, 1.1))
    slide.text(reason, left, slide.top + 1.55, width, 0.7, size=11)
    return slide.top + (2.3 if reason else 1.7)


def spending_slide(deck: Deck, plan: Plan, story: Story) -> None:
    """Add run cost before and after, and the cost by business domain."""
    case = plan.business_case
    slide = deck.slide(
        f"Where the money goes: running costs {usd_short(case.run_cost_before_usd_month)} a month today, "
        f"{usd_short(case.run_cost_after_usd_month)} after"
    )
    half = slide.width / 2 - 0.15
    if not story.costs:
        return
    table = story.costs[0]
    rows = [row for row in table.rows if row.total is not None][:_MOST_ROWS]
    if rows:
        data = SafeChartData([shortened(row.label, 28) for row in rows])
        data.add_series("At the source now", [row.source for row in rows])
        data.add_series("In the cloud at list price", [row.total for row in rows])
        slide.text(f"Servers by {table.title.lower()}, USD a month", slide.left, slide.top, half, 0.3,
                   size=14, ink=ACCENT, bold=True)  # fmt: skip
        chart = slide.chart(XL_CHART_TYPE.BAR_CLUSTERED, data, at=(slide.left, slide.top + 0.3), size=(half, 5.1))
        chart.plots[0].gap_width, chart.plots[0].overlap = 45, -5
        for series, shade in zip(chart.plots[0].series, ("6F8FB3", "2B9A8B"), strict=True):
            series.format.fill.solid()
            series.format.fill.fore_color.rgb = colour(shade)
        axes(chart, '$#,##0,"k"')
        chart.category_axis.reverse_order = True
        chart.value_axis.tick_label_position = XL_TICK_LABEL_POSITION.HIGH
        legend(chart, XL_LEGEND_POSITION.BOTTOM)
    right = slide.left + half + 0.3
    slide.text("The AWS bill by resource, a month", right, slide.top, half, 0.3, size=14, ink=ACCENT, bold=True)
    total = table.total
    lines = [(name.capitalize(), usd_short(value)) for name, value in total.parts.items()]
    lines.append(("All, at list price", usd_short(total.total)))
    if story.spending.bill:
        lines += [(row[0], row[-1]) for row in story.spending.bill.rows[1:5]]
    widths, place = (half * 0.6, half * 0.4), (right, slide.top + 0.35)
    slide.table(("Resource", "USD a month"), lines, at=place, widths=widths, right=(1,), size=11, row_height=0.26)
    top = slide.top + 0.5 + 0.26 * (len(lines) + 1)
    slide.text(
        f"Priced: {total.priced:,} of {total.moving:,} moving servers. Prices: {plan.price_book}, "
        f"{plan.spec.target.term.replace('_', ' ')}. {story.spending.commitment_words}",
        right, top, half, 1.4, size=12,
    )  # fmt: skip
    if story.spending.carbon:
        said = "; ".join(f"{row[0].lower()} {row[2]} t ({row[1]} to {row[3]})" for row in story.spending.carbon.rows)
        slide.text(f"Carbon over the horizon, CO2 equivalent: {said}.", right, top + 1.5, half, 0.5, size=12)


def alternatives_slide(deck: Deck, plan: Plan, story: Story) -> None:
    """Add what else could have been bought: the scenarios of the case, sizes and clouds."""
    by_title = [story.uncertainty.cases, *(grid for grid in story.alternatives if grid.traces)]
    shown = [grid for grid in by_title if grid is not None][:3]
    if not shown:
        return
    slide = deck.slide("What else could have been decided or bought")
    top = slide.top - 0.2
    for grid in shown:
        rows = min(len(grid.rows), 6)
        slide.grid(grid, at=(slide.left, top), width=slide.width, most=6, size=9, row_height=0.23)
        top += 0.35 + 0.25 * (rows + 1) + 0.1


def _cumulated(slide: Slide, plan: Plan, width: float) -> None:
    months, total, points = plan.business_case.months, 0.0, []
    for entry in months:
        total += entry.stay_total - entry.total
        points.append(round(total, 2))
    data = SafeChartData([entry.month for entry in months])
    data.add_series("Cumulated saving", points)
    slide.text(
        "Cumulated saving against staying, not discounted", slide.left, slide.top, width, 0.3, size=14, ink=ACCENT, bold=True
    )
    chart = slide.chart(XL_CHART_TYPE.LINE, data, at=(slide.left, slide.top + 0.3), size=(width, 5.1))
    series = chart.plots[0].series[0]
    series.smooth = False
    series.format.line.color.rgb, series.format.line.width = colour("2B9A8B"), Pt(2.5)
    axes(chart, money_format(max(abs(point) for point in points)))
    chart.category_axis.tick_labels.number_format, chart.category_axis.tick_labels.number_format_is_linked = "yyyy", False
    chart.category_axis.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    yearly(chart)
    chart.has_legend = False

"""The slides of money: by month against staying, the case, and where it goes."""

from __future__ import annotations

from collections.abc import Sequence
from copy import deepcopy
from typing import Any

from pptx.enum.chart import XL_CHART_TYPE, XL_LEGEND_POSITION, XL_TICK_LABEL_POSITION
from pptx.oxml import parse_xml
from pptx.util import Pt

from migrate.model.plan import Plan
from migrate.reports.cash_flow_sheet import COSTS
from migrate.reports.deck.canvas import ACCENT, INK, Deck, Slide, colour
from migrate.reports.deck.chart_data import SafeChartData
from migrate.reports.html import Story
from migrate.reports.numerals import month, percent, usd_short
from migrate.reports.visible import shortened

__all__ = ["case_slide", "months_slide", "spending_slide"]

_MONEY = '$#,##0.0,,"M"'
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
    _last_as_line(chart)
    _axes(chart, _money_format(max(max(entry.total, entry.stay_total) for entry in case.months)))
    chart.category_axis.tick_labels.number_format, chart.category_axis.tick_labels.number_format_is_linked = "yyyy", False
    _yearly(chart)
    _legend(chart, XL_LEGEND_POSITION.BOTTOM)


def case_slide(deck: Deck, plan: Plan, story: Story) -> None:
    """Add the cumulated saving, the range of the present value and the years."""
    case, spread = plan.business_case, plan.business_case.npv_range
    paid = f"paid back in {month(case.payback_month)}" if case.payback_month else "not paid back within the horizon"
    slide = deck.slide(f"The money: {usd_short(case.npv_usd)} in present value, {paid}")
    half = slide.width / 2 - 0.15
    if case.months:
        _cumulated(slide, plan, half)
    right = slide.left + half + 0.3
    slide.text("Net present value", right, slide.top, half, 0.3, size=14, ink=ACCENT, bold=True)
    third = (half - 0.2) / 3
    for at, (label, value) in enumerate((("Low", spread.low), ("Likely", spread.likely), ("High", spread.high))):
        slide.tile(label, usd_short(value), f"at {percent(plan.spec.plan.discount_rate, 1)} a year",
                   at=(right + at * (third + 0.1), slide.top + 0.35), size=(third, 1.1))  # fmt: skip
    slide.text(spread.reason, right, slide.top + 1.55, half, 0.7, size=11)
    rows = [
        (str(y.year), usd_short(y.total), usd_short(y.stay), usd_short(y.saving), usd_short(y.cumulated))
        for y in story.years[:11]
    ]
    slide.table(("Year", "Moving", "Staying", "Saving", "Cumulated"), rows, at=(right, slide.top + 2.3),
                widths=(half * 0.16, *[half * 0.21] * 4), right=(1, 2, 3, 4), size=11, row_height=0.25)  # fmt: skip


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
        _axes(chart, '$#,##0,"k"')
        chart.category_axis.reverse_order = True
        chart.value_axis.tick_label_position = XL_TICK_LABEL_POSITION.HIGH
        _legend(chart, XL_LEGEND_POSITION.BOTTOM)
    right = slide.left + half + 0.3
    slide.text("The AWS bill by resource, a month", right, slide.top, half, 0.3, size=14, ink=ACCENT, bold=True)
    total = table.total
    lines = [(name.capitalize(), usd_short(value)) for name, value in total.parts.items()]
    lines.append(("All, at list price", usd_short(total.total)))
    slide.table(("Resource", "USD a month"), lines, at=(right, slide.top + 0.35), widths=(half * 0.6, half * 0.4), right=(1,))
    slide.text(
        f"Priced: {total.priced:,} of {total.moving:,} moving servers. Prices: {plan.price_book}, "
        f"{plan.spec.target.term.replace('_', ' ')}.",
        right, slide.top + 0.45 + 0.3 * (len(lines) + 1), half, 0.6, size=12,
    )  # fmt: skip


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
    _axes(chart, _money_format(max(abs(point) for point in points)))
    chart.category_axis.tick_labels.number_format, chart.category_axis.tick_labels.number_format_is_linked = "yyyy", False
    chart.category_axis.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    _yearly(chart)
    chart.has_legend = False


def _money_format(largest: float) -> str:
    """Millions or thousands, by the size of what is shown."""
    return _MONEY if largest >= 1_000_000 else '$#,##0,"k"' if largest >= 10_000 else "$#,##0"


def _axes(chart: Any, money: str) -> None:
    axis = chart.value_axis
    axis.tick_labels.number_format, axis.tick_labels.number_format_is_linked = money, False
    axis.major_gridlines.format.line.color.rgb = colour("E1E6EB")
    axis.format.line.fill.background()


def _legend(chart: Any, position: Any) -> None:
    chart.has_legend = True
    chart.legend.position, chart.legend.include_in_layout = position, False
    chart.legend.font.size = Pt(12)


_SPACE = 'xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'


def _last_as_line(chart: Any) -> None:
    """Draw the last series as a dashed line over the columns: a combined chart, which python-pptx cannot ask for."""
    columns = chart._chartSpace.chart.plotArea.xpath("c:barChart")[0]
    series = columns.xpath("c:ser")[-1]
    columns.remove(series)
    for tag in ("c:invertIfNegative", "c:spPr"):
        for found in series.xpath(tag):
            series.remove(found)
    shape = parse_xml(
        f'<c:spPr {_SPACE}><a:ln w="28575" cap="rnd"><a:solidFill><a:srgbClr val="{INK}"/></a:solidFill>'
        '<a:prstDash val="dash"/><a:round/></a:ln></c:spPr>'
    )
    series.xpath("c:tx")[0].addnext(shape)
    shape.addnext(parse_xml(f'<c:marker {_SPACE}><c:symbol val="none"/></c:marker>'))
    series.append(parse_xml(f'<c:smooth {_SPACE} val="0"/>'))
    line = parse_xml(f'<c:lineChart {_SPACE}><c:grouping val="standard"/><c:varyColors val="0"/></c:lineChart>')
    line.append(series)
    line.append(parse_xml(f'<c:marker {_SPACE} val="1"/>'))
    for axis in columns.xpath("c:axId"):
        line.append(deepcopy(axis))
    columns.addnext(line)


def _yearly(chart: Any) -> None:
    """One tick a year on an axis of dates."""
    axis = chart._chartSpace.chart.plotArea.xpath("c:dateAx")[0]
    for tag in ("majorUnit", "majorTimeUnit", "baseTimeUnit"):
        for found in axis.xpath(f"c:{tag}"):
            axis.remove(found)
    parts: Sequence[str] = ('c:baseTimeUnit {} val="months"', 'c:majorUnit {} val="1"', 'c:majorTimeUnit {} val="years"')
    for part in parts:
        axis.append(parse_xml(f"<{part.format(_SPACE)}/>"))

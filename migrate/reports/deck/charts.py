"""Native charts in one look: money on the axis, years on the other, a dashed line over columns, and the tornado."""

from __future__ import annotations

from collections.abc import Sequence
from copy import deepcopy
from typing import Any

from pptx.enum.chart import XL_CHART_TYPE, XL_LEGEND_POSITION, XL_TICK_LABEL_POSITION
from pptx.oxml import parse_xml
from pptx.util import Pt

from migrate.model.plan import Sensitivity
from migrate.reports.deck.canvas import ACCENT, INK, Slide, colour
from migrate.reports.deck.chart_data import SafeChartData
from migrate.reports.numerals import usd_short
from migrate.reports.visible import shortened

__all__ = ["axes", "last_as_line", "legend", "money_format", "tornado", "yearly"]

_MONEY = '$#,##0.0,,"M"'
_MOST = 10


def tornado(slide: Slide, found: Sequence[Sensitivity], npv: float, width: float) -> None:
    """Add the tornado: what each input does to the present value at its low and at its high end."""
    shown = list(found[:_MOST])
    data = SafeChartData([shortened(each.label, 30) for each in shown])
    data.add_series("at its low end", [round(each.npv_at_low_usd - npv, 2) for each in shown])
    data.add_series("at its high end", [round(each.npv_at_high_usd - npv, 2) for each in shown])
    said = f"What moves the {usd_short(npv)}, USD up or down"
    slide.text(said, slide.left, slide.top, width, 0.3, size=14, ink=ACCENT, bold=True)
    chart = slide.chart(XL_CHART_TYPE.BAR_CLUSTERED, data, at=(slide.left, slide.top + 0.3), size=(width, 5.1))
    plot = chart.plots[0]
    plot.gap_width, plot.overlap = 40, 100
    for series, shade in zip(plot.series, ("6F8FB3", "E6A23C"), strict=True):
        series.format.fill.solid()
        series.format.fill.fore_color.rgb = colour(shade)
        series.invert_if_negative = False
    axes(chart, money_format(max(abs(each.npv_at_low_usd - npv) + abs(each.npv_at_high_usd - npv) for each in shown)))
    chart.category_axis.reverse_order = True
    chart.category_axis.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    chart.value_axis.tick_label_position = XL_TICK_LABEL_POSITION.HIGH
    legend(chart, XL_LEGEND_POSITION.BOTTOM)


def money_format(largest: float) -> str:
    """Millions or thousands, by the size of what is shown."""
    return _MONEY if largest >= 1_000_000 else '$#,##0,"k"' if largest >= 10_000 else "$#,##0"


def axes(chart: Any, money: str) -> None:
    """Write amounts in the format `money`, and quiet grid lines."""
    axis = chart.value_axis
    axis.tick_labels.number_format, axis.tick_labels.number_format_is_linked = money, False
    axis.major_gridlines.format.line.color.rgb = colour("E1E6EB")
    axis.format.line.fill.background()


def legend(chart: Any, position: Any) -> None:
    """Add a legend."""
    chart.has_legend = True
    chart.legend.position, chart.legend.include_in_layout = position, False
    chart.legend.font.size = Pt(12)


_SPACE = 'xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'


def last_as_line(chart: Any) -> None:
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


def yearly(chart: Any) -> None:
    """One tick a year on an axis of dates."""
    axis = chart._chartSpace.chart.plotArea.xpath("c:dateAx")[0]
    for tag in ("majorUnit", "majorTimeUnit", "baseTimeUnit"):
        for found in axis.xpath(f"c:{tag}"):
            axis.remove(found)
    parts: Sequence[str] = ('c:baseTimeUnit {} val="months"', 'c:majorUnit {} val="1"', 'c:majorTimeUnit {} val="years"')
    for part in parts:
        axis.append(parse_xml(f"<{part.format(_SPACE)}/>"))

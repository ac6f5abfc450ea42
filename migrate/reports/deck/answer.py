"""The first two slides: the answer, and what moves when."""

from __future__ import annotations

from typing import Any

from pptx.enum.chart import XL_CHART_TYPE, XL_TICK_LABEL_POSITION
from pptx.util import Pt

from migrate.model.plan import Plan
from migrate.reports.deck.canvas import BAD, GOOD, INK, Deck, colour
from migrate.reports.deck.chart_data import SafeChartData
from migrate.reports.html import Story
from migrate.reports.numerals import count, day, whole

__all__ = ["answer_slide", "schedule_slide"]

_TONES = {"good": GOOD, "bad": BAD}
_KEY = (("6F8FB3", "Replication until cutover"), ("2B9A8B", "Hypercare until decommission"))
_TWO_LINES = 180  # characters that fit in large letters
_EPOCH = 693_594  # proleptic ordinal of 30 December 1899, day 0 of spreadsheets and charts


def answer_slide(deck: Deck, plan: Plan, story: Story) -> None:
    """Add the headline, the key figures and the plan in a few sentences."""
    slide = deck.slide(f"{plan.spec.plan.name}: what moving is worth")
    slide.text(story.headline, slide.left, slide.top - 0.1, slide.width, 0.8, bold=True,
               size=19 if len(story.headline) < _TWO_LINES else 15.5)  # fmt: skip
    across, gap = 4, 0.15
    width, height = (slide.width - gap * (across - 1)) / across, 1.12
    for at, figure in enumerate(story.figures[: across * 3]):
        place = (slide.left + at % across * (width + gap), 2.2 + at // across * (height + gap))
        slide.tile(figure.label, figure.value, figure.note, at=place, size=(width, height), ink=_TONES.get(figure.tone, INK))
    rows = -(-len(story.figures[: across * 3]) // across)
    top = 2.2 + rows * (height + gap) + 0.1
    slide.points(story.sentences[:2], slide.left, top, slide.width, slide.bottom - top, size=14)


def schedule_slide(deck: Deck, plan: Plan) -> None:
    """Add the Gantt of the waves, a native chart whose first series is not drawn."""
    waves = plan.waves
    if not waves:
        deck.slide("Nothing moves yet: the plan has no wave").text("The findings say what is missing.", 0.55, 1.6, 12, 0.5)
        return
    last = max(wave.decommission_date for wave in waves)
    begin = day(waves[0].date)
    slide = deck.slide(f"What moves when: {count(len(waves), 'wave')} from {begin}, the last server off by {day(last)}")
    data = SafeChartData([f"Wave {wave.wave}: {count(wave.servers, 'server')}" for wave in waves])
    serial = [wave.replication_start.toordinal() - _EPOCH for wave in waves]
    data.add_series("Start", serial)
    data.add_series(_KEY[0][1], [max((w.date - w.replication_start).days, 0) for w in waves])
    data.add_series(_KEY[1][1], [max((w.decommission_date - w.date).days, 0) for w in waves])
    slide.key(_KEY, slide.left, slide.top - 0.1)
    chart = slide.chart(XL_CHART_TYPE.BAR_STACKED, data, at=(slide.left, slide.top + 0.2), size=(slide.width, 4.8))
    _as_gantt(chart, min(serial), last.toordinal() - _EPOCH, len(waves))
    servers, data_tib = sum(w.servers for w in waves), sum(w.data_gib for w in waves) / 1024.0
    slide.text(
        f"{count(servers, 'server')} and {whole(data_tib)} TiB move. A bar changes colour on the day of cutover; where it ends, "
        "the old server is switched off.",
        slide.left, 6.5, slide.width, 0.4, size=13,
    )  # fmt: skip


def _as_gantt(chart: Any, first: int, last: int, waves: int) -> None:
    plot = chart.plots[0]
    plot.gap_width, plot.overlap = 35, 100
    plot.series[0].format.fill.background()
    for series, (shade, _) in zip(list(plot.series)[1:], _KEY, strict=True):
        series.format.fill.solid()
        series.format.fill.fore_color.rgb = colour(shade)
    dates, names = chart.value_axis, chart.category_axis
    dates.minimum_scale, dates.maximum_scale = first - 5, last + 10
    dates.tick_labels.number_format, dates.tick_labels.number_format_is_linked = "mmm yyyy", False
    dates.major_unit = max(round((last - first) / 9 / 30.4) * 30.4, 30.4)
    dates.major_gridlines.format.line.color.rgb = colour("E1E6EB")
    dates.tick_label_position = XL_TICK_LABEL_POSITION.HIGH
    names.reverse_order = True
    names.tick_labels.font.size = Pt(11 if waves <= 24 else 8)
    names.format.line.fill.background()
    chart.has_legend = False

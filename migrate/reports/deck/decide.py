"""The slides of risk, of what is to be decided, and of what the answer rests on."""

from __future__ import annotations

from pptx.enum.chart import XL_CHART_TYPE

from migrate.model.plan import Plan
from migrate.reports.board import decisions, exit_rows, rests_on
from migrate.reports.deck.canvas import ACCENT, Deck, colour
from migrate.reports.deck.chart_data import SafeChartData
from migrate.reports.html import Story
from migrate.reports.numerals import count, decimal, percent, usd_short
from migrate.reports.unknowns import unknowns

__all__ = ["basis_slide", "decisions_slide", "risk_slide"]

_MOST_RISKS, _MOST_SITES, _MOST_POINTS = 10, 8, 6


def risk_slide(deck: Deck, plan: Plan, story: Story) -> None:
    """Add expected losses by wave and the riskiest applications."""
    slide = deck.slide(f"Risk: failed cutovers are expected to cost {usd_short(story.expected_loss)} in all")
    half = slide.width / 2 - 0.15
    if plan.waves:
        slide.text("Risk score of each wave, 0 to 100", slide.left, slide.top, half, 0.3, size=14, ink=ACCENT, bold=True)
        data = SafeChartData([str(wave.wave) for wave in plan.waves], "0")
        data.add_series("Risk score", [round(wave.risk_score, 1) for wave in plan.waves])
        chart = slide.chart(XL_CHART_TYPE.COLUMN_CLUSTERED, data, at=(slide.left, slide.top + 0.3), size=(half, 4.9))
        chart.has_legend, chart.plots[0].gap_width = False, 40
        series = chart.plots[0].series[0]
        series.format.fill.solid()
        series.format.fill.fore_color.rgb = colour("E6A23C")
        chart.value_axis.minimum_scale, chart.value_axis.maximum_scale = 0, 100
        chart.value_axis.major_gridlines.format.line.color.rgb = colour("E1E6EB")
        chart.value_axis.format.line.fill.background()
    right = slide.left + half + 0.3
    slide.text("Riskiest applications", right, slide.top, half, 0.3, size=14, ink=ACCENT, bold=True)
    rows = [
        (a.application, a.criticality, str(a.wave or ""), decimal(a.risk_score, 0), percent(a.failure_probability))
        for a in story.risk.top[:_MOST_RISKS]
    ]
    slide.table(("Application", "Criticality", "Wave", "Score", "May fail"), rows, at=(right, slide.top + 0.35),
                widths=[half * x for x in (0.4, 0.22, 0.11, 0.12, 0.15)], right=(2, 3, 4), size=11, longest=30)  # fmt: skip
    slide.text("Every runbook has a way back and a point of no return; a rehearsal executes both on a mock of AWS.",
               right, slide.bottom - 0.75, half, 0.6, size=12)  # fmt: skip


def decisions_slide(deck: Deck, plan: Plan) -> None:
    """Add sites against their leases, and what is to be decided."""
    asked, sites = decisions(plan), exit_rows(plan)
    slide = deck.slide("What must be decided" + (f": {count(len(asked), 'matter')}" if asked else ""))
    top = slide.top
    if sites:
        rows = [(row.site, row.empty, row.lease_end, row.verdict, row.saved) for row in sites[:_MOST_SITES]]
        slide.table(("Site", "Empty on", "Lease ends", "", "Fixed cost avoided"), rows, at=(slide.left, top),
                    widths=[slide.width * x for x in (0.2, 0.14, 0.14, 0.36, 0.16)], right=(4,), size=13)  # fmt: skip
        top += 0.3 * (len(rows) + 1) + 0.3
        if len(sites) > _MOST_SITES:
            slide.text(f"and {count(len(sites) - _MOST_SITES, 'site')} more", slide.left, top - 0.25, slide.width, 0.3, size=12)
            top += 0.1
    more = [f"and {count(len(asked) - _MOST_POINTS, 'matter')} more, in the report"] if len(asked) > _MOST_POINTS else []
    slide.points([*asked[:_MOST_POINTS], *more], slide.left, top, slide.width, slide.bottom - top, size=15)


def basis_slide(deck: Deck, plan: Plan) -> None:
    """Add what the figures rest on, and what is not known."""
    slide = deck.slide("What this rests on, and what is not known")
    half = slide.width / 2 - 0.2
    for at, (label, said) in enumerate((("It rests on", rests_on(plan)), ("Not known", unknowns(plan)[:_MOST_POINTS]))):
        left = slide.left + at * (half + 0.4)
        slide.text(label, left, slide.top, half, 0.35, size=16, ink=ACCENT, bold=True)
        slide.points(said, left, slide.top + 0.45, half, slide.bottom - slide.top - 0.5, size=14)

"""The sections of the paper, in the order in which a reader asks."""

from __future__ import annotations

from migrate.model.plan import InputFile, Plan, PlannedApplication, PlannedWave
from migrate.reports.board import decisions, exit_rows, rests_on
from migrate.reports.html import Story
from migrate.reports.html.costs import PARTS, CostTable
from migrate.reports.html.worth import worth_words
from migrate.reports.numerals import count, day, decimal, percent, stated, usd, usd_short, whole
from migrate.reports.paper.blocks import FILLS, Block, Row, bars, chart, grid, points, section, stripes, table, tiles, words
from migrate.reports.unknowns import unknowns

__all__ = ["sections"]

_MOST_WAVES, _MOST_ROWS, _MOST_BASIS = 60, 14, 200


def sections(plan: Plan, story: Story) -> list[Block]:
    """All of the paper."""
    asked = points(decisions(plan)[:8], "What must be decided")
    return [
        section(
            "", tiles(story.figures, across=5 if len(story.figures) % 5 == 0 else 4), points(story.sentences, "In words"), asked
        ),
        _money(plan, story),
        _worth(plan, story),
        _waves(plan, story),
        _sites(plan),
        _costs(plan, story),
        _spending(story),
        section("Alternatives" if story.alternatives else "", *(grid(table, 60) for table in story.alternatives)),
        _risk(story),
        section("What is not known", points(unknowns(plan)[:14])),
        _basis(plan),
    ]


_YEARS = ("source", "sites", "target", "operations", "one_off", "partner", "total", "stay", "saving")
_YEAR_HEAD = (
    "Year", "Servers at source", "Sites", "AWS with support", "Cloud operations", "One-off", "Partner", "Moving", "Staying",
    "Saving",
)  # fmt: skip
_WAVE_HEAD = (
    "Wave", "Cutover", "Servers", "Appl.", "GiB", "Risk", "Data", "Expected loss", "AWS a month", "Old servers off",
)  # fmt: skip
_BARS = ((FILLS["replication"], "Replication until cutover"), (FILLS["hypercare"], "Hypercare until decommission"))


def _money(plan: Plan, story: Story) -> Block:
    case, spread = plan.business_case, plan.business_case.npv_range
    moving = "Cost by month of moving, stacked, against staying"
    rows = [(str(year.year), *(usd(getattr(year, name)) for name in _YEARS)) for year in story.years]
    return section(
        "The money",
        chart("The migration bubble: cost by month", story.bubble, moving, line="if nothing moves"),
        chart("Cumulated saving against staying, not discounted", story.cumulated, "Cumulated saving by month", height=3.9),
        table("By calendar year, USD, not discounted", _YEAR_HEAD, rows, (0.6, *[1.0] * 9), right=range(1, 10)),
        words(
            f"Net present value {worth_words(plan)}, at {percent(plan.spec.plan.discount_rate, 1)} a year, each month counted "
            f"at its end. As planned it is {usd(case.npv_usd)}, between {usd_short(spread.low)} and {usd_short(spread.high)}. "
            f"{spread.reason}"
        ),
        new_page=True,
    )


def _worth(plan: Plan, story: Story) -> Block:
    sure, simulation = story.uncertainty, plan.business_case.simulation
    if not story.worth and not sure.tornado:
        return section("")
    return section(
        "What it is worth, and how sure that is",
        *(grid(table) for table in story.worth[:1]),
        stripes(sure.tornado),
        words(sure.tornado.note, quiet=True) if sure.tornado else None,
        chart("The present value in simulated runs", sure.histogram, "Runs by present value", height=3.2),
        words(sure.words) if sure.words else None,
        words(simulation.method, quiet=True) if simulation else None,
        grid(sure.cases, 60),
        *(grid(table) for table in story.worth[1:]),
        new_page=True,
    )


def _spending(story: Story) -> Block:
    spent = story.spending
    blocks = [
        grid(spent.bill),
        chart("Commitments: the cheapest mix by month", spent.commitment_chart, "Cheapest mix by month", height=3.6,
              line="everything on demand"),
        words(spent.commitment_words) if spent.commitment_words else None,
        grid(spent.commitments),
        grid(spent.purchases),
        *(grid(table, 34) for table in spent.showback),
        chart("Carbon by month, tonnes of CO2 equivalent", spent.carbon_chart, "Carbon by month", height=3.2,
              line="if nothing moves"),
        grid(spent.carbon),
    ]  # fmt: skip
    there = [block for block in blocks if block is not None]
    return section("Spending" if there else "", *there, new_page=bool(there))


def _waves(plan: Plan, story: Story) -> Block:
    if story.gantt is None:
        return section("What moves when", words("Nothing moves yet: the plan has no wave."))
    rows = [
        Row(
            f"Wave {row.wave} · {row.date}",
            row.size.split(",")[0],
            tuple((bar.at, bar.width, fill) for bar, (fill, _) in zip((row.replication, row.hypercare), _BARS, strict=True)),
        )
        for row in story.gantt.rows
    ]
    rows += [Row(f"Lease of {x.site}", x.date, (), (x.at,)) for x in story.gantt.leases[:_MOST_ROWS] if x.at is not None]
    listed = [_wave(wave) for wave in plan.waves[:_MOST_WAVES]]
    widths = (0.6, 1.25, 1.3, 0.65, 0.95, 0.6, 0.75, 1.1, 1.2, 1.3)
    note = _more(len(plan.waves) - len(listed), "wave")
    return section(
        "What moves when",
        bars("", rows, key=_BARS, ticks=story.gantt.ticks),
        table("The waves", _WAVE_HEAD, listed, widths, right=range(2, 9), note=note),
    )


def _wave(wave: PlannedWave) -> tuple[str, ...]:
    return (
        str(wave.wave),
        day(wave.date),
        count(wave.servers, "server"),
        str(len(wave.applications)),
        whole(wave.data_gib),
        decimal(wave.risk_score, 0),
        percent(wave.confidence),
        usd_short(wave.expected_loss_usd.likely),
        usd(wave.cost_usd_month),
        day(wave.decommission_date),
    )


def _sites(plan: Plan) -> Block:
    rows = [(row.site, row.empty, row.lease_end, row.verdict, row.saved) for row in exit_rows(plan)[:_MOST_WAVES]]
    head = ("Site", "Empty on", "Lease ends", "Against the lease", "Fixed cost avoided")
    return section("Sites and leases" if rows else "", table("", head, rows, (1.4, 1, 1, 2.4, 1.2), right=(4,)))


def _costs(plan: Plan, story: Story) -> Block:
    if not story.costs:
        return section("")
    types = [(row.target, row.region, whole(row.servers), usd(row.compute), usd(row.each)) for row in story.types[:_MOST_ROWS]]
    head = ("Target", "Region", "Servers", "USD a month", "Each")
    return section(
        "Costs in the cloud",
        words(
            f"USD a month at list price: {plan.price_book}, {plan.spec.target.regions[0]}, "
            f"{plan.spec.target.term.replace('_', ' ')}. Support and operations are in the business case, not here. A dash is "
            "unknown, and unknown is never counted as zero: “priced” says how many servers a sum covers."
        ),
        *(_cost_table(cut) for cut in story.costs),
        table("Targets that cost most, compute only", head, types, (1.6, 1.2, 0.8, 1.1, 0.9), right=(2, 3, 4)),
    )


def _cost_table(cut: CostTable) -> Block | None:
    rows = []
    for row in (*cut.rows[:_MOST_ROWS], cut.total):
        parts = (usd(row.parts[part]) for part in PARTS)
        priced = f"{row.priced:,} of {row.moving:,}"
        rows.append((row.label, whole(row.servers), priced, *parts, usd(row.total), usd(row.source)))
    head = (cut.title, "Servers", "Priced", *(part.capitalize() for part in PARTS), "Total", "At source now")
    widths = (1.7, 0.8, 1.3, *[0.9] * len(PARTS), 1, 1)
    note, right = _more(len(cut.rows) - _MOST_ROWS, "row"), range(1, len(head))
    return table(f"By {cut.title.lower()}", head, rows, widths, right=right, total=True, longest=34, note=note)


def _risk(story: Story) -> Block:
    top = [_application(application) for application in story.risk.top]
    head = ("Application", "Criticality", "Wave", "Score", "Data", "May fail", "Outage an hour")
    rules = [(rule.rule, f"{rule.applications:,}", decimal(rule.points, 0)) for rule in story.risk.rules[:_MOST_ROWS]]
    return section(
        "Risk",
        words(f"Failed cutovers are expected to cost {usd(story.expected_loss)} in all, over the likely estimates of the waves."),
        table("Riskiest applications", head, top, (2.4, 1.3, 0.6, 0.6, 0.6, 0.8, 1.1), right=range(2, 7), longest=44),
        table("What makes it risky", ("Rule", "Applications", "Points"), rules, (3, 1, 1), right=(1, 2)),
        new_page=True,
    )


def _application(a: PlannedApplication) -> tuple[str, ...]:
    odds, outage = percent(a.failure_probability), usd_short(a.outage_usd_h)
    return (a.application, a.criticality, str(a.wave or ""), decimal(a.risk_score, 0), percent(a.confidence), odds, outage)


def _basis(plan: Plan) -> Block:
    given = [assumption for assumption in plan.business_case.assumptions if assumption.counts]
    listed = given[:_MOST_BASIS]
    left = len(plan.business_case.assumptions) - len(listed)
    note = f"{count(left, 'figure')} more, not given or not used, in plan.xlsx." if left else ""
    figures = [(a.key, stated(a.value), a.unit, _source(a.source)) for a in listed]
    head = ("File", "Reader", "Rows", "Set aside", "SHA-256 begins")
    return section(
        "What it rests on",
        points(rests_on(plan)),
        table("Assumptions", ("Figure", "Value", "Unit", "Source"), figures, (3.0, 1.7, 2.2, 1.2), note=note),
        table(
            "Files that were read",
            head,
            [_file(file) for file in plan.inputs[:_MOST_BASIS]],
            (2.4, 1.3, 0.8, 0.8, 1.4),
            right=(2, 3),
        ),
        new_page=True,
    )


def _file(file: InputFile) -> tuple[str, ...]:
    rows = "aggregated" if file.rows_read is None else whole(file.rows_read)
    return (file.file, file.reader, rows, whole(file.rows_quarantined), file.sha256[:16])


def _more(left_out: int, noun: str) -> str:
    return f"{count(left_out, noun)} more in plan.xlsx." if left_out > 0 else ""


def _source(source: str) -> str:
    """Where an assumption comes from, short."""
    return "planning value" if source.startswith("default of this program") else source

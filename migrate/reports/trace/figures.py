"""Ids of figures, and the tree behind one.

Ids are words with dots, from the whole to the part: ``npv``, ``year.2028.total``, ``month.2027-05.target_run``,
``month.2027-05.line.target.compute``, ``line.one-off.training``, ``application.NAME.cost``, ``server.NAME.compute``,
``wave.3.cost``, ``site.NAME.saved``, ``assumption.costs.support_share``. A name may itself have dots.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from migrate.errors import RequestError
from migrate.finance.extra_capacity import extra_of_line
from migrate.model.plan import Plan
from migrate.reports.trace.estimates import estimates
from migrate.reports.trace.ledger import Ledger
from migrate.reports.trace.months import FIELDS, line_month, line_total, month_field, year_field
from migrate.reports.trace.node import Node, Traced, apart, grow
from migrate.reports.trace.results import results
from migrate.reports.trace.servers import RESOURCES, part_node, resource_node
from migrate.reports.trace.things import (
    APPLICATION,
    SERVER,
    SITE,
    WAVE,
    application_figure,
    server_figure,
    site_figure,
    wave_figure,
)
from migrate.reports.visible import shortened
from migrate.targets.source_cost import source_parts

__all__ = ["figure_names", "list_figures", "trace"]

_NEAR, _LONGEST = 5, 80


def trace(plan: Plan, figure: str, *, depth: int = 12, width: int = 5, opened: int = 1, prices: Path | None = None) -> Traced:
    """The tree behind a figure.

    Parameters
    ----------
    figure
        Its id.
    depth, width, opened
        Generations of inputs; most inputs shown of each, what is left out is counted and added up; and how many of the shown,
        the largest first, have their own inputs shown.
    prices
        The price book of the plan, where it is not one that the package carries.

    Raises
    ------
    RequestError
        There is no such figure (the nearest are named), or `prices` is another book.
    """
    ledger = Ledger(plan, prices)
    if prices is not None:
        _ = ledger.book
    node = _find(ledger, figure.strip())
    if node is None:
        if "extra" in figure.casefold():
            raise RequestError(f"the plan has no figure {shortened(figure, _LONGEST)!r}", remedy=_extra(ledger))
        near = difflib.get_close_matches(figure, list(_names(ledger)), n=_NEAR, cutoff=0.3)
        remedy = f"The nearest are {', '.join(near)}." if near else "Try npv, payback or year.2028.total."
        raise RequestError(f"the plan has no figure {shortened(figure, _LONGEST)!r}", remedy=remedy)
    return grow(apart(node), depth, width, opened)


def _extra(ledger: Ledger) -> str:
    """The figures of what waves buy beyond the usual capacity."""
    names = [f"line.{key}" for key in ledger.lines if extra_of_line(ledger.plan.waves, key)]
    if not names:
        return "No wave buys capacity beyond the usual, so there is nothing to trace."
    more = f" and {len(names) - _NEAR} more" if len(names) > _NEAR else ""
    return f"What waves buy beyond the usual capacity is {', '.join(names[:_NEAR])}{more}."


def figure_names(plan: Plan) -> tuple[str, ...]:
    """Ids of all figures of a plan, sorted."""
    return tuple(sorted(_names(Ledger(plan))))


def list_figures(plan: Plan) -> tuple[Traced, ...]:
    """The figures of the whole case, without what is behind them."""
    ledger = Ledger(plan)
    found = {**results(ledger), **estimates(ledger)}
    return tuple(grow(apart(make()), 0, 1, 1) for name, make in found.items() if not name.startswith("showback."))


def _find(ledger: Ledger, figure: str) -> Node | None:
    whole = dict(results(ledger)) | dict(estimates(ledger))
    if figure in whole:
        return whole[figure]()
    kind, _, rest = figure.partition(".")
    return _KINDS[kind](ledger, rest) if kind in _KINDS else None


def _year(ledger: Ledger, rest: str) -> Node | None:
    name, _, field = rest.rpartition(".")
    known = field in FIELDS and name in {str(month.month.year) for month in ledger.case.months}
    return year_field(ledger, int(name), field) if known else None


def _line(ledger: Ledger, rest: str) -> Node | None:
    return line_total(ledger, ledger.lines[rest]) if rest in ledger.lines else None


def _assumption(ledger: Ledger, rest: str) -> Node | None:
    return ledger.assumption(rest) if rest in ledger.assumptions else None


def _application(ledger: Ledger, rest: str) -> Node | None:
    name, _, field = rest.rpartition(".")
    known = name in ledger.applications and field in APPLICATION
    return application_figure(ledger, ledger.applications[name], field) if known else None


def _wave(ledger: Ledger, rest: str) -> Node | None:
    name, _, field = rest.rpartition(".")
    return wave_figure(ledger, ledger.waves[name], field) if name in ledger.waves and field in WAVE else None


def _site(ledger: Ledger, rest: str) -> Node | None:
    name, _, field = rest.rpartition(".")
    found = [leaving for leaving in ledger.case.site_exits if leaving.site == name]
    return site_figure(ledger, found[0], field) if found and field in SITE else None


def _month(ledger: Ledger, rest: str) -> Node | None:
    tag, _, field = rest.partition(".")
    if tag not in ledger.months:
        return None
    k, _ = ledger.months[tag]
    if field in FIELDS:
        return month_field(ledger, k, field)
    what, _, key = field.partition(".")
    line = ledger.lines.get(key)
    if line is None or what not in ("line", "quantity"):
        return None
    node = line_month(ledger, line, k)
    return node if what == "line" else node.inputs()[0]


def _server(ledger: Ledger, rest: str) -> Node | None:
    for part in source_parts(ledger.spec.costs):
        name = rest.removesuffix(f".source.{part.key}")
        if name != rest and name in ledger.servers:
            return part_node(ledger, ledger.plan.servers[ledger.servers[name]], part.key)
    name, _, field = rest.rpartition(".")
    if name not in ledger.servers or field not in (*SERVER, *RESOURCES):
        return None
    server = ledger.plan.servers[ledger.servers[name]]
    return server_figure(ledger, server, field) if field in SERVER else resource_node(ledger, server, field)


_KINDS: Mapping[str, Callable[[Ledger, str], Node | None]] = {
    "year": _year, "month": _month, "line": _line, "assumption": _assumption, "application": _application, "server": _server,
    "wave": _wave, "site": _site,
}  # fmt: skip


def _names(ledger: Ledger) -> Iterator[str]:
    yield from results(ledger)
    yield from estimates(ledger)
    yield from (f"line.{key}" for key in ledger.lines)
    yield from (f"assumption.{key}" for key in ledger.assumptions)
    for year in sorted({month.month.year for month in ledger.case.months}):
        yield from (f"year.{year}.{field}" for field in FIELDS)
    for tag in ledger.months:
        yield from (f"month.{tag}.{field}" for field in FIELDS)
    yield from (f"wave.{number}.{field}" for number in ledger.waves for field in WAVE)
    yield from (f"site.{leaving.site}.{field}" for leaving in ledger.case.site_exits for field in SITE)
    yield from (f"application.{name}.{field}" for name in ledger.applications for field in APPLICATION)
    yield from (f"server.{ledger.key_of(server)}.cost" for server in ledger.plan.servers)

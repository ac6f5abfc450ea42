"""When each site is empty, what keeps it open, and what it costs until then.

A site's fixed cost is a step: it runs in full until the last server has left, which is why the order of the waves
matters. Servers that are retained keep it open too, unless `site.colocation_usd_month` says what housing them
elsewhere costs: then that is paid from the exit on.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from migrate.finance.axis import NEVER, Axis, Days, Floats
from migrate.finance.fates import Fates
from migrate.finance.lines import Line, Side
from migrate.finance.rising import rising
from migrate.model.plan import CostFactor, PlannedServer, SiteExit
from migrate.spec import Site, Spec

__all__ = ["SiteDays", "exits", "site_days", "site_lines"]

_NAMED = 20  # blockers that are named; a site with more has a larger problem than their names


@dataclass(frozen=True)
class SiteDays:
    """A site on the axis. `exit_day` and `last_cutover` are `NEVER` where there is none."""

    site: Site
    servers: int
    last_cutover: int
    exit_day: int
    blockers: Days  # indices of the servers that keep it open
    housed: int  # retained servers that are housed elsewhere after the exit


def site_days(fates: Fates, spec: Spec) -> tuple[SiteDays, ...]:
    """Each site of the request with its exit. A site of which no server is known has no exit."""
    return tuple(_one_site(site, fates.place == k, fates) for k, site in enumerate(spec.site))


def _one_site(site: Site, here: np.ndarray, fates: Fates) -> SiteDays:
    stays = here & (fates.leave >= NEVER)
    housed = stays & fates.retained if site.colocation_usd_month is not None else np.zeros_like(stays)
    blockers = np.flatnonzero(stays & ~housed)
    leaving = fates.leave[here & ~stays]
    cutovers = fates.cutover[here & fates.moves]
    empty = not here.any() or blockers.size > 0 or leaving.size == 0
    return SiteDays(
        site=site,
        servers=int(here.sum()),
        last_cutover=int(cutovers.max()) if cutovers.size else NEVER,
        exit_day=NEVER if empty else int(leaving.max()),
        blockers=blockers,
        housed=int(housed.sum()),
    )


def site_lines(days: Sequence[SiteDays], spec: Spec, axis: Axis) -> list[Line]:
    """Lines of the groups ``site_fixed`` and ``stay_site_fixed``: months that a site is open, and housing after its exit."""
    lines = []
    rises = rising("space", spec.costs)
    for k, each in enumerate(days):
        site, end = each.site, np.array([each.exit_day])
        opened = axis.mean(np.array([0]), end, np.ones(1))
        fixed, always = f"site[{k}].fixed_cost_usd_month", np.ones(len(axis.months))
        lines += [
            _line(f"site.{k}.fixed", f"Site {site.name}", "moving", opened, fixed, site.fixed_cost_usd_month, rises),
            _line(
                f"stay-site.{k}.fixed", f"Site {site.name}, staying", "staying", always, fixed, site.fixed_cost_usd_month, rises
            ),
        ]
        if each.housed and site.colocation_usd_month is not None and each.exit_day < NEVER:
            housing = axis.mean(end, np.array([NEVER]), np.ones(1))
            key, label = f"site[{k}].colocation_usd_month", f"Housing of what stays of {site.name}"
            lines.append(_line(f"site.{k}.housing", label, "moving", housing, key, site.colocation_usd_month, rises))
    return lines


def _line(key: str, label: str, side: Side, quantity: Floats, rate_key: str, rate: float, rises: tuple[CostFactor, ...]) -> Line:
    group = "site_fixed" if side == "moving" else "stay_site_fixed"
    return Line(key, label, side, group, "space", "months", quantity, rate_key, rate, rises)


def exits(days: Sequence[SiteDays], servers: Sequence[PlannedServer], lines: Sequence[Line], axis: Axis) -> tuple[SiteExit, ...]:
    """`SiteExit` records, in the order of the request. What is saved is net of colocation."""
    return tuple(
        SiteExit(
            site=each.site.name,
            last_cutover=None if each.last_cutover >= NEVER else axis.date(each.last_cutover),
            exit_date=None if each.exit_day >= NEVER else axis.date(each.exit_day),
            lease_end=each.site.lease_end,
            blocked_by=_blocked_by(each, servers),
            saved_usd=_saved(f"site.{k}.", lines),
        )
        for k, each in enumerate(days)
    )


def _saved(prefix: str, lines: Sequence[Line]) -> float:
    """Staying minus moving, USD over the horizon."""
    of = [line for line in lines if line.key.removeprefix("stay-").startswith(prefix)]
    return round(float(sum(line.sign * line.amount.sum() for line in of)), 2) + 0.0


def _blocked_by(each: SiteDays, servers: Sequence[PlannedServer]) -> tuple[str, ...]:
    """The applications of the servers that stay (the server's own name where it has none), sorted."""
    if not each.servers:
        return ("no server of this site is known",)
    names = sorted({servers[k].application or servers[k].name for k in each.blockers})
    if not names and each.exit_day >= NEVER:
        return ("no server of this site leaves it",)
    more = len(names) - _NAMED
    return (*names[:_NAMED], f"and {more} more") if more > 0 else tuple(names)

"""Capacity that can be had at a price: overtime of crews, servers beyond the usual number, data that goes another way.

What a wave needs of a resource is parted into steps, each with its own price for a unit::

    cost = Σ waves Σ steps usd × clip(needed − low, 0, high − low)

- **overtime** of a skill begins where its ``hours_week`` end. Of several [[crew]] of a skill the cheapest overtime is used
  first, so that the price of an hour only rises and the steps fill in their order.
- **servers** beyond ``waves.usual_servers``.
- **overflow** of a link: what it cannot have replicated by the cutover (`migrate.waves.links`). The line serves the earlier
  cutover first and never waits while there is data, so no other order would leave less over.

Amounts are whole thousandths. The hard limits stay where they are: of hours with all overtime, of servers `max_servers`; a
link with a price has none.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from migrate.spec import Crew, Spec
from migrate.waves.links import Links, link_room
from migrate.waves.resources import THOUSAND, UNLIMITED, Resource, crew_weeks
from migrate.waves.rules import Ints

__all__ = ["Chains", "Extras", "Step", "list_extras", "split_links"]


@dataclass(frozen=True)
class Step:
    """A stretch of one resource's amount that has a price."""

    column: int  # position among the resources
    rule: str  # id
    key: str  # of the price in plan.toml, such as ``crew[network].overtime_usd_hour``
    what: str  # the unit in words, such as ``network hours of overtime``
    usd: float  # of a unit
    low: Ints  # of each wave, thousandths: where it begins …
    high: Ints  # … and ends; of a link: what a wave has alone, and no end


class Chains(NamedTuple):
    """The same prices as the search counts them: what exceeds ``due − opens``, each adding to those before it.

    Of a link the waves share it; of anything else they are too far apart to meet.
    """

    links: Links
    usd: NDArray[np.float64]  # of a thousandth


@dataclass(frozen=True)
class Extras:
    """The steps, those of a resource in the order in which they fill, and the links that have a price."""

    steps: tuple[Step, ...]
    links: Links

    def amounts(self, used: Ints) -> Ints:
        """Waves × steps: what is used of each; thousandths.

        Parameters
        ----------
        used
            Waves × resources.
        """
        table = np.zeros((len(used), len(self.steps)), dtype=np.int64)
        over = used[:, self.links.columns] - link_room(self.links, used[:, self.links.columns])
        place = {int(column): number for number, column in enumerate(self.links.columns)}
        for number, step in enumerate(self.steps):
            shared = place.get(step.column)
            beyond = np.minimum(used[:, step.column], step.high) - step.low if shared is None else over[:, shared]
            table[:, number] = np.maximum(beyond, 0)
        return table

    @property
    def usd(self) -> NDArray[np.float64]:
        """Of a thousandth of each step."""
        return np.array([step.usd for step in self.steps], dtype=np.float64) / THOUSAND

    def chains(self) -> Chains:
        """The steps as queues, each with what a unit costs more than in the step before."""
        waves = len(self.links.due)
        place = {int(column): number for number, column in enumerate(self.links.columns)}
        own = np.arange(waves, dtype=np.int64) * UNLIMITED
        columns, opens, due, usd = [], [], [], []
        for number, step in enumerate(self.steps):
            same = number > 0 and self.steps[number - 1].column == step.column
            dearer = step.usd - (self.steps[number - 1].usd if same else 0.0)
            if dearer <= 0:
                continue
            shared = place.get(step.column)
            begin = own if shared is None else self.links.opens[:, shared]
            columns.append(step.column)
            opens.append(begin)
            due.append(begin + step.low)
            usd.append(dearer / THOUSAND)

        def table(rows: list[Ints]) -> Ints:
            return np.array(rows, dtype=np.int64).reshape(len(rows), waves).T

        return Chains(Links(np.array(columns, dtype=np.int64), table(opens), table(due)), np.array(usd, dtype=np.float64))


def split_links(links: Links, resources: Sequence[Resource], spec: Spec) -> tuple[Links, Links]:
    """The links that are hard limits, and those that have a price."""
    priced = {link.from_ for link in spec.link if link.overflow_usd_gib is not None}
    soft = np.array([resources[int(column)].name in priced for column in links.columns], dtype=bool)
    return links.only(~soft), links.only(soft)


def list_extras(day: NDArray[np.float64], resources: Sequence[Resource], links: Links, spec: Spec) -> Extras:
    """What the request gives a price, for candidates on the given days from the plan's start.

    Parameters
    ----------
    day
        Of each candidate.
    resources
        All resources.
    links
        Those that have a price.
    spec
        The request.
    """
    steps: list[Step] = []
    for column, resource in enumerate(resources):
        if resource.kind == "servers":
            steps += _servers(column, len(day), spec)
        elif resource.kind == "crew":
            crews = [crew for crew in spec.crew if crew.skill == resource.name]
            steps += _overtime(column, resource, crew_weeks(day, spec), crews)
        elif column in links.columns:
            steps.append(_overflow(column, resource, links, spec))
    return Extras(tuple(steps), links)


def _servers(column: int, waves: int, spec: Spec) -> list[Step]:
    usual, usd = spec.waves.usual_servers, spec.waves.over_usual_usd_server
    if usual is None or usd is None:
        return []
    what = f"servers beyond the usual {usual:,}"
    low = np.full(waves, usual * THOUSAND, dtype=np.int64)
    return [Step(column, "waves.usual_servers", "waves.over_usual_usd_server", what, usd, low, np.full_like(low, UNLIMITED))]


def _overtime(column: int, resource: Resource, weeks: NDArray[np.float64], crews: Sequence[Crew]) -> list[Step]:
    """One step for each crew, in the order of price."""
    hours = sum(crew.hours_week for crew in crews)
    ladder = sorted(
        (crew.overtime_usd_hour, number, crew.overtime_hours_week)
        for number, crew in enumerate(crews)
        if crew.overtime_usd_hour is not None and crew.overtime_hours_week is not None
    )
    steps = []
    for place, (usd, _, more) in enumerate(ladder):
        low = _thousandths(hours * weeks)
        hours += more
        high = _thousandths(hours * weeks) if place + 1 < len(ladder) else np.full_like(low, UNLIMITED)
        key = f"crew[{resource.name}].overtime_usd_hour"
        steps.append(Step(column, resource.id, key, f"{resource.unit} of overtime", usd, low, high))
    return steps


def _overflow(column: int, resource: Resource, links: Links, spec: Spec) -> Step:
    usd = next(link.overflow_usd_gib for link in spec.link if link.from_ == resource.name and link.overflow_usd_gib is not None)
    place = int(np.flatnonzero(links.columns == column)[0])
    low = links.due[:, place] - links.opens[:, place]
    what = f"GiB more than the link of {resource.name} can have replicated"
    key = f"link[{resource.name}].overflow_usd_gib"
    return Step(column, resource.id, key, what, usd, low, np.full_like(low, UNLIMITED))


def _thousandths(values: NDArray[np.float64]) -> Ints:
    """Rounded as capacities are, so that the last step ends where the hard limit is."""
    return np.floor(values * THOUSAND + 1e-6).astype(np.int64)

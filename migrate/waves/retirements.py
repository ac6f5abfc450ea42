"""Applications that are retired on a known day: `before` rules make others wait for it, or hurry before it, and
`within` rules keep others near it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from migrate.findings import Finding, Severity
from migrate.model.plan import PlannedApplication
from migrate.spec import Spec
from migrate.waves.selectors import Selectors

__all__ = ["Retirement", "Retirements", "find_retirements"]


@dataclass(frozen=True)
class Retirement:
    """One application and its last day; `day` counts from the plan's start."""

    name: str
    on: dt.date
    day: int


@dataclass(frozen=True)
class Retirements:
    """What is retired. `dated` is in the order of `applications`; None where no day is known."""

    applications: tuple[PlannedApplication, ...]
    dated: tuple[Retirement | None, ...]

    @cached_property
    def _selectors(self) -> Selectors:
        return Selectors(self.applications)

    def find(self, selector: str) -> list[Retirement]:
        """The retired applications with a day that a selector means."""
        found = (self.dated[index] for index in self._selectors.find(selector))
        return [item for item in found if item is not None]

    def without_day(self, names: Sequence[str], rule: str) -> list[Finding]:
        """A finding for every application that a rule names itself and whose day is not known."""
        place = {item.application.casefold(): index for index, item in enumerate(self.applications)}
        return [
            Finding(
                code="retired-without-day",
                severity=Severity.warning,
                subject=name,
                source="plan.toml",
                message=f"The rule {rule} depends on the day of its retirement, which is not known",
                remedy=f"Add `on` to [[disposition]] application = {name!r}.",
            )
            for name in names
            if name.casefold() in place and self.dated[place[name.casefold()]] is None
        ]


def find_retirements(everyone: Sequence[PlannedApplication], spec: Spec) -> Retirements:
    """The applications of which nothing moves because they are retired."""
    days = {item.application.casefold(): item.on for item in reversed(spec.disposition) if item.application and item.on}
    gone = tuple(sorted((a for a in everyone if not a.moving_servers and a.disposition == "retire"), key=lambda a: a.application))

    def dated(name: str) -> Retirement | None:
        on = days.get(name.casefold())
        return None if on is None else Retirement(name, on, (on - spec.plan.start).days)

    return Retirements(gone, tuple(dated(item.application) for item in gone))

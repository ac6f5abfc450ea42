"""What all diagrams of a plan look up, made once: a large plan has a hundred of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from migrate.model.plan import Plan, PlannedApplication, PlannedDependency
from migrate.reports.diagram_legend import domain_fills
from migrate.reports.diagram_links import shared_services

__all__ = ["DrawnPlan"]


class DrawnPlan:
    """Indexes of a plan for its diagrams.

    Attributes
    ----------
    wave_of
        Wave by application, for all of the plan; None stays.
    fills
        Colour by business domain.
    services
        Names of shared services.
    """

    def __init__(self, plan: Plan) -> None:
        self.wave_of = {application.application: application.wave for application in plan.applications}
        self.fills = domain_fills(application.domain for application in plan.applications)
        self.services = shared_services(plan)
        self._members: dict[int | None, list[PlannedApplication]] = defaultdict(list)
        for application in plan.applications:
            self._members[application.wave].append(application)
        self._touching: dict[int | None, list[PlannedDependency]] = defaultdict(list)
        for dependency in plan.dependencies:
            for number in {self.wave_of.get(dependency.consumer), self.wave_of.get(dependency.provider)}:
                self._touching[number].append(dependency)

    def members(self, wave: int) -> Sequence[PlannedApplication]:
        """Applications of a wave, in the plan's order."""
        return self._members.get(wave, ())

    def touching(self, wave: int) -> Sequence[PlannedDependency]:
        """Dependencies with at least one end in a wave, in the plan's order."""
        return self._touching.get(wave, ())

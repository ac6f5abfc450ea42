"""The request: what plan.toml may say, with its defaults.

`Spec` is the whole; `migrate.spec.load.load_spec` reads it from a file with errors that name the line.
"""

from __future__ import annotations

from pydantic import Field, model_validator

from migrate.spec.ask import Disposition, InventoryFiles, Link, PlanHead, Site, Staff, Target
from migrate.spec.base import Section
from migrate.spec.money import RiskCosts, SourceCosts, Weights
from migrate.spec.schedule import AtMost, Crew, Effort, Freeze, Order, Pin, Rule, WaveLimits, Window

__all__ = [
    "AtMost",
    "Crew",
    "Disposition",
    "Effort",
    "Freeze",
    "InventoryFiles",
    "Link",
    "Order",
    "Pin",
    "PlanHead",
    "RiskCosts",
    "Rule",
    "Section",
    "Site",
    "SourceCosts",
    "Spec",
    "Staff",
    "Target",
    "WaveLimits",
    "Weights",
    "Window",
]


class Spec(Section):
    """All of plan.toml."""

    plan: PlanHead
    inventory: InventoryFiles = InventoryFiles()
    target: Target = Target()
    site: tuple[Site, ...] = ()
    link: tuple[Link, ...] = ()
    crew: tuple[Crew, ...] = ()
    effort: Effort = Effort()
    window: tuple[Window, ...] = ()
    freeze: tuple[Freeze, ...] = ()
    staff: Staff = Staff()
    waves: WaveLimits = WaveLimits()
    rule: tuple[Rule, ...] = ()
    pin: tuple[Pin, ...] = ()
    disposition: tuple[Disposition, ...] = ()
    costs: SourceCosts = SourceCosts()
    risk: RiskCosts = RiskCosts()
    weights: Weights = Field(default=Weights())

    @model_validator(mode="after")
    def _unique_ids(self) -> Spec:
        ids = [item.id for group in (self.window, self.freeze, self.rule) for item in group]
        for name in sorted({name for name in ids if ids.count(name) > 1}):
            raise ValueError(f"the id {name!r} is used twice: ids of windows, freezes and rules are unique")
        for label, names in (("site", [s.name for s in self.site]), ("pin", [p.application for p in self.pin])):
            for name in sorted({name for name in names if names.count(name) > 1}):
                raise ValueError(f"{label} {name!r} appears twice")
        return self

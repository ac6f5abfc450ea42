"""The request: what plan.toml may say, with its defaults.

`Spec` is the whole; `migrate.spec.load.load_spec` reads it from a file with errors that name the line.
"""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from migrate.spec.ask import Disposition, InventoryFiles, Link, PlanHead, Site, Staff, Target
from migrate.spec.base import Section
from migrate.spec.cases import Case, Uncertainty
from migrate.spec.costs import Contract, SourceCosts
from migrate.spec.durations import Durations, Simulation
from migrate.spec.flows import Flows
from migrate.spec.money import RiskCosts, Weights
from migrate.spec.schedule import AtMost, Crew, Effort, Freeze, Order, Period, Pin, Rule, Window, Within
from migrate.spec.search import Search
from migrate.spec.spending import Carbon, Commitments, Currency, Discounts, PrivateRate, Support, SupportTier
from migrate.spec.wave_limits import WaveLimits

__all__ = [
    "AtMost",
    "Carbon",
    "Case",
    "Commitments",
    "Contract",
    "Crew",
    "Currency",
    "Discounts",
    "Disposition",
    "Durations",
    "Effort",
    "Flows",
    "Freeze",
    "InventoryFiles",
    "Link",
    "Order",
    "Period",
    "Pin",
    "PlanHead",
    "PrivateRate",
    "RiskCosts",
    "Rule",
    "Search",
    "Section",
    "Simulation",
    "Site",
    "SourceCosts",
    "Spec",
    "Staff",
    "Support",
    "SupportTier",
    "Target",
    "Uncertainty",
    "WaveLimits",
    "Weights",
    "Window",
    "Within",
]


class Spec(Section):
    """All of plan.toml."""

    plan: PlanHead
    inventory: InventoryFiles = InventoryFiles()
    flows: Flows = Flows()
    target: Target = Target()
    site: tuple[Site, ...] = ()
    link: tuple[Link, ...] = ()
    crew: tuple[Crew, ...] = ()
    effort: Effort = Effort()
    durations: Durations = Durations()
    simulation: Simulation = Simulation()
    window: tuple[Window, ...] = ()
    freeze: tuple[Freeze, ...] = ()
    staff: Staff = Staff()
    waves: WaveLimits = WaveLimits()
    search: Search = Search()
    rule: tuple[Rule, ...] = ()
    pin: tuple[Pin, ...] = ()
    disposition: tuple[Disposition, ...] = ()
    costs: SourceCosts = SourceCosts()
    contract: tuple[Contract, ...] = ()
    discounts: Discounts = Discounts()
    private_rate: tuple[PrivateRate, ...] = ()
    support: Support = Support()
    currency: Currency = Currency()
    commitments: Commitments = Commitments()
    carbon: Carbon = Carbon()
    risk: RiskCosts = RiskCosts()
    weights: Weights = Field(default=Weights())
    uncertainty: Uncertainty = Uncertainty()
    case: tuple[Case, ...] = ()
    #: Line of plan.toml by rule id, written when the file is read (`migrate.spec.lines`); nobody may ask for it.
    lines: dict[str, int] = Field(default={}, description="Line of the request by rule id; written by the program.")

    @model_validator(mode="after")
    def _unique(self) -> Spec:
        """Names and ids are used once. The error's context says where the second one stands."""
        windows = [(("window", place, "id"), window.id) for place, window in enumerate(self.window)]
        freezes = [(("freeze", place, "id"), freeze.id) for place, freeze in enumerate(self.freeze)]
        rules = [(("rule", place, "id"), rule.id) for place, rule in enumerate(self.rule)]
        _once("id", [*windows, *freezes, *rules])
        _once("[[site]]", [(("site", place, "name"), site.name) for place, site in enumerate(self.site)])
        rates = [(("private_rate", place, "id"), rate.id) for place, rate in enumerate(self.private_rate)]
        _once("[[private_rate]] id", rates)
        _once("[[link]] from", [(("link", place, "from"), link.from_) for place, link in enumerate(self.link)])
        _once("[[contract]]", [(("contract", place, "name"), item.name) for place, item in enumerate(self.contract)])
        _once("[[case]]", [(("case", place, "name"), item.name) for place, item in enumerate(self.case)])
        _once("[[pin]] of", [(("pin", place, "application"), pin.application) for place, pin in enumerate(self.pin)])
        return self


def _once(what: str, named: Sequence[tuple[tuple[str, int, str], str]]) -> None:
    seen: set[str] = set()
    for place, name in named:
        if name in seen:
            several = "; windows, freezes and rules share their ids" if what == "id" else ""
            told = f"the {what} {name!r} is used twice{several}"
            raise PydanticCustomError("used_twice", "{told}", {"told": told, "place": place})
        seen.add(name)

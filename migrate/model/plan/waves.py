"""The part of a plan that says when: waves, their objective and the candidate dates."""

from __future__ import annotations

from migrate.model.plan.base import Amount, Count, Day, Range, Record, WaveNumber

__all__ = ["Candidate", "ExtraCapacity", "ObjectiveTerms", "PlannedWave", "Solution"]


class Candidate(Record):
    """A date on which a wave could be cut over. The index in the plan's list, from 1, is the wave's number."""

    date: Day
    window: str  # id of the window, for the hours
    closed_domains: tuple[str, ...]  # frozen or without a window that day; "*" when closed for all
    closed_applications: tuple[str, ...]


class ObjectiveTerms(Record):
    """USD over the horizon by term (design: split, double run, site exit, risk, wave overhead, broken soft rules, capacity
    beyond the usual)."""

    split: float
    double_run: float
    site_exit: float
    risk: float
    wave_overhead: float
    soft_rules: float
    extra_capacity: float = 0.0  # plans of before it had a price have none
    total: float


class ExtraCapacity(Record):
    """What a wave uses of one capacity beyond the usual, at one price."""

    rule: str  # id of the capacity
    key: str  # of the price in plan.toml
    what: str  # its unit in words, such as "network hours of overtime"
    amount: Amount
    usd_each: Amount
    usd: Amount


class PlannedWave(Record):
    """One wave. Numbers are those of the candidate dates, so a wave that is not used leaves a gap."""

    wave: WaveNumber
    date: Day
    window: str  # id
    starts: str  # local time and zone, such as "22:00 America/Chicago"
    duration_h: Amount  # of the window
    pathfinder: bool
    applications: tuple[str, ...]
    servers: Count
    data_gib: Amount
    crew_h: dict[str, Amount]
    crew_available_h: dict[str, Amount]  # with all overtime that can be had
    link_days: dict[str, Amount]  # days of replication that the data needs, by site
    replication_start: Day
    decommission_date: Day
    risk_score: Amount  # 0 to 100, of the riskiest application, raised by what the wave piles up
    risk_maximum: Amount
    confidence: Amount
    expected_loss_usd: Range
    cost_usd_month: Amount | None
    extra_capacity: tuple[ExtraCapacity, ...] = ()  # overtime, servers beyond the usual number, data that goes another way

    def bought(self, kind: str) -> dict[str, float]:
        """What the wave has bought, by name: hours of overtime (`kind` ``crew``), or GiB that go another way (``link``)."""
        amounts: dict[str, float] = {}
        for item in self.extra_capacity:
            of, _, name = item.rule.partition(" ")
            if of == kind:
                amounts[name] = amounts.get(name, 0.0) + item.amount
        return amounts


class Solution(Record):
    """How good the plan is."""

    objective: ObjectiveTerms
    first_fit: ObjectiveTerms | None  # of the same problem filled first-fit; None when it finds no feasible plan
    bound: float | None  # no plan costs less; None when no useful bound was found
    gap: float | None  # (total - bound) / total
    bound_reason: str
    iterations: int
    seed: int

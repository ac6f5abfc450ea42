"""From the rules of plan.toml to positions among the moving applications."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from migrate.errors import RequestError
from migrate.findings import Finding, Severity
from migrate.model.plan import PlannedApplication, PlannedServer
from migrate.spec import AtMost, Rule, Spec, Within
from migrate.waves.date_rules import dated_rules
from migrate.waves.retirements import Retirements, find_retirements
from migrate.waves.rules import MISSION_CRITICAL_RULE, DateRule, Ints, Kind, SetRule
from migrate.waves.selectors import Selectors

__all__ = ["Compiled", "compile_rules"]


@dataclass
class Compiled:
    """All rules of a request."""

    sets: list[SetRule] = field(default_factory=list)
    dates: list[DateRule] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)


def compile_rules(
    moving: Sequence[PlannedApplication],
    everyone: Sequence[PlannedApplication],
    servers: Sequence[PlannedServer],
    day: NDArray[np.float64],
    spec: Spec,
) -> Compiled:
    """Resolve every selector of ``[[rule]]`` and add the limit of mission-critical applications.

    A selector that means no moving application gives the finding ``rule-names-nothing``. In a `before` rule, what both
    selectors mean belongs to the narrower one; there and in a `within` rule, an application that is retired counts with
    its day (`migrate.waves.retirements`).

    Parameters
    ----------
    moving, everyone
        The applications that move, whose positions count, and all of them.
    servers
        Of all applications: their operating systems say when support ends.
    day
        Of each candidate, from the plan's start.

    Raises
    ------
    RequestError
        Both sides of a `before` rule mean the same applications.
    """
    return _Compiler(moving, find_retirements(everyone, spec), servers, day, spec).compiled


class _Compiler:
    def __init__(
        self,
        moving: Sequence[PlannedApplication],
        retirements: Retirements,
        servers: Sequence[PlannedServer],
        day: NDArray[np.float64],
        spec: Spec,
    ) -> None:
        self.compiled = Compiled()
        self._moving, self._day, self._retirements, self._spec = moving, day, retirements, spec
        self._selectors = Selectors(moving)
        for rule in spec.rule:
            if rule.before is not None:
                self._order(rule)
            elif rule.within is not None:
                self._within(rule, rule.within)
            elif rule.of is not None:
                found, told = dated_rules(rule, self._find(rule.of, rule.id), moving, servers, day, spec)
                self.compiled.dates += found
                self.compiled.findings += told
            else:
                self.compiled.sets += self._sets(rule)
        for selector in spec.waves.pathfinder_never:
            self._find(selector, "waves.pathfinder_never")
        if spec.waves.max_mission_critical is not None:
            critical = np.array([i for i, a in enumerate(moving) if a.criticality == "mission-critical"], dtype=np.int64)
            limit = SetRule(MISSION_CRITICAL_RULE, Kind.at_most, (critical,), count=spec.waves.max_mission_critical, clip=True)
            self.compiled.sets.append(limit)

    def _find(self, selector: str, rule: str, *, told: bool = True) -> Ints:
        found = np.array(self._selectors.find(selector), dtype=np.int64)
        if told and not len(found):
            self.compiled.findings.append(_names_nothing(selector, f"rule {rule}"))
        return found

    def _order(self, rule: Rule) -> None:
        assert rule.before is not None
        sides = (rule.before.first, rule.before.then)
        gone = [self._retirements.find(selector) for selector in sides]
        first, then = (self._find(side, rule.id, told=not ended) for side, ended in zip(sides, gone, strict=True))
        if len(first) and len(then):
            first, then = _parted(first, then, rule.id)
        lag, most = rule.lag_days, rule.within_days
        wait = lag or int(rule.strictly)
        near = "" if most is None else f", but within {most} days of it"
        for item in gone[0]:
            text = f"not before {item.name} is retired on {item.on}" + (f", and {lag} days more" if lag else "") + near
            end = None if most is None else item.day + most
            self.compiled.dates.append(DateRule(rule.id, then, item.day + wait, end, rule.price_usd, text))
        for item in gone[1]:
            text = f"not after {item.name} is retired on {item.on}" + (f", and {lag} days earlier" if lag else "") + near
            begin = None if most is None else item.day - most
            self.compiled.dates.append(DateRule(rule.id, first, begin, item.day - wait, rule.price_usd, text))
        self.compiled.sets.append(replace(self._lagged(rule, first, then, lag), strictly=wait > 0))
        if most is not None:
            self.compiled.sets.append(self._lagged(rule, then, first, -most))
        self.compiled.findings += self._retirements.without_day(sides, rule.id)

    def _within(self, rule: Rule, limit: Within) -> None:
        gone = {item.name: item for selector in limit.of for item in self._retirements.find(selector)}
        found = [self._find(selector, rule.id, told=not self._retirements.find(selector)) for selector in limit.of]
        members = np.unique(np.concatenate(found))
        for _, item in sorted(gone.items()):
            text = f"within {limit.days} days of {item.on}, when {item.name} is retired"
            span = item.day - limit.days, item.day + limit.days
            self.compiled.dates.append(DateRule(rule.id, members, *span, rule.price_usd, text))
        self.compiled.sets.append(replace(self._lagged(rule, members, members, -limit.days), mutual=True))
        undated = self._retirements.without_day(limit.of, rule.id)
        if len(members) + len(gone) == 1 and not undated:
            name = self._moving[int(members[0])].application if len(members) else next(iter(gone))
            self.compiled.findings.append(_holds_nothing(name, f"rule {rule.id}"))
        self.compiled.findings += undated

    def _lagged(self, rule: Rule, first: Ints, then: Ints, lag: int) -> SetRule:
        """Every first at least `lag` days before every then; negative: at most so many days after it."""
        turn = np.searchsorted(self._day, self._day - lag, side="right") if lag else None
        return SetRule(rule.id, Kind.order, (first, then), price=rule.price_usd, why=rule.why, lag_days=lag, turn=turn)

    def _sets(self, rule: Rule) -> Iterator[SetRule]:
        base = SetRule(id=rule.id, kind=Kind.together, members=(), price=rule.price_usd, why=rule.why)
        if rule.together is not None:
            members = np.unique(np.concatenate([self._find(selector, rule.id) for selector in rule.together]))
            yield replace(base, members=(members,))
        elif rule.apart is not None:
            yield replace(base, kind=Kind.apart, members=_distinct([self._find(item, rule.id) for item in rule.apart]))
        elif rule.at_most is not None:
            base = replace(base, kind=Kind.at_most, count=rule.at_most.count)
            for value, members in self._parts(self._find(rule.at_most.of, rule.id), rule.at_most):
                yield replace(base, members=(members,), part=value)

    def _parts(self, found: Ints, limit: AtMost) -> Iterator[tuple[str, Ints]]:
        """The members by the value that they are counted by; those of which it is unknown are one part."""
        if limit.per is None:
            yield "", found
            return
        key = "data_class" if limit.per == "data" else limit.per
        values = np.array([getattr(self._moving[int(index)], key) or "unknown" for index in found], dtype=np.str_)
        for value in np.unique(values):
            yield f"{limit.per} {value}", found[values == value]


def _parted(first: Ints, then: Ints, rule: str) -> tuple[Ints, Ints]:
    """Both sides of a `before` rule without what they share: the narrower selector keeps it."""
    if not len(np.intersect1d(first, then)):
        return first, then
    if len(first) > len(then):
        first = np.setdiff1d(first, then)
    else:
        then = np.setdiff1d(then, first)
    if not len(first) or not len(then):
        raise RequestError(
            f"the rule {rule!r} orders the same applications before themselves",
            where="plan.toml [[rule]]",
            remedy="Name different applications in `first` and `then`.",
        )
    return first, then


def _distinct(entries: list[Ints]) -> tuple[Ints, ...]:
    """An application that several entries mean stays only in the first."""
    seen: Ints = np.array([], dtype=np.int64)
    kept = []
    for entry in entries:
        kept.append(np.setdiff1d(entry, seen))
        seen = np.union1d(seen, entry)
    return tuple(kept)


def _names_nothing(selector: str, what: str) -> Finding:
    return Finding(
        code="rule-names-nothing",
        severity=Severity.warning,
        subject=what,
        source="plan.toml",
        message=f"The selector {selector!r} of the {what} means no application that moves",
        remedy="Correct the name (applications.csv lists them), or remove the rule.",
    )


def _holds_nothing(name: str, what: str) -> Finding:
    return Finding(
        code="rule-names-nothing",
        severity=Severity.warning,
        subject=what,
        source="plan.toml",
        message=f"The {what} keeps applications near each other, but its selectors mean {name!r} alone",
        remedy="Name the applications that it should be near, or remove the rule.",
    )

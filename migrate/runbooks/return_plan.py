"""The nouns of a return: its parts, its two ways, and the moment that divides them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from migrate.model.plan import Range

__all__ = ["PointOfNoReturn", "ReturnPart", "ReturnPlan", "ReturnWay"]


@dataclass(frozen=True, slots=True)
class ReturnPart:
    """A stretch of a return. The parts of a way follow each other and add up to its hours."""

    name: str
    likely_h: float
    high_h: float


@dataclass(frozen=True, slots=True)
class ReturnWay:
    """What is done to go back, in order, and how long it takes when the whole wave goes back."""

    actions: tuple[str, ...]
    parts: tuple[ReturnPart, ...]
    total_h: Range  # from the decision to the application serving users at the source
    fits: bool | None  # the high estimate is within the RTO; None when the RTO is unknown


@dataclass(frozen=True, slots=True)
class ReturnPlan:
    """How an application goes back to its source, and whether that fits its RTO.

    Attributes
    ----------
    order
        Turn in which it starts at the source: providers have lower numbers than their consumers.
    databases
        Database servers, which start at the source before the others.
    short
        The way while nobody has written at the target: until users are admitted. None for a shared service, on which
        the rest of the estate writes as soon as its names are switched.
    full
        The way that brings back what was written at the target, when it is decided by the end of the window.
    latest_decision
        So that the way that holds at the stay-or-return gate ends within the window.
    """

    application: str
    order: int
    databases: tuple[str, ...]
    short: ReturnWay | None
    full: ReturnWay
    rto_h: float | None
    latest_decision: dt.datetime


@dataclass(frozen=True, slots=True)
class PointOfNoReturn:
    """From here on going back costs more than going on."""

    at: dt.datetime
    starts_h: float
    reason: str
    afterwards: str

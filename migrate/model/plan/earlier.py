"""The part of a plan that says what an earlier plan had decided, where this one was made from it."""

from __future__ import annotations

from typing import Literal

from migrate.model.plan.base import Day, Record

__all__ = ["Earlier", "EarlierApplication", "State"]

#: ``done``: cut over. ``committed``: its replication was running. ``planned``: it may still move, at a price.
State = Literal["done", "committed", "planned"]


class EarlierApplication(Record):
    """Where the earlier plan had an application."""

    application: str
    date: Day  # of its cutover: as planned, or as it was
    state: State


class Earlier(Record):
    """What is known of the earlier plan on the day of replanning.

    Waves keep their numbers: `candidates` are the first candidate dates of the new plan, in order.
    """

    sha256: str  # of the earlier plan.json
    as_of: Day  # what was cut over or replicating on this day stays as it is
    candidates: tuple[Day, ...]
    applications: tuple[EarlierApplication, ...]  # sorted by name

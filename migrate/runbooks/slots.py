"""When each application has its turn within the window."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from migrate.model.plan import Range
from migrate.runbooks.durations import ApplicationHours, added, fixed
from migrate.runbooks.order import Turn

__all__ = ["Slot", "schedule_turns"]


@dataclass(frozen=True)
class Slot:
    """When an application has its turn, in hours from T."""

    turn: Turn
    starts: Range
    ends: Range


def schedule_turns(turns: tuple[Turn, ...], hours: Mapping[str, ApplicationHours]) -> dict[str, Slot]:
    """Each application begins when the last provider it waits for is validated; those without one begin at T."""
    slots: dict[str, Slot] = {}
    zero = fixed(0, 0, 0, "begins at T")
    for turn in turns:
        before = [slots[name].ends for name in turn.waits_for]
        starts = (
            Range(
                low=max(end.low for end in before),
                likely=max(end.likely for end in before),
                high=max(end.high for end in before),
                reason="end of the slowest provider",
            )
            if before
            else zero
        )
        slots[turn.application] = Slot(turn, starts, added(starts, hours[turn.application].cutover))
    return slots

"""The part of a plan that says when each task is done, how much room it has, and how sure its dates are."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from migrate.model.plan.base import Amount, Count, Day, Record, WaveNumber

__all__ = ["DatePercentiles", "LeaseOutlook", "Outlook", "PathStep", "PlannedTask", "TaskPlan", "WaveOutlook", "WaveTiming"]

Share = Annotated[float, Field(ge=0, le=1)]
_UNKNOWN: Any = Field(default=None, exclude_if=lambda value: value is None)


class PlannedTask(Record):
    """One task of one application."""

    application: str
    wave: WaveNumber
    task: Literal["replicate", "test", "cutover", "validate", "hypercare", "decommission"]
    start: Day
    end: Day  # last day on which it is worked on; of a cutover and a validation the date of the night
    crew_h: Amount  # over all skills
    float_days: int  # days it may end later without moving what must hold; below 0 a date is not held
    critical: bool  # on the critical path
    starts_h: Amount | None = _UNKNOWN  # of a cutover and a validation: hours from the start of the window
    duration_h: Amount | None = _UNKNOWN  # likewise


class PathStep(Record):
    """One task of the critical path, and why it is not earlier."""

    application: str
    wave: WaveNumber
    task: str
    start: Day
    end: Day
    because: str


class WaveTiming(Record):
    """A wave as its tasks make it."""

    wave: WaveNumber
    date: Day
    ready: Day  # when the last test launch ends
    closed: Day  # when the last decommission ends
    float_days: int  # days that the cutover may move to the last free date that still holds leases and the programme's end
    night_h: Amount  # from the start of the window until the last validation has ended
    night_bound_h: Amount  # no order of the night is shorter
    window_h: Amount


class TaskPlan(Record):
    """All tasks, sorted by wave, application and order of work."""

    tasks: tuple[PlannedTask, ...]
    waves: tuple[WaveTiming, ...]
    critical_path: tuple[PathStep, ...]  # in order of time
    end: Day  # of the last task


class DatePercentiles(Record):
    """By when something is done in half, four fifths and nineteen twentieths of the simulated runs."""

    p50: Day
    p80: Day
    p95: Day


class WaveOutlook(Record):
    """How a wave fares in the simulation."""

    wave: WaveNumber
    date: Day  # as planned
    cutover: DatePercentiles  # of its last application
    closed: DatePercentiles
    on_time: Share  # of its applications that are cut over on its date, mean of the runs
    whole: Share  # of the runs in which all of them are


class LeaseOutlook(Record):
    """Whether a site is empty when its lease ends."""

    site: str
    lease_end: Day
    empty: DatePercentiles
    held: Share  # of the runs


class Outlook(Record):
    """What the simulation says."""

    runs: Count
    seed: Count
    end: DatePercentiles  # of the programme
    planned_end: Day
    waves: tuple[WaveOutlook, ...]
    leases: tuple[LeaseOutlook, ...]
    end_by: tuple[Day, ...]  # the programme's end at every twentieth of the runs, from the first to the last
    causes: dict[str, Amount]  # mean days that the programme's end moves by each cause alone

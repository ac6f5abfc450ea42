"""After the window: hypercare, its end, and taking the source out of service."""

from __future__ import annotations

import datetime as dt

from migrate.model.plan import PlannedServer
from migrate.runbooks.clock import Clock
from migrate.runbooks.contents import WaveContents
from migrate.runbooks.draft import DraftStep
from migrate.runbooks.durations import fixed
from migrate.runbooks.gates import exit_criteria, watch_criteria
from migrate.runbooks.owners import CUTOVER, LEAD, PLATFORM, server_crew
from migrate.runbooks.runbook import Gate, Hypercare, Phase
from migrate.spec import Spec

__all__ = ["closing_steps", "hypercare_gate", "plan_hypercare"]

_WEEKEND = {5: "Saturday", 6: "Sunday"}


def plan_hypercare(here: WaveContents, clock: Clock, spec: Spec) -> Hypercare:
    """The watched days: from the end of the window to the plan's date of decommission, which finance counts with."""
    ends = here.wave.decommission_date
    return Hypercare(
        begins=min(clock.after(here.wave.duration_h).date(), ends),
        ends=ends,
        days=spec.waves.hypercare_days,
        watch=watch_criteria(),
        exit_criteria=exit_criteria(),
    )


def hypercare_gate(hypercare: Hypercare, here: WaveContents, clock: Clock) -> dt.datetime:
    """Nine o'clock on the day hypercare ends, weekend or not; an hour after the window where that would be earlier."""
    return max(clock.morning(hypercare.ends), clock.after(here.wave.duration_h + 1))


def closing_steps(here: WaveContents, hypercare: Hypercare, end: dt.datetime, clock: Clock) -> list[DraftStep]:
    """Hand-over, hypercare, its gate at `end`, decommissioning."""
    window_end = clock.after(here.wave.duration_h)
    watched = max(round(clock.hours(end) - here.wave.duration_h - 0.5, 2), 0.5)
    weekend = _WEEKEND.get(end.weekday())
    moving: list[PlannedServer] = [server for members in here.moving.values() for server in members]
    gate = Gate(
        name="End of hypercare",
        criteria=hypercare.exit_criteria,
        decider=f"{LEAD} on call" if weekend else LEAD,
        decider_name=None,
        if_closed="Hypercare goes on; the source servers stay stopped and are kept, and cost more than the plan counts with.",
    )
    return [
        DraftStep(
            key="hand-over",
            phase=Phase.hypercare,
            title="Close the bridge, begin hypercare",
            action="End maintenance mode, tell users, write the times and faults of this night into the log.",
            check="Monitoring and backup watch every new server; the source servers are stopped, not deleted.",
            rollback="Section Return, as a change of its own.",
            owner=CUTOVER,
            starts=window_end,
            duration=fixed(0.25, 0.5, 1),
            after=("stay-gate", "admit"),
        ),
        DraftStep(
            key="watch",
            phase=Phase.hypercare,
            title=f"Watch until {hypercare.ends}",
            action="Look at section Hypercare every morning and evening; meet daily for fifteen minutes.",
            check="Every threshold is kept, or an incident is open.",
            rollback="Resize or repair at the target.",
            owner=PLATFORM,
            starts=window_end + dt.timedelta(hours=0.5),
            duration=fixed(watched, watched, 2 * watched, "until the plan's date of decommission, at most twice as long"),
            after=("hand-over",),
        ),
        DraftStep(
            key="exit-gate",
            phase=Phase.decision,
            title="Gate: end of hypercare",
            action="Go through the exit criteria with the application owners."
            + (f" This is a {weekend}: those on call decide, the gate is not put off." if weekend else ""),
            check="Every criterion is met; operations signs.",
            rollback=gate.if_closed,
            owner=LEAD,
            starts=end,
            duration=fixed(0.5, 1, 2),
            after=("watch",),
            gate=gate,
        ),
        DraftStep(
            key="decommission",
            phase=Phase.closure,
            title="Take the source out of service",
            action="Switch the source servers off for good. Remove replication, archive the last backup as the retention rules "
            "ask, close the firewall rules of this wave, wipe the disks and remove the servers from the inventory.",
            check=f"{len(moving)} servers are out of the inventory and out of every invoice; the wiping record is filed.",
            rollback="Restore from the archived backup: possible, but no longer within the RTO.",
            owner=server_crew(moving),
            starts=end + dt.timedelta(hours=4),  # the same day
            duration=fixed(2, 4 + 0.25 * len(moving), 8 + 0.5 * len(moving)),
            after=("exit-gate",),
        ),
    ]

"""Plan again from an earlier plan: what is done and committed stays, what has changed comes in, and moving the rest is priced."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from migrate.errors import RequestError
from migrate.findings import Finding, Severity
from migrate.groundwork import Groundwork, asked_files, prepare
from migrate.model.plan import Earlier, InputFile, Plan, PlannedApplication, load_plan
from migrate.pipeline import decide, renew
from migrate.spec import Pin, Spec
from migrate.spec.base import EARLIEST, LATEST
from migrate.spec.load import load_spec
from migrate.watching import Stages

if TYPE_CHECKING:
    from migrate.waves.carry_over import Moved

__all__ = ["Replanned", "replan"]


@dataclass(frozen=True)
class Replanned:
    """A new plan, the one it was made from, and the pins that edits became.

    The pins are in the new plan's request; `replan` writes them into plan.toml where it is asked to.
    """

    plan: Plan
    before: Plan
    pins: tuple[Pin, ...]


def replan(
    request: Path | str,
    earlier: Path | str,
    *,
    as_of: dt.date | None = None,
    done: Sequence[str] = (),
    not_done: Sequence[str] = (),
    actuals: Path | str | None = None,
    waves: Path | str | None = None,
    write: bool = False,
    stages: Stages | None = None,
) -> Replanned:
    """Read a request and its inventories again, and decide what an earlier plan leaves to decide.

    Parameters
    ----------
    request
        Path of a plan.toml.
    earlier
        Path of the plan.json that was made before.
    as_of
        The day of replanning: what was cut over or replicating by then stays. None: the latest cutover that `done` or
        `actuals` tell of, or the start of the plan.
    done, not_done
        Applications, or numbers of waves, that were cut over, or not, whatever their dates.
    actuals
        A table of tasks that were begun and ended (`migrate.readers.actuals`).
    waves
        An edited table of the earlier plan's waves (`migrate.readers.wave_table`): its edits become pins.
    write
        Once there is a plan, write the pins into the request.
    stages
        Watches the run.

    Raises
    ------
    RequestError, InputError, InfeasibleError
        As `migrate.make_plan`; or an argument names what the earlier plan does not have.
    """
    from migrate.readers.actuals import Actuals, read_actuals  # noqa: PLC0415 -- polars is slow to import, help is not
    from migrate.waves.calibrate import calibrate  # noqa: PLC0415
    from migrate.waves.carry_over import moved_of, set_aside  # noqa: PLC0415
    from migrate.waves.replan import Since, earlier_of  # noqa: PLC0415

    path, origin = Path(request), Path(earlier)
    if as_of is not None and not EARLIEST <= as_of <= LATEST:
        raise RequestError(f"{as_of} is no day of a migration", where="--as-of", remedy=f"Name one from {EARLIEST} to {LATEST}.")
    before = renew(load_plan(origin))
    told = read_actuals(Path(actuals)) if actuals is not None else Actuals()
    spec, measured = calibrate(load_spec(path), told, before)
    since = Since(as_of, tuple(done), tuple(not_done), told)
    kept, doubts = earlier_of(before, hashlib.sha256(origin.read_bytes()).hexdigest(), since, spec)
    spec, pins, edited = _pinned(spec, before, kept, waves)
    files, asked = asked_files(path, spec)
    sources = [origin, *(Path(name) for name in (actuals, waves) if name is not None)]
    asked += tuple(_input(source) for source in sources)
    moved = moved_of(before, kept)
    prepared = prepare(
        spec,
        files,
        asked=asked,
        base=path.parent,
        stages=stages,
        revise=lambda found, assessed: set_aside(found, assessed, moved),
    )
    groundwork = _carried(prepared.groundwork, before, kept, (*measured, *doubts, *edited))
    plan = decide(groundwork, spec, earlier=kept, stages=stages)
    return Replanned(_written(plan, path, pins) if pins and write else plan, before, pins)


def _written(plan: Plan, path: Path, pins: Sequence[Pin]) -> Plan:
    """Write the pins into the request; the plan then tells of the request as it is."""
    from migrate.waves.pins import write_pins  # noqa: PLC0415 -- as above

    write_pins(path, pins)
    spec = load_spec(path)
    asked = asked_files(path, spec)[1]
    inputs = tuple(asked[0] if item.reader == asked[0].reader else item for item in plan.inputs)
    return plan.model_copy(update={"inputs": inputs, "spec": plan.spec.model_copy(update={"lines": spec.lines})})


def _pinned(spec: Spec, before: Plan, earlier: Earlier, waves: Path | str | None) -> tuple[Spec, tuple[Pin, ...], list[Finding]]:
    """The request with the edits of a table as pins."""
    from migrate.readers.wave_table import read_wave_table  # noqa: PLC0415 -- as above
    from migrate.waves.edits import edit_plan  # noqa: PLC0415
    from migrate.waves.pins import pins_of, with_pins  # noqa: PLC0415

    if waves is None:
        return spec, (), []
    table = read_wave_table(Path(waves))
    edited = edit_plan(before, table)
    pins, findings = pins_of(edited.edits, earlier, table.label)
    beyond = [pin for pin in pins if pin.wave > len(earlier.candidates)]
    if beyond and earlier.candidates:
        raise RequestError(
            f"{beyond[0].application!r} was put into wave {beyond[0].wave}, but the plan has {len(earlier.candidates)} waves",
            where=table.label,
            remedy="Put it into one of them, or raise [waves] max_waves and plan again first.",
        )
    return with_pins(spec, pins), pins, [*edited.findings, *findings]


def _carried(groundwork: Groundwork, before: Plan, earlier: Earlier, findings: Sequence[Finding]) -> Groundwork:
    from migrate.waves.carry_over import carry_over, moved_of  # noqa: PLC0415 -- as above

    moved = moved_of(before, earlier)
    carried = carry_over(
        before,
        moved,
        groundwork.servers,
        groundwork.applications,
        groundwork.dependencies,
        groundwork.move_groups,
    )
    return replace(
        groundwork,
        servers=carried.servers,
        applications=carried.applications,
        dependencies=carried.dependencies,
        move_groups=carried.move_groups,
        findings=(
            *_still_told(groundwork.findings, before, moved),
            *carried.findings,
            *_committed_gone(carried.applications, earlier),
            *findings,
        ),
    )


def _committed_gone(applications: Sequence[PlannedApplication], earlier: Earlier) -> list[Finding]:
    """What was replicating, but of which no inventory has a server any more that moves."""
    moving = {item.application for item in applications if item.moving_servers}
    return [
        Finding(
            code="committed-application-gone",
            severity=Severity.warning,
            subject=item.application,
            message=f"It was replicating on {earlier.as_of} for {item.date}, but no server of it is left that moves",
            remedy="Stop its replication, or complete the inventory.",
        )
        for item in earlier.applications
        if item.state == "committed" and item.application not in moving
    ]


def _still_told(findings: Sequence[Finding], before: Plan, moved: Moved) -> list[Finding]:
    """The findings, those about what was cut over as the earlier plan had them: its records are not made from inventories."""
    names = {server.name for server in before.servers if server.server_id in moved.servers} | moved.applications
    return [
        *(finding for finding in findings if finding.subject not in names),
        *(finding for finding in before.findings if finding.subject in names),
    ]


def _input(path: Path) -> InputFile:
    content = path.read_bytes()
    digest = hashlib.sha256(content).hexdigest()
    return InputFile(file=path.name, reader="replan", sha256=digest, size_bytes=len(content), rows_read=None, rows_quarantined=0)

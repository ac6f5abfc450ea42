"""The way back: what it takes per application, whether it fits the RTO, and until when it is open.

There are two. Until users are admitted nothing but tests has written at the target, and the source is complete: the
short return. Afterwards the target holds the only copy of what users wrote: the full return freezes it, secures it and
carries it back before anything is switched, and throws nothing away before the owner has signed.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from migrate.model.plan import PlannedApplication, Range
from migrate.runbooks.clock import Clock
from migrate.runbooks.contents import WaveContents
from migrate.runbooks.durations import ApplicationHours, added
from migrate.runbooks.return_plan import PointOfNoReturn, ReturnPart, ReturnPlan, ReturnWay
from migrate.runbooks.slots import Slot
from migrate.runbooks.techniques import technique_of

__all__ = ["return_plans", "turning_point"]

_START_APPLICATIONS = "At the source start the application servers: in the order of column Start, each when its providers run."
_NAMES = "Point DNS records and load balancers back to the source addresses."


def return_plans(
    here: WaveContents, slots: Mapping[str, Slot], hours: Mapping[str, ApplicationHours], clock: Clock
) -> tuple[ReturnPlan, ...]:
    """One plan per application, in the order in which they are frozen: consumers before their providers."""
    by_name = {application.application: application for application in here.applications}
    order = sorted(slots, key=lambda name: (-slots[name].turn.order, name))
    shared = {name for name in slots if by_name[name].shared_service}
    at_gate, afterwards = _timed(slots, hours, shared), _timed(slots, hours, set(slots))
    plans = []
    for name in order:
        rto = by_name[name].rto_h
        short = None if name in shared else _way(_short_actions(name, here), at_gate[name], rto)
        full = _way(_full_actions(by_name[name], here), afterwards[name], rto)
        holds = (short or full).total_h
        plans.append(
            ReturnPlan(
                application=name,
                order=slots[name].turn.order,
                databases=tuple(server.name for server in here.moving[name] if server.database_engine is not None),
                short=short,
                full=full,
                rto_h=rto,
                latest_decision=max(clock.after(here.wave.duration_h - holds.high), clock.begins),
            )
        )
    return tuple(plans)


def _short_actions(name: str, here: WaveContents) -> tuple[str, ...]:
    ways = dict.fromkeys(technique_of(server).short for server in here.moving[name])
    return (
        "Decide on the bridge, before users are admitted. Make sure that nothing but tests has written at the target: no "
        "user session, inbound interfaces still held. Otherwise take the full return.",
        *ways,
        "Start the source servers in the order of column Start: an application when its providers run.",
        _NAMES,
        "The application owner tests at the source, signs the return in the log and opens it to the users.",
        "Only after that signature: discard the target instances and volumes, and resume replication for the next attempt.",
    )


def _full_actions(application: PlannedApplication, here: WaveContents) -> tuple[str, ...]:
    servers = here.moving[application.application]
    ways = tuple(dict.fromkeys(technique_of(server) for server in servers))
    has_databases = any(server.database_engine is not None for server in servers)
    return (
        "Decide on the bridge with the executive on call; tell the service desk; lock users and interfaces out at the target.",
        *(way.freeze for way in ways),
        *(way.secure for way in ways),
        "Leave replication off: it runs from source to target and would overwrite the only copy of what users wrote. Leave "
        "the target volumes, databases and snapshots untouched until the last line.",
        "At the source start the database servers only (column Databases); application servers stay off."
        if has_databases
        else "No database server moves with it: at the source start the servers that hold its files, services disabled.",
        *(way.apply for way in ways),
        _START_APPLICATIONS,
        _NAMES,
        "The application owner tests at the source, finds what was last written at the target, signs the return in the log "
        "and opens it to the users.",
        "Only after that signature: discard the target instances and volumes; keep the snapshots until hypercare would have "
        "ended.",
    )


def _timed(
    slots: Mapping[str, Slot], hours: Mapping[str, ApplicationHours], full: Collection[str]
) -> dict[str, tuple[tuple[ReturnPart, ...], Range]]:
    """Parts and total per application when the whole wave goes back at once: each waits for its providers to start.

    Parameters
    ----------
    full
        Applications that take the full return; the others take the short one.
    """
    timed: dict[str, tuple[tuple[ReturnPart, ...], Range]] = {}
    started: dict[str, tuple[float, float, float]] = {}
    for name, slot in sorted(slots.items(), key=lambda item: item[1].turn.order):
        own = hours[name]
        first = [("freeze", own.stop)]
        first += [("secure", own.secure)] if name in full else []
        first += [("databases", own.start_databases)]
        first += [("apply", own.back_data)] if name in full else []
        last = [("applications", own.start_applications), ("names", own.switch), ("test", own.recheck)]
        ready = _ends(added(*(hours for _, hours in first)))
        begin = _latest([ready, *(started[provider] for provider in slot.turn.waits_for)])
        wait = ("wait for providers", round(begin[1] - ready[1], 2), round(begin[2] - ready[2], 2))
        started[name] = _plus(begin, own.start_applications)
        ends = begin
        for _, part in last:
            ends = _plus(ends, part)
        rows = [(n, h.likely, h.high) for n, h in first] + [wait] + [(n, h.likely, h.high) for n, h in last]
        parts = tuple(ReturnPart(name=part, likely_h=likely, high_h=high) for part, likely, high in rows)
        reason = "sum of its parts, all erring the same way; the whole wave goes back"
        timed[name] = parts, Range(low=ends[0], likely=ends[1], high=ends[2], reason=reason)
    return timed


def _ends(hours: Range) -> tuple[float, float, float]:
    return hours.low, hours.likely, hours.high


def _plus(at: tuple[float, float, float], hours: Range) -> tuple[float, float, float]:
    return round(at[0] + hours.low, 2), round(at[1] + hours.likely, 2), round(at[2] + hours.high, 2)


def _latest(times: list[tuple[float, float, float]]) -> tuple[float, float, float]:
    return max(t[0] for t in times), max(t[1] for t in times), max(t[2] for t in times)


def _way(actions: tuple[str, ...], timed: tuple[tuple[ReturnPart, ...], Range], rto: float | None) -> ReturnWay:
    parts, total = timed
    return ReturnWay(actions=actions, parts=parts, total_h=total, fits=None if rto is None else total.high <= rto)


def turning_point(returns: tuple[ReturnPlan, ...], here: WaveContents, clock: Clock) -> PointOfNoReturn:
    """The last moment at which the slowest return still ends within the window; never before T."""
    at = min((plan.latest_decision for plan in returns), default=clock.after(here.wave.duration_h))
    slowest = max(returns, key=lambda plan: (_at_gate(plan).total_h.high, plan.application), default=None)
    why = (
        f"the slowest return, that of {slowest.application}, may take {_at_gate(slowest).total_h.high:.1f} h and must end "
        "with the window"
        if slowest
        else "nothing is returned"
    )
    return PointOfNoReturn(
        at=at,
        starts_h=clock.hours(at),
        reason=why,
        afterwards="Users are admitted then, and the target holds data that the source has not. Repair forward; only the "
        "full return brings that data back. It is a change of its own, users are stopped in working hours, and the "
        "executive on call decides.",
    )


def _at_gate(plan: ReturnPlan) -> ReturnWay:
    return plan.short or plan.full

"""The way back: what it takes per application, whether it fits the RTO, and until when it is open."""

from __future__ import annotations

from collections.abc import Mapping

from migrate.findings import Finding, Severity
from migrate.model.plan import PlannedApplication
from migrate.runbooks.clock import Clock
from migrate.runbooks.contents import WaveContents
from migrate.runbooks.cutover import Slot
from migrate.runbooks.durations import ApplicationHours
from migrate.runbooks.runbook import PointOfNoReturn, ReturnPlan
from migrate.runbooks.techniques import technique_of

__all__ = ["return_findings", "return_plans", "turning_point"]


def return_plans(
    here: WaveContents, slots: Mapping[str, Slot], hours: Mapping[str, ApplicationHours], clock: Clock
) -> tuple[ReturnPlan, ...]:
    """One plan per application, in the order of return: consumers before their providers."""
    by_name = {application.application: application for application in here.applications}
    order = sorted(slots, key=lambda name: (-slots[name].turn.order, name))
    return tuple(_plan(by_name[name], here, hours[name], clock) for name in order)


def _plan(application: PlannedApplication, here: WaveContents, hours: ApplicationHours, clock: Clock) -> ReturnPlan:
    servers = here.moving[application.application]
    ways = dict.fromkeys(technique_of(server).back for server in servers)
    total, rto = hours.back, application.rto_h
    latest = clock.after(here.wave.duration_h - total.high)
    return ReturnPlan(
        application=application.application,
        actions=(
            "Decide on the bridge; tell the service desk; lock users out at the target.",
            *ways,
            "Carry back what was written at the target since the switch, and compare counts.",
            "Point DNS records and load balancers back to the source addresses.",
            "The application owner tests at the source and opens it to the users.",
        ),
        total_h=total,
        rto_h=rto,
        fits=None if rto is None else total.high <= rto,
        latest_decision=max(latest, clock.begins),
    )


def turning_point(returns: tuple[ReturnPlan, ...], here: WaveContents, clock: Clock) -> PointOfNoReturn:
    """The last moment at which the slowest return still ends within the window; never before T."""
    slowest = max(returns, key=lambda plan: (plan.total_h.high, plan.application), default=None)
    at = min((plan.latest_decision for plan in returns), default=clock.after(here.wave.duration_h))
    why = (
        f"the slowest return, that of {slowest.application}, may take {slowest.total_h.high:.1f} h and must end with the window"
        if slowest
        else "nothing is returned"
    )
    return PointOfNoReturn(
        at=at,
        starts_h=clock.hours(at),
        reason=why,
        afterwards="Repair forward. A return after this moment is a change of its own: its data must be merged, users "
        "are stopped "
        "in working hours, and the executive on call decides.",
    )


def return_findings(
    returns: tuple[ReturnPlan, ...], slots: Mapping[str, Slot], here: WaveContents, no_return: PointOfNoReturn
) -> list[Finding]:
    """What does not fit: returns against RTOs, and the wave against its window."""
    findings = [_against_rto(plan) for plan in returns if plan.fits is not True]
    wave, last = here.wave, max((slot.ends.likely for slot in slots.values()), default=0.0)
    if last > wave.duration_h:
        findings.append(
            Finding(
                code="cutover-exceeds-window",
                severity=Severity.warning,
                subject=f"wave {wave.wave}",
                message=f"The cutover is likely to take {last:.1f} h, the window has {wave.duration_h:g} h",
                remedy="Split a chain of dependent applications over two waves, or ask for a longer window.",
            )
        )
    elif last > no_return.starts_h:
        late = sorted(name for name, slot in slots.items() if slot.ends.likely > no_return.starts_h)
        findings.append(
            Finding(
                code="return-not-covered",
                severity=Severity.warning,
                subject=f"wave {wave.wave}",
                message=f"{len(late)} applications are likely to be validated only after the point of no return: "
                f"{', '.join(late[:5])}{' …' if len(late) > 5 else ''}",
                remedy="Cut these over first, shorten the slowest return, or ask for a longer window.",
            )
        )
    return findings


def _against_rto(plan: ReturnPlan) -> Finding:
    if plan.rto_h is None:
        return Finding(
            code="rto-unknown",
            severity=Severity.info,
            subject=plan.application,
            message=f"No RTO is known; a return takes up to {plan.total_h.high:.1f} h",
            remedy="Ask the application owner for the RTO and add it to the application list.",
        )
    certain = plan.total_h.likely > plan.rto_h
    return Finding(
        code="return-exceeds-rto",
        severity=Severity.error if certain else Severity.warning,
        subject=plan.application,
        message=f"A return {'is likely to' if certain else 'may'} take "
        f"{plan.total_h.likely if certain else plan.total_h.high:.1f} h, longer than the RTO of {plan.rto_h:g} h",
        remedy="Carry out the step that brings the return within the RTO before the readiness gate.",
    )

"""What does not fit in a wave's night: returns against RTOs, and the cutover against its window."""

from __future__ import annotations

from collections.abc import Mapping

from migrate.findings import Finding, Severity
from migrate.runbooks.contents import WaveContents
from migrate.runbooks.return_plan import PointOfNoReturn, ReturnPlan
from migrate.runbooks.slots import Slot

__all__ = ["return_findings"]


def return_findings(
    returns: tuple[ReturnPlan, ...], slots: Mapping[str, Slot], here: WaveContents, no_return: PointOfNoReturn
) -> list[Finding]:
    """What does not fit: returns against RTOs, and the wave against its window."""
    findings = [_against_rto(plan) for plan in returns if plan.full.fits is not True]
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
                message=f"{'One application is' if len(late) == 1 else f'{len(late)} applications are'} likely to be "
                "validated only after the point of no return: "
                f"{', '.join(late[:5])}{' …' if len(late) > 5 else ''}",
                remedy="Cut these over first, shorten the slowest return, or ask for a longer window.",
            )
        )
    return findings


def _against_rto(plan: ReturnPlan) -> Finding:
    total = plan.full.total_h
    short = "" if plan.short is None else f" (until users are admitted up to {plan.short.total_h.high:.1f} h)"
    if plan.rto_h is None:
        return Finding(
            code="rto-unknown",
            severity=Severity.info,
            subject=plan.application,
            message=f"No RTO is known; a full return takes up to {total.high:.1f} h{short}",
            remedy="Ask the application owner for the RTO and add it to the application list.",
        )
    certain = total.likely > plan.rto_h
    return Finding(
        code="return-exceeds-rto",
        severity=Severity.error if certain else Severity.warning,
        subject=plan.application,
        message=f"A full return {'is likely to' if certain else 'may'} take "
        f"{total.likely if certain else total.high:.1f} h{short}, longer than the RTO of {plan.rto_h:g} h",
        remedy="Carry out the step that brings the return within the RTO before the readiness gate.",
    )

"""Steps that open connections before the cutover: ports between the places, and external parties."""

from __future__ import annotations

from migrate.runbooks.clock import Clock
from migrate.runbooks.draft import DraftStep
from migrate.runbooks.durations import fixed
from migrate.runbooks.owners import NETWORK, PARTNERS
from migrate.runbooks.runbook import Partner, Phase, PortOpening

__all__ = ["connection_steps"]

_MANY_PARTIES = 12
_HALF_DAY = fixed(2, 4, 8)
_HOUR = fixed(0.5, 1, 2)


def connection_steps(clock: Clock, ports: tuple[PortOpening, ...], partners: tuple[Partner, ...]) -> list[DraftStep]:
    """Steps that make connections possible in good time. They come after the step with the key ``scope``."""
    steps = []
    if ports:
        steps.append(
            DraftStep(
                key="ports",
                phase=Phase.readiness,
                title="Open the ports between the places",
                action=f"Open the {len(ports)} connections of section Ports in security groups and firewalls, for these "
                "ends only.",
                check="A connection test from the consumer's network reaches every provider port.",
                rollback="Remove the rules again: each carries the wave's number as its tag.",
                owner=NETWORK,
                starts=clock.workday(10),
                duration=_HALF_DAY,
                after=("scope",),
            )
        )
    return [*steps, *_partner_steps(partners, clock)]


def _partner_steps(partners: tuple[Partner, ...], clock: Clock) -> list[DraftStep]:
    """One step a party; where there are many, one an application, with the parties in section Partners."""
    rows = [
        (
            f"Tell {partner.party} about its {partner.direction} connection",
            f"Ask the party behind {partner.party} to {partner.change} "
            f"({', '.join(partner.ports) or 'ports unknown'}; {', '.join(partner.applications)}).",
        )
        for partner in partners
    ]
    if len(partners) > _MANY_PARTIES:
        names = sorted({name for partner in partners for name in partner.applications})
        counts = {name: sum(name in partner.applications for partner in partners) for name in names}
        rows = [
            (
                f"Tell the {counts[name]} external parties of {name}",
                f"Send each party of {name} in section Partners what changes for it, with the date and a contact.",
            )
            for name in names
        ]
    return [
        DraftStep(
            key=f"partner:{number}",
            phase=Phase.readiness,
            title=title,
            action=action,
            check="Confirmed in writing, and a test connection from the target succeeds.",
            rollback="Ask the party to keep the old addresses; they are not removed before hypercare ends.",
            owner=PARTNERS,
            starts=clock.workday(21),
            duration=_HOUR,
            after=("scope",),
        )
        for number, (title, action) in enumerate(rows)
    ]

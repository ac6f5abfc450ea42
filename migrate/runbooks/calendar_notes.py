"""What the calendar means for a wave: freezes that touch its days, and the transfer of the staff."""

from __future__ import annotations

import datetime as dt

from migrate.model.plan import PlannedApplication
from migrate.runbooks.contents import WaveContents
from migrate.runbooks.runbook import Freeze
from migrate.spec import Freeze as AskedFreeze
from migrate.spec import Spec
from migrate.waves.freezes import frozen_days
from migrate.waves.selectors import Selectors

__all__ = ["find_freezes", "staff_notes"]

_DAYS_AHEAD = 21
_DAYS_BEFORE_TRANSFER = 60


def find_freezes(here: WaveContents, spec: Spec) -> tuple[Freeze, ...]:
    """Freezes for applications of the wave, from replication start to three weeks after decommission."""
    first, last = here.wave.replication_start, here.wave.decommission_date + dt.timedelta(days=_DAYS_AHEAD)
    found = []
    for freeze in spec.freeze:
        names = _applies_to(freeze, here.applications)
        days = sorted(frozen_days(freeze, first, last)) if names else []
        if days:
            found.append(Freeze(id=freeze.id, applies_to=names, when=_stretches(days), note=_note(days, here)))
    return tuple(found)


def _applies_to(freeze: AskedFreeze, applications: tuple[PlannedApplication, ...]) -> tuple[str, ...]:
    if not freeze.domains and not freeze.applications:
        return tuple(application.application for application in applications)
    selectors = Selectors(applications)
    wanted = [*(f"domain:{domain}" for domain in freeze.domains), *freeze.applications]
    return tuple(applications[index].application for index in selectors.find_all(wanted))


def _stretches(days: list[dt.date]) -> str:
    """Days as stretches, such as ``2027-03-26 to 2027-04-05``."""
    parts: list[list[dt.date]] = []
    for day in days:
        if parts and day - parts[-1][-1] == dt.timedelta(days=1):
            parts[-1].append(day)
        else:
            parts.append([day])
    return ", ".join(f"{part[0]} to {part[-1]}" if len(part) > 1 else str(part[0]) for part in parts)


def _note(days: list[dt.date], here: WaveContents) -> str:
    wave = here.wave
    if wave.date in days:
        return "The cutover itself falls into it: its price is part of the plan, so tell those whom it is for."
    if any(wave.date < day <= wave.decommission_date for day in days):
        return "Falls into hypercare: repairs need an emergency change, so agree on it beforehand."
    if any(day <= wave.date for day in days):
        return "Falls into preparation: agents, firewalls and test launches are done outside these days."
    return "Begins after hypercare: a second attempt at this wave must not fall into it."


def staff_notes(here: WaveContents, spec: Spec) -> tuple[str, ...]:
    """What the transfer of the operators to a partner means for the wave; empty when it is far away or none is planned."""
    transfer = spec.staff.transfer_date
    if transfer is None:
        return ()
    days = (transfer - here.wave.date).days
    partner = spec.staff.partner or "the service partner"
    leaving = f" About {spec.staff.leaving_share:.0%} of the operators are expected to leave around it." * (
        spec.staff.leaving_share > 0
    )
    settled = transfer + dt.timedelta(weeks=spec.staff.settling_weeks)
    if 0 < days <= _DAYS_BEFORE_TRANSFER:
        return (
            f"Operators transfer to {partner} on {transfer}, {days} days after this cutover.{leaving}",
            f"Whoever knows these applications writes down start order, accounts and checks before {transfer}, "
            f"and {partner} shadows the cutover.",
        )
    if transfer <= here.wave.date <= settled:
        return (
            f"This cutover is {-days} days after the transfer to {partner} on {transfer}; risk counts as raised until {settled}."
            f"{leaving}",
            f"Name for every step a person who is on shift at {partner} that night, and a second one who has done it before.",
        )
    return ()

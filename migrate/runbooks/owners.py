"""Who does what: roles, and the names that the data gives them."""

from __future__ import annotations

from collections.abc import Iterable

from migrate.model.plan import PlannedApplication, PlannedServer
from migrate.runbooks.runbook import Owner
from migrate.spec import Spec

__all__ = [
    "APPLICATION",
    "CHANGE",
    "CUTOVER",
    "DATABASE",
    "DESK",
    "LEAD",
    "NETWORK",
    "PARTNERS",
    "PLATFORM",
    "SECURITY",
    "name_owners",
    "server_crew",
]

APPLICATION = "application owner"
CHANGE = "change manager"
CUTOVER = "cutover manager"
DATABASE = "database crew"
DESK = "service desk lead"
LEAD = "migration lead"
NETWORK = "network crew"
PARTNERS = "partner manager"
PLATFORM = "cloud platform lead"
SECURITY = "security and privacy officer"

_DUTIES = {
    LEAD: "answers for the wave, its scope and its budget",
    CUTOVER: "runs the cutover minute by minute, keeps the log, calls the gates",
    CHANGE: "approves the change and guards the freezes",
    PLATFORM: "landing zone, replication servers, launch settings, monitoring at the target",
    NETWORK: "DNS, routes, firewalls, load balancers, the link",
    DATABASE: "replication of databases, consistency, backup and restore",
    SECURITY: "keys, access, logging, controls for regulated data",
    PARTNERS: "tells external parties and collects their confirmation",
    DESK: "tells users, takes their calls, sorts incidents by application",
}


def server_crew(servers: Iterable[PlannedServer]) -> str:
    """The crew of an application's servers, by operating system."""
    families = {"windows" if server.os_family == "windows" else "linux" for server in servers}
    if len(families) == 2:
        return "linux and windows crews"
    return f"{families.pop()} crew" if families else "linux crew"


def name_owners(applications: Iterable[PlannedApplication], crews: Iterable[str], spec: Spec) -> tuple[Owner, ...]:
    """Roles of the wave. Only application owners are named by the data; the rest is named before the readiness gate.

    Parameters
    ----------
    applications
        Of the wave.
    crews
        Server crews that have work in it.
    spec
        The request; ``crew`` gives the hours.
    """
    hours = {crew.skill: crew.hours_week for crew in spec.crew}
    owners = [Owner(role=role, name=None, duties=duties) for role, duties in _DUTIES.items()]
    for crew in sorted(set(crews)):
        known = [f"{hours[skill]:,.0f} h a week of {skill}" for skill in ("linux", "windows") if skill in crew and skill in hours]
        owners.append(Owner(role=crew, name=None, duties="stops, launches and checks servers" + "".join(f"; {k}" for k in known)))
    owners += [
        Owner(role=APPLICATION, name=application.owner, duties=f"{application.application}: tests it, decides for it")
        for application in applications
    ]
    return tuple(owners)

"""How long the parts of a cutover and of a return take, as ranges with their reason.

The hours are planning values of this project, made for replicated servers whose last changes only must follow:
pathfinder waves replace them by what was measured. Data volumes and rates come from the plan.
"""

from __future__ import annotations

from functools import lru_cache

from migrate.model.plan import PlannedApplication, PlannedServer, Range
from migrate.spec import Spec
from migrate.units import mbit_s_to_gib_day

__all__ = ["ApplicationHours", "added", "application_hours", "fixed"]

_HOURS_A_DAY = 24.0
_OUTSTANDING_H = 1.0  # hours of changes that replication may still owe when writes stop


@lru_cache(maxsize=1 << 14)  # most are planning values, or follow from a small number of servers
def fixed(low: float, likely: float, high: float, reason: str = "planning value") -> Range:
    """A range of hours."""
    return Range(low=low, likely=likely, high=high, reason=reason)


def added(*ranges: Range) -> Range:
    """The sum of hours that follow each other; low and high assume that all parts err the same way."""
    return Range(
        low=round(sum(part.low for part in ranges), 2),
        likely=round(sum(part.likely for part in ranges), 2),
        high=round(sum(part.high for part in ranges), 2),
        reason="sum of its parts, all erring the same way",
    )


class ApplicationHours:
    """Hours of the parts of one application's cutover and return.

    Parameters
    ----------
    servers
        Servers that are cut over.
    databases
        Those of them that are database servers.
    changed_gib
        Data that changes between the last replicated state and the stop of writes.
    gib_h
        What the site's link carries for replication; None when the request names no link.
    window_h
        Length of the cutover window, hours.
    """

    def __init__(self, servers: int, databases: int, changed_gib: float, gib_h: float | None, window_h: float) -> None:
        self.stop = fixed(0.1, 0.25, 0.5, "ordered stop of services")
        wire = changed_gib / gib_h if gib_h else 0.0
        rate = f"{changed_gib:,.1f} GiB at {gib_h:,.0f} GiB/h" if gib_h else "no link is declared: without its rate"
        self.sync = fixed(round(0.1 + wire, 2), round(0.25 + wire, 2), round(0.5 + 3 * wire, 2), f"last changes: {rate}")
        self.launch = fixed(
            round(0.2 + 0.002 * servers, 2),
            round(0.4 + 0.005 * servers, 2),
            round(0.8 + 0.01 * servers, 2),
            f"conversion and first start of {servers} servers, in parallel",
        )
        self.switch = fixed(0.05, 0.1, 0.25, "DNS time to live of 60 seconds, and clients that cache longer")
        self.validate = fixed(
            round(0.25 + 0.005 * servers, 2),
            round(0.5 + 0.01 * servers, 2),
            round(1.0 + 0.02 * servers, 2),
            f"tests by the application owner over {servers} servers",
        )
        back = wire * window_h / _OUTSTANDING_H
        self.secure = fixed(0.1, 0.25, 0.5, "snapshot at the target, export of what was written there")
        self.back_data = fixed(
            round(0.1 + 0.25 * back, 2),
            round(0.25 + 0.5 * back, 2),
            round(0.5 + back, 2),
            "changes written at the target until the end of the window, carried back, applied and compared",
        )
        others = servers - databases
        self.start_databases = (
            fixed(
                round(0.05 + 0.001 * databases, 2),
                round(0.15 + 0.002 * databases, 2),
                round(0.3 + 0.005 * databases, 2),
                f"start of {databases} database servers that were only stopped",
            )
            if databases
            else fixed(0, 0, 0, "no database server")
        )
        self.start_applications = fixed(
            round(0.05 + 0.001 * others, 2),
            round(0.1 + 0.002 * others, 2),
            round(0.2 + 0.005 * others, 2),
            f"start of {others} application servers that were only stopped, and of all services",
        )
        self.recheck = fixed(0.1, 0.25, 0.5, "smoke test at the source")

    @property
    def cutover(self) -> Range:
        """From the stop of writes to the owner's word that it works."""
        return added(self.stop, self.sync, self.launch, self.switch, self.validate)


def application_hours(
    application: PlannedApplication, moving: tuple[PlannedServer, ...], window_h: float, spec: Spec
) -> ApplicationHours:
    """Hours of an application's cutover, from its data, the change rate and its site's link."""
    link = next((link for link in spec.link if link.from_ == application.site), None)
    gib_h = mbit_s_to_gib_day(link.bandwidth_mbit_s * link.usable_share) / _HOURS_A_DAY if link else None
    changed = application.data_gib * spec.waves.change_rate_day / _HOURS_A_DAY * _OUTSTANDING_H
    databases = sum(server.database_engine is not None for server in moving)
    return ApplicationHours(len(moving), databases, changed, gib_h, window_h)

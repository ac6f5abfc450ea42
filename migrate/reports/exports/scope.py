"""What of a plan an export tells of, and what it has to know beside the plan."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from migrate.errors import RequestError
from migrate.model.plan import Plan, PlannedServer, PlannedWave

__all__ = ["Scope", "left_out", "unique_names", "wave_name"]


@dataclass(frozen=True)
class Scope:
    """What to tell of.

    Attributes
    ----------
    waves
        Numbers of the waves to tell of; empty: all, and what is in none where the format has a place for it.
    account
        AWS account of the target, twelve digits; empty: not known, and its cells stay empty.
    """

    waves: tuple[int, ...] = ()
    account: str = ""

    def __post_init__(self) -> None:
        if self.account and not (len(self.account) == 12 and self.account.isascii() and self.account.isdigit()):
            raise RequestError(f"{self.account[:40]!r} is no AWS account", where="--account", remedy="Give its twelve digits.")

    def waves_of(self, plan: Plan) -> tuple[PlannedWave, ...]:
        """The waves to tell of, by number.

        Raises
        ------
        RequestError
            The plan has no such wave.
        """
        known = {wave.wave for wave in plan.waves}
        for number in self.waves:
            if number not in known:
                used = ", ".join(str(wave.wave) for wave in plan.waves)
                raise RequestError(f"the plan has no wave {number}", where="--wave", remedy=f"Its waves are {used}.")
        return tuple(wave for wave in plan.waves if not self.waves or wave.wave in self.waves)

    def servers_of(self, plan: Plan) -> Iterator[PlannedServer]:
        """The servers to tell of, in the plan's order: those of the waves, or all that have an application."""
        self.waves_of(plan)
        for server in plan.servers:
            if server.application is not None and (not self.waves or server.wave in self.waves):
                yield server


def wave_name(number: int) -> str:
    """A wave's name in other tools: as long for each, so that names sort as numbers do."""
    return f"Wave {number:03d}"


def unique_names(plan: Plan) -> dict[str, str]:
    """The name of each server by id; where several share one, with the id behind it."""
    times = Counter(server.name for server in plan.servers)
    return {s.server_id: s.name if times[s.name] == 1 else f"{s.name} ({s.server_id})" for s in plan.servers}


def left_out(servers: Iterable[tuple[str, str]]) -> tuple[str, ...]:
    """Sentences about what is not in an export, from pairs of a server's name and why it is not.

    One for each reason, with the first names.
    """
    reasons: dict[str, list[str]] = {}
    for name, why in servers:
        reasons.setdefault(why, []).append(name)
    told = []
    for why, names in sorted(reasons.items()):
        shown = ", ".join(sorted(names)[:3]) + (" …" if len(names) > 3 else "")
        told.append(f"{len(names):,} {'server is' if len(names) == 1 else 'servers are'} left out, {why}: {shown}")
    return tuple(told)

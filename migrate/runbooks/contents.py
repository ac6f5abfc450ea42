"""A plan seen by wave: which applications, servers and dependencies each wave has. Made once for all runbooks."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass

from migrate.errors import RequestError
from migrate.model.plan import Plan, PlannedApplication, PlannedDependency, PlannedServer, PlannedWave

__all__ = ["Contents", "WaveContents"]


@dataclass(frozen=True)
class WaveContents:
    """What one wave is made of, in the plan's order."""

    wave: PlannedWave
    applications: tuple[PlannedApplication, ...]
    moving: dict[str, tuple[PlannedServer, ...]]  # by application; where a name repeats, it ends with the server's id
    staying: dict[str, tuple[PlannedServer, ...]]
    dependencies: tuple[PlannedDependency, ...]  # with at least one end in the wave


class Contents:
    """Indexes of a plan.

    Parameters
    ----------
    plan
        The plan; it is not copied.
    """

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.waves = {wave.wave: wave for wave in plan.waves}
        self.applications = {application.application: application for application in plan.applications}
        self._servers: dict[str, list[PlannedServer]] = defaultdict(list)
        for server in plan.servers:
            if server.application is not None:
                self._servers[server.application].append(server)
        self._dependencies: dict[str, list[int]] = defaultdict(list)
        for index, dependency in enumerate(plan.dependencies):
            self._dependencies[dependency.consumer].append(index)
            self._dependencies[dependency.provider].append(index)

    def servers_of(self, application: str) -> tuple[PlannedServer, ...]:
        """Servers of an application, sorted by id; empty for an external party."""
        return tuple(self._servers.get(application, ()))

    def of(self, number: int) -> WaveContents:
        """The contents of a wave.

        Raises
        ------
        RequestError
            The plan has no such wave; the message lists those it has.
        """
        wave = self.waves.get(number)
        if wave is None:
            known = ", ".join(str(name) for name in sorted({0, *self.waves}))
            raise RequestError(f"the plan has no wave {number}", remedy=f"It has these: {known} (0 is the landing zone).")
        members = sorted(set(wave.applications))
        found = [self.applications[name] for name in members if name in self.applications]
        touching = sorted({index for name in members for index in self._dependencies.get(name, ())})
        return WaveContents(
            wave=wave,
            applications=tuple(found),
            moving=_told_apart({name: tuple(s for s in self.servers_of(name) if s.wave == number) for name in members}),
            staying={name: tuple(s for s in self.servers_of(name) if s.wave != number) for name in members},
            dependencies=tuple(self.plan.dependencies[index] for index in touching),
        )


def _told_apart(moving: dict[str, tuple[PlannedServer, ...]]) -> dict[str, tuple[PlannedServer, ...]]:
    """Twins get their id behind their name: at night nobody may stop the wrong one."""
    often = Counter(server.name.casefold() for members in moving.values() for server in members)

    def told(server: PlannedServer) -> PlannedServer:
        if often[server.name.casefold()] == 1 or server.name == server.server_id:
            return server
        return server.model_copy(update={"name": f"{server.name} ({server.server_id})"})

    return {name: tuple(told(server) for server in members) for name, members in moving.items()}

"""What is rehearsed: the servers of a wave, which of them can be rehearsed on mocked AWS, and why the others cannot."""

from __future__ import annotations

import hashlib
import math
import re
from collections import Counter, defaultdict
from dataclasses import dataclass

from migrate.errors import RequestError
from migrate.model.plan import Plan, PlannedServer
from migrate.rehearsal.addresses import TargetNetworks
from migrate.rehearsal.report import Unrehearsed
from migrate.runbooks import Turn, cutover_order

__all__ = ["DatabaseTarget", "Scope", "scope_of"]

_INSTANCE = re.compile(r"[a-z][a-z0-9-]*\.[a-z0-9-]+")
_DATABASE = re.compile(r"(?:rds:)?(db\.[a-z0-9-]+\.[a-z0-9-]+)(?:\s*\(([a-z0-9-]+)(?:,\s*([a-z-]+))?\))?")
_ENGINES = {"mysql": "mysql", "postgresql": "postgres", "sqlserver": "sqlserver-se", "oracle": "oracle-se2"}
_MOST_GIB = 65_536.0  # of one gp3 volume; more is a fault of the inventory
_WITHOUT_APPLICATION = "no application"


@dataclass(frozen=True)
class DatabaseTarget:
    """A managed database."""

    instance_class: str
    engine: str
    multi_az: bool


@dataclass(frozen=True)
class Scope:
    """A wave, taken apart for rehearsal. For wave 0 there are no servers, and `applications` is all that move."""

    plan: Plan
    wave: int
    networks: TargetNetworks
    turns: tuple[Turn, ...]  # applications of the wave in cutover order
    instances: dict[str, tuple[PlannedServer, ...]]  # by application; launched on EC2
    databases: dict[str, tuple[PlannedServer, ...]]  # by application; created in RDS
    database_targets: dict[str, DatabaseTarget]  # by server id
    unrehearsed: tuple[Unrehearsed, ...]
    arrived: dict[str, tuple[PlannedServer, ...]]  # by application: at the target when this wave has moved
    labels: dict[str, str]  # server id -> first part of its DNS name
    zone: str  # DNS

    @property
    def servers(self) -> tuple[PlannedServer, ...]:
        """Servers that are rehearsed, in cutover order."""
        return tuple(
            server
            for turn in self.turns
            for server in (*self.instances.get(turn.application, ()), *self.databases.get(turn.application, ()))
        )

    def name(self, server: PlannedServer) -> str:
        """The server's DNS name."""
        return f"{self.labels[server.server_id]}.{self.zone}."


def application_of(server: PlannedServer) -> str:
    """The server's application, or a name for having none."""
    return server.application or _WITHOUT_APPLICATION


def volume_sizes(server: PlannedServer) -> tuple[int, ...]:
    """Whole GiB of the server's volumes, as AWS sells them; empty when the plan does not know them."""
    return tuple(max(1, math.ceil(size)) for size in server.volumes_gib)


def scope_of(plan: Plan, wave: int) -> Scope:
    """Take a wave apart.

    Raises
    ------
    RequestError
        The plan has no such wave; the message lists those it has.
    """
    known = sorted({0, *(planned.wave for planned in plan.waves)})
    if wave not in known:
        raise RequestError(
            f"the plan has no wave {wave}",
            remedy=f"It has these: {', '.join(str(number) for number in known)} (0 is the landing zone).",
        )
    instances: dict[str, list[PlannedServer]] = defaultdict(list)
    databases: dict[str, list[PlannedServer]] = defaultdict(list)
    targets: dict[str, DatabaseTarget] = {}
    unrehearsed = []
    for server in plan.servers:
        if server.wave != wave or wave == 0:
            continue
        found = _classify(server)
        if isinstance(found, str):
            unrehearsed.append(Unrehearsed(server=server.name, application=server.application, reason=found))
        elif isinstance(found, DatabaseTarget):
            targets[server.server_id] = found
            databases[application_of(server)].append(server)
        else:
            instances[application_of(server)].append(server)
    arrived: dict[str, list[PlannedServer]] = defaultdict(list)
    for server in plan.servers:
        if server.wave is not None and (wave == 0 or server.wave <= wave) and not isinstance(_classify(server), str):
            arrived[application_of(server)].append(server)
    return Scope(
        plan=plan,
        wave=wave,
        networks=TargetNetworks(plan),
        turns=cutover_order(sorted({*instances, *databases}), plan.dependencies),
        instances={name: tuple(servers) for name, servers in instances.items()},
        databases={name: tuple(servers) for name, servers in databases.items()},
        database_targets=targets,
        unrehearsed=tuple(sorted(unrehearsed, key=lambda item: (item.server, item.reason))),
        arrived={name: tuple(servers) for name, servers in sorted(arrived.items())},
        labels=_labels(plan),
        zone=f"{_slug(plan.spec.plan.name, 40) or 'plan'}.internal",
    )


def _classify(server: PlannedServer) -> DatabaseTarget | str | None:
    """A managed database, a reason not to rehearse, or None for an instance."""
    if server.disposition == "repurchase":
        return "repurchase: the bought service needs no infrastructure of ours"
    if server.target is None:
        return "the plan has no target for it"
    if any(size > _MOST_GIB for size in server.volumes_gib):
        return f"a volume is larger than {_MOST_GIB:,.0f} GiB, the most that gp3 holds"
    database = _DATABASE.fullmatch(server.target)
    if database is not None:
        return _database_target(server, database)
    is_instance = _INSTANCE.fullmatch(server.target) is not None
    return None if is_instance else f"{server.target} is no instance and no database: this rehearsal does not build it"


def _database_target(server: PlannedServer, target: re.Match[str]) -> DatabaseTarget | str:
    asked = target[2] or server.database_engine
    engine = _ENGINES.get(asked or "")
    if engine is None:
        return f"mocked RDS has no engine {asked}" if asked else "the engine of its database is unknown"
    return DatabaseTarget(target[1], engine, multi_az=target[3] == "multi-az")


def _labels(plan: Plan) -> dict[str, str]:
    wanted = {server.server_id: _slug(server.name, 50) or "server" for server in plan.servers}
    often = Counter(wanted.values())
    return {
        server_id: label if often[label] == 1 else f"{label}-{hashlib.sha256(server_id.encode()).hexdigest()[:8]}"
        for server_id, label in wanted.items()
    }


def _slug(text: str, most: int) -> str:
    return re.sub(r"[^a-z0-9]+", "-", text.lower())[:most].strip("-")

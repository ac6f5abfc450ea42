"""Plans for rehearsals: the small one of `tests.factories`, and larger ones by number."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from migrate.model.plan import Plan, PlannedServer
from tests.factories import make_application, make_dependency, make_plan, make_server, make_wave


def with_server(plan: Plan, server_name: str, /, **fields: Any) -> Plan:
    """The plan with fields of one server changed."""
    servers = tuple(server.model_copy(update=fields) if server.name == server_name else server for server in plan.servers)
    return plan.model_copy(update={"servers": servers})


def make_wide_plan(servers: int, applications: int) -> Plan:
    """One wave: servers spread over applications that each need the one before."""
    names = [f"App {number:03d}" for number in range(applications)]
    made: list[PlannedServer] = []
    for number in range(servers):
        made.append(
            make_server(
                f"srv-{number:05d}",
                application=names[number % applications],
                addresses=(f"10.{30 + number // 60_000}.{number // 250 % 250}.{number % 250 + 1}",),
                volumes_gib=(60.0, 200.0),
                wave=1,
            )
        )
    apps = tuple(
        make_application(name, servers=servers // applications, moving_servers=servers // applications, wave=1) for name in names
    )
    needs = tuple(make_dependency(second, first) for first, second in pairwise(names))
    wave = make_wave(1, applications=tuple(names), servers=servers)
    return make_plan(servers=tuple(made), applications=apps, dependencies=needs, move_groups=(), waves=(wave,))

"""Small wave problems for tests, random but repeatable, with every kind of rule in them."""

from __future__ import annotations

import random
from typing import Any, NamedTuple

from migrate.model.plan import MoveGroup, Plan, PlannedApplication, PlannedDependency, PlannedServer
from migrate.spec import Spec
from tests.factories import make_application, make_dependency, make_plan, make_server, make_spec

CRITICALITIES = ("low", "medium", "high", "mission-critical")
DOMAINS = ("revenue-cycle", "clinical", None)

#: Lines that carry less than the days between two waves, so that waves wait for each other.
NARROW: list[dict[str, Any]] = [{"from": "DC-North", "bandwidth_mbit_s": 12}, {"from": "DC-South", "bandwidth_mbit_s": 20}]

#: Capacities that have a price, in each of its ways: two crews of a skill, servers, a line beside one that is a hard limit.
PRICED: dict[str, Any] = {
    "link": [NARROW[0], {**NARROW[1], "overflow_usd_gib": 0.37}],
    "crew": [
        {"skill": "linux", "hours_week": 12, "overtime_hours_week": 20, "overtime_usd_hour": 61.7},
        {"skill": "linux", "hours_week": 8, "overtime_hours_week": 9, "overtime_usd_hour": 42.13},
        {"skill": "windows", "hours_week": 30, "overtime_hours_week": 10, "overtime_usd_hour": 80},
    ],
    "waves": {
        "max_servers": 30,
        "usual_servers": 17,
        "over_usual_usd_server": 333.33,
        "max_waves": 14,
        "max_mission_critical": 2,
        "pathfinders": 1,
        "hypercare_crew_share": 0.2,
    },
}

RULES: list[dict[str, Any]] = [
    {"id": "first", "before": {"first": "App 00", "then": "domain:*"}},
    {"id": "strict", "before": {"first": "App 01", "then": "App 02"}, "strictly": True},
    {"id": "soft-order", "before": {"first": "criticality:low", "then": "criticality:high"}, "price_usd": 700.0},
    {"id": "apart", "apart": ["App 03", "App 04", "App 05"]},
    {"id": "soft-apart", "apart": ["criticality:high", "criticality:medium"], "price_usd": 90.0},
    {"id": "together", "together": ["App 06", "App 07"]},
    {"id": "soft-together", "together": ["App 08", "App 09", "App 10"], "price_usd": 400.0},
    {"id": "few-phi", "at_most": {"of": "data:PHI", "count": 3}},
    {"id": "soft-few", "at_most": {"of": "domain:clinical", "count": 1}, "price_usd": 250.0},
    {"id": "soft-latest", "of": "App 11", "latest": "2027-04-30", "price_usd": 1_000.0},
    {"id": "lag", "before": {"first": "App 05", "then": "App 08"}, "lag_days": 10},
    {"id": "soft-lag", "before": {"first": "data:PHI", "then": "App 12"}, "lag_days": 20, "price_usd": 60.0},
    {"id": "not-early", "of": "App 02", "earliest": "2027-04-01"},
    {"id": "within", "before": {"first": "App 01", "then": "App 09"}, "within_days": 40},
    {"id": "soft-within", "before": {"first": "data:PHI", "then": "App 10"}, "lag_days": 7, "within_days": 21, "price_usd": 80.0},
    {"id": "near", "within": {"of": ["App 04", "App 12"], "days": 50}},
    {"id": "soft-near", "within": {"of": ["criticality:low", "App 08"], "days": 14}, "price_usd": 35.0},
]


class Records(NamedTuple):
    """What a wave problem is made of, in the order of `plan_waves`."""

    servers: tuple[PlannedServer, ...]
    applications: tuple[PlannedApplication, ...]
    dependencies: tuple[PlannedDependency, ...]
    move_groups: tuple[MoveGroup, ...]
    spec: Spec


def alone(application: PlannedApplication) -> MoveGroup:
    name = application.application
    return MoveGroup(move_group=name, applications=(name,), servers=application.servers, reason="", confidence=1.0)


def records(applications: list[PlannedApplication], **sections: Any) -> Records:
    """Records for given applications: a server for each moving server, no dependencies, every group alone."""
    servers = [
        make_server(f"{application.application}-{number:03d}", application=application.application, site=application.site)
        for application in applications
        for number in range(application.moving_servers)
    ]
    ordered = tuple(sorted(applications, key=lambda item: item.application))
    return Records(tuple(servers), ordered, (), tuple(alone(item) for item in ordered), make_spec(**sections))


def random_records(seed: int, count: int = 16, **sections: Any) -> Records:
    """Applications with dependencies, two move groups and all of `RULES`."""
    dice = random.Random(seed)
    applications, servers = [], []
    for number in range(count):
        name = f"App {number:02d}"
        moving = dice.randint(1, 9)
        site = dice.choice(("DC-North", "DC-South"))
        criticality = "low" if number in (14, 15) else dice.choice(CRITICALITIES)
        applications.append(
            make_application(
                name,
                domain=dice.choice(DOMAINS),
                criticality=criticality,
                data_class=dice.choice(("PHI", None)),
                site=site,
                servers=moving,
                moving_servers=moving if number != 13 else 0,
                rto_h=dice.choice((None, 2.0, 8.0)),
                crew_h={"linux": 4.0 * moving, "windows": float(dice.randint(0, 9))},
                data_gib=moving * 100.0,
                failure_probability=dice.random() / 3,
                outage_usd_h=dice.choice((500.0, 4_000.0, 25_000.0)),
                shared_service=number == 0,
                disposition="retain" if number == 13 else "rehost",
                confidence=dice.random(),
            )
        )
        for index in range(moving):
            elsewhere = dice.random() < 0.2
            servers.append(
                make_server(
                    f"s{number:02d}-{index}",
                    application=name,
                    site=("DC-South" if site == "DC-North" else "DC-North") if elsewhere else site,
                    disposition="retain" if number == 13 else "rehost",
                    cost_usd_month=None if dice.random() < 0.1 else dice.uniform(20, 400),
                    source_cost_usd_month=dice.uniform(50, 300),
                )
            )
    dependencies = [
        make_dependency(f"App {a:02d}", f"App {b:02d}", gb_day=dice.uniform(0, 90), connections_day=dice.uniform(0, 1e5))
        for a in range(count)
        for b in range(count)
        if a != b and dice.random() < 0.2
    ]
    pairs = (("App 03", "App 11"), ("App 13", "App 14"))
    grouped = {name for pair in pairs for name in pair}
    groups = [MoveGroup(move_group=a, applications=(a, b), servers=2, reason="", confidence=0.8) for a, b in pairs]
    groups += [alone(item) for item in applications if item.application not in grouped]
    sections.setdefault("rule", RULES)
    sections.setdefault("waves", {"max_servers": 30, "max_waves": 14, "max_mission_critical": 2, "pathfinders": 1})
    return Records(tuple(servers), tuple(applications), tuple(dependencies), tuple(groups), make_spec(**sections))


def planned(given: Records, assignment: dict[str, int | None]) -> Plan:
    """A plan whose applications and servers are in the given waves."""
    return make_plan(
        spec=given.spec,
        servers=tuple(server.model_copy(update={"wave": assignment.get(server.application or "")}) for server in given.servers),
        applications=tuple(
            application.model_copy(update={"wave": assignment.get(application.application)}) for application in given.applications
        ),
        dependencies=given.dependencies,
        move_groups=given.move_groups,
        candidates=(),
        waves=(),
    )

"""A small estate in which no risk rule applies to "Alpha", and everything a rule needs is known."""

from __future__ import annotations

import copy
from typing import Any

import polars as pl

from migrate.model.estate import build_estate
from migrate.model.plan import MoveGroup, PlannedDependency
from migrate.model.stages import ApplicationDependencies, Discovery, ServerDependencies, TargetChoice
from migrate.spec import Spec
from tests.factories import make_dependency, make_spec

Row = dict[str, Any]


def server_row(name: str, **fields: Any) -> Row:
    return {
        "server_id": name,
        "name": name,
        "site": "DC-North",
        "kind": "virtual",
        "power": "on",
        "os_name": "Red Hat Enterprise Linux 9 (64-bit)",
        "os_family": "linux",
        "vcpu": 4.0,
        "memory_gib": 16.0,
        "disk_gib": 200.0,
        "disk_used_gib": 100.0,
        "source": "servers.csv:2",
        **fields,
    }


def application_row(name: str, **fields: Any) -> Row:
    return {
        "application": name,
        "domain": "back-office",
        "owner": "Pat Doe",
        "criticality": "medium",
        "rto_h": 24.0,
        "rpo_h": 12.0,
        "data_class": "internal",
        "declared": True,
        "source": "applications.csv:2",
        **fields,
    }


class World:
    """Tables and records that a test changes before it asks for an assessment."""

    def __init__(self) -> None:
        self.servers = [server_row("a-1"), server_row("a-2"), server_row("b-1")]
        self.applications = [application_row("Alpha"), application_row("Beta")]
        self.membership = {"a-1": "Alpha", "a-2": "Alpha", "b-1": "Beta"}
        self.confidence = 0.9
        self.measured = ["a-1", "a-2", "b-1"]
        self.databases: list[Row] = [{"server_id": "b-1", "database": "ledger", "engine": "postgresql", "source": "d:2"}]
        self.disposition = dict.fromkeys(["a-1", "a-2", "b-1"], "rehost")
        self.target: dict[str, str | None] = dict.fromkeys(["a-1", "a-2", "b-1"], "m6i.large")
        self.dependencies: list[PlannedDependency] = [make_dependency("Alpha", "Beta")]
        self.groups: list[tuple[str, ...]] = [("Alpha",), ("Beta",)]
        self.shared: tuple[str, ...] = ()
        self.observed_days = 14
        self.external: dict[str, float] = {}
        self.sections: dict[str, Any] = {}

    def copy(self) -> World:
        return copy.deepcopy(self)

    def alpha(self, **fields: Any) -> None:
        """Change the application under test."""
        self.applications[0].update(fields)

    def first(self, **fields: Any) -> None:
        """Change its first server."""
        self.servers[0].update(fields)

    def spec(self) -> Spec:
        return make_spec(**self.sections)

    def discovery(self) -> Discovery:
        memberships = [
            {
                "server_id": server,
                "application": application,
                "origin": "declared",
                "confidence": self.confidence,
                "evidence": "stated",
                "source": "members.csv:2",
            }
            for server, application in self.membership.items()
        ]
        measured = [{"server_id": server, "cpu_p95_pct": 40.0, "source": "u:2"} for server in self.measured]
        tables = {
            "servers": self.servers,
            "applications": self.applications,
            "memberships": memberships,
            "utilisation": measured,
            "databases": self.databases,
        }
        frames = {name: pl.DataFrame(rows, infer_schema_length=None) for name, rows in tables.items() if rows}
        estate, findings = build_estate(frames)
        assert not findings
        return Discovery(
            estate=estate,
            server_dependencies=ServerDependencies.create_empty(),
            application_dependencies=ApplicationDependencies.cast(
                pl.DataFrame(
                    [item.model_dump() for item in self.dependencies], schema=ApplicationDependencies.create_empty().schema
                )
            ),
            shared_services=self.shared,
            move_groups=tuple(
                MoveGroup(move_group=names[0], applications=names, servers=1, reason="", confidence=1.0) for names in self.groups
            ),
            observed_days=self.observed_days,
            external_gb_month=self.external,
            findings=[],
        )

    def targets(self) -> TargetChoice:
        ids = [row["server_id"] for row in self.servers]
        frame = pl.DataFrame(
            {
                "server_id": ids,
                "disposition": [self.disposition.get(i) for i in ids],
                "target": [self.target.get(i) for i in ids],
            },
            schema={"server_id": pl.String, "disposition": pl.String, "target": pl.String},
        )
        return TargetChoice(servers=frame, price_book="test 2027-01-01", findings=[])

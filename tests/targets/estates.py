"""Small estates for the tests of this folder: a row says only what a test is about."""

from __future__ import annotations

from typing import Any

import polars as pl

from migrate.model.estate import build_estate
from migrate.model.stages import ApplicationDependencies, Discovery, ServerDependencies, TargetChoice
from migrate.spec import Spec
from migrate.targets import choose_targets

SERVER: dict[str, Any] = {
    "vcpu": 4.0,
    "memory_gib": 16.0,
    "disk_gib": 100.0,
    "disk_used_gib": 40.0,
    "os_name": "Red Hat Enterprise Linux 9 (64-bit)",
    "os_family": "linux",
    "power": "on",
    "kind": "virtual",
    "environment": "production",
    "source": "test.csv:2",
}


def server(name: str, **fields: Any) -> dict[str, Any]:
    """A row of `Servers`."""
    return {"server_id": name, "name": name, **SERVER, **fields}


def spec(target: dict[str, Any] | None = None, **tables: Any) -> Spec:
    """A request with the tables given."""
    return Spec.model_validate({"plan": {"start": "2027-01-04"}, "target": target or {}, **tables})


def discovered(
    servers: list[dict[str, Any]],
    *,
    external: dict[str, float] | None = None,
    observed_days: int = 0,
    connected: list[tuple[str, str]] | None = None,
    **tables: list[dict[str, Any]],
) -> Discovery:
    """What discovery would return; further tables of the estate by name."""
    frames = {
        name: pl.DataFrame([{"source": "t", **row} for row in rows], infer_schema_length=None) for name, rows in tables.items()
    }
    estate, findings = build_estate({"servers": pl.DataFrame(servers, infer_schema_length=None), **frames})
    assert not findings
    pairs = [
        {
            "consumer_id": a,
            "provider_id": b,
            "protocol": "tcp",
            "port": 443,
            "bytes_day": 1.0,
            "connections_day": 1.0,
            "active_days": 1,
        }
        for a, b in connected or []
    ]
    dependencies = ServerDependencies.create_empty()
    if pairs:
        dependencies = ServerDependencies.cast(pl.concat([dependencies, pl.DataFrame(pairs)], how="diagonal_relaxed"))
    return Discovery(estate, dependencies, ApplicationDependencies.create_empty(), (), (), observed_days, external or {}, [])


def member(server_id: str, application: str, **fields: Any) -> dict[str, Any]:
    """A row of `Memberships`."""
    return {
        "server_id": server_id, "application": application, "origin": "declared", "confidence": 1.0, "evidence": "list", **fields
    }  # fmt: skip


def application(name: str, **fields: Any) -> dict[str, Any]:
    """A row of `Applications`."""
    return {"application": name, "declared": True, **fields}


def chosen(choice: TargetChoice, name: str) -> dict[str, Any]:
    """The row of one server."""
    return choice.servers.row(by_predicate=pl.col("server_id") == name, named=True)


def choose_one(fields: dict[str, Any] | None = None, request: Spec | None = None, **tables: Any) -> dict[str, Any]:
    """The row of a single server ``s`` with these fields."""
    return chosen(choose_targets(discovered([server("s", **(fields or {}))], **tables), request or spec()), "s")

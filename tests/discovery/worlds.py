"""Small estates and flow logs for the tests of discovery."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import polars as pl

from migrate.model.estate import Estate, build_estate
from migrate.model.stages import FlowFile, FlowFiles, Layout
from migrate.spec import Spec

START = 1_767_225_600  # 2026-01-01 00:00 UTC
DAY = 86_400
SYN, SYN_ACK = 2, 18


def spec(**waves: Any) -> Spec:
    return Spec.model_validate({"plan": {"start": "2027-01-04"}, "waves": waves})


def estate(
    homes: Mapping[str, str | Sequence[str] | None],
    *,
    addresses: Mapping[str, str] | None = None,
    declared: Iterable[tuple[str, str]] = (),
    applications: Iterable[str] = (),
    **columns: Mapping[str, str],
) -> Estate:
    """Servers by name with the application(s) declared for them; the n-th has the address 10.0.x.n unless one is given."""
    names = list(homes)
    ips = {name: f"10.0.{number // 250}.{number % 250 + 1}" for number, name in enumerate(names)} | dict(addresses or {})
    members = [
        (name, application)
        for name, given in homes.items()
        if given is not None
        for application in ([given] if isinstance(given, str) else given)
    ]
    listed = sorted({application for _, application in members} | set(applications))
    server_columns = {column: [values.get(name) for name in names] for column, values in columns.items()}
    built, findings = build_estate(
        {
            "servers": pl.DataFrame({"server_id": names, "name": names, "source": ["list:1"] * len(names), **server_columns}),
            "addresses": pl.DataFrame({"server_id": list(ips), "ip": list(ips.values()), "source": ["list:1"] * len(ips)}),
            "applications": pl.DataFrame(
                {"application": listed, "declared": [True] * len(listed), "source": ["apps:1"] * len(listed)},
                schema={"application": pl.String, "declared": pl.Boolean, "source": pl.String},
            ),
            "memberships": pl.DataFrame(
                [(server, app, "declared", 1.0, "application list", "apps:1") for server, app in members],
                schema=["server_id", "application", "origin", "confidence", "evidence", "source"],
                orient="row",
            )
            if members
            else pl.DataFrame(),
            "declared_dependencies": pl.DataFrame(
                [(consumer, provider, "cmdb:1") for consumer, provider in declared],
                schema={"consumer": pl.String, "provider": pl.String, "source": pl.String},
                orient="row",
            ),
        }
    )
    assert not findings
    return built


def address(world: Estate, server: str) -> str:
    return str(world.addresses.filter(pl.col("server_id") == server)["ip"][0])


def record(source: str, target: str, source_port: int, target_port: int, **other: Any) -> dict[str, Any]:
    """One flow record, as VPC Flow Logs write it."""
    row = {
        "interface_id": "eni-1",
        "srcaddr": source,
        "dstaddr": target,
        "srcport": source_port,
        "dstport": target_port,
        "protocol": 6,
        "packets": 10,
        "bytes": 1_000,
        "start": START,
        "end": START + 60,
        "action": "ACCEPT",
        "log_status": "OK",
        "tcp_flags": 0,
    }
    return row | other


def sessions(
    client: str, server: str, port: int, *, days: int = 10, a_day: int = 3, flags: bool = True, size: int = 20_000
) -> list[dict[str, Any]]:
    """Conversations on each of some days, hours apart: a record in each direction."""
    rows = []
    for day in range(days):
        for number in range(a_day):
            start = START + day * DAY + (number * 5 + day) % 24 * 3_600
            ephemeral = 40_000 + (day * 97 + number) % 20_000
            rows.append(
                record(client, server, ephemeral, port, start=start, end=start + 60, tcp_flags=SYN if flags else 0, bytes=size)
            )
            rows.append(
                record(
                    server, client, port, ephemeral, start=start, end=start + 60, tcp_flags=SYN_ACK if flags else 0, bytes=size
                )
            )
    return rows


def write(folder: Path, rows: Sequence[Mapping[str, Any]], name: str = "flows.parquet") -> FlowFiles:
    path = folder / name
    pl.DataFrame(list(rows), infer_schema_length=None).write_parquet(path)
    return FlowFiles((FlowFile(path, name, "vpc", Layout("parquet")),))

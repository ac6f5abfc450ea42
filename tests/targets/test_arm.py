"""Graviton where the software allows: the operating system and the databases that are known decide."""

from __future__ import annotations

from typing import Any

import pytest

from migrate.targets import choose_targets
from migrate.targets.instances import load_instances
from tests.targets.estates import choose_one, discovered, server, spec

_TYPES = {row["instance_type"]: row for row in load_instances().types.iter_rows(named=True)}


def _engines(*names: str) -> list[dict[str, Any]]:
    return [{"server_id": "s", "database": name, "engine": name} for name in names]


@pytest.mark.parametrize(
    ("fields", "engines", "told"),
    [
        ({}, (), "candidate"),
        ({}, ("postgresql",), "supported"),
        ({}, ("mysql", "mongodb"), "supported"),
        ({}, ("mysql", "teradata"), "candidate"),
        ({}, ("oracle",), "no: oracle has no arm64 release there"),
        ({}, ("cache", "mysql"), "no: cache has no arm64 release there"),
        ({"os_name": "CentOS 7 (64-bit)"}, (), "no: its release of Linux has no arm64 image"),
        ({"os_name": "SUSE Linux Enterprise 11 (64-bit)"}, (), "no: its release of Linux has no arm64 image"),
        ({"os_name": "Ubuntu Linux 16.04"}, (), "no: its release of Linux has no arm64 image"),
        ({"os_name": "Other Linux (32-bit)"}, (), "no: its release of Linux has no arm64 image"),
        ({"os_name": "CentOS 4/5 or later (64-bit)"}, (), "candidate"),
        ({"os_name": "Red Hat Enterprise Linux 10 (64-bit)"}, (), "candidate"),
        ({"os_name": None}, (), "candidate"),
        ({"os_family": "windows", "os_name": "Microsoft Windows Server 2022"}, (), "no: not Linux"),
        ({"os_family": None, "os_name": None}, (), "no: not Linux"),
    ],
)
def test_software_decides(fields: dict[str, Any], engines: tuple[str, ...], told: str) -> None:
    both = [server("s", **fields), server("z")]
    sizing = choose_targets(discovered(both, databases=_engines(*engines)), spec()).sizing
    assert sizing is not None
    assert sizing.servers.arm64[0] == told


def test_allowing_arm64_does_not_move_what_cannot() -> None:
    both = spec({"architectures": ["x86_64", "arm64"]})
    assert _TYPES[choose_one(request=both)["target"]]["architecture"] == "arm64"
    for engine in ("oracle", "sqlserver"):
        assert _TYPES[choose_one(request=both, databases=_engines(engine))["target"]]["architecture"] == "x86_64"
    assert _TYPES[choose_one({"os_name": "CentOS 6 (64-bit)"}, both)["target"]]["architecture"] == "x86_64"

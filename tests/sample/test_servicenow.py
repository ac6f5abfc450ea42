from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from migrate.sample import SampleSummary

Sample = tuple[SampleSummary, Path]


def records(folder: Path, table: str) -> list[dict[str, Any]]:
    content = json.loads((folder / f"servicenow-{table}.json").read_text())
    assert list(content) == ["result"]
    found: list[dict[str, Any]] = content["result"]
    return found


def truth(folder: Path) -> dict[str, str | None]:
    members = pl.read_csv(folder / "truth" / "memberships.csv", infer_schema=False)
    return dict(members.select(pl.col("server").str.to_lowercase(), "application").iter_rows())


@pytest.mark.parametrize("table", ["cmdb_ci_server", "cmdb_ci_db_instance", "cmn_location"])
def test_values_are_strings_or_references(sample: Sample, table: str) -> None:
    for record in records(sample[1], table):
        for value in record.values():
            assert isinstance(value, str) or set(value) == {"link", "value"}


def test_ids_are_unique_and_relations_point_somewhere(sample: Sample) -> None:
    servers, instances = records(sample[1], "cmdb_ci_server"), records(sample[1], "cmdb_ci_db_instance")
    known = {record["sys_id"] for record in servers + instances}
    assert len(known) == len(servers) + len(instances)
    relations = records(sample[1], "cmdb_rel_ci")
    on_servers = [r for r in relations if r["child.sys_class_name"]["value"] != "cmdb_ci_appl"]
    assert on_servers
    assert {r["child"]["value"] for r in on_servers} <= known
    assert {r["type"]["display_value"] for r in relations} == {"Runs on::Runs", "Depends on::Used by"}


def test_memberships_are_incomplete_and_partly_wrong(sample: Sample) -> None:
    real = truth(sample[1])
    owned = sum(application is not None for application in real.values())
    pairs = [
        (r["child"]["display_value"].lower(), r["parent"]["display_value"].lower())
        for r in records(sample[1], "cmdb_rel_ci")
        if r["parent.sys_class_name"]["value"] == "cmdb_ci_appl" and r["child.sys_class_name"]["value"] != "cmdb_ci_appl"
    ]
    wrong = [1 for server, application in pairs if (real.get(server) or "").lower() != application]
    assert 0.6 < len(pairs) / owned < 0.85
    assert 0 < len(wrong) / len(pairs) < 0.1


def test_dirt_of_the_cmdb(sample: Sample) -> None:
    servers = records(sample[1], "cmdb_ci_server")
    classes = {record["sys_class_name"] for record in servers}
    assert {"cmdb_ci_win_server", "cmdb_ci_linux_server", "cmdb_ci_mainframe", "cmdb_ci_esx_server"} <= classes
    assert any(record["ram"] == "-1" for record in servers)
    assert any(record["ip_address"] == "" for record in servers)
    assert any(record["owned_by"] == "" for record in servers if "owned_by" in record)
    assert any(record["name"].isupper() for record in servers)
    in_workbooks = set(
        pl.read_csv(sample[1] / "truth" / "memberships.csv", infer_schema=False).filter(pl.col("kind") != "virtual")["server"]
    )
    names = {record["name"].lower().removesuffix(".northmere.example") for record in servers}
    assert {name.lower() for name in in_workbooks} <= names

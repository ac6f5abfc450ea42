"""The flat tables that people and scripts rely on."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from migrate.reports import write_tables
from tests.factories import make_plan
from tests.reports.hostile import NAMES, make_hostile_plan

FIRST = "name,site,application,disposition,target,wave,cutover_date,cost_usd_month,source"


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_servers_begin_with_the_promised_columns_and_hold_every_server(tmp_path: Path) -> None:
    plan = make_plan()
    write_tables(plan, tmp_path)
    assert (tmp_path / "servers.csv").read_text(encoding="utf-8").startswith(FIRST + ",")
    rows = rows_of(tmp_path / "servers.csv")
    assert [row["server_id"] for row in rows] == [server.server_id for server in plan.servers]
    stays = next(row for row in rows if row["name"] == "nth-mf-01")
    assert (stays["wave"], stays["cutover_date"], stays["cost_usd_month"]) == ("", "", "")  # unknown is empty, never 0


def test_findings_have_exactly_the_promised_columns(tmp_path: Path) -> None:
    write_tables(make_plan(), tmp_path)
    assert (tmp_path / "findings.csv").read_bytes().split(b"\n")[0] == b"code,severity,subject,source,message,remedy"


@pytest.mark.parametrize("name", ["servers", "applications", "dependencies", "waves", "findings"])
def test_every_table_is_there_with_a_row_per_record_and_unix_line_ends(tmp_path: Path, name: str) -> None:
    plan = make_plan()
    write_tables(plan, tmp_path)
    assert len(rows_of(tmp_path / f"{name}.csv")) == len(getattr(plan, name))
    assert b"\r\n" not in (tmp_path / f"{name}.csv").read_bytes()


def test_dependencies_name_the_waves_of_both_ends(tmp_path: Path) -> None:
    write_tables(make_plan(), tmp_path)
    row = next(row for row in rows_of(tmp_path / "dependencies.csv") if row["external"] == "true")
    assert (row["consumer_wave"], row["provider_wave"], row["ports"]) == ("3", "", "tcp/443")


def test_hostile_names_survive_as_data_and_run_nowhere(tmp_path: Path) -> None:
    write_tables(make_hostile_plan(), tmp_path)
    read = {row["name"] for row in rows_of(tmp_path / "servers.csv")}
    assert {name if name[0] not in "=+-@\t\r" else f"'{name}" for name in NAMES} <= read
    for path in tmp_path.glob("*.csv"):
        for row in rows_of(path):
            assert not any(cell.startswith(("=", "+", "@", "\t", "\r")) for cell in row.values())

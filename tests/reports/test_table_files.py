"""The flat tables that people and scripts rely on."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from migrate.model.plan import OutsideParty
from migrate.model.stages import OutsideParties
from migrate.reports import write_tables
from migrate.reports.neutral import neutral_text
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
    assert {neutral_text(name) for name in NAMES} <= read
    for path in tmp_path.glob("*.csv"):
        for row in rows_of(path):
            assert not any(cell.startswith(("=", "+", "@", "\t", "\r")) for cell in row.values())


def test_groups_have_one_row_for_each_server_and_name_it_by_its_id_where_its_name_is_shared(tmp_path: Path) -> None:
    plan = make_plan()
    twins = (
        plan.servers[0].model_copy(update={"role_group": "role 1"}),
        plan.servers[1].model_copy(update={"name": plan.servers[0].name}),
    )
    write_tables(plan.model_copy(update={"servers": (*twins, *plan.servers[2:])}), tmp_path)
    rows = rows_of(tmp_path / "groups.csv")
    assert list(rows[0]) == ["server", "application_group", "role_group", "move_group"]
    named = {row["server"]: row for row in rows}
    assert len(named) == len(rows) == len(plan.servers)
    assert {twin.server_id for twin in twins} <= set(named)
    first, group_of = named[twins[0].server_id], {a.application: a.move_group for a in plan.applications}
    assert (first["application_group"], first["role_group"]) == (twins[0].application, "role 1")
    assert first["move_group"] == group_of[twins[0].application or ""]
    assert [row["server"] for row in rows] == sorted(named)


def test_parties_outside_have_a_row_each(tmp_path: Path) -> None:
    party = OutsideParty(
        network="203.0.113.0/24", direction="outbound", application="Payroll", kind="public", ports=("tcp/443", "tcp/22"),
        servers=2, addresses=3, some_addresses=("203.0.113.4", "203.0.113.5"), bytes_day=1e6,
        egress_gb_month=0.01, connections_day=12.5,
    )  # fmt: skip
    write_tables(make_plan().model_copy(update={"outside": (party,)}), tmp_path)
    (row,) = rows_of(tmp_path / "outside.csv")
    assert (row["network"], row["direction"], row["application"]) == ("203.0.113.0/24", "outbound", "Payroll")
    assert (row["ports"], row["egress_gb_month"]) == ("tcp/443; tcp/22", "0.01")
    assert list(row) == list(OutsideParties.columns())  # as those of `migrate discover`
    assert row["some_addresses"] == "203.0.113.4; 203.0.113.5"

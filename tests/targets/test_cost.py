"""Monthly cost, each part by hand."""

from __future__ import annotations

from typing import Any

import pytest

from migrate.targets import choose_targets
from tests.targets.estates import choose_one, chosen, discovered, server, spec

_WINDOWS = {"os_family": "windows", "os_name": "Microsoft Windows Server 2022"}


def test_a_linux_server_by_part() -> None:
    # us-east-1, 2025-04-04: m5a.xlarge 0.172 USD/h is the cheapest current type with 4 vCPU and 16 GiB
    row = choose_one({"disk_gib": 100.0, "disk_used_gib": 40.0}, observed_days=14, external={"s": 200.0}, connected=[("s", "s")])
    assert row["target"] == "m5a.xlarge"
    assert row["volumes_gib"] == [100.0]
    assert row["compute_usd_month"] == pytest.approx(0.172 * 730)
    assert row["licence_usd_month"] == 0
    assert row["storage_usd_month"] == pytest.approx(100 * 0.08)
    assert row["backup_usd_month"] == pytest.approx(40 * 1.5 * 0.05)
    assert row["transfer_usd_month"] == pytest.approx(200 * 0.09)
    assert row["cost_usd_month"] == pytest.approx(0.172 * 730 + 8 + 3 + 18)


def test_windows_licences_are_paid_by_vcpu_or_brought_along() -> None:
    included = choose_one(_WINDOWS)
    assert included["licence_usd_month"] == pytest.approx(4 * 0.046 * 730)
    brought = choose_one(_WINDOWS, request=spec({"windows_licence": "byol"}))
    assert brought["licence_usd_month"] == 0


def test_traffic_is_priced_by_what_the_whole_estate_sends() -> None:
    servers = [server("a"), server("b"), server("c")]
    choice = choose_targets(discovered(servers, external={"a": 10_240.0, "b": 10_240.0}, observed_days=14), spec())
    costs = [chosen(choice, name)["transfer_usd_month"] for name in "abc"]
    assert costs[0] == pytest.approx(10_240 * (0.09 + 0.085) / 2)
    assert costs[0] == pytest.approx(costs[1])
    assert costs[2] == 0


def test_without_flows_traffic_is_unknown_and_does_not_blank_the_total() -> None:
    row = choose_one()
    assert row["transfer_usd_month"] is None
    assert row["cost_usd_month"] == pytest.approx(row["compute_usd_month"] + row["storage_usd_month"] + row["backup_usd_month"])


def test_volumes_are_the_disks_in_whole_gib() -> None:
    disks: list[dict[str, Any]] = [
        {"server_id": "s", "disk": "1", "capacity_gib": 0.3},
        {"server_id": "s", "disk": "2", "capacity_gib": 40.2},
        {"server_id": "s", "disk": "3", "capacity_gib": 20_000.0},
    ]
    row = choose_one(disks=disks)
    assert row["volumes_gib"] == [1.0, 41.0, 10_000.0, 10_000.0]
    assert row["storage_usd_month"] == pytest.approx(20_042 * 0.08)


def test_speed_beyond_what_volumes_include_is_paid() -> None:
    row = choose_one(utilisation=[{"server_id": "s", "disk_iops_p95": 4000.0, "disk_mib_s_p95": 200.0}])
    assert row["storage_usd_month"] == pytest.approx(100 * 0.08 + (4000 * 1.25 - 3000) * 0.005 + (200 * 1.25 - 125) * 0.04)


def test_unknown_disks_are_a_finding_and_no_cost() -> None:
    both = [server("s", disk_gib=None, disk_used_gib=None), server("z")]
    choice = choose_targets(discovered(both), spec())
    row = chosen(choice, "s")
    assert (row["volumes_gib"], row["storage_usd_month"], row["backup_usd_month"]) == ([], None, None)
    assert row["cost_usd_month"] == row["compute_usd_month"]
    assert [f.subject for f in choice.findings if f.code == "disks-unknown"] == ["s"]


def test_used_space_that_is_not_known_is_taken_as_allocated() -> None:
    row = choose_targets(discovered([server("s", disk_used_gib=None), server("z")]), spec()).servers.row(0, named=True)
    assert row["backup_usd_month"] == pytest.approx(100 * 1.5 * 0.05)


def test_a_managed_database_by_part() -> None:
    # us-east-1, 2025-04-04: db.m6i.large costs 0.342 USD/h in two zones
    database = [{"server_id": "s", "database": "d", "engine": "mysql"}]
    row = choose_one({"vcpu": 2.0, "memory_gib": 8.0, "disk_gib": 10.0, "disk_used_gib": 10.0}, databases=database)
    assert row["target"] == "rds:db.m6i.large (mysql, multi-az)"
    assert row["compute_usd_month"] == pytest.approx(0.342 * 730)
    assert row["volumes_gib"] == [20.0]  # the least that can be had
    assert row["storage_usd_month"] == pytest.approx(20 * 0.23)
    assert row["backup_usd_month"] == 0  # as much as is allocated is free
    assert row["licence_usd_month"] == 0
    three = choose_one({"vcpu": 2.0, "memory_gib": 8.0}, databases=database, request=spec({"term": "reserved_3y"}))
    assert three["compute_usd_month"] < row["compute_usd_month"]
    assert "priced for one year" in three["target_reason"]


@pytest.mark.parametrize("disposition", ["retire", "retain"])
def test_what_does_not_move_costs_nothing_in_the_cloud(disposition: str) -> None:
    row = choose_one(request=spec(disposition=[{"server": "s", "disposition": disposition, "why": "w"}]))
    assert (row["target"], row["region"], row["volumes_gib"], row["cost_usd_month"]) == (None, None, [], 0)


def test_the_cost_of_staying_by_part() -> None:
    costs = {
        "vcpu_usd_month": 10, "memory_usd_gib_month": 1, "storage_usd_gib_month": 0.1, "backup_usd_gib_month": 0.05,
        "windows_usd_month": 20, "operations_usd_month": 60,
    }  # fmt: skip
    request = spec(costs=costs)
    assert choose_one(request=request)["source_cost_usd_month"] == pytest.approx(4 * 10 + 16 + 10 + 2 + 60)
    assert choose_one(_WINDOWS, request)["source_cost_usd_month"] == pytest.approx(4 * 10 + 16 + 10 + 2 + 20 + 60)
    assert choose_one({"power": "off"}, request)["source_cost_usd_month"] == pytest.approx(10)
    assert choose_one({"kind": "mainframe"}, request)["source_cost_usd_month"] is None
    rows = [
        server("s", vcpu=None, disk_gib=None, disk_used_gib=None),
        server("t", vcpu=None, memory_gib=None, disk_gib=None),
        server("z"),
    ]
    choice = choose_targets(discovered(rows), request)
    assert chosen(choice, "s")["source_cost_usd_month"] == pytest.approx(16 + 60)
    assert chosen(choice, "t")["source_cost_usd_month"] is None


def test_a_server_that_is_switched_off_pays_for_its_storage_only() -> None:
    rows = [server("s", power="off", **_WINDOWS), server("t", power="suspended", **_WINDOWS), server("z", **_WINDOWS)]
    choice = choose_targets(discovered(rows, connected=[("s", "t")], observed_days=14, external={"s": 50.0}), spec())
    running = chosen(choice, "z")
    for name in "st":
        row = chosen(choice, name)
        assert row["target"] == running["target"]
        assert (row["compute_usd_month"], row["licence_usd_month"], row["transfer_usd_month"]) == (0, 0, 0)
        assert row["cost_usd_month"] == pytest.approx(100 * 0.08 + 40 * 1.5 * 0.05)
        assert "switched off: only storage is paid until it is started" in row["target_reason"]
    (told,) = [f for f in choice.findings if f.code == "switched-off-priced-as-stopped"]
    compute, licences = 2 * running["compute_usd_month"], 2 * running["licence_usd_month"]
    assert told.message.startswith("2 servers are switched off and move: only storage and backups are in the cost.")
    assert f"would add {compute:,.0f} USD of compute and {licences:,.0f} of licences a month: s, t" in told.message


def test_servers_that_are_off_and_retired_or_running_are_not_told_of_as_stopped() -> None:
    choice = choose_targets(discovered([server("s", power="off"), server("z", power=None)]), spec())
    assert chosen(choice, "z")["compute_usd_month"] > 0
    assert not [f for f in choice.findings if f.code == "switched-off-priced-as-stopped"]

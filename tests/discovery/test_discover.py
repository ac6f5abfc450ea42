"""Discovery through its one door: estate and flow logs in, applications, dependencies and groups out."""

from __future__ import annotations

import json
from pathlib import Path

import networkx as nx
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from migrate.discovery import application_graph, discover
from migrate.model.stages import Discovery, FlowFiles
from tests.discovery.worlds import address, estate, record, sessions, spec, write

NO_FLOWS = FlowFiles()


def _codes(found: Discovery) -> set[str]:
    return {finding.code for finding in found.findings}


def _homes(found: Discovery) -> dict[str, str]:
    return dict(found.estate.memberships.select("server_id", "application").iter_rows())


def _dump(found: Discovery) -> str:
    return json.dumps(
        [
            found.estate.memberships.rows(),
            found.server_dependencies.rows(),
            [item.model_dump() for item in found.dependencies],
            [item.model_dump() for item in found.move_groups],
            found.shared_services,
            found.external_gb_month,
            [finding.model_dump() for finding in found.findings],
        ],
        default=str,
    )


def test_a_dependency_has_ports_volume_days_strength_and_origin(tmp_path: Path) -> None:
    world = estate({"web": "Portal", "sql": "Ledger", "old": "Archive"}, declared=[("Portal", "Ledger"), ("Portal", "Archive")])
    rows = sessions(address(world, "web"), address(world, "sql"), 1433, days=10, a_day=5, size=1_000_000)
    found = discover(world, write(tmp_path, rows), spec())
    silent, seen = found.dependencies
    assert (seen.consumer, seen.provider, seen.ports, seen.external) == ("Portal", "Ledger", ("tcp/1433",), False)
    assert (seen.connections_day, seen.active_days, seen.observed_days) == (5.0, 10, 10)
    assert seen.gb_day == pytest.approx(0.01)
    assert (seen.strength, seen.origin) == ("hard", "confirmed")
    assert "database" in seen.reason
    assert (silent.provider, silent.origin, silent.strength) == ("Archive", "declared", "soft")
    assert found.observed_days == 10


@pytest.mark.parametrize(
    ("port", "days", "strength"),
    [(443, 10, "hard"), (443, 2, "soft"), (514, 10, "soft"), (8400, 10, "soft"), (21, 10, "soft"), (389, 9, "hard")],
)
def test_strength_follows_regularity_and_use(tmp_path: Path, port: int, days: int, strength: str) -> None:
    world = estate({"a": "A", "b": "B", "c": "C"})
    rows = sessions(address(world, "a"), address(world, "b"), port, days=days)
    rows += sessions(address(world, "a"), address(world, "c"), 443, days=10)
    found = discover(world, write(tmp_path, rows), spec())
    assert next(item.strength for item in found.dependencies if item.provider == "B") == strength


def test_a_job_that_runs_at_one_hour_is_a_batch(tmp_path: Path) -> None:
    world = estate({"a": "A", "b": "B"})
    rows = [
        record(address(world, "a"), address(world, "b"), 40_000, 443, tcp_flags=2, start=1_767_232_800 + day * 86_400)
        for day in range(10)
    ]
    (dependency,) = discover(world, write(tmp_path, rows), spec()).dependencies
    assert (dependency.strength, dependency.active_days) == ("soft", 10)


def test_addresses_outside_the_estate_are_parties_by_network(tmp_path: Path) -> None:
    world = estate({"web": "Portal"}, addresses={"web": "2001:db8::1"})
    rows = [
        record("2001:0DB8:0::1", "203.0.113.7", 40_000, 443, tcp_flags=2, bytes=3_000_000_000),
        record("203.0.113.9", "2001:db8::1", 443, 40_001, tcp_flags=18, bytes=7),
        record("2001:db8:77::5", "2001:db8::1", 40_002, 443, tcp_flags=2),
    ]
    found = discover(world, write(tmp_path, rows), spec())
    assert {(item.consumer, item.provider, item.external) for item in found.dependencies} == {
        ("Portal", "external 203.0.113.0/24", True),
        ("external 2001:db8:77::/48", "Portal", True),
    }
    assert found.external_gb_month == {"web": pytest.approx(3.0 * 365 / 12)}


def test_noise_is_counted_and_is_no_dependency(tmp_path: Path) -> None:
    world = estate({"a": "A", "b": "B"})
    a, b = address(world, "a"), address(world, "b")
    rows = [
        record(a, b, 40_000, 22, action="REJECT", tcp_flags=2),
        record(a, "239.1.1.1", 40_000, 5_000, protocol=17),
        record(a, "255.255.255.255", 68, 67, protocol=17),
        record(a, "169.254.169.254", 40_000, 80),
        record("-", "-", 0, 0, log_status="NODATA"),
        record(a, b, 99_999, 443),
    ]
    found = discover(world, write(tmp_path, rows), spec())
    assert found.dependencies == ()
    assert _codes(found) >= {
        "rejected-traffic",
        "multicast-traffic-dropped",
        "broadcast-traffic-dropped",
        "local-traffic-dropped",
        "flow-records-without-data",
        "flow-records-malformed",
    }


def test_a_scanner_is_set_apart_but_what_it_needs_stays(tmp_path: Path) -> None:
    names = [f"s{number:03d}" for number in range(80)]
    world = estate({name: f"App {name}" for name in names} | {"scan1": "Security", "scan2": "Security"})
    rows = []
    for scanner in ("scan1", "scan2"):
        rows += [
            record(address(world, scanner), address(world, name), 40_000, port, tcp_flags=2, packets=1, bytes=44)
            for name in names
            for port in range(20, 33)
        ]
    rows += sessions(address(world, "scan1"), address(world, "s000"), 1433, size=900_000)
    found = discover(world, write(tmp_path, rows), spec())
    assert [(item.consumer, item.provider) for item in found.dependencies] == [("Security", "App s000")]
    assert "Security" in found.shared_services
    assert sum(finding.code == "scanner-set-apart" for finding in found.findings) == 2


def test_an_address_claimed_twice_counts_for_the_server_that_runs(tmp_path: Path) -> None:
    world = estate(
        {"a": "A", "b-old": "B", "c": "C"}, addresses={"b-old": "10.0.0.9", "c": "10.0.0.9"}, power={"b-old": "off", "c": "on"}
    )
    found = discover(world, write(tmp_path, sessions(address(world, "a"), "10.0.0.9", 443)), spec())
    assert [item.provider for item in found.dependencies] == ["C"]
    assert "address-claimed-twice" in _codes(found)


def test_what_everybody_uses_is_shared_and_joins_no_group(tmp_path: Path) -> None:
    homes = {f"app{number:02d}": f"Application {number:02d}" for number in range(30)}
    world = estate(homes | {"dc": "Directory", "mon": "Watch"})
    rows = []
    for name in homes:
        rows += sessions(address(world, name), address(world, "dc"), 389, days=5, a_day=2)
        rows += sessions(address(world, "dc"), address(world, name), 445, days=5, a_day=2)
        rows += sessions(address(world, "mon"), address(world, name), 161, days=5, a_day=2)
    found = discover(world, write(tmp_path, rows), spec())
    assert found.shared_services == ("Directory", "Watch")
    assert all(len(group.applications) == 1 for group in found.move_groups)
    assert not any(item.in_cycle for item in found.dependencies)


def test_a_server_without_application_goes_where_its_traffic_and_name_say(tmp_path: Path) -> None:
    world = estate({"pay-web01": "Payroll", "pay-app01": "Payroll", "pay-db01": "Payroll", "pay-app02": None, "lab-db01": "Lab"})
    rows = sessions(address(world, "pay-app02"), address(world, "pay-db01"), 1521, a_day=8)
    found = discover(world, write(tmp_path, rows), spec())
    row = found.estate.memberships.filter(pl.col("server_id") == "pay-app02").row(0, named=True)
    assert (row["application"], row["origin"]) == ("Payroll", "inferred")
    assert row["confidence"] > 0.8
    assert "traffic" in row["evidence"]
    assert "name" in row["evidence"]
    assert "membership-inferred" in _codes(found)


def test_annotation_and_folder_are_evidence_too() -> None:
    world = estate(
        {"q1": "Payroll", "q2": "Payroll", "zz": None, "yy": None},
        annotation={"zz": "restored for PAYROLL, 2019"},
        folder={"q1": "/DC/vm/pay", "q2": "/DC/vm/pay", "yy": "/DC/vm/pay"},
    )
    assert set(_homes(discover(world, NO_FLOWS, spec())).values()) == {"Payroll"}


def test_a_declared_membership_is_doubted_with_evidence_and_kept(tmp_path: Path) -> None:
    homes = {f"pay-app0{number}": "Payroll" for number in range(1, 5)} | {
        "pay-db01": "Payroll",
        "lab-app01": "Lab",
        "lab-db01": "Lab",
    }
    world = estate(homes | {"pay-app04": "Lab"})
    rows = sessions(address(world, "lab-app01"), address(world, "lab-db01"), 1433)
    for name in ("pay-app01", "pay-app02", "pay-app03", "pay-app04"):
        rows += sessions(address(world, name), address(world, "pay-db01"), 1521)
    found = discover(world, write(tmp_path, rows), spec())
    doubted = [finding for finding in found.findings if finding.code == "membership-doubted"]
    assert [finding.subject for finding in doubted] == ["pay-app04"]
    assert "Payroll" in doubted[0].message
    row = found.estate.memberships.filter(pl.col("server_id") == "pay-app04").row(0, named=True)
    assert (row["application"], row["origin"]) == ("Lab", "declared")
    assert row["confidence"] < 0.5
    assert [item.strength for item in found.dependencies] == ["soft"]


def test_a_server_of_two_applications_gets_the_busier_one_and_the_other_needs_it(tmp_path: Path) -> None:
    world = estate({"sql": ["Audit", "Payroll"], "p1": "Payroll", "a1": "Audit"})
    rows = sessions(address(world, "p1"), address(world, "sql"), 1433, a_day=9)
    rows += sessions(address(world, "a1"), address(world, "sql"), 1433, a_day=1)
    found = discover(world, write(tmp_path, rows), spec())
    assert _homes(found)["sql"] == "Payroll"
    dependency = next(item for item in found.dependencies if item.consumer == "Audit")
    assert (dependency.provider, dependency.strength) == ("Payroll", "hard")
    assert "server-of-several-applications" in _codes(found)


def test_cycles_are_contracted_and_listed(tmp_path: Path) -> None:
    world = estate({"a": "A", "b": "B", "c": "C", "d": "D"})
    rows = []
    for consumer, provider in (("a", "b"), ("b", "c"), ("c", "a"), ("d", "a")):
        rows += sessions(address(world, consumer), address(world, provider), 443)
    found = discover(world, write(tmp_path, rows), spec())
    assert [group.applications for group in found.move_groups] == [("A", "B", "C"), ("D",)]
    assert [item.in_cycle for item in found.dependencies] == [True, True, True, False]
    (cycle,) = [finding for finding in found.findings if finding.code == "dependency-cycle"]
    assert "A, B, C" in cycle.message


def test_a_cycle_larger_than_a_wave_or_against_a_rule_is_severed_at_its_weakest_edge(tmp_path: Path) -> None:
    world = estate({"a1": "A", "a2": "A", "b1": "B", "b2": "B", "c1": "C"})
    rows = sessions(address(world, "a1"), address(world, "b1"), 443, a_day=9) + sessions(
        address(world, "b1"), address(world, "c1"), 443
    )
    rows += sessions(address(world, "c1"), address(world, "a1"), 443, a_day=5)
    flows = write(tmp_path, rows)
    found = discover(world, flows, spec(max_servers=4))
    assert [group.applications for group in found.move_groups] == [("A", "B"), ("C",)]
    assert _codes(found) >= {"dependency-cycle", "hard-dependency-severed"}
    ruled = spec().model_copy(
        update={"rule": spec().model_validate({"plan": {"start": "2027-01-04"}, "rule": [{"id": "x", "apart": ["A", "B"]}]}).rule}
    )
    apart = discover(world, flows, ruled)
    assert not any({"A", "B"} <= set(group.applications) for group in apart.move_groups)


def test_declared_dependencies_of_unknown_applications_are_said() -> None:
    found = discover(estate({"a": "A"}, declared=[("A", "Nowhere")]), NO_FLOWS, spec())
    assert found.dependencies == ()
    assert "dependency-of-unknown-application" in _codes(found)


def test_without_flows_declarations_are_believed() -> None:
    (dependency,) = discover(estate({"a": "A", "b": "B"}, declared=[("A", "B")]), NO_FLOWS, spec()).dependencies
    assert (dependency.strength, dependency.origin, dependency.observed_days) == ("hard", "declared", 0)


def test_an_empty_estate_is_no_fault() -> None:
    found = discover(estate({}), NO_FLOWS, spec())
    assert (found.dependencies, found.move_groups, found.observed_days) == ((), (), 0)


@settings(max_examples=15, deadline=None)
@given(
    names=st.lists(st.text(min_size=1, max_size=12).filter(lambda text: text.strip()), unique=True, max_size=30),
    largest=st.integers(1, 4),
    declared=st.integers(0, 5),
)
def test_every_server_has_exactly_one_application_and_every_application_one_group(
    names: list[str], largest: int, declared: int
) -> None:
    world = estate({name: "Declared" if number < declared else None for number, name in enumerate(names)})
    found = discover(world, NO_FLOWS, spec(max_servers=largest))
    assert sorted(found.estate.memberships["server_id"]) == sorted(names)
    applications = found.estate.applications
    assert set(found.estate.memberships["application"]) <= set(applications["application"])
    grouped = [name for group in found.move_groups for name in group.applications]
    assert sorted(grouped) == sorted(applications["application"])
    counts = (
        found.estate.memberships.join(applications.filter(~pl.col("declared")), on="application").group_by("application").len()
    )
    assert counts.filter(pl.col("len") > largest).is_empty()
    assert sum(group.servers for group in found.move_groups) == len(names)


def test_two_runs_are_identical_whatever_the_order_of_records(tmp_path: Path) -> None:
    homes = {
        f"app{number:02d}-{tier}": f"App {number % 7}" if number % 3 else None for number in range(20) for tier in ("web", "db")
    }
    world = estate(homes)
    rows = []
    for number, name in enumerate(homes):
        rows += sessions(address(world, name), address(world, list(homes)[number * 7 % 40]), 443 + number % 3)
    first = discover(world, write(tmp_path, rows, "1.parquet"), spec())
    second = discover(world, write(tmp_path, rows[::-1], "2.parquet"), spec())
    assert _dump(first) == _dump(second)


def test_the_graph_has_the_applications_and_their_dependencies(tmp_path: Path) -> None:
    world = estate({"a": "A", "b": "B", "c": "C"})
    rows = sessions(address(world, "a"), address(world, "b"), 443) + sessions(address(world, "b"), "203.0.113.5", 443)
    graph = application_graph(discover(world, write(tmp_path, rows), spec()))
    assert nx.descendants(graph, "A") == {"B", "external 203.0.113.0/24"}
    assert graph.nodes["C"]["servers"] == 1
    assert graph.nodes["external 203.0.113.0/24"]["external"]
    assert graph.edges["A", "B"]["strength"] == "hard"

"""The rules that recognise traffic: each says what it recognised, and does nothing when it is switched off."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

import pytest

from migrate.discovery import discover
from migrate.discovery.traffic_rules import RULES
from migrate.model.stages import Discovery, FlowFiles
from migrate.spec import Spec
from migrate.spec.flows import FLOW_RULES, FlowRule
from tests.discovery.worlds import address, estate, record, sessions, write

NAMES = [f"s{number:02d}" for number in range(24)]
WORLD = estate({name: f"App {name}" for name in NAMES} | {"mon": "Watch", "bkp": "Vault", "scan": "Security"})
NAT = "10.77.0.1"


def _asked(*rules_off: str) -> Spec:
    return Spec.model_validate({"plan": {"start": "2027-01-04"}, "flows": {"rules_off": list(rules_off)}})


@pytest.fixture(scope="module")
def flows(tmp_path_factory: pytest.TempPathFactory) -> FlowFiles:
    of = {name: address(WORLD, name) for name in (*NAMES, "mon", "bkp", "scan")}
    first, second = of["s00"], of["s01"]
    rows = [
        record(first, "239.1.1.1", 40_000, 5_000, protocol=17, bytes=100),
        record(first, "255.255.255.255", 68, 67, protocol=17),
        record(first, "169.254.169.254", 40_000, 80),
    ]
    for name in NAMES[:12]:
        rows += sessions(of["mon"], of[name], 9100, days=5, a_day=2)
        rows += sessions(of["mon"], of[name], 8443, days=5, a_day=2)  # a check of the same system
        rows += sessions(of[name], of["bkp"], 8400, days=5, a_day=1)
    rows += [
        record(of["scan"], f"10.{200 + block}.0.{host}", 40_000, port, tcp_flags=2, packets=1, bytes=44)
        for block in range(2)
        for host in range(1, 31)
        for port in range(20, 33)
    ]
    for name in NAMES:
        for port in (80, 1521, 445, 3389):
            rows.append(record(NAT, of[name], 41_000, port, tcp_flags=2))
    rows += [record(first, second, 40_000, port, tcp_flags=2) for port in range(50_001, 50_009)]
    return write(tmp_path_factory.mktemp("flows"), rows)


@pytest.fixture(scope="module")
def on(flows: FlowFiles) -> Discovery:
    return discover(WORLD, flows, _asked())


@pytest.fixture(scope="module")
def off(flows: FlowFiles) -> Discovery:
    return discover(WORLD, flows, _asked(*FLOW_RULES))


def _found(found: Discovery, code: str) -> str:
    return next((finding.message for finding in found.findings if finding.code == code), "")


def test_every_rule_is_in_the_table_and_can_be_switched_off() -> None:
    assert tuple(RULES) == FLOW_RULES == get_args(FlowRule)
    assert len({rule.code for rule in RULES.values()}) == len(RULES)


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ("multicast", "1 flow records in 1 conversations (100 bytes)"),
        ("broadcast", "1 flow records in 1 conversations"),
        ("link-local", "1 flow records in 1 conversations"),
        ("scanner", "780 flow records in 780 conversations"),
        ("monitoring", "480 flow records in 24 conversations"),
        ("backup", "120 flow records in 12 conversations"),
        ("nat", f"96 flow records in 96 conversations (96.0 kB) come from addresses of no server that open connections to many "
                f"servers for many uses and are opened to by nobody ({NAT})"),
        ("negotiated-ports", "8 flow records in 8 conversations"),
    ],
)  # fmt: skip
def test_a_rule_counts_what_it_recognised_unless_it_is_off(on: Discovery, off: Discovery, rule: FlowRule, said: str) -> None:
    assert said in _found(on, RULES[rule].code)
    assert not _found(off, RULES[rule].code)


def test_what_no_rule_recognises_is_ordinary_traffic(on: Discovery, off: Discovery) -> None:
    def outside(found: Discovery) -> set[str]:
        return set(found.outside["network"])

    assert {"239.1.1.0/24", "255.255.255.0/24", "169.254.169.0/24", "10.200.0.0/24"} <= outside(off) - outside(on)
    ports = {item.consumer: item.ports for item in off.dependencies if item.provider == "App s01"}
    assert len(ports["App s00"]) == 8


def test_monitoring_and_its_checks_are_marked_and_soft(on: Discovery, off: Discovery) -> None:
    def watching(found: Discovery) -> list[tuple[str, str]]:
        return [(item.strength, item.reason) for item in found.dependencies if item.consumer == "Watch"]

    assert len(watching(on)) == 12
    assert all(strength == "soft" and "monitoring traffic" in reason for strength, reason in watching(on))
    assert all(strength == "hard" for strength, _ in watching(off))


def test_clients_behind_nat_are_a_kind_of_outside_party(on: Discovery) -> None:
    kinds = dict(on.outside.select("network", "kind").iter_rows())
    assert kinds["10.77.0.0/24"] == "private behind NAT (suspected)"


def test_every_row_is_accounted_for(on: Discovery) -> None:
    assert "1,487 flow records (vpc) of 5 days were read: 1,487 accepted" in _found(on, "flow-records-read")


def test_flows_without_times_count_as_one_day_and_it_is_said(tmp_path: Path) -> None:
    rows = [row | {"start": None, "end": None} for row in sessions(address(WORLD, "s00"), address(WORLD, "s01"), 443)]
    found = discover(WORLD, write(tmp_path, rows), _asked())
    assert found.observed_days == 1
    assert _found(found, "flow-records-without-times")
    (dependency,) = found.dependencies
    assert (dependency.first_seen, dependency.last_seen, dependency.business_share) == (None, None, None)

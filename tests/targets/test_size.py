"""Right-sizing: the cheapest type that meets the need, and on what evidence."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from migrate.targets import choose_targets, load_book
from migrate.targets.instances import load_instances
from tests.targets.estates import choose_one, chosen, discovered, server, spec

_TYPES = {row["instance_type"]: row for row in load_instances().types.iter_rows(named=True)}


def _use(**fields: float) -> list[dict[str, Any]]:
    return [{"server_id": "s", **fields}]


@given(
    st.floats(0.1, 200),
    st.floats(0.1, 2000),
    st.one_of(st.none(), st.floats(0, 100)),
    st.one_of(st.none(), st.floats(0, 100)),
    st.one_of(st.none(), st.floats(0, 100)),
    st.sampled_from(["windows", "linux", "other"]),
    st.sampled_from([["x86_64"], ["x86_64", "arm64"]]),
    st.sampled_from(["on_demand", "reserved_1y", "reserved_3y"]),
    st.sampled_from(["us-east-2", "sa-east-1"]),
)
@settings(max_examples=30, deadline=None)
def test_no_cheaper_type_would_do(
    vcpu: float,
    memory: float,
    cpu: float | None,
    mean: float | None,
    used: float | None,
    family: str,
    architectures: list[str],
    term: str,
    region: str,
) -> None:
    request = spec({"term": term, "architectures": architectures, "regions": [region], "headroom": 0.2})
    use = {"server_id": "s", "cpu_p95_pct": cpu, "memory_p95_pct": used, "cpu_mean_pct": mean}
    schema = {"cpu_p95_pct": 1.0, "memory_p95_pct": 1.0, "cpu_mean_pct": 1.0, "server_id": "z"}
    both = [server("s", vcpu=vcpu, memory_gib=memory, os_family=family, os_name="Some OS"), server("z")]
    row = chosen(choose_targets(discovered(both, utilisation=[use, schema]), request), "s")
    need_cpu = max(vcpu if cpu is None else vcpu * cpu / 100 * 1.2, 1.0)
    need_memory = max(memory if used is None else memory * used / 100 * 1.2, 2.0 if family == "windows" else 0.5)
    known = cpu is not None and mean is not None
    lasting = min(need_cpu, vcpu * (mean or 0) / 100 * 1.2) if known else need_cpu
    prices = dict(load_book("embedded").compute(region, term).iter_rows())
    fitting = []
    for name, kind in _TYPES.items():
        old = not kind["current"] or kind["bare_metal"] or kind["accelerated"] or name.startswith("hpc")
        wrong = kind["architecture"] == "arm64" and (family != "linux" or "arm64" not in architectures)
        shared = (kind["burstable"] or kind["flex"]) and not known
        licensed = kind["burstable"] and family == "windows"
        if name not in prices or old or wrong or shared or licensed:
            continue
        given_cpu = kind["sustained_vcpu"] or 0.0
        if kind["vcpu"] >= need_cpu - 1e-9 and kind["memory_gib"] >= need_memory - 1e-9 and given_cpu >= lasting - 1e-9:
            fitting.append((prices[name] + (0.046 * kind["vcpu"] if family == "windows" else 0.0), name))
    assert row["target"] == (min(fitting)[1] if fitting else None)


def test_measured_load_with_headroom_decides() -> None:
    row = choose_one(
        {"vcpu": 16.0, "memory_gib": 64.0}, utilisation=_use(cpu_p95_pct=20.0, memory_p95_pct=20.0, observed_days=30.0)
    )
    assert _TYPES[row["target"]]["vcpu"] == 4
    assert "needs 4.0 vCPU and 16.0 GiB" in row["target_reason"]
    assert "95th percentile over 30 days, with 25 % headroom" in row["target_reason"]


@pytest.mark.parametrize(
    ("use", "words"),
    [
        ({}, "as allocated, without utilisation"),
        ({"cpu_p95_pct": 50.0}, "memory as allocated, not measured"),
        ({"memory_p95_pct": 50.0}, "CPU as allocated, not measured"),
    ],
)
def test_what_was_not_measured_is_taken_as_allocated_and_said(use: dict[str, float], words: str) -> None:
    tables: dict[str, Any] = {"utilisation": _use(**use)} if use else {}
    assert words in choose_one(**tables)["target_reason"]


def test_load_that_was_watched_for_days_only_is_not_believed() -> None:
    row = choose_one(utilisation=_use(cpu_p95_pct=5.0, memory_p95_pct=5.0, observed_days=2.0))
    assert "as allocated, for its load was watched for less than 7 days" in row["target_reason"]
    assert _TYPES[row["target"]]["memory_gib"] >= 16


def test_load_of_a_server_that_is_off_is_not_believed() -> None:
    row = choose_one(
        {"power": "off"}, utilisation=_use(cpu_p95_pct=0.0), memberships=[], connected=[("s", "s")], observed_days=14
    )
    assert "4.0 vCPU and 16.0 GiB: as allocated; switched off" in row["target_reason"]
    assert _TYPES[row["target"]]["vcpu"] >= 4


def test_burstable_types_only_where_the_mean_is_low_and_known() -> None:
    low = choose_one(utilisation=_use(cpu_p95_pct=60.0, cpu_mean_pct=5.0, memory_p95_pct=60.0))
    unknown = choose_one(utilisation=_use(cpu_p95_pct=60.0, memory_p95_pct=60.0))
    assert _TYPES[low["target"]]["burstable"]
    assert not _TYPES[unknown["target"]]["burstable"]
    assert not _TYPES[unknown["target"]]["flex"]


def test_network_and_disk_load_are_constraints_and_the_reason_says_so() -> None:
    quiet = choose_one()
    busy = choose_one(utilisation=_use(network_mbit_s_p95=9000.0))
    assert _TYPES[busy["target"]]["network_gbit_s"] >= 9 * 1.25
    assert _TYPES[quiet["target"]]["network_gbit_s"] < 9
    assert "disk or network load" in busy["target_reason"]
    fast = choose_one(utilisation=_use(disk_iops_p95=20_000.0))
    assert _TYPES[fast["target"]]["ebs_iops"] >= 25_000


def test_arm_only_for_linux_and_only_where_allowed() -> None:
    both = spec({"architectures": ["x86_64", "arm64"]})
    assert _TYPES[choose_one(request=both)["target"]]["architecture"] == "arm64"
    assert _TYPES[choose_one()["target"]]["architecture"] == "x86_64"
    windows = {"os_family": "windows", "os_name": "Microsoft Windows Server 2022"}
    assert _TYPES[choose_one(windows, request=both)["target"]]["architecture"] == "x86_64"


def test_database_servers_keep_the_memory_of_their_caches() -> None:
    row = choose_one(
        utilisation=_use(cpu_p95_pct=10.0, cpu_mean_pct=2.0, memory_p95_pct=10.0),
        databases=[{"server_id": "s", "database": "d", "engine": "oracle"}],
    )
    assert _TYPES[row["target"]]["memory_gib"] >= 16
    assert not _TYPES[row["target"]]["burstable"]
    assert "caches" in row["target_reason"]


@pytest.mark.parametrize(
    ("fields", "missing"),
    [
        ({"vcpu": None}, "the number of vCPUs is not known"),
        ({"memory_gib": None}, "the memory is not known"),
        ({"vcpu": 0.0, "memory_gib": None}, "the number of vCPUs and the memory are not known"),
    ],
)
def test_a_size_that_is_not_known_is_a_finding(fields: dict[str, Any], missing: str) -> None:
    both = [server("s", **fields), server("z")]
    choice = choose_targets(discovered(both), spec())
    row = chosen(choice, "s")
    assert row["target"] is None
    assert row["cost_usd_month"] is None
    (finding,) = [f for f in choice.findings if f.code == "server-not-sized"]
    assert (finding.subject, finding.source) == ("s", "test.csv:2")
    assert missing in finding.message


def test_too_large_for_any_type_is_a_finding() -> None:
    choice = choose_targets(discovered([server("s", vcpu=5000.0)]), spec())
    assert [f.subject for f in choice.findings if f.code == "server-without-fit"] == ["s"]
    assert chosen(choice, "s")["target"] is None


def test_a_type_without_the_term_is_no_candidate() -> None:
    terms = load_book("embedded").hours.filter((pl.col("service") == "compute") & (pl.col("region") == "us-east-1"))
    three = set(terms.filter(pl.col("term") == "reserved_3y")["type"])
    row = choose_one(request=spec({"term": "reserved_3y"}))
    assert row["target"] in three
    assert row["compute_usd_month"] < choose_one()["compute_usd_month"]


_WINDOWS = {"os_family": "windows", "os_name": "Microsoft Windows Server 2022"}


def test_a_type_that_wins_by_its_licences_says_so() -> None:
    fields = {"vcpu": 2.0, "memory_gib": 64.0, **_WINDOWS}
    licensed = choose_one(fields, spec({"term": "reserved_3y"}))
    brought = choose_one(fields, spec({"term": "reserved_3y", "windows_licence": "byol"}))
    assert _TYPES[licensed["target"]]["vcpu"] < _TYPES[brought["target"]]["vcpu"]
    assert f"fewer vCPUs to license than {brought['target']}, whose compute alone is cheaper" in licensed["target_reason"]
    assert "to license" not in brought["target_reason"]
    assert "to license" not in choose_one(_WINDOWS)["target_reason"]


@pytest.mark.parametrize(
    ("use", "said", "unsaid"),
    [
        ({"cpu_p95_pct": 92.0, "memory_p95_pct": 50.0}, "more than its 4.0 vCPU, for CPU at p95 is 92 %", "memory at p95 is"),
        ({"cpu_p95_pct": 50.0, "memory_p95_pct": 90.0}, "more than its 16.0 GiB, for memory at p95 is 90 %", "CPU at p95 is"),
        ({"cpu_p95_pct": 80.0, "memory_p95_pct": 80.0}, "needs 4.0 vCPU and 16.0 GiB", "more than its"),
    ],
)
def test_what_asks_for_more_than_was_allocated_is_named(use: dict[str, float], said: str, unsaid: str) -> None:
    reason = choose_one(utilisation=_use(**use))["target_reason"]
    assert said in reason
    assert unsaid not in reason

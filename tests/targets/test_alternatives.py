"""The same servers bought otherwise: what is compared, what can be no dearer than what, and coverage."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from migrate.model.plan import Alternative, Sizing
from migrate.model.stages import TargetChoice
from migrate.targets import choose_targets
from tests.targets.estates import discovered, server, spec

_USE = st.fixed_dictionaries(
    {
        "cpu_p95_pct": st.one_of(st.none(), st.floats(0, 80)),
        "cpu_mean_pct": st.one_of(st.none(), st.floats(0, 40)),
        "memory_p95_pct": st.one_of(st.none(), st.floats(0, 80)),
    }
)
_SERVER = st.fixed_dictionaries(
    {
        "vcpu": st.sampled_from([1.0, 2.0, 4.0, 12.0, 48.0]),
        "memory_gib": st.sampled_from([2.0, 8.0, 32.0, 200.0]),
        "os_family": st.sampled_from(["linux", "windows"]),
        "power": st.sampled_from(["on", "on", "off"]),
    }
)


def _chosen(
    rows: list[dict[str, Any]], uses: list[dict[str, Any]], target: dict[str, Any] | None = None, **more: Any
) -> TargetChoice:
    servers = [server(f"s{number}", os_name="Some OS", **row) for number, row in enumerate(rows)]
    loads = [{"server_id": f"s{number}", "observed_days": 30.0, **use} for number, use in enumerate(uses)]
    schema = {"server_id": "z", "cpu_p95_pct": 1.0, "cpu_mean_pct": 1.0, "memory_p95_pct": 1.0, "observed_days": 30.0}
    return choose_targets(discovered([*servers, server("z")], utilisation=[*loads, schema], **more), spec(target))


def _sizing(choice: TargetChoice) -> Sizing:
    assert choice.sizing is not None
    return choice.sizing


def _by_key(choice: TargetChoice) -> dict[str, Alternative]:
    return {each.key: each for each in _sizing(choice).alternatives}


@given(st.lists(st.tuples(_SERVER, _USE), min_size=1, max_size=6), st.sampled_from(["on_demand", "reserved_3y"]))
@settings(max_examples=25, deadline=None)
def test_right_sizes_are_no_dearer_and_more_candidates_neither(
    pairs: list[tuple[dict[str, Any], dict[str, Any]]], term: str
) -> None:
    """Loads are so low that no need exceeds what is allocated (80 % × 1.25)."""
    choice = _chosen([row for row, _ in pairs], [use for _, use in pairs], {"term": term})
    ways = _by_key(choice)
    assert list(ways) == ["as-allocated", "right-sized", "newest", "arm64", "managed-databases", "planned"]
    for dearer, cheaper in (("as-allocated", "right-sized"), ("newest", "arm64")):
        for before, after in zip(ways[dearer].usd_month, ways[cheaper].usd_month, strict=True):
            assert before is None or (after is not None and after <= before + 1e-9)
    for way in ways.values():
        known = [usd for usd in way.usd_month if usd is not None]
        assert way.priced == len(known)
        assert way.cost_usd_month == pytest.approx(math.fsum(known))
        parts = way.cost
        whole = [part for part in (parts.compute, parts.licence, parts.storage, parts.backup) if part is not None]
        assert way.cost_usd_month == pytest.approx(math.fsum(whole))
        assert all((place is None) == (usd is None) for place, usd in zip(way.type_of, way.usd_month, strict=True))
        both = [
            (a, b) for a, b in zip(ways["as-allocated"].usd_month, way.usd_month, strict=True) if a is not None and b is not None
        ]
        assert way.compared == len(both)
        assert way.saved_usd_month == pytest.approx(math.fsum(a - b for a, b in both), abs=1e-6)


def test_the_planned_one_is_what_the_servers_cost_without_traffic() -> None:
    rows: list[dict[str, Any]] = [{"vcpu": 4.0}, {"vcpu": 8.0, "os_family": "windows"}, {"vcpu": 2.0, "power": "off"}]
    choice = _chosen(rows, [{"cpu_p95_pct": 30.0, "memory_p95_pct": 40.0}], memberships=[], connected=[("s2", "s2")])
    planned = _by_key(choice)["planned"]
    ids = _sizing(choice).servers.server_ids
    for row in choice.servers.iter_rows(named=True):
        usd = planned.usd_month[ids.index(row["server_id"])]
        place = planned.type_of[ids.index(row["server_id"])]
        assert place is not None
        assert planned.types[place] == row["target"]
        assert usd == pytest.approx(sum(row[f"{part}_usd_month"] for part in ("compute", "licence", "storage", "backup")))


def test_what_is_not_sized_blanks_no_total() -> None:
    choice = _chosen([{"vcpu": None}, {"vcpu": 4.0}], [])
    for way in _by_key(choice).values():
        assert (way.servers, way.priced) == (3, 2)
        assert way.cost_usd_month > 0
    assert _sizing(choice).evidence["not sized"] == 1
    assert _sizing(choice).servers.need_vcpu[0] is None


def test_managed_databases_are_priced_beside_servers() -> None:
    engines = [{"server_id": "s0", "database": "d", "engine": "mysql"}]
    choice = _chosen([{"vcpu": 16.0, "memory_gib": 64.0}], [], {"regions": ["us-east-1"]}, databases=engines)
    ways = _by_key(choice)
    managed, sized = ways["managed-databases"], ways["right-sized"]
    place = managed.type_of[0]
    assert place is not None
    assert managed.types[place].startswith("rds:db.")
    assert managed.usd_month[0] != sized.usd_month[0]
    assert managed.usd_month[1] == sized.usd_month[1]


def test_the_newest_generation_needs_fewer_vcpus_than_an_old_processor() -> None:
    """Broadwell is slower than what M7 and C7 run on: 17.6 of its vCPUs are fewer than 16 of theirs."""
    old = {"vcpu": 18.0, "memory_gib": 24.0, "cpu_model": "Intel(R) Xeon(R) CPU E5-2690 v4 @ 2.60GHz"}
    use = {"cpu_p95_pct": 78.0, "memory_p95_pct": 78.0}
    known, unknown = (_by_key(_chosen([row], [use]))["newest"] for row in (old, {**old, "cpu_model": "Mystery 9000"}))
    assert known.usd_month[0] is not None
    assert unknown.usd_month[0] is not None
    assert known.usd_month[0] < unknown.usd_month[0]


def test_the_speed_of_processors_counts_in_the_plan_only_where_asked_for() -> None:
    row = {"vcpu": 24.0, "memory_gib": 32.0, "cpu_model": "Intel(R) Xeon(R) CPU X5690 @ 3.47GHz"}
    use = {"cpu_p95_pct": 79.0, "memory_p95_pct": 79.0}
    same, documented = (
        _by_key(_chosen([row], [use], {"cpu_speed": how, "term": "reserved_3y"}))["planned"] for how in ("same", "documented")
    )
    assert same.usd_month[0] is not None
    assert documented.usd_month[0] is not None
    assert documented.usd_month[0] <= same.usd_month[0]
    assert (_sizing(_chosen([row], [use])).servers.cpu_speed[0] or 9.0) < 1.0

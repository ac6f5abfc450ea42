from __future__ import annotations

from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from migrate.discovery.move_groups import Grouping, form_groups
from migrate.spec import Spec

DAYS = 10


def spec(**sections: Any) -> Spec:
    return Spec.model_validate({"plan": {"start": "2027-01-04"}, **sections})


def members(*servers: tuple[str, int], critical: tuple[str, ...] = ()) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "application": [name for name, _ in servers],
            "servers": [count for _, count in servers],
            "confidence": [1.0] * len(servers),
            "criticality": ["mission-critical" if name in critical else "medium" for name, _ in servers],
        },
        schema={"application": pl.String, "servers": pl.Int64, "confidence": pl.Float64, "criticality": pl.String},
    )


def edges(*told: tuple[str, str, int, dict[str, Any]]) -> pl.DataFrame:
    """Consumer, provider, connections a day, and what is not as usual."""
    rows = [
        {
            "consumer": consumer,
            "provider": provider,
            "external": False,
            "strength": "hard",
            "reason": "regular",
            "bytes": 0,
            "connections": a_day * DAYS,
            "consumers": 2,
            "providers": 2,
            "shares": 0,
            "latency_bound": True,
            "chatter": float(a_day),
            **other,
        }
        for consumer, provider, a_day, other in told
    ]
    schema = {
        "consumer": pl.String, "provider": pl.String, "external": pl.Boolean, "strength": pl.String, "reason": pl.String,
        "bytes": pl.Int64, "connections": pl.Int64, "consumers": pl.Int64, "providers": pl.Int64, "shares": pl.Int64,
        "latency_bound": pl.Boolean, "chatter": pl.Float64,
    }  # fmt: skip
    return pl.DataFrame(rows, schema=schema)


def applications(found: Grouping) -> list[tuple[str, ...]]:
    return [group.applications for group in found.groups]


FOUR = members(("A", 10), ("B", 10), ("C", 10), ("D", 10))


def test_round_trips_and_dollars_from_the_request_on_hold_together() -> None:
    told = edges(
        ("A", "B", 2_000, {}),
        ("B", "C", 1_999, {}),
        ("C", "D", 10, {"latency_bound": False, "bytes": 50_000 * 10**9}),  # 5 TB a day: 100 USD
    )
    found = form_groups(told, FOUR, (), spec(), DAYS)
    assert applications(found) == [("A", "B"), ("C", "D")]
    first, second = (group.edges[0] for group in found.groups)
    assert (first.round_trips_day, first.usd_day) == (20_000.0, 1.0)
    assert first.because == "it waits for about 20000 round trips a day, and 20,000 or more are not split"
    assert second.usd_day == pytest.approx(100.005)
    assert "100 USD" in second.because
    finer = spec(waves={"unsplittable_round_trips_day": 19_990, "unsplittable_usd_day": 101})
    assert applications(form_groups(told, FOUR, (), finer, DAYS)) == [("A", "B", "C"), ("D",)]


def test_soft_external_and_shared_dependencies_hold_nothing() -> None:
    told = edges(("A", "B", 9_000, {"strength": "soft"}), ("B", "C", 9_000, {}), ("C", "D", 9_000, {"external": True}))
    assert [len(names) for names in applications(form_groups(told, FOUR, ("C",), spec(), DAYS))] == [1, 1, 1, 1]


def test_too_much_for_a_wave_is_cut_where_it_is_cheapest_and_the_cut_is_priced() -> None:
    told = edges(("A", "B", 9_000, {}), ("B", "C", 8_000, {}), ("C", "D", 9_000, {}))
    found = form_groups(told, FOUR, (), spec(waves={"max_servers": 50}), DAYS)
    assert applications(found) == [("A", "B"), ("C", "D")]
    assert found.severed.rows() == [
        (
            "B",
            "C",
            4.0,
            "together with what moves with them they would be 40 servers, more than the 25 that such dependencies may gather",
        )
    ]
    assert [(group.held_by, group.severed, group.severed_usd_day) for group in found.groups] == [(1, 1, 4.0), (1, 1, 4.0)]
    (finding,) = found.findings
    assert finding.code == "hard-dependency-severed"
    assert "a day apart costs 4.00 USD" in finding.message
    whole = form_groups(told, FOUR, (), spec(waves={"max_servers": 50, "group_share": 0.8}), DAYS)
    assert applications(whole) == [("A", "B", "C", "D")]


def test_a_cycle_may_fill_a_wave_and_is_cut_beyond() -> None:
    ring = edges(("A", "B", 1, {}), ("B", "C", 2, {}), ("C", "D", 3, {}), ("D", "A", 4, {}))
    found = form_groups(ring, FOUR, (), spec(waves={"max_servers": 40}), DAYS)
    assert applications(found) == [("A", "B", "C", "D")]
    assert [(edge.consumer, edge.provider) for edge in found.groups[0].edges] == [("D", "A"), ("C", "D"), ("B", "C"), ("A", "B")]
    cut = form_groups(ring, FOUR, (), spec(waves={"max_servers": 30}), DAYS)
    assert applications(cut) == [("A", "C", "D"), ("B",)]
    assert cut.severed.select("consumer", "provider").rows() == [("B", "C"), ("A", "B")]


def test_rules_pins_and_mission_critical_applications_keep_apart() -> None:
    told = edges(("A", "B", 9_000, {}), ("B", "C", 9_000, {}))
    ruled = form_groups(told, FOUR, (), spec(rule=[{"id": "x", "apart": ["a", "C"]}]), DAYS)
    assert len(ruled.groups) == 3
    assert ruled.severed["severed"].to_list() == ["a rule or pins keep them apart"]
    pins = [{"application": "A", "wave": 2, "why": "y"}, {"application": "C", "wave": 3, "why": "y"}]
    assert len(form_groups(told, FOUR, (), spec(pin=pins), DAYS).groups) == 3
    critical = members(("A", 10), ("B", 10), ("C", 10), critical=("A", "C"))
    assert len(form_groups(told, critical, (), spec(), DAYS).groups) == 1
    (severed,) = form_groups(told, critical, (), spec(waves={"max_mission_critical": 1}), DAYS).severed["severed"]
    assert "mission-critical" in severed


def test_a_server_of_both_holds_though_its_traffic_is_not_known() -> None:
    found = form_groups(edges(("A", "B", 0, {"shares": 2})), FOUR, (), spec())
    (edge,) = found.groups[0].edges
    assert (edge.usd_day, edge.because) == (None, "2 of the consumer's declared servers are the provider's")


NAMES = [f"App {number}" for number in range(14)]


@settings(max_examples=40)
@given(
    sizes=st.lists(st.integers(0, 40), min_size=14, max_size=14),
    told=st.dictionaries(
        st.tuples(st.sampled_from(NAMES), st.sampled_from(NAMES)).filter(lambda pair: pair[0] != pair[1]),
        st.integers(0, 5_000),
        max_size=40,
    ),
    most=st.integers(1, 60),
    order=st.permutations(range(14)),
)
def test_every_application_is_in_one_group_that_a_wave_can_hold_whatever_the_order(
    sizes: list[int], told: dict[tuple[str, str], int], most: int, order: list[int]
) -> None:
    asked = spec(
        waves={"max_servers": most},
        rule=[{"id": "x", "apart": NAMES[:3]}],
        pin=[{"application": NAMES[4], "wave": 1, "why": "y"}, {"application": NAMES[5], "wave": 2, "why": "y"}],
    )
    estate = members(*zip(NAMES, sizes, strict=True))
    rows = edges(*((consumer, provider, a_day, {}) for (consumer, provider), a_day in told.items()))
    found = form_groups(rows, estate, (), asked, DAYS)
    assert sorted(name for names in applications(found) for name in names) == sorted(NAMES)
    for group in found.groups:
        held = [sizes[NAMES.index(name)] for name in group.applications]
        assert sum(held) == group.servers
        assert group.servers <= most or sum(size > 0 for size in held) == 1
        assert len({*group.applications} & {*NAMES[:3]}) <= 1
        assert len({*group.applications} & {*NAMES[4:6]}) <= 1
        assert group.held_by >= len(group.applications) - 1
    assert sum(group.severed for group in found.groups) == 2 * found.severed.height
    again = form_groups(rows.sample(fraction=1, shuffle=True, seed=3), estate[order], (), asked, DAYS)
    assert (again.groups, again.findings) == (found.groups, found.findings)
    assert again.severed.equals(found.severed)

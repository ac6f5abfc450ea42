"""A smallest set of rules that conflict, and what lifting each would cost."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from migrate.errors import InfeasibleError
from migrate.waves import plan_waves
from migrate.waves.deletion_filter import smallest
from tests.factories import make_application
from tests.waves.builders import Records, records

PLAIN: dict[str, Any] = {"window": [], "freeze": []}
BOTH_WAYS = [{"id": x + y, "before": {"first": x, "then": y}} for x, y in ("AB", "BA", "AC")]


def refuse(given: Records) -> InfeasibleError:
    with pytest.raises(InfeasibleError) as caught:
        plan_waves(*given, iterations=5_000)
    return caught.value


def named(*applications: Any, **sections: Any) -> Records:
    made = [item if not isinstance(item, str) else make_application(item) for item in applications]
    return records(made, **{**PLAIN, **sections})


@settings(max_examples=200, deadline=None)
@given(
    st.integers(1, 40).flatmap(lambda n: st.lists(st.sets(st.integers(0, n - 1), min_size=1, max_size=5), min_size=1, max_size=4))
)
def test_what_is_found_is_impossible_and_nothing_of_it_can_go(cores: list[set[int]]) -> None:
    def impossible(kept: Collection[str]) -> bool:
        return any({str(number) for number in core} <= set(kept) for core in cores)

    found = smallest([str(number) for number in range(40)], impossible)
    assert impossible(found)
    assert not any(impossible([rule for rule in found if rule != gone]) for gone in found)


def test_the_rules_of_a_cycle_with_their_lines_and_no_others() -> None:
    given = named("A", "B", "C", rule=BOTH_WAYS, pin=[{"application": "C", "wave": 3, "why": "x"}])
    given = given._replace(spec=given.spec.model_copy(update={"lines": {"AB": 12, "BA": 17, "AC": 22, "pin C": 27}}))
    error = refuse(given)
    assert (
        "these 2 rules conflict, and without any one of them they do not: AB (plan.toml:12), BA (plan.toml:17)" in error.message
    )
    assert error.where == "plan.toml:12"


def test_lifting_is_priced_against_the_cheapest_way() -> None:
    pins = [{"application": name, "wave": wave, "why": "x"} for name, wave in (("A", 2), ("B", 5))]
    error = refuse(named("A", "B", rule=[{"id": "t", "together": ["A", "B"]}], pin=pins))
    assert "these 3 rules conflict, and without any one of them they do not: pin A, pin B, t" in error.message
    told = re.findall(
        r"Lifting (.*) gives a plan of ([\d,]+) USD over the planning period, (the cheapest way|[\d,]+)", error.remedy
    )
    costs = {rule: int(usd.replace(",", "")) for rule, usd, _ in told}
    more = {rule: 0 if text[0] == "t" else int(text.replace(",", "")) for rule, _, text in told}
    assert sorted(costs) == ["pin A", "pin B", "t"]
    assert more == {rule: pytest.approx(usd - min(costs.values()), abs=1) for rule, usd in costs.items()}
    assert "B may not move in wave 2 of 2027-03-13: it is pinned to wave 5 (x)" in error.remedy


def test_a_single_rule_can_be_what_cannot_be_kept() -> None:
    error = refuse(named(make_application("A", moving_servers=200), "B"))
    assert "the rule that cannot be kept is waves.max_servers" in error.message
    assert "needs 200 servers and has 150 servers" in error.remedy


def test_a_conflict_that_only_a_search_finds_says_so() -> None:
    trio = [make_application(name, moving_servers=40) for name in "ABC"]
    error = refuse(named(*trio, waves={"max_servers": 60, "max_waves": 2, "pathfinders": 0}))
    assert error.message.endswith("the rule that cannot be kept is waves.max_servers, as far as a short search can tell")


def test_two_conflicts_at_once_are_said_not_to_end_with_one() -> None:
    rules = [*BOTH_WAYS, {"id": "late", "of": "C", "earliest": "2027-06-01"}, {"id": "early", "of": "C", "latest": "2027-05-01"}]
    error = refuse(named("A", "B", "C", rule=rules))
    assert "Lifting any one of them alone does not help" in error.remedy


def test_freezes_leases_and_domains_can_be_the_conflict() -> None:
    freeze = [{"id": "long", "domains": ["clinical"], "from": "2027-03-01", "to": "2027-12-31"}]
    site = [{"name": "DC-North", "lease_end": "2027-10-01"}, {"name": "DC-South", "lease_end": "2029-01-01"}]
    error = refuse(named(make_application("A", domain="clinical"), "B", freeze=freeze, site=site, waves={"max_waves": 60}))
    assert re.search("2 rules conflict.*: long, site DC-North", error.message)


def test_the_least_days_of_a_chain_against_the_most_of_the_whole() -> None:
    rules = [
        {"id": "ehr-first", "before": {"first": "EHR", "then": "Orders"}, "lag_days": 28},
        {"id": "orders-first", "before": {"first": "Orders", "then": "Interfaces"}, "lag_days": 14},
        {"id": "engine", "before": {"first": "EHR", "then": "Interfaces"}, "within_days": 30},
        {"id": "portal", "within": {"of": ["EHR", "Portal"], "days": 30}},
    ]
    lines = {"ehr-first": 10, "orders-first": 14, "engine": 18, "portal": 22}
    given = named("EHR", "Orders", "Interfaces", "Portal", rule=rules)
    error = refuse(given._replace(spec=given.spec.model_copy(update={"lines": lines})))
    assert (
        "these 3 rules conflict, and without any one of them they do not: "
        "ehr-first (plan.toml:10), orders-first (plan.toml:14), engine (plan.toml:18)" in error.message
    )
    assert "Lifting engine gives a plan of" in error.remedy
    assert "Then: Interfaces must move at most 30 days later than EHR" in error.remedy

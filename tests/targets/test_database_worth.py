"""A managed database is chosen by itself where it is not dearer, and always where people decided it."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from migrate.model.stages import TargetChoice
from migrate.targets import choose_targets
from tests.targets.estates import application, choose_one, chosen, discovered, member, server, spec

_SMALL = {"vcpu": 2.0, "memory_gib": 8.0}
_DECIDED = [{"server": "s", "disposition": "replatform", "why": "the operators leave"}]


def _database(name: str = "s") -> list[dict[str, Any]]:
    return [{"server_id": name, "database": "d", "engine": "postgresql"}]


def _premiums(choice: TargetChoice) -> list[str]:
    return [finding.message for finding in choice.findings if finding.code == "managed-database-premium"]


def test_a_small_database_is_managed_and_the_reason_carries_both_prices() -> None:
    # us-east-1, on demand: (0.356 x 730 + 100 x 0.23) = 283 for db.m6i.large in two zones; m5a.large 0.086 x 730 + 8 + 3 = 74
    row = choose_one(_SMALL, databases=_database(), request=spec())
    words = "db.m6i.large for 283 USD a month, less 380 of operations spared, against 74 rehosted"
    assert row["disposition"] == "replatform"
    assert words in row["disposition_reason"]
    assert words in row["target_reason"]


def test_a_large_database_is_rehosted_and_the_reason_says_what_managing_it_would_cost() -> None:
    row = choose_one({"vcpu": 16.0, "memory_gib": 64.0}, databases=_database())
    assert (row["disposition"], row["disposition_reason"]) == ("rehost", "moves as it is")
    assert not row["target"].startswith("rds:")
    assert "; a managed database is dearer: db.m6i.4xlarge for " in row["target_reason"]
    assert "less 380 of operations spared, against " in row["target_reason"]


@given(
    st.floats(1, 64),
    st.floats(4, 256),
    st.floats(0, 400),
    st.sampled_from(["on_demand", "reserved_3y"]),
    st.sampled_from(["test", "dr"]),
)
@settings(max_examples=20, deadline=None)
def test_it_is_managed_exactly_when_that_is_not_dearer(vcpu: float, memory: float, hour: float, term: str, place: str) -> None:
    fields = {"vcpu": vcpu, "memory_gib": memory, "environment": place}
    tables: dict[str, Any] = {"databases": _database()}

    def cost(disposition: str) -> float:
        decided = [{"server": "s", "disposition": disposition, "why": "w"}]
        request = spec({"term": term}, effort={"hour_usd": hour}, disposition=decided)
        return float(choose_one(fields, request, **tables)["cost_usd_month"])

    row = choose_one(fields, spec({"term": term}, effort={"hour_usd": hour}), **tables)
    difference = cost("replatform") - cost("rehost") - 4.0 * hour
    if abs(difference) > 1e-6:
        assert row["target"].startswith("rds:") == (difference < 0)


def test_the_same_database_may_be_worth_it_in_one_zone_only() -> None:
    fields = {"vcpu": 4.0, "memory_gib": 16.0}
    assert choose_one({**fields, "environment": "production"}, databases=_database())["disposition"] == "rehost"
    tested = choose_one({**fields, "environment": "test"}, databases=_database())
    assert tested["target"] == "rds:db.m6i.xlarge (postgresql, single-az)"


@pytest.mark.parametrize("declared", ["decision", "hint"])
def test_what_was_declared_is_obeyed_and_its_premium_told(declared: str) -> None:
    rows = [server("s", vcpu=16.0, memory_gib=64.0), server("t", **_SMALL)]
    tables: dict[str, Any] = {"databases": _database() + _database("t")}
    request = spec(disposition=_DECIDED if declared == "decision" else [])
    if declared == "hint":
        tables |= {"applications": [application("A", disposition_hint="replatform")], "memberships": [member("s", "A")]}
    choice = choose_targets(discovered(rows, **tables), request)
    assert chosen(choice, "s")["target"] == "rds:db.m6i.4xlarge (postgresql, multi-az)"
    (message,) = _premiums(choice)
    assert message.startswith("1 server becomes a managed database because it was decided")
    assert message.endswith(": s")


def test_the_premium_of_many_is_one_finding_with_the_dearest_first() -> None:
    names = [f"s{number}" for number in range(6)]
    rows = [server(name, vcpu=8.0, memory_gib=32.0 * 2**number) for number, name in enumerate(names)]
    decided = [{"server": name, "disposition": "replatform", "why": "w"} for name in names]
    databases = [row for name in names for row in _database(name)]
    (message,) = _premiums(choose_targets(discovered(rows, databases=databases), spec(disposition=decided)))
    assert "6 servers become managed databases" in message
    assert "2,280 of operations spared" in message
    assert message.endswith("and 1 more")
    assert message.index("s5") < message.index("s4") < message.index("s3")


def test_what_is_declared_and_not_dearer_is_no_finding() -> None:
    choice = choose_targets(discovered([server("s", **_SMALL)], databases=_database()), spec(disposition=_DECIDED))
    assert chosen(choice, "s")["target"].startswith("rds:")
    assert _premiums(choice) == []


def test_a_server_to_be_rebuilt_is_no_reason_for_a_dearer_managed_database() -> None:
    fields = {"vcpu": 16.0, "memory_gib": 64.0, "os_name": "Red Hat Enterprise Linux 5 (64-bit)"}
    row = choose_one(fields, databases=_database())
    assert row["disposition"] == "replatform"
    assert not row["target"].startswith("rds:")
    assert "a managed database is dearer" in row["target_reason"]

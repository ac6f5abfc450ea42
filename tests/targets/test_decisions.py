"""Decisions that people have taken, also for whole sets."""

from __future__ import annotations

import pytest

from migrate.targets import choose_targets
from tests.targets.estates import application, discovered, member, server, spec

ESTATE = discovered(
    [server("s1", site="DC-North"), server("s2", site="DC-North"), server("s3", site="DC-South")],
    applications=[application("A", domain="Building"), application("B", domain="building", owner="Works"), application("C")],
    memberships=[member("s1", "A"), member("s2", "B"), member("s3", "C")],
)


@pytest.mark.parametrize(
    ("selector", "staying"),
    [("domain:building", {"s1", "s2"}), ("owner:works", {"s2"}), ("owner:*", {"s2"}), ("site:dc-south", {"s3"}), ("A", set())],
)
def test_a_selector_keeps_a_whole_set_behind(selector: str, staying: set[str]) -> None:
    request = spec(disposition=[{"of": selector, "disposition": "retain", "why": "stays"}])
    choice = choose_targets(ESTATE, request)
    kept = choice.servers.filter(disposition="retain")
    assert set(kept["server_id"]) == staying
    assert all("stays" in reason for reason in kept["disposition_reason"])
    assert ("decision-names-nothing" in {finding.code for finding in choice.findings}) == (not staying)


def test_what_is_decided_by_name_goes_before_a_selector() -> None:
    decided = [
        {"of": "domain:building", "disposition": "retain", "why": "stays"},
        {"application": "b", "disposition": "retire", "why": "nobody uses it"},
    ]
    fates = dict(choose_targets(ESTATE, spec(disposition=decided)).servers.select("server_id", "disposition").iter_rows())
    assert (fates["s1"], fates["s2"]) == ("retain", "retire")

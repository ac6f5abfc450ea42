"""Which rule decides, in which order, and that the reason can be read."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from migrate.model.names import CRITICALITIES, DISPOSITIONS
from migrate.targets import choose_targets
from migrate.targets.dispositions import HINTS, rules
from tests.targets.estates import application, choose_one, chosen, discovered, member, server, spec

_MYSQL = [{"server_id": "s", "database": "d", "engine": "mysql"}]


def _in_application(**fields: Any) -> dict[str, Any]:
    return {"applications": [application("A", **fields)], "memberships": [member("s", "A")]}


def test_every_rule_is_documented_and_the_last_one_always_applies() -> None:
    for observed_days in (0, 14):
        ordered = rules(dt.date(2027, 1, 4), observed_days)
        assert len({rule.id for rule in ordered}) == len(ordered)
        assert all(rule.reference for rule in ordered)
        assert ordered[-1].id == "default"


@pytest.mark.parametrize(
    ("fields", "disposition", "words"),
    [
        ({}, "rehost", "moves as it is"),
        ({"kind": "mainframe", "os_family": "zos"}, "retain", "mainframe"),
        ({"os_family": "unix", "os_name": "AIX 7.1"}, "retain", "AIX 7.1 does not run on EC2"),
        ({"os_family": "unix", "os_name": "FreeBSD (64-bit)"}, "rehost", "moves as it is"),
        ({"kind": "appliance"}, "retain", "appliance"),
        ({"power": "off"}, "retire", "switched off, claimed by no application"),
        ({"power": "suspended"}, "retire", "switched off"),
        ({"power": "off", "environment": "dr"}, "rehost", "switched off, but"),
        ({"os_name": "Microsoft Windows Server 2003 Standard (64-bit)", "os_family": "windows"}, "replatform", "no drivers"),
        ({"os_name": "Microsoft Windows Server 2008 (64-bit)", "os_family": "windows"}, "replatform", "no drivers"),
        ({"os_name": "Red Hat Enterprise Linux 5 (64-bit)"}, "replatform", "no drivers"),
        ({"os_name": "Other Linux (32-bit)"}, "replatform", "no drivers"),
        ({"os_name": "Microsoft Windows Server 2008 R2 (64-bit)", "os_family": "windows"}, "rehost", "ended on 2020-01-14"),
        ({"os_name": "Microsoft Windows 7 (64-bit)", "os_family": "windows"}, "replatform", "desktop system"),
        ({"os_name": None, "os_family": None}, "rehost", "operating system is not known"),
    ],
)
def test_what_a_server_is_decides(fields: dict[str, Any], disposition: str, words: str) -> None:
    row = choose_one(fields)
    assert row["disposition"] == disposition
    assert words in row["disposition_reason"]
    assert 0 < row["disposition_confidence"] <= 1


def test_a_server_that_is_off_but_claimed_or_connected_moves() -> None:
    def off(confidence: float) -> str:
        membership = member("s", "A", origin="inferred", confidence=confidence)
        row = choose_one({"power": "off"}, applications=[application("A", declared=False)], memberships=[membership])
        return str(row["disposition"])

    assert (off(0.8), off(0.3)) == ("rehost", "retire")
    assert choose_one({"power": "off"}, **_in_application())["disposition"] == "rehost"
    assert choose_one({"power": "off"}, connected=[("s", "s")], observed_days=14)["disposition"] == "rehost"
    silent = choose_one({"power": "off"}, observed_days=14)
    assert silent["disposition"] == "retire"
    assert "no traffic in 14 days" in silent["disposition_reason"]
    assert silent["disposition_confidence"] > choose_one({"power": "off"})["disposition_confidence"]


def test_idle_and_orphaned_is_retired_only_when_flows_were_seen() -> None:
    idle = [{"server_id": "s", "cpu_p95_pct": 1.0, "observed_days": 30.0}]
    assert choose_one(utilisation=idle, observed_days=14)["disposition"] == "retire"
    assert choose_one(utilisation=idle)["disposition"] == "rehost"


def test_proposals_are_to_be_confirmed() -> None:
    choice = choose_targets(discovered([server("a", power="off"), server("b", power="off", environment="dr")]), spec())
    codes = {finding.code: finding.subject for finding in choice.findings}
    assert codes["retire-proposed"] == "a"
    assert codes["powered-off-kept"] == "b"


@pytest.mark.parametrize(
    ("hint", "disposition"),
    [
        ("Retire in 2027", "retire"),
        ("keep on premises", "retain"),
        ("Replace by SaaS", "repurchase"),
        ("Re-platform", "replatform"),
        ("REFACTOR", "refactor"),
        ("Relocate", "relocate"),
        ("lift & shift", "rehost"),
        ("no idea", "rehost"),
    ],
)
def test_what_the_application_list_says(hint: str, disposition: str) -> None:
    row = choose_one(**_in_application(disposition_hint=hint))
    assert row["disposition"] == disposition
    assert (hint in row["disposition_reason"]) == (hint != "no idea")


def test_hints_cover_all_dispositions() -> None:
    assert {disposition for _, disposition in HINTS} == set(DISPOSITIONS)


def test_a_bought_service_is_not_priced_and_said_so() -> None:
    tables = _in_application(disposition_hint="SaaS")
    choice = choose_targets(discovered([server("s")], **tables), spec())
    row = chosen(choice, "s")
    assert (row["target"], row["cost_usd_month"]) == ("saas", None)
    assert [f.subject for f in choice.findings if f.code == "service-not-priced"] == ["A"]


def test_decisions_come_first_and_those_for_a_server_before_those_for_its_application() -> None:
    request = spec(
        disposition=[
            {"application": "a", "disposition": "retain", "why": "contract"},
            {"server": "S", "disposition": "retire", "why": "replaced"},
        ]
    )
    tables: dict[str, Any] = {
        "applications": [application("A", disposition_hint="refactor")],
        "memberships": [member("s", "A"), member("t", "A")],
    }
    choice = choose_targets(discovered([server("s"), server("t")], **tables), request)
    assert chosen(choice, "s")["disposition"] == "retire"
    assert chosen(choice, "s")["disposition_reason"] == "decided: replaced"
    assert chosen(choice, "t")["disposition"] == "retain"
    assert chosen(choice, "t")["disposition_confidence"] == 1


def test_a_decision_that_names_nothing_or_contradicts_another_is_a_finding() -> None:
    request = spec(
        disposition=[
            {"server": "nobody", "disposition": "retain", "why": "w"},
            {"application": "nothing", "disposition": "retain", "why": "w"},
            {"server": "s", "disposition": "retain", "why": "w"},
            {"server": "s", "disposition": "retire", "why": "w"},
        ]
    )
    choice = choose_targets(discovered([server("s")]), request)
    assert chosen(choice, "s")["disposition"] == "retain"
    assert sorted((f.code, f.subject) for f in choice.findings if f.code.startswith("decision")) == [
        ("decision-contradicted", "s"),
        ("decision-names-nothing", "nobody"),
        ("decision-names-nothing", "nothing"),
    ]


@pytest.mark.parametrize("criticality", [None, *CRITICALITIES])
def test_a_managed_database_unless_mission_critical(criticality: str | None) -> None:
    row = choose_one({"vcpu": 2.0, "memory_gib": 8.0}, databases=_MYSQL, **_in_application(criticality=criticality))
    if criticality == "mission-critical":
        assert row["disposition"] == "rehost"
    else:
        assert row["disposition"] == "replatform"
        assert row["target"].startswith("rds:db.")
        assert row["target"].endswith("(mysql, multi-az)")


@pytest.mark.parametrize(
    "databases",
    [
        [{"server_id": "s", "database": "d", "engine": "oracle"}],
        [{"server_id": "s", "database": "d", "engine": None}],
        [*_MYSQL, {"server_id": "s", "database": "e", "engine": None}],
        [*_MYSQL, {"server_id": "s", "database": "e", "engine": "sqlserver"}],
    ],
)
def test_other_and_mixed_databases_stay_on_servers(databases: list[dict[str, Any]]) -> None:
    assert choose_one(databases=databases)["disposition"] == "rehost"


def test_one_zone_is_enough_for_tests_and_no_price_of_storage_means_no_managed_database() -> None:
    assert "single-az" in choose_one({"environment": "test"}, databases=_MYSQL)["target"]
    assert choose_one(databases=_MYSQL, request=spec({"regions": ["eu-west-1"]}))["disposition"] == "rehost"


def test_licences_of_other_databases_are_said_to_be_missing() -> None:
    choice = choose_targets(
        discovered([server("s")], databases=[{"server_id": "s", "database": "d", "engine": "oracle"}]), spec()
    )
    assert [f.subject for f in choice.findings if f.code == "database-licence-not-priced"] == ["oracle"]

"""Each rule: silent where nothing is wrong, heard where it is, and out of the denominator where it cannot know."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from migrate.risk import RULES, assess, rules_document, rules_table
from tests.factories import make_dependency
from tests.risk.world import World, application_row

ROOT = Path(__file__).parents[2]


def _hits(world: World, application: str = "Alpha") -> set[str]:
    hits = assess(world.discovery(), world.targets(), world.spec()).hits
    return set(hits.filter(pl.col("application") == application)["rule"])


def _many_consumers(w: World) -> None:
    names = [f"C{k:02}" for k in range(10)]
    w.applications += [application_row(name) for name in names]
    w.dependencies += [make_dependency(name, "Alpha") for name in names]


def _cycle(w: World) -> None:
    w.dependencies = [make_dependency("Alpha", "Beta", in_cycle=True), make_dependency("Beta", "Alpha", in_cycle=True)]


def _severed(w: World) -> None:
    w.dependencies = [make_dependency("Alpha", "Beta", severed="too much for one wave", split_usd_day=2.5)]


def _busy(w: World) -> None:
    w.dependencies = [make_dependency("Alpha", "Beta", connections_day=150_000.0)]


def _partner(w: World) -> None:
    w.dependencies.append(make_dependency("Alpha", "external 203.0.113.0/24", external=True))


def _database(w: World, engine: str) -> None:
    w.databases.append({"server_id": "a-1", "database": "x", "engine": engine, "source": "d:3"})


def _single(w: World) -> None:
    w.alpha(criticality="high")
    w.membership.pop("a-2")


def _mainframe(w: World) -> None:
    w.servers[2].update(kind="mainframe", os_family="zos", os_name="z/OS 3.1")


def _two_crews(w: World) -> None:
    w.sections = {"crew": [{"skill": "linux", "hours_week": 5}]}


CASES: dict[str, Callable[[World], object]] = {
    "blast-radius": _many_consumers,
    "changed-on-the-way": lambda w: w.disposition.update({"a-1": "refactor"}),
    "chatty-dependency": _busy,
    "cleartext-traffic": lambda w: w.dependencies.append(make_dependency("Beta", "Alpha", ports=("tcp/443", "tcp/21"))),
    "commercial-database": lambda w: _database(w, "oracle"),
    "crew-overload": _two_crews,
    "critical-care-path": lambda w: w.alpha(criticality="mission-critical", data_class="PHI", rto_h=4.0),
    "cross-site-dependency": lambda w: w.servers[2].update(site="DC-South"),
    "database-present": lambda w: _database(w, "mysql"),
    "dependency-cycle": _cycle,
    "end-of-support-os": lambda w: w.first(os_name="Microsoft Windows Server 2012 R2 (64-bit)"),
    "external-partner": _partner,
    "inferred-application": lambda w: w.alpha(declared=False),
    "large-data": lambda w: w.first(disk_used_gib=1e6),
    "large-server": lambda w: w.first(vcpu=96.0),
    "mainframe-dependency": _mainframe,
    "missing-os": lambda w: w.first(os_name=None, os_family=None),
    "mission-critical": lambda w: w.alpha(criticality="mission-critical"),
    "no-owner": lambda w: w.alpha(owner=None),
    "no-utilisation": lambda w: w.measured.clear(),
    "other-processor": lambda w: w.first(os_family="unix", os_name="AIX 7.2"),
    "physical-server": lambda w: w.first(kind="physical"),
    "powered-off-members": lambda w: w.first(power="off"),
    "regulated-data": lambda w: w.alpha(data_class="ePHI, minimum necessary"),
    "retained-neighbour": lambda w: w.disposition.update({"b-1": "retain"}),
    "rpo-shorter-than-replication": lambda w: w.alpha(rpo_h=0.0),
    "rto-shorter-than-window": lambda w: w.alpha(rto_h=2.0),
    "severed-dependency": _severed,
    "shared-service": lambda w: setattr(w, "shared", ("Alpha",)),
    "single-server": _single,
    "site-spread": lambda w: w.first(site="DC-South"),
    "uncertain-membership": lambda w: setattr(w, "confidence", 0.4),
    "unmanaged-database": lambda w: _database(w, "cache"),
    "without-target": lambda w: w.target.update({"a-1": None}),
}


def test_every_rule_is_complete_and_has_a_case() -> None:
    assert {rule.id for rule in RULES} == set(CASES)
    files = {path.stem.replace("_", "-") for path in (ROOT / "migrate/risk/rules").glob("[a-z]*.py")}
    assert files == set(CASES), "a rule's file is named after its id"
    for rule in RULES:
        assert 1 <= rule.points <= 10
        assert all([rule.title, rule.measures, rule.reference, rule.remedy])


def test_no_rule_applies_where_nothing_is_wrong() -> None:
    assert _hits(World()) == set()


@pytest.mark.parametrize("rule", sorted(CASES))
def test_rule_applies_to_its_case(rule: str) -> None:
    world = World()
    CASES[rule](world)
    assert rule in _hits(world)


UNKNOWN: dict[str, Callable[[World], object]] = {
    "end-of-support-os": lambda w: [s.update(os_name="Linux") for s in w.servers],
    "mission-critical": lambda w: w.alpha(criticality=None),
    "regulated-data": lambda w: w.alpha(data_class=None),
    "rto-shorter-than-window": lambda w: w.alpha(rto_h=None),
    "rpo-shorter-than-replication": lambda w: w.sections.update(link=[]),
    "large-data": lambda w: [s.update(disk_gib=None, disk_used_gib=None) for s in w.servers],
    "large-server": lambda w: [s.update(vcpu=None) for s in w.servers],
    "physical-server": lambda w: [s.update(kind=None) for s in w.servers],
    "powered-off-members": lambda w: [s.update(power=None) for s in w.servers],
    "database-present": lambda w: w.databases.clear(),
    "crew-overload": lambda w: w.sections.update(crew=[]),
}


@pytest.mark.parametrize("rule", sorted(UNKNOWN))
def test_missing_data_leaves_the_denominator_and_not_the_score(rule: str) -> None:
    points = {r.id: r.points for r in RULES}[rule]
    known, unknown = World(), World()
    UNKNOWN[rule](unknown)
    before, after = (assess(w.discovery(), w.targets(), w.spec()).scores.row(0, named=True) for w in (known, unknown))
    assert after["score"] == before["score"] == 0.0
    assert after["maximum"] <= before["maximum"] - points
    assert after["confidence"] < before["confidence"]


def test_without_flows_and_declared_dependencies_nothing_is_said_of_dependencies() -> None:
    world = World()
    world.dependencies, world.observed_days = [], 0
    result = assess(world.discovery(), world.targets(), world.spec())
    thin = [f for f in result.findings if f.code == "risk-not-assessed"]
    assert any("blast-radius" in f.message and "dependencies" in f.remedy for f in thin)


def test_servers_that_do_not_move_carry_no_cutover_risk() -> None:
    world = World()
    world.first(os_name="Windows NT 4.0", kind="physical")
    world.disposition["a-1"] = "retire"
    assert not _hits(world) & {"end-of-support-os", "physical-server"}


@pytest.mark.parametrize("name", ["external 10.96.0.0/24", "external fd00:1::/64", "unknown parties"])
def test_networks_of_the_own_organisation_are_no_partner(name: str) -> None:
    world = World()
    world.dependencies.append(make_dependency(name, "Alpha", external=True))
    assert "external-partner" not in _hits(world)


@pytest.mark.parametrize("fate", ["repurchase", "refactor", "retire", "retain"])
def test_another_processor_matters_only_to_servers_that_move_as_they_are(fate: str) -> None:
    world = World()
    world.first(os_family="unix", os_name="AIX 7.2")
    world.disposition["a-1"] = fate
    assert "other-processor" not in _hits(world)
    world.disposition["a-1"] = "replatform"
    assert "other-processor" in _hits(world)


def test_move_group_keeps_a_busy_dependency_together() -> None:
    world = World()
    _busy(world)
    world.groups = [("Alpha", "Beta")]
    assert "chatty-dependency" not in _hits(world)


def test_window_of_the_own_domain_counts() -> None:
    world = World()
    world.alpha(rto_h=5.0, domain="clinical")
    world.sections = {
        "window": [
            {"id": "short", "hours": "01:00-05:00", "domains": ["clinical"]},
            {"id": "long", "hours": "20:00-20:00", "domains": ["back-office"]},
        ]
    }
    assert "rto-shorter-than-window" not in _hits(world)
    world.alpha(domain="back-office")
    assert "rto-shorter-than-window" in _hits(world)


def test_document_is_current() -> None:
    text = (ROOT / "docs/risk-rules.md").read_text(encoding="utf-8")
    assert text == rules_document(), "write it again: its first lines say how"


def test_table_is_sorted_and_tells_every_rule() -> None:
    ids = [row["id"] for row in rules_table()]
    assert ids == sorted(CASES)

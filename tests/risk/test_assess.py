"""Scores, their denominators, probabilities and findings."""

from __future__ import annotations

import datetime as dt

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from migrate.errors import RequestError
from migrate.findings import Severity
from migrate.model.stages import RiskAssessment
from migrate.risk import RULES, assess
from tests.risk.world import World, application_row

SERVER_COLUMNS = ["site", "kind", "power", "os_name", "os_family", "vcpu", "memory_gib", "disk_gib", "disk_used_gib"]
APPLICATION_COLUMNS = ["domain", "owner", "criticality", "rto_h", "rpo_h", "data_class"]


def _assess(world: World) -> RiskAssessment:
    return assess(world.discovery(), world.targets(), world.spec())


def _risky() -> World:
    world = World()
    world.alpha(criticality="mission-critical", data_class="PHI", rto_h=1.0, owner=None)
    world.first(os_name="Windows Server 2008 R2", os_family="windows", vcpu=128.0)
    return world


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    servers=st.sets(st.sampled_from(SERVER_COLUMNS)),
    applications=st.sets(st.sampled_from(APPLICATION_COLUMNS)),
    flows=st.booleans(),
)
def test_score_is_points_over_what_could_be_assessed(servers: set[str], applications: set[str], *, flows: bool) -> None:
    full, part = _risky(), _risky()
    for server in part.servers:
        server.update(dict.fromkeys(servers))
    for application in part.applications:
        application.update(dict.fromkeys(applications))
    if not flows:
        part.dependencies, part.observed_days = [], 0
    result = _assess(part)
    points = result.hits.group_by("application").agg(given=pl.col("points").sum())
    for row in result.scores.join(points, on="application", how="left").iter_rows(named=True):
        assert row["score"] == pytest.approx(100 * (row["given"] or 0) / row["maximum"])
        assert 0 <= row["score"] <= 100
        assert row["confidence"] == pytest.approx(row["maximum"] / sum(rule.points for rule in RULES))
    assert (result.scores["confidence"] <= _assess(full).scores["confidence"]).all(), "less data is never more confidence"


def test_probability_runs_from_base_to_full_score() -> None:
    world = _risky()
    world.sections = {"risk": {"base_failure": 0.1, "failure_at_full_score": 0.5}}
    alpha = _assess(world).scores.row(0, named=True)
    assert alpha["score"] > 0
    assert alpha["failure_probability"] == pytest.approx(0.1 + 0.4 * alpha["score"] / 100)


def test_outage_cost_by_criticality_and_medium_when_unknown() -> None:
    world = World()
    names = ["mission-critical", "high", "medium", "low", None]
    world.applications = [application_row(f"A{k}", criticality=name) for k, name in enumerate(names)]
    world.membership, world.dependencies, world.groups = {}, [], []
    world.sections = {"risk": {"outage_usd_h_medium": 4321.0}}
    result = _assess(world)
    assert result.scores["outage_usd_h"].to_list() == [120_000.0, 25_000.0, 4321.0, 500.0, 4321.0]
    unknown = [f for f in result.findings if f.code == "criticality-unknown"]
    assert [(f.subject, f.source) for f in unknown] == [("A4", "applications.csv:2")]


def test_rule_that_is_off_counts_nowhere() -> None:
    world = _risky()
    before = _assess(world)
    world.sections = {"risk": {"off": ["mission-critical"]}}
    after = _assess(world)
    assert "mission-critical" in set(before.hits["rule"])
    assert "mission-critical" not in set(after.hits["rule"])
    assert after.scores["maximum"][0] == before.scores["maximum"][0] - 10


def test_every_rule_may_be_off() -> None:
    world = _risky()
    world.sections = {"risk": {"off": [rule.id for rule in RULES]}}
    result = _assess(world)
    assert result.hits.is_empty()
    assert result.scores.select("score", "maximum", "confidence").row(0) == (0.0, 0.0, 0.0)


def test_unknown_rule_names_the_nearest() -> None:
    world = World()
    world.sections = {"risk": {"off": ["mision-critical"]}}
    with pytest.raises(RequestError, match="Did you mean `mission-critical`") as error:
        _assess(world)
    assert error.value.exit_code == 2


def test_serious_rule_is_one_finding_however_many_it_hits() -> None:
    world = World()
    world.applications += [application_row(f"Z{k:03}", criticality=None, declared=False) for k in range(300)]
    world.servers += [{**world.servers[0], "server_id": f"z{k}", "name": f"z{k}", "os_name": "CentOS 6"} for k in range(300)]
    world.membership |= {f"z{k}": f"Z{k:03}" for k in range(300)}
    world.disposition |= {f"z{k}": "rehost" for k in range(300)}
    result = _assess(world)
    (finding,) = [f for f in result.findings if f.code == "risk-end-of-support-os"]
    assert finding.severity is Severity.warning
    assert "300 of 302 applications" in finding.message
    assert "and 295 more" in finding.message
    assert finding.remedy
    (unknown,) = [f for f in result.findings if f.code == "criticality-unknown"]
    assert "300 applications" in unknown.message


def test_retained_applications_are_no_finding() -> None:
    world = World()
    world.servers[2].update(os_name="z/OS 2.4", os_family="zos", kind="mainframe")
    world.disposition["b-1"] = "retain"
    result = _assess(world)
    assert not [f for f in result.findings if f.code in {"risk-end-of-support-os", "risk-other-processor"}]


def test_staff_transfer_is_told() -> None:
    world = World()
    world.sections = {"staff": {"transfer_date": dt.date(2027, 4, 19), "partner": "Acme Services", "leaving_share": 0.25}}
    (finding,) = [f for f in _assess(world).findings if f.code == "staff-transfer"]
    assert finding.subject == "Acme Services"
    assert finding.severity is Severity.warning
    assert "25%" in finding.message


def test_order_of_rows_changes_nothing() -> None:
    world, other = _risky(), _risky()
    other.servers.reverse()
    other.applications.reverse()
    other.membership = dict(reversed(other.membership.items()))
    first, second = _assess(world), _assess(other)
    assert first.scores.equals(second.scores)
    assert first.hits.equals(second.hits)
    assert first.findings == second.findings


def test_empty_estate_is_assessed() -> None:
    world = World()
    world.servers, world.applications, world.membership, world.measured = [], [], {}, []
    world.databases, world.dependencies, world.groups = [], [], []
    result = _assess(world)
    assert result.scores.is_empty()
    assert result.hits.is_empty()

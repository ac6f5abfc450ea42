"""The terms of the objective against sums done by hand."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from migrate.model.plan import ObjectiveTerms
from migrate.waves.objective import evaluate
from migrate.waves.prices import EXPERIENCE
from migrate.waves.problem import Problem, build_problem
from tests.factories import make_application, make_dependency
from tests.waves.builders import Records, records

OFF = {
    "transfer_usd_gb": 0.02,
    "latency_usd_million_round_trips": 2,
    "wave_usd": 18_000,
    "split": 0,
    "double_run": 0,
    "site_exit": 0,
    "risk": 0,
    "wave_overhead": 0,
}
MONTH = 365 / 12
QUIET: dict[str, Any] = {"window": [], "freeze": [], "crew": [], "rule": []}


def problem_of(given: Records) -> Problem:
    return build_problem(*given)


def terms(given: Records, *waves: int) -> ObjectiveTerms:
    """Waves are numbered from 1 here; 0 is none."""
    problem = problem_of(given)
    return evaluate(problem, np.array([wave - 1 if wave else problem.waves for wave in waves]))


def weighted(**weights: float) -> dict[str, float]:
    return {**OFF, **weights}


def test_split_is_paid_for_every_day_between_the_cutovers() -> None:
    given = records([make_application("A"), make_application("B")], **QUIET, weights=weighted(split=1))
    needs = (
        make_dependency("A", "B", gb_day=10.0, connections_day=1e6),
        make_dependency("B", "A", gb_day=5.0, connections_day=0.0),
        make_dependency("A", "external 192.0.2.0/24", external=True, gb_day=1e9),
    )
    given = given._replace(dependencies=needs)
    # 7 days × (15 GB × 0.02 + 10 round trips × 1e6 connections / 1e6 × 2.0)
    assert terms(given, 1, 2).split == pytest.approx(7 * (0.3 + 20.0))
    assert terms(given, 3, 3).split == 0.0


def test_round_trips_to_a_shared_service_cost_nothing() -> None:
    given = records([make_application("A"), make_application("B", shared_service=True)], **QUIET, weights=weighted(split=1))
    given = given._replace(dependencies=(make_dependency("A", "B", gb_day=10.0, connections_day=1e9),))
    assert terms(given, 1, 2).split == pytest.approx(7 * 0.2)


def test_a_dependency_on_what_is_retained_is_paid_from_the_cutover_on() -> None:
    kept = make_application("K", moving_servers=0, disposition="retain")
    gone = make_application("R", moving_servers=0, disposition="retire")
    given = records([make_application("A"), kept, gone], **QUIET, weights=weighted(split=1), waves={"max_waves": 3})
    needs = (make_dependency("A", "K", gb_day=10.0, connections_day=0), make_dependency("R", "A", gb_day=1e6))
    given = given._replace(dependencies=needs)
    # the horizon is the last candidate's hypercare: 14 days after the first candidate and 7 more
    assert terms(given, 1).split == pytest.approx(21 * 0.2)


def test_double_run_is_target_from_replication_and_source_until_decommission() -> None:
    given = records([make_application("A")], **QUIET, weights=weighted(double_run=1), waves={"max_waves": 3})
    # candidates on days 61, 68, 75; horizon 82; replication 14 days, hypercare 7
    expected = (96.08 * (82 - (68 - 14)) + 164.6 * (68 + 7)) / MONTH
    assert terms(given, 2).double_run == pytest.approx(expected, abs=0.01)
    assert terms(given, 0).double_run == pytest.approx(164.6 * 82 / MONTH, abs=0.01)


def test_servers_with_one_unknown_cost_are_left_out_of_double_run() -> None:
    given = records([make_application("A", moving_servers=2)], **QUIET, weights=weighted(double_run=1))
    half = tuple(
        server.model_copy(update={"cost_usd_month": None} if index else {}) for index, server in enumerate(given.servers)
    )
    one = records([make_application("A")], **QUIET, weights=weighted(double_run=1))
    assert terms(given._replace(servers=half), 2).double_run == terms(one, 2).double_run


def test_a_site_is_paid_until_its_last_server_has_left() -> None:
    applications = [make_application("A"), make_application("B"), make_application("C", site="DC-South")]
    sites = [{"name": "DC-North", "fixed_cost_usd_month": 1_000}, {"name": "DC-South", "fixed_cost_usd_month": 100}]
    given = records(applications, **QUIET, site=sites, weights=weighted(site_exit=1), waves={"max_waves": 3})
    assert terms(given, 1, 2, 3).site_exit == pytest.approx((1_000 * 75 + 100 * 82) / MONTH, abs=0.01)


@pytest.mark.parametrize(("colocation", "expected"), [(None, 1_000 * 82), (100.0, 1_000 * 68 + 100 * 14)])
def test_what_is_retained_keeps_a_site_open_unless_it_is_housed_elsewhere(colocation: float | None, expected: float) -> None:
    site = {"name": "DC-North", "fixed_cost_usd_month": 1_000, "colocation_usd_month": colocation}
    given = records(
        [make_application("A", moving_servers=2)], **QUIET, site=[site], weights=weighted(site_exit=1), waves={"max_waves": 3}
    )
    servers = (given.servers[0], given.servers[1].model_copy(update={"disposition": "retain"}))
    assert terms(given._replace(servers=servers), 1).site_exit == pytest.approx(expected / MONTH, abs=0.01)


def test_risk_grows_with_the_pile_and_falls_with_experience() -> None:
    one = make_application("A", failure_probability=0.1, outage_usd_h=1_000.0, rto_h=5.0)
    two = make_application("B", failure_probability=0.2, outage_usd_h=1_000.0, rto_h=None, criticality="high")
    given = records([one, two], **QUIET, weights=weighted(risk=1), waves={"pathfinders": 0})
    assert terms(given, 1, 1).risk == pytest.approx((500 + 1_600) * 1.01)
    learned = 0.9 ** math.log2(1 + 1 / EXPERIENCE)  # one application was cut over before
    assert terms(given, 1, 3).risk == pytest.approx(500 + 1_600 * learned, abs=0.01)


def test_mission_critical_applications_pile_up_faster() -> None:
    pair = [
        make_application(n, criticality="mission-critical", failure_probability=0.1, outage_usd_h=1e3, rto_h=1.0) for n in "AB"
    ]
    given = records(pair, **QUIET, weights=weighted(risk=1), waves={"pathfinders": 0})
    assert terms(given, 2, 2).risk == pytest.approx(200 * (1 + 0.01 + 0.1))


def test_cutovers_after_the_staffs_transfer_are_riskier() -> None:
    staff = {"transfer_date": "2027-03-10", "leaving_share": 0.5, "settling_weeks": 1}
    application = make_application("A", failure_probability=0.1, outage_usd_h=1_000.0, rto_h=1.0)
    given = records([application], **QUIET, weights=weighted(risk=1), staff=staff)
    assert [terms(given, wave).risk for wave in (1, 2, 3)] == [100.0, 150.0, 100.0]


def test_every_used_wave_and_every_broken_soft_rule_has_its_price() -> None:
    rules = [
        {"id": "o", "before": {"first": "B", "then": "A"}, "price_usd": 10.0},
        {"id": "l", "of": "B", "latest": "2027-03-10", "price_usd": 5.0},
        {"id": "t", "together": ["A", "B"], "price_usd": 2.0},
        {"id": "k", "at_most": {"of": "*", "count": 1}, "price_usd": 1.0},
    ]
    given = records([make_application("A"), make_application("B")], **{**QUIET, "rule": rules}, weights=weighted(wave_overhead=1))
    apart, same = terms(given, 1, 2), terms(given, 1, 1)
    programme = 60_000 / MONTH  # USD a day until the last cutover
    assert [apart.wave_overhead, same.wave_overhead] == pytest.approx(
        [36_000 + 68 * programme, 18_000 + 61 * programme], abs=0.01
    )
    assert (apart.soft_rules, same.soft_rules) == (17.0, 1.0)
    assert same.total == pytest.approx(same.wave_overhead + 1.0)

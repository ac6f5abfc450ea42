from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from migrate.spec import Search
from migrate.waves import plan_waves
from tests.factories import make_application, make_applications, make_dependencies, make_servers, make_spec
from tests.waves.builders import alone, random_records, records


def test_the_small_estate_end_to_end() -> None:
    applications = make_applications()
    given = (make_servers(), applications, make_dependencies(), tuple(alone(item) for item in applications), make_spec())
    result = plan_waves(*given, iterations=20_000)
    assert sorted(result.assignment) == [item.application for item in applications if item.moving_servers]
    assert result.dates == {row.wave: row.date for row in result.waves}
    for row in result.waves:
        assert row.date == result.candidates[row.wave - 1].date
        assert row.starts == "22:00 America/Chicago"
        assert row.duration_h == 8.0
        assert row.replication_start == row.date - dt.timedelta(days=14)
        assert row.decommission_date == row.date + dt.timedelta(days=7)
        assert row.expected_loss_usd.low <= row.expected_loss_usd.likely <= row.expected_loss_usd.high
        assert all(row.crew_h[skill] <= hours for skill, hours in row.crew_available_h.items() if skill in row.crew_h)
    assert result.waves[0].pathfinder
    assert sum(row.servers for row in result.waves) == 10
    terms = result.solution.objective
    assert result.solution.first_fit is not None
    assert terms.total <= result.solution.first_fit.total
    assert result.solution.bound is not None
    assert result.solution.bound <= terms.total


def test_two_runs_are_equal_and_other_seeds_are_allowed_to_differ() -> None:
    given = random_records(5)
    assert plan_waves(*given, iterations=20_000) == plan_waves(*given, iterations=20_000)


def test_the_order_of_the_records_does_not_matter() -> None:
    given = random_records(6)
    turned = given._replace(
        servers=given.servers[::-1], applications=given.applications[::-1], dependencies=given.dependencies[::-1]
    )
    assert plan_waves(*given, iterations=20_000).assignment == plan_waves(*turned, iterations=20_000).assignment


def test_nothing_to_move_is_a_plan_too() -> None:
    result = plan_waves(*records([make_application("A", moving_servers=0)]))
    assert (result.waves, result.assignment, result.solution.objective.total) == ((), {}, 0.0)
    assert [finding.code for finding in result.findings] == ["nothing-moves"]


def test_progress_is_told_and_the_keyboard_keeps_the_best() -> None:
    told: list[tuple[float, float, float | None]] = []

    def listen(share: float, best: float, bound: float | None) -> None:
        told.append((share, best, bound))
        if len(told) == 4:
            raise KeyboardInterrupt

    result = plan_waves(*random_records(7), progress=listen, iterations=200_000)
    shares = [share for share, _, _ in told]
    assert shares == sorted(shares)
    assert told[-1][1] == pytest.approx(result.solution.objective.total, rel=1e-6)
    assert told[-1][2] == result.solution.bound
    assert len(told) == 4
    assert "search-stopped" in {finding.code for finding in result.findings}
    assert 0 < result.solution.iterations < 200_000


def test_pathfinders_are_simple_small_and_first() -> None:
    applications = [
        make_application("AD", criticality="high", moving_servers=40, shared_service=True),
        make_application("Big", criticality="low", moving_servers=30),
        *(make_application(f"Low{number}", criticality="low", moving_servers=9) for number in range(6)),
        make_application("High", criticality="high"),
    ]
    first = [{"id": "ad", "before": {"first": "AD", "then": "*"}}]
    limits = {"pathfinders": 2, "pathfinder_max_servers": 20}
    plain = plan_waves(*records(applications, window=[], waves=limits), iterations=20_000)
    assert [row.wave for row in plain.waves if row.pathfinder] == [1, 2]
    for row in plain.waves[:2]:
        assert row.servers <= 20
        assert all(name.startswith("Low") for name in row.applications)
    ruled = plan_waves(*records(applications, window=[], waves=limits, rule=first), iterations=20_000)
    assert ruled.assignment["AD"] == 1  # what a rule puts in front of all comes first, beside a pathfinder
    assert min(ruled.assignment[name] for name in ("Big", "High")) > 2


def test_no_simple_application_means_no_pathfinder() -> None:
    result = plan_waves(*records([make_application("A", criticality="high")], window=[]), iterations=1_000)
    assert not any(row.pathfinder for row in result.waves)
    assert "no-pathfinder" in {finding.code for finding in result.findings}


@pytest.mark.parametrize(
    ("sections", "code", "subject"),
    [
        ({"crew": []}, "skill-without-crew", "linux"),
        ({"link": []}, "site-without-link", "DC-North"),
        ({"site": [{"name": "DC-North"}]}, "site-without-lease-end", "DC-North"),
        ({"rule": [{"id": "r", "apart": ["A", "Nobody"]}]}, "rule-names-nothing", "rule r"),
        ({"freeze": [{"id": "f", "domains": ["x"], "from": "2030-01-01", "to": "2030-01-01"}]}, "rule-names-nothing", "freeze f"),
        ({"pin": [{"application": "Z", "wave": 1, "why": "x"}]}, "pin-not-moving", "Z"),
        ({"waves": {"pathfinders": 5}}, "fewer-pathfinders", "waves.pathfinders"),
    ],
)
def test_what_the_request_leaves_open_is_said(sections: dict[str, Any], code: str, subject: str) -> None:
    given = records([make_application("A"), make_application("Z", moving_servers=0)], **sections)
    found = plan_waves(*given, iterations=1_000).findings
    assert (code, subject) in {(finding.code, finding.subject) for finding in found}


def test_hypercare_ends_before_the_lease_does() -> None:
    site = [{"name": "DC-North", "lease_end": "2027-03-27"}]
    rows = plan_waves(*records([make_application("A")], window=[], site=site), iterations=1_000).waves
    assert [row.decommission_date <= dt.date(2027, 3, 27) for row in rows] == [True]


def test_dates_grow_until_everything_fits() -> None:
    freeze = [{"id": "long", "domains": ["clinical"], "from": "2027-01-01", "to": "2027-12-31"}]
    given = records([make_application("A", domain="clinical"), make_application("B")], window=[], freeze=freeze)
    found = plan_waves(*given, iterations=1_000)
    assert found.dates[found.assignment["A"]] > dt.date(2027, 12, 31)
    assert found.spec.waves.max_waves is not None
    assert len(found.candidates) <= found.spec.waves.max_waves


def test_a_move_group_with_more_mission_critical_ones_than_a_wave_may_hold_still_moves() -> None:
    pair = [make_application(name, criticality="mission-critical") for name in "ABC"]
    rule = [{"id": "t", "together": ["A", "B"]}]
    assignment = plan_waves(*records(pair, window=[], rule=rule), iterations=5_000).assignment
    assert assignment["A"] == assignment["B"] != assignment["C"]


@pytest.mark.parametrize(
    ("fixed_usd_month", "wider_by"),
    [(0.0, 0.3), (1e6, 0.02)],  # of a site that costs much whatever the plan, a gap is a share of that too
)
def test_a_plan_that_is_proven_good_enough_ends_the_search(fixed_usd_month: float, wider_by: float) -> None:
    given = random_records(7, site=[{"name": "DC-North", "fixed_cost_usd_month": fixed_usd_month}])
    whole = plan_waves(*given, iterations=400_000).solution
    assert whole.gap is not None
    wider = whole.gap + wider_by
    asked = given.spec.model_copy(update={"search": Search(iterations=400_000, gap=wider)})
    soon = plan_waves(*given._replace(spec=asked)).solution
    assert soon.gap is not None
    assert soon.gap <= wider
    assert soon.iterations < whole.iterations / 2


def test_a_gap_that_was_not_reached_is_told() -> None:
    given = random_records(7)
    asked = given.spec.model_copy(update={"search": Search(iterations=5_000, gap=0.001)})
    assert "gap-not-reached" in {finding.code for finding in plan_waves(*given._replace(spec=asked)).findings}


def test_a_time_is_a_budget_too() -> None:
    given = random_records(7)
    asked = given.spec.model_copy(update={"search": Search(seconds=0.2)})
    assert plan_waves(*given._replace(spec=asked)).solution.iterations > 0

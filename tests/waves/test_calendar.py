from __future__ import annotations

import datetime as dt
import itertools
from typing import Any

import pytest

from migrate.errors import InfeasibleError, RequestError
from migrate.waves.calendar import build_calendar
from tests.factories import make_application, make_spec

PLAIN: dict[str, Any] = {"window": [], "freeze": []}


def dates(spec: Any, *domains: str | None) -> list[dt.date]:
    applications = [make_application(f"A{number}", domain=domain) for number, domain in enumerate(domains or ("x",))]
    return [candidate.date for candidate in build_calendar(applications, spec).candidates]


def test_without_windows_saturdays_from_the_first_day_on() -> None:
    found = dates(make_spec(**PLAIN, waves={"max_waves": 3, "first_after_days": 60}))
    assert found == [dt.date(2027, 3, 6), dt.date(2027, 3, 13), dt.date(2027, 3, 20)]


def test_days_between_are_kept_and_nothing_comes_after_the_last_lease() -> None:
    found = dates(make_spec(**PLAIN, waves={"min_days_between": 20, "max_waves": 400}))
    assert min((b - a).days for a, b in itertools.pairwise(found)) >= 20
    assert found[-1] <= dt.date(2029, 3, 31) < found[-1] + dt.timedelta(days=21)


def test_a_site_without_lease_end_leaves_the_horizon_open() -> None:
    found = dates(make_spec(**PLAIN, site=[{"name": "DC-North"}], waves={"max_waves": 400}))
    assert len(found) == 400


def test_a_freeze_for_all_takes_the_days_out() -> None:
    freeze = [{"id": "f", "from": "2027-03-06", "to": "2027-03-20"}]
    assert dates(make_spec(window=[], freeze=freeze, waves={"max_waves": 1})) == [dt.date(2027, 3, 27)]


def test_a_night_that_runs_into_a_frozen_day_is_closed() -> None:
    freeze = [{"id": "f", "from": "2027-03-07", "to": "2027-03-07"}]
    assert dates(make_spec(window=[], freeze=freeze, waves={"max_waves": 1})) == [dt.date(2027, 3, 13)]
    day = [{"id": "by-day", "hours": "08:00-16:00"}]
    assert dates(make_spec(window=day, freeze=freeze, waves={"max_waves": 1})) == [dt.date(2027, 3, 6)]


def test_domains_with_opposite_freezes_both_get_dates() -> None:
    freeze = [{"id": "even", "domains": ["a"], "rule": "first 15 business days of each month"}]
    spec = make_spec(window=[], freeze=freeze, waves={"max_waves": 12})
    calendar = build_calendar([make_application("A", domain="a"), make_application("B", domain="b")], spec)
    closed = [candidate.closed_domains for candidate in calendar.candidates]
    assert ("a",) in closed
    assert () in closed


def test_a_later_day_that_serves_more_domains_is_taken() -> None:
    window = [{"id": "few", "days": ["sat"], "domains": ["a"]}, {"id": "most", "days": ["sun"]}]
    spec = make_spec(window=window, freeze=[], waves={"max_waves": 1})
    applications = [make_application("A", domain="a"), *(make_application(f"B{n}", domain="b") for n in range(5))]
    candidate = build_calendar(applications, spec).candidates[0]
    assert (candidate.date, candidate.window) == (dt.date(2027, 3, 7), "most")


def test_a_domain_without_a_window_is_closed_that_day() -> None:
    window = [{"id": "w", "days": ["sat"], "domains": ["a"]}]
    applications = [make_application("A", domain="a"), make_application("B", domain="b"), make_application("C", domain=None)]
    candidate = build_calendar(applications, make_spec(window=window, freeze=[])).candidates[0]
    assert candidate.closed_domains == ("b",)  # an unknown domain may use any window


def test_a_freeze_of_applications_names_them() -> None:
    freeze = [{"id": "f", "applications": ["domain:a"], "from": "2027-03-01", "to": "2027-03-10"}]
    applications = [make_application("A", domain="a"), make_application("B", domain="b")]
    candidate = build_calendar(applications, make_spec(window=[], freeze=freeze)).candidates[0]
    assert (candidate.closed_domains, candidate.closed_applications) == ((), ("A",))


def test_only_the_freezes_that_cover_every_window_are_named() -> None:
    freeze = [
        {"id": "forever", "from": "2027-01-01", "to": "2040-01-01"},
        {"id": "inside", "from": "2027-05-01", "to": "2027-06-01"},
    ]
    with pytest.raises(InfeasibleError, match=r"freezes \(forever\) cover every window"):
        dates(make_spec(window=[], freeze=freeze))


def test_an_unknown_time_zone_names_its_window() -> None:
    with pytest.raises(RequestError, match="'Mars/Olympus' of the window 'w'"):
        dates(make_spec(window=[{"id": "w", "time_zone": "Mars/Olympus"}]))

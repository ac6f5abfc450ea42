from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from migrate.readers.days import days_of, moment_of

DAYS = st.dates(dt.date(1990, 1, 1), dt.date(2099, 12, 31))


@given(DAYS)
def test_every_way_of_writing_a_day_is_read(day: dt.date) -> None:
    serial = (day - dt.date(1899, 12, 30)).days
    for text in (f"{day}", f"{day} 00:00:00", f"{day}T22:00", f"{serial}", f"{day:%d.%m.%Y}", f"{day.day}-{day:%b-%Y}"):
        assert days_of(text) == (day,), text
    for text in (f"{day:%m/%d/%Y}", f"{day:%d/%m/%Y}", f"{day.month}/{day.day}/{day.year}"):
        assert day in days_of(text)


@given(st.text(max_size=30))
def test_other_text_is_no_day_and_never_an_error(text: str) -> None:
    assert all(dt.date(1990, 1, 1) <= day <= dt.date(2250, 12, 31) for day in days_of(text))
    moment_of(text)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2027-04-03 22:15", dt.datetime(2027, 4, 3, 22, 15)),  # noqa: DTZ001 -- local time, as it is written
        ("2027-04-03T22:15:30Z", dt.datetime(2027, 4, 3, 22, 15)),  # noqa: DTZ001
        ("13.04.2027 06:00", dt.datetime(2027, 4, 13, 6)),  # noqa: DTZ001
        ("46480.25", dt.datetime(2027, 4, 3, 6)),  # noqa: DTZ001
        ("3/4/2027", None),
        ("2027-02-30", None),
        ("2027-04-03 25:00", None),
    ],
)
def test_moments_are_read_where_they_are_certain(text: str, moment: dt.datetime | None) -> None:
    assert moment_of(text) == moment

"""What a request may not mean: the table [flows]."""

from __future__ import annotations

import pytest

from migrate.spec import Spec
from migrate.spec.meaning import mistakes


def _mistakes(**flows: str) -> list[tuple[str, str]]:
    asked = Spec.model_validate({"plan": {"start": "2027-01-04"}, "flows": flows})
    return [(str(place[-1]), wrong) for place, wrong, _ in mistakes(asked)]


@pytest.mark.parametrize(
    ("key", "value", "wrong"),
    [
        ("time_zone", "Mars/Olympus", "is no time zone"),
        ("business_hours", "25:00-18:00", "are no hours of a day"),
        ("business_hours", "08:00-18:60", "are no hours of a day"),
        ("business_hours", "all day", "are no hours of a day"),
        ("business_hours", "08:00-8:00", "end when they begin"),
        ("fields", "version srcaddr dstaddr protocol", "lacks dstport"),
        ("fields", "srcaddr dstaddr dstport protocol srcaddr", "names srcaddr twice"),
        ("engine", " ", "names no engine"),
    ],
)
def test_a_mistake_names_its_key(key: str, value: str, wrong: str) -> None:
    assert _mistakes(**{key: value}) == [(key, wrong)]


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("time_zone", "America/Chicago"),
        ("business_hours", "22:00-06:00"),
        ("fields", "${version} ${pkt-srcaddr} ${pkt-dstaddr} ${dstport} ${protocol}"),
        ("fields", "srcaddr,dstaddr,dstport,protocol"),
    ],
)
def test_what_can_be_meant_is_no_mistake(key: str, value: str) -> None:
    assert _mistakes(**{key: value}) == []

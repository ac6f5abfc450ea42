from __future__ import annotations

import datetime as dt

import pytest

from migrate.errors import RequestError
from migrate.spec.settings import Setting, parse_sweep, settings_of, with_settings
from tests.factories import make_spec


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("waves.max_servers=100,150", (100, 150)),
        ("site[DC-North].lease_end=2028-06-30,2028-12-31", (dt.date(2028, 6, 30), dt.date(2028, 12, 31))),
        ("target.term=on_demand, reserved_3y", ("on_demand", "reserved_3y")),
        ('target.regions=["us-east-1"],["us-east-2","us-west-2"]', (["us-east-1"], ["us-east-2", "us-west-2"])),
        ("waves.max_waves=none,20", (None, 20)),
        ("weights.risk=0.5,1e1", (0.5, 10.0)),
    ],
)
def test_values_are_read_as_in_toml_and_text_needs_no_quotes(text: str, values: tuple[object, ...]) -> None:
    assert parse_sweep(text).values == values


def test_every_combination_comes_once_the_last_key_changing_fastest() -> None:
    found = list(settings_of([parse_sweep("a=1,2"), parse_sweep("b=3,4")]))
    assert [tuple(item.value for item in each) for each in found] == [(1, 3), (1, 4), (2, 3), (2, 4)]


def test_keys_of_named_tables_are_set_and_others_stay() -> None:
    spec = make_spec(waves={"max_waves": 9})
    made = with_settings(
        spec,
        [
            Setting("crew[linux].hours_week", 320),
            Setting("link[DC-South].bandwidth_mbit_s", 500),
            Setting("waves.max_waves", None),
            Setting("site[DC-South].lease_end", dt.date(2030, 1, 1)),
        ],
    )
    assert {crew.skill: crew.hours_week for crew in made.crew} == {"windows": 160, "linux": 320}
    assert {link.from_: link.bandwidth_mbit_s for link in made.link} == {"DC-North": 10_000, "DC-South": 500}
    assert made.waves.max_waves is None
    assert {site.name: site.lease_end for site in made.site}["DC-South"] == dt.date(2030, 1, 1)
    assert with_settings(spec, []) == spec


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("waves.max_server=1", "max_servers"),
        ("waves.max_servers=0", "waves.max_servers"),
        ("waves.max_servers", "is no setting"),
        ("waves=1", "valid"),
        ("crew[cobol].hours_week=1", "linux, windows"),
        ("crew.hours_week=1", "brackets"),
        ("waves..x=1", "is no key"),
        ("window[weekend].time_zone=Mars/Base", "no time zone"),
        ("waves.max_servers=1,1", "twice"),
        ("crew[linux]=1", "is a table"),
    ],
)
def test_what_cannot_be_set_is_one_sentence(text: str, said: str) -> None:
    with pytest.raises(RequestError) as error:
        with_settings(make_spec(), next(settings_of([parse_sweep(text)])))
    assert said in str(error.value)


def test_an_item_that_cannot_be_so_is_named_as_it_is_set() -> None:
    spec = make_spec(rule=[{"id": "follow", "before": {"first": "A", "then": "B"}, "lag_days": 7, "within_days": 14}])
    with pytest.raises(RequestError, match=r"`rule\[follow\]` asks for a `lag_days` of 7, more than its `within_days` of 5"):
        with_settings(spec, [Setting("rule[follow].within_days", 5)])
    with pytest.raises(RequestError, match=r"`rule\[follow\]\.before\.first` "):
        with_settings(spec, [Setting("rule[follow].before.first", 5)])

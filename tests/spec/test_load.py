"""Every mistake in plan.toml is one sentence with its line and what to write instead."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from migrate.errors import MigrateError, RequestError
from migrate.spec import Freeze
from migrate.spec.load import load_spec, parse_spec
from migrate.waves.freezes import frozen_days

HEAD = "[plan]\nstart = 2027-01-04\n"


def test_a_request_needs_only_a_start() -> None:
    spec = parse_spec(HEAD)
    assert spec.plan.start.isoformat() == "2027-01-04"
    assert spec.waves.max_servers == 150
    assert spec.target.term == "on_demand"


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("[plan]\nstrat = 2027-01-04\n", 2, "Did you mean `start`?"),
        (f'{HEAD}[[site]]\nname = "a"\n[[site]]\nname = "b"\nlease_edn = 2028-01-01\n', 7, "Did you mean `lease_end`?"),
        (f'{HEAD}[[rule]]\nid = "r"\nbefore = {{ first = "a", than = "b" }}\n', 5, "Did you mean `then`?"),
        (f"{HEAD}[wavs]\nmax_servers = 3\n", 3, "Did you mean `waves`?"),
        (f"{HEAD}[waves]\nmax_servers = -3\n", 4, "greater than or equal to 1 (it says -3)"),
        (f'{HEAD}[[freeze]]\nid = "f"\nfrom = 2027-01-04\n', 3, "needs `from` and `to`, or a `rule`"),
        (f'{HEAD}[[freeze]]\nid = "f"\nfrom = 2027-02-04\nto = 2027-01-01\n', 3, "before it begins"),
        (f'{HEAD}[[rule]]\nid = "r"\n', 3, "exactly one of before, together, apart"),
        (f'{HEAD}[[rule]]\nid = "r"\ntogether = ["a", "b"]\nwithin_days = 3\n', 3, "which belong to `before`"),
        (
            f'{HEAD}[[rule]]\nid = "r"\nbefore = {{ first = "a", then = "b" }}\nlag_days = 31\nwithin_days = 30\n',
            3,
            "a `lag_days` of 31, more than its `within_days` of 30",
        ),
        (f'{HEAD}[[rule]]\nid = "r"\nwithin = {{ of = ["a"], days = 0 }}\n', 5, "rule.0.within.days"),
        (f'{HEAD}[[pin]]\napplication = "x"\nwave = "a"\nwhy = "y"\n', 5, "valid integer"),
        (f'{HEAD}[[disposition]]\ndisposition = "retire"\nwhy = "y"\n', 3, "needs `application` or `server`"),
        ("[plan\n", 1, "not valid TOML"),
        (f"{HEAD}[waves]\nmax_servers = {'9' * 6000}\n", 4, "thousands of digits"),
        (f"{HEAD}[waves]\nmax_servers = 0x{'f' * 6000}\n", 4, "a number of over 70 digits"),
        (f"{HEAD}[waves]\n{'x.' * 20_000}y = 1\n", 4, "over 32 parts"),
        (f'{HEAD}[waves]\n"a\\u001b\\n\\"b" = 1\n', 4, r"waves.a\x1b\n"),
        (f'{HEAD}name = "{"x" * 200_000}"\n', 3, "says '" + "x" * 60 + "…')"),
        (f'{HEAD}name = """\n[waves]\nmax_servers = 9\n"""\n[waves]\nmax_servers = 0\n', 8, "max_servers"),
        (f'{HEAD}[effort]\n[[rule]]\nid = "a"\ntogether = [\n "a", # ]\n 3,\n]\n', 8, "rule.0.together.1"),
        (f'{HEAD}[[rule]]\nid = "a"\n[rule.before]\nfirst = "x"\n"th\\u0065n" = 3\n', 7, "rule.0.before.then"),
        (f'{HEAD}[[window]]\nid = "w"\nhours = "25:99-aa"\n', 5, "write HH:MM-HH:MM"),
        (f'{HEAD}[[window]]\nid = "w"\ntime_zone = "Mars/Olympus"\n', 5, "America/Chicago"),
        (f'{HEAD}[[window]]\nid = "w"\ntime_zone = "../../etc/passwd"\n', 5, "is no time zone"),
        (f'{HEAD}[[freeze]]\nid = "f"\nrule = "whenever"\n', 5, "`last N and first M business days of each month`"),
        (f'{HEAD}[[freeze]]\nid = "f"\nrule = "last 16 business days of each month"\n', 5, "numbers up to 15"),
        (f'{HEAD}[target]\nregions = ["us-east-1", "us-east-1"]\n', 4, "'us-east-1' twice"),
        (f'{HEAD}[[site]]\nname = "a"\nlease_end = 9999-01-01\n', 5, "2200-12-31"),
        ("[plan]\nstart = 0001-01-01\n", 2, "1990-01-01 (it says 0001-01-01)"),
        (f"{HEAD}[costs]\ntraining_usd = 1e300\n", 4, "1000000000000"),
        (f"{HEAD}[weights]\nsplit = 1e7\n", 4, "1000000"),
        (f'{HEAD}[[link]]\nfrom = "x"\nbandwidth_mbit_s = 1e-300\n', 5, "0.001"),
        (f'{HEAD}[[link]]\nfrom = "x"\nbandwidth_mbit_s = 1\nusable_share = 1e-300\n', 6, "0.001"),
        (f'{HEAD}[[link]]\nfrom = "x"\nbandwidth_mbit_s = 1\nhours_day = 1e-300\n', 6, "0.01"),
        (f"{HEAD}[effort]\nserver_h = inf\n", 4, "100000"),
        (f"{HEAD}[costs]\nmemory_usd_gib_month = true\n", 3, "takes neither true nor false for `memory_usd_gib_month`"),
        (f'{HEAD}[rule]\nid = "a"\n', 3, "write [[rule]]"),
        (f'{HEAD}[[rule]]\nid = "a"\nbefore = "b"\n', 5, "is a table of keys"),
        (f'{HEAD}[[rule]]\nid = "a"\ntogether = ["*"]\n', 5, "takes 2 items or more"),
    ],
)
def test_a_mistake_is_told_with_its_line_and_remedy(text: str, line: int, words: str) -> None:
    with pytest.raises(RequestError) as told:
        parse_spec(text, where="plan.toml")
    assert told.value.where == f"plan.toml:{line}"
    assert words in str(told.value)


@pytest.mark.parametrize(
    ("first", "second", "line", "words"),
    [
        ('[[window]]\nid = "x"\n', '[[rule]]\ntogether = ["a", "b"]\nid = "x"\n', 7, "the id 'x' is used twice"),
        ('[[site]]\nname = "x"\n', '[[site]]\nname = "x"\n', 6, "the [[site]] 'x' is used twice"),
        (*['[[link]]\nfrom = "x"\nbandwidth_mbit_s = 1\n'] * 2, 7, "the [[link]] from 'x' is used twice"),
        (*['[[pin]]\napplication = "x"\nwave = 1\nwhy = "y"\n'] * 2, 8, "the [[pin]] of 'x' is used twice"),
    ],
)
def test_the_second_of_two_is_named(first: str, second: str, line: int, words: str) -> None:
    with pytest.raises(RequestError) as told:
        parse_spec(HEAD + first + second)
    assert str(told.value).startswith(f"plan.toml:{line}: {words}")


@pytest.mark.parametrize("nested", ["x = " + "[" * 100_000, "x = " + "{a=" * 50_000, "x = " + "[" * 400 + "]" * 400])
def test_nesting_makes_no_traceback(nested: str) -> None:
    with pytest.raises(RequestError):
        parse_spec(f"{HEAD}{nested}\n")


@pytest.mark.parametrize(
    "rule",
    [
        "last 4 and first 3 business days of each month",
        "First 1 business day of every month",
        "last 0 business days of each month",
        "last 15 business days of the month",
        "last 2 and last 3 business days of each month",
        "last 99 business days of each month",
        "first 3 days of each month",
        "",
    ],
)
def test_freeze_rules_are_refused_here_exactly_if_the_calendar_would_refuse_them(rule: str) -> None:
    def refuses(ask: Callable[[], object]) -> bool:
        try:
            ask()
        except RequestError:
            return True
        return False

    day = dt.date(2027, 1, 1)
    calendar = refuses(lambda: frozen_days(Freeze(id="f", rule=rule), day, day))
    assert refuses(lambda: parse_spec(f'{HEAD}[[freeze]]\nid = "f"\nrule = "{rule}"\n')) == calendar


def test_only_regular_files_of_a_sane_size_are_read(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.toml")
    (tmp_path / "large.toml").write_text(HEAD + "#" * 1_000_000)
    for path, words in (
        (tmp_path / "pipe.toml", "not a regular file"),
        (Path(os.devnull), "not a regular file"),
        (tmp_path, "not a regular file"),
        (tmp_path / "large.toml", "over 1 MB"),
        (Path("a\0b"), "its name is no path"),
    ):
        with pytest.raises(RequestError, match=words):
            load_spec(path)


def test_a_missing_file_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(RequestError, match="migrate init"):
        load_spec(tmp_path / "none.toml")


def test_a_file_that_is_not_text_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "plan.toml"
    path.write_bytes(b"\xff\xfe\x00\x01")
    with pytest.raises(RequestError, match="not UTF-8"):
        load_spec(path)


@given(st.text(max_size=200))
def test_any_text_is_a_request_or_a_told_mistake(text: str) -> None:
    try:
        parse_spec(text)
    except MigrateError as error:
        assert "\n" not in str(error.where)

"""Every mistake in plan.toml is one sentence with its line and what to write instead."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from migrate.errors import MigrateError, RequestError
from migrate.spec.load import load_spec, parse_spec

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
        (f'{HEAD}[[pin]]\napplication = "x"\nwave = "a"\nwhy = "y"\n', 5, "valid integer"),
        (f'{HEAD}[[disposition]]\ndisposition = "retire"\nwhy = "y"\n', 3, "needs `application` or `server`"),
        ("[plan\n", 1, "not valid TOML"),
    ],
)
def test_a_mistake_is_told_with_its_line_and_remedy(text: str, line: int, words: str) -> None:
    with pytest.raises(RequestError) as told:
        parse_spec(text, where="plan.toml")
    assert told.value.where == f"plan.toml:{line}"
    assert words in str(told.value)


def test_an_id_is_used_once() -> None:
    freeze = '[[freeze]]\nid = "x"\nfrom = 2027-02-01\nto = 2027-02-02\n'
    with pytest.raises(RequestError, match="'x' is used twice"):
        parse_spec(HEAD + freeze + freeze)


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

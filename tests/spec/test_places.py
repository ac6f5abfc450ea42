"""The lines of keys, tables and items."""

from __future__ import annotations

import tomllib
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from migrate.spec.places import Place, lines_of
from migrate.spec.reference import reference

TEXT = """\
# head = 1
a = 1
b.c = 'x # y' # d = 1
"q.\\u0041" = '''
[no]
''''

[t]
"k" = [ 1, [2,
 3], { z = 1, y = "}" } ]
[[l]]
n = \"\"\" \\" ""
e = 2 \"\"\"
[[l.m]]
[[l]]
[l.s]
o = 2027-01-01 10:00:00
[[l.m]]
p = -1.5e3
"""


def _everything(value: Any, place: Place = ()) -> set[Place]:
    found = {place} if place else set()
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in items:
        found |= _everything(inner, (*place, key))
    return found


def test_everything_that_the_parser_finds_has_its_line() -> None:
    lines = lines_of(TEXT)
    assert set(lines) >= _everything(tomllib.loads(TEXT))
    assert {place: lines[place] for place in ((("b", "c")), ("q.A",), ("t", "k", 1, 1), ("t", "k", 2, "y"))} == {
        ("b", "c"): 3,
        ("q.A",): 4,
        ("t", "k", 1, 1): 10,
        ("t", "k", 2, "y"): 10,
    }
    assert [lines[place] for place in (("l", 0), ("l", 0, "m", 0), ("l", 1), ("l", 1, "s", "o"), ("l", 1, "m", 0, "p"))] == [
        11,
        14,
        15,
        17,
        19,
    ]


@given(st.text(alphabet="ab[]{}=.,\"'\n #1", max_size=60))
def test_any_valid_text_is_walked_to_its_end(text: str) -> None:
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return
    assert set(lines_of(text)) >= _everything(data)


def test_the_reference_names_the_bounds() -> None:
    assert "date, ≥ 1990-01-01 and ≤ 2200-12-31" in reference()

"""Members of large JSON documents, against the parser that reads all at once."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from migrate.targets.prices.offers import members
from migrate.targets.prices.offers.members import walk_members

_LEAF = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=8)
_VALUE = st.recursive(_LEAF, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=4))
_DOCUMENT = st.dictionaries(st.text(max_size=4), _VALUE, max_size=5)


def _again(text: str, depth: int) -> dict[str, Any]:
    whole: dict[str, Any] = {}
    for path, value in walk_members(io.StringIO(text), lambda where: len(where) < depth):
        at = whole
        for key in path[:-1]:
            at = at.setdefault(key, {})
        at[path[-1]] = value
    return whole


@settings(max_examples=80, deadline=None)
@given(document=_DOCUMENT, indent=st.sampled_from([None, 0, 3]), chunk=st.integers(1, 40))
def test_any_document_comes_back(document: dict[str, Any], indent: int | None, chunk: int) -> None:
    text = json.dumps(document, indent=indent)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(members, "_CHUNK", chunk)
        assert _again(text, 1) == document
        listed = list(walk_members(io.StringIO(text), lambda _: True))
    assert not any(isinstance(value, dict) for _, value in listed)


@pytest.mark.parametrize(
    "text", ["", "[]", "7", '{"a": 1', '{"a" 1}', '{"a": }', '{"a": 1,}', "{1: 2}", '{"a": 1} x', '{"a": {"b": 1}', "[" * 9]
)
def test_what_is_no_object_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        list(walk_members(io.StringIO(text), lambda _: True))


def test_a_member_of_any_size_is_not_read_into_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(members, "_CHUNK", 64)
    monkeypatch.setattr(members, "_LARGEST", 4096)
    many = json.dumps({"products": {str(number): "x" * 100 for number in range(1000)}})
    assert sum(1 for _ in walk_members(io.StringIO(many), lambda where: len(where) == 1)) == 1000
    with pytest.raises(ValueError, match="too large"):
        list(walk_members(io.StringIO(many), lambda _: False))

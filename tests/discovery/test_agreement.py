from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from migrate.discovery.agreement import adjusted_rand, displaced


def _series(text: str) -> pl.Series:
    return pl.Series([None if letter == "-" else letter for letter in text], dtype=pl.String)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("aabb", "xxyy", 1.0),
        ("aabb", "xyxy", -0.5),  # by hand: 0 pairs in both, 2·2/6 expected, 2 at most: (0 − 2/3) / (2 − 2/3)
        ("aabb", "xxyz", 4 / 7),  # (1 − 2·1/6) / (1.5 − 1/3)
        ("aaabbb", "aabbcc", 8 / 33),  # (2 − 6·3/15) / (4.5 − 6·3/15)
        ("aaaa", "xxxx", 1.0),
        ("abcd", "wxyz", 1.0),
        ("aaaa", "wxyz", 0.0),
        ("a-a-", "x-x-", 1.0),
        ("", "", 1.0),
        ("a", "b", 1.0),
    ],
)
def test_the_index_has_the_values_worked_out_by_hand(one: str, other: str, expected: float) -> None:
    assert adjusted_rand(_series(one), _series(other)) == pytest.approx(expected)
    assert adjusted_rand(_series(other), _series(one)) == pytest.approx(expected)


@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=2, max_size=40))
def test_it_is_the_index_of_a_library_that_has_it_too(labels: list[tuple[int, int]]) -> None:
    metrics = pytest.importorskip("sklearn.metrics")
    one, other = zip(*labels, strict=True)
    ours = adjusted_rand(pl.Series(one), pl.Series(other))
    assert ours == pytest.approx(metrics.adjusted_rand_score(one, other), abs=1e-12)


@pytest.mark.parametrize(
    ("one", "other", "moved"), [("aaabbb", "xxxyyy", 0), ("aaabbb", "xxyyyy", 1), ("aaaabb", "xxyyzz", 2), ("aabb", "xxxx", 2)]
)
def test_what_left_its_group_is_counted(one: str, other: str, moved: int) -> None:
    assert displaced(_series(one), _series(other)) == moved

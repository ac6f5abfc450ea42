"""Formula injection is neutralised, and nothing else changes."""

from __future__ import annotations

import datetime as dt

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from migrate.reports.neutral import neutral

RUNS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


def test_each_text_column_is_neutralised_by_itself() -> None:
    frame = pl.DataFrame({"a": ["=1+1", "x"], "b": ["y", None], "n": [-1.5, None], "d": [dt.date(2027, 1, 4), None]})
    assert neutral(frame).rows() == [("'=1+1", "y", -1.5, dt.date(2027, 1, 4)), ("x", None, None, None)]


@given(st.lists(st.one_of(st.none(), st.text(st.characters(codec="utf-8"), max_size=8)), max_size=20))
def test_no_cell_begins_with_what_a_spreadsheet_runs(texts: list[str | None]) -> None:
    shown = neutral(pl.DataFrame({"text": pl.Series(texts, dtype=pl.String)}))["text"].to_list()
    for before, after in zip(texts, shown, strict=True):
        plain = None if before is None else before.replace("\0", "")
        if plain is not None and plain.startswith(RUNS):
            assert after == f"'{plain}"
        else:
            assert after == plain

from __future__ import annotations

from pathlib import Path

import fastexcel
import polars as pl
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from migrate.sample.workbook import write_workbook

TEXT = st.text(alphabet=st.characters(blacklist_categories=["Cs"], blacklist_characters="\r\ufffe\uffff"), max_size=20)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(TEXT, st.integers(-(10**9), 10**9)), min_size=1, max_size=5))
def test_what_is_written_is_read_again(tmp_path: Path, rows: list[tuple[str, int]]) -> None:
    frame = pl.DataFrame({"text": [text for text, _ in rows], "number": [number for _, number in rows]})
    write_workbook(tmp_path / "a.xlsx", [("one", [frame, frame])])
    read = fastexcel.read_excel(tmp_path / "a.xlsx").load_sheet(0, dtypes={"text": "string", "number": "float"}).to_polars()
    kept = ["".join(c for c in text if ord(c) >= 32 or c in "\t\n") for text, _ in rows] * 2
    assert [text or "" for text in read["text"]] == kept
    assert read["number"].to_list() == [float(number) for _, number in rows] * 2


def test_nulls_are_empty_cells_and_columns_go_past_z(tmp_path: Path) -> None:
    frame = pl.DataFrame({f"c{number}": [number if number % 2 else None] for number in range(60)})
    write_workbook(tmp_path / "a.xlsx", [("one", [frame])])
    read = fastexcel.read_excel(tmp_path / "a.xlsx").load_sheet(0).to_polars()
    assert read.columns == frame.columns
    assert read["c59"].to_list() == [59.0]
    assert read["c58"].to_list() == [None]

"""The benchmark of price accuracy tells what is missing, invented and off."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from benchmarks import prices
from tests.targets.prices.books import load, small_book

_HEAD = "region,instance_type,on_demand_usd_h,ri_standard_1y_no_upfront_usd_h,ri_standard_3y_no_upfront_usd_h\n"
_EXACT = "r-one,m9.large,0.1,0.06,\nr-one,m9.xlarge,0.2,0.12,\nr-two,m9.large,0.12,,\n"


def _compared(folder: Path, rows: str) -> prices.Accuracy:
    (folder / prices.LISTS["aws"].file).write_text(_HEAD + rows, encoding="utf-8")
    return prices.accuracy(load(folder, small_book()), folder / prices.LISTS["aws"].file)


def test_a_book_like_its_list_passes(tmp_path: Path) -> None:
    found = _compared(tmp_path, _EXACT)
    assert found.passed
    assert found.table.select("term", "published", "exact", "missing", "invented").rows() == [
        ("on_demand", 3, 3, 0, 0),
        ("reserved_1y", 2, 2, 0, 0),
    ]


@pytest.mark.parametrize(
    ("rows", "part", "names"),
    [
        (_EXACT + "r-two,m9.xlarge,0.24,0,\n", "missing", ("r-two", "m9.xlarge", "on_demand")),
        (_EXACT.replace("0.06", "0.0"), "invented", ("r-one", "m9.large", "reserved_1y")),
        (_EXACT.replace("0.06", "0.05"), "worst", ("r-one", "m9.large", "reserved_1y")),
    ],
)
def test_what_differs_is_named_and_does_not_pass(tmp_path: Path, rows: str, part: str, names: tuple[str, ...]) -> None:
    found = _compared(tmp_path, rows)
    assert not found.passed
    assert getattr(found, part).select("region", "type", "term").rows() == [names]


def test_regions_apart_are_said_and_not_compared(tmp_path: Path) -> None:
    found = _compared(tmp_path, _EXACT.replace("r-two", "r-three"))
    assert found.apart == ("r-three (only in the list)", "r-two (only in the book)")
    assert found.passed


def test_without_the_list_it_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(sys, "argv", ["prices", "--lists", str(tmp_path)])
    assert prices.main() == 0
    assert "accuracy not measured" in capsys.readouterr().out

"""Where prices, figures and rows come from, as the workbook lists it."""

from __future__ import annotations

from pathlib import Path

import pytest

from migrate.errors import RequestError
from migrate.reports.plan_prices import plan_prices
from migrate.reports.sources_sheet import source_rows
from migrate.targets.prices import load_book
from tests.factories import make_plan

BOOK = load_book("embedded")


def test_every_part_of_the_price_book_has_its_date_and_address_and_every_file_its_digest() -> None:
    plan = make_plan(price_book=BOOK.label)
    rows = source_rows(plan)
    parts = {row[1]: row for row in rows if row[0] == "prices"}
    assert set(parts) == {BOOK.sources[key].title for key in BOOK.used_sources}
    for key in BOOK.used_sources:
        source = BOOK.sources[key]
        assert parts[source.title][3:5] == (source.date.isoformat(), source.url)
    assert {row[4] for row in rows if row[0] == "input file"} == {f"sha256 {file.sha256}" for file in plan.inputs}
    assert {row[1] for row in rows if row[0] == "assumptions"} == {a.source for a in plan.business_case.assumptions}


def test_a_book_that_is_not_here_is_said_to_be_elsewhere() -> None:
    row = next(row for row in source_rows(make_plan(price_book="another of 2020-01-01")) if row[0] == "price book")
    assert "not in this program" in row[5]


def test_only_the_plan_s_own_book_counts(tmp_path: Path) -> None:
    path = tmp_path / "book.json"
    path.write_bytes((Path(__file__).parents[2] / "migrate" / "targets" / "prices" / "aws.json").read_bytes())
    same = plan_prices(make_plan(price_book=BOOK.label), path)
    assert same is not None
    assert same.digest == BOOK.digest
    assert plan_prices(make_plan(price_book="another")) is None
    with pytest.raises(RequestError, match="was priced with another"):
        plan_prices(make_plan(price_book="another"), path)

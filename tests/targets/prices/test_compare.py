"""The difference of two price books."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from migrate.errors import RequestError
from migrate.targets.prices import PriceBook, compare_books, list_rates, load_book
from tests.targets.prices.books import load, small_book


def test_a_book_does_not_differ_from_itself() -> None:
    book = load_book("embedded")
    found = compare_books(book, book)
    assert (found.same, found.rates.height, found.by.height) == (list_rates(book).height, 0, 0)


def test_books_of_two_providers_are_not_compared_rate_by_rate() -> None:
    with pytest.raises(RequestError, match="is a book of azure, the other one of aws") as told:
        compare_books(load_book("embedded"), load_book("embedded-azure"))
    assert "prices compare" in told.value.remedy


def test_rates_that_came_went_and_changed(tmp_path: Path) -> None:
    old, new = small_book(), small_book()
    new["hourly"][0]["table"]["rates"]["m9"]["r-one"]["on_demand"] = [0.04, 4]
    new["hourly"][0]["table"]["exceptions"] = {}
    del new["items"][0]["usd"]["gp3_gib_month"]
    new["transfer"]["internet"]["r-one"][0]["usd_gb"] = 0.18
    found = compare_books(load(tmp_path, old, "old.json"), load(tmp_path, new, "new.json"))
    told = found.rates.select("change", "service", "region", "item", "term", "from_gb", "usd_before", "usd_after").rows()
    assert told == [
        ("gone", "ebs", "r-one", "gp3_gib_month", None, None, 0.08, None),
        ("changed", "ec2", "r-one", "m9.large", "on_demand", None, 0.1, 0.08),
        ("changed", "ec2", "r-one", "m9.xlarge", "on_demand", None, 0.2, 0.16),
        ("added", "ec2", "r-two", "m9.xlarge", "on_demand", None, None, 0.24),
        ("changed", "transfer", "r-one", "internet", None, 0.0, 0.09, 0.18),
    ]
    assert found.rates["percent"].to_list() == [None, pytest.approx(-20), pytest.approx(-20), None, pytest.approx(100)]
    assert found.by.select("service", "region", "added", "gone", "changed").rows() == [
        ("ebs", "r-one", 0, 1, 0),
        ("ec2", "r-one", 0, 0, 2),
        ("ec2", "r-two", 1, 0, 0),
        ("transfer", "r-one", 0, 0, 1),
    ]
    assert (found.before, found.after) != (found.after, found.before)


_USD = st.dictionaries(st.sampled_from(["r-one", "r-two", "r-three"]), st.floats(1e-6, 1e6), min_size=1)


@settings(max_examples=30, deadline=None)
@given(before=_USD, after=_USD)
def test_every_rate_is_in_one_count(before: dict[str, float], after: dict[str, float]) -> None:
    books = []
    for usd in (before, after):
        content = small_book()
        content["items"][0]["usd"]["gp3_gib_month"] = usd
        books.append(PriceBook.model_validate(content))
    found, back = compare_books(*books), compare_books(books[1], books[0])
    gone, added = set(before) - set(after), set(after) - set(before)
    assert found.same + found.rates.height == list_rates(books[0]).height + len(added)
    assert set(found.rates.filter(change="gone")["region"]) == gone
    assert set(found.rates.filter(change="added")["region"]) == added
    assert back.by["gone"].to_list() == found.by["added"].to_list()

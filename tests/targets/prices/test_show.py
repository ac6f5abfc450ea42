"""What a price book says: every rate once, absent where it is missing, names that are wrong told with the nearest."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import polars as pl
import pytest

from migrate.errors import RequestError
from migrate.targets.prices import TERMS, cover, list_rates, load_book, show_rates
from migrate.targets.prices.rates import KEY
from tests.targets.prices.books import load, small_book

SERVICES = {"direct-connect", "ebs", "ec2", "rds", "rds-storage", "transfer", "windows"}


def test_a_rate_that_is_missing_is_absent(tmp_path: Path) -> None:
    rates = show_rates(load(tmp_path, small_book()), "ec2")
    assert rates.select("region", "instance_type", "os", "term", "usd_h").rows() == [
        ("r-one", "m9.large", "linux", "on_demand", 0.1),
        ("r-one", "m9.large", "linux", "reserved_1y", 0.06),
        ("r-one", "m9.xlarge", "linux", "on_demand", 0.2),
        ("r-one", "m9.xlarge", "linux", "reserved_1y", 0.12),
        ("r-two", "m9.large", "linux", "on_demand", 0.12),
    ]
    assert set(rates.select("source", "date").rows()) == {("A list", dt.date(2026, 1, 31))}


def test_every_service_has_its_own_unit_and_attributes(tmp_path: Path) -> None:
    book = load(tmp_path, small_book())
    database = show_rates(book, "rds", "r-one").row(0, named=True)
    assert (database["engine"], database["deployment"], database["usd_h"]) == ("mysql", "single-az", 0.2)
    assert show_rates(book, "ebs", "r-one").select("item", "unit", "usd").rows() == [("gp3_gib_month", "GiB-month", 0.08)]
    assert show_rates(book, "odd").select("item", "unit", "usd").rows() == [("floppy_disk", None, 9.5)]
    assert show_rates(book, "transfer", "r-one").select("item", "from_gb", "to_gb", "unit", "usd").rows() == [
        ("inter_region", None, None, "GB", 0.02),
        ("internet", 0.0, 100.0, "GB", 0.09),
        ("internet", 100.0, None, "GB", 0.05),
    ]


def test_a_rate_of_all_regions_gives_way_to_the_regions_own(tmp_path: Path) -> None:
    book = load(tmp_path, small_book())
    assert show_rates(book, "windows", "r-one").select("region", "usd").rows() == [("*", 0.046)]
    assert show_rates(book, "windows", "r-two").select("region", "usd").rows() == [("r-two", 0.05)]
    assert show_rates(book, "ebs", "r-two").is_empty()


def test_the_embedded_book_is_shown_whole() -> None:
    book = load_book("embedded")
    rates = list_rates(book)
    assert rates.select(KEY).is_unique().all()
    assert set(rates["service"]) == SERVICES
    assert rates.height == cover(book)["rates"].sum()
    assert rates.select("region", "item", "unit", "usd", "source", "date").null_count().sum_horizontal().item() == 0
    for region in book.regions:
        shown = show_rates(book, "ec2", region)
        for term in TERMS:
            priced = shown.filter(pl.col("term") == term).select(type="instance_type", usd_h="usd_h").sort("type")
            assert priced.equals(book.compute(region, term).sort("type"))


@pytest.mark.parametrize(
    ("service", "region", "words"),
    [
        ("EC2", None, "Nearest: ec2"),
        ("ec2", "r-tow", "Nearest: r-two"),
        ("zzzz", None, "The book has ebs, ec2"),
        ("ec2", "*", "r-one"),
    ],
)
def test_an_unknown_name_is_told_with_the_nearest(tmp_path: Path, service: str, region: str | None, words: str) -> None:
    with pytest.raises(RequestError, match="the price book has no") as caught:
        show_rates(load(tmp_path, small_book()), service, region)
    assert words in caught.value.remedy
    assert caught.value.where == "book.json"


def test_a_book_that_says_a_thing_twice_is_refused(tmp_path: Path) -> None:
    book = small_book()
    with pytest.raises(RequestError, match="stands in two parts"):
        load(tmp_path, {**book, "items": [*book["items"], book["items"][0]]})
    with pytest.raises(RequestError, match="stands in two parts"):
        load(tmp_path, {**book, "hourly": [*book["hourly"], book["hourly"][0]]})
    book["transfer"]["internet"]["r-one"].reverse()
    with pytest.raises(RequestError, match="do not ascend"):
        load(tmp_path, book)


def test_names_of_a_hostile_book_do_not_steer_the_terminal(tmp_path: Path) -> None:
    book = small_book()
    book["items"][0]["usd"]["gp3_gib_month"] |= {"\x1b[2J": 1.0} | {f"r-{number}": 1.0 for number in range(500)}
    with pytest.raises(RequestError) as caught:
        show_rates(load(tmp_path, book), "ebs", "nowhere")
    assert "\x1b" not in str(caught.value)
    assert len(str(caught.value)) < 600

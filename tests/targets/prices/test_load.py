"""The embedded book against the published prices, and books that are wrong."""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path

import polars as pl
import pytest

from migrate.errors import RequestError
from migrate.targets.prices import TERMS, build, load_book

PRICES = Path(__file__).parents[3].parent / "shared" / "prices"
LISTS = {
    "ec2": "aws_ec2_linux.csv",
    "rds": "aws_rds.csv",
    "ebs": "aws_ebs.csv",
    "transfer": "aws_data_transfer.csv",
}

published = pytest.mark.skipif(not PRICES.exists(), reason="the published prices are not there")


@published
def test_every_published_price_is_in_the_book_and_equal() -> None:
    columns = dict(
        zip(TERMS, ["on_demand_usd_h", "ri_standard_1y_no_upfront_usd_h", "ri_standard_3y_no_upfront_usd_h"], strict=True)
    )
    lists = pl.read_csv(PRICES / LISTS["ec2"]).rename({"instance_type": "type"})
    long = lists.select("region", "type", **{term: pl.col(name) for term, name in columns.items()}).unpivot(
        index=["region", "type"], on=list(TERMS), variable_name="term", value_name="published"
    )
    book = load_book("embedded").hours.filter(pl.col("service") == "compute")
    both = long.drop_nulls("published").join(book, on=["region", "type", "term"], how="full", coalesce=True)
    assert both.height == long["published"].count() == book.height  # none missing, none invented
    error = (both["usd_h"] / both["published"] - 1).abs()
    assert error.median() == 0
    assert float(str(error.quantile(0.99))) <= 0.005
    assert error.max() == 0


@published
def test_every_published_database_price_is_in_the_book_and_equal() -> None:
    lists = pl.read_csv(PRICES / LISTS["rds"]).rename({"instance_class": "type", "on_demand_usd_h": "published"})
    book = load_book("embedded").hours.filter((pl.col("service") == "database") & (pl.col("term") == "on_demand"))
    both = lists.join(book, on=["region", "engine", "deployment", "type"], how="full", coalesce=True)
    assert both.height == lists.height == book.height
    assert (both["usd_h"] == both["published"]).all()


@published
def test_the_embedded_book_is_what_the_command_builds(tmp_path: Path) -> None:
    arguments = [part for option, name in LISTS.items() for part in (f"--{option}", str(PRICES / name))]
    path = build.main([*arguments, "--out", str(tmp_path / "book.json")])
    embedded = json.loads((files("migrate.targets.prices") / "aws.json").read_text(encoding="utf-8"))
    assert json.loads(path.read_text(encoding="utf-8")) == embedded
    assert "usd_gb" in path.read_text(encoding="utf-8")


def test_every_price_has_a_source_a_date_and_is_above_zero() -> None:
    hours = load_book("embedded").hours
    assert hours.select("source", "date", "usd_h").null_count().sum_horizontal().item() == 0
    assert float(str(hours["usd_h"].min())) > 0
    assert hours.select("service", "os", "engine", "deployment", "region", "type", "term").is_unique().all()


def test_at_least_twelve_regions_with_all_parts() -> None:
    book = load_book("embedded")
    assert len(book.regions) >= 12
    for region in book.regions:
        assert all(not book.compute(region, term).is_empty() for term in TERMS)
        for name in ("gp3_gib_month", "gp3_iops_month", "gp3_mib_s_month", "snapshot_gib_month", "windows_vcpu_h"):
            assert book.item(name, region), (region, name)
        assert book.internet_usd_month(region, 1.0)
        assert book.transfer.inter_region[region]


def test_traffic_is_priced_tier_by_tier() -> None:
    book = load_book("embedded")
    assert book.internet_usd_month("us-east-1", 0.0) == 0
    assert book.internet_usd_month("us-east-1", 51_200.0) == pytest.approx(10_240 * 0.09 + 40_960 * 0.085)
    beyond = book.internet_usd_month("us-east-1", 200_000.0)
    assert beyond == pytest.approx(10_240 * 0.09 + 40_960 * 0.085 + (200_000 - 51_200) * 0.07)
    assert book.internet_usd_month("nowhere", 1.0) is None
    assert book.item("gp3_gib_month", "nowhere") is None
    assert book.item("nothing", "us-east-1") is None


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"format": "other"}, "format"),
        ({"currency": "EUR"}, "currency"),
        ({"surprise": 1}, "surprise"),
        ({"sources": {}}, "not described"),
        ({"items": [{"source": "ebs", "usd": {"gp3_gib_month": {"us-east-1": 0.0}}}]}, "greater than 0"),
        ({"items": [{"source": "ebs", "usd": {"gp3_gib_month": {"us-east-1": "NaN"}}}]}, "finite"),
    ],
)
def test_a_wrong_book_is_refused_with_its_place(tmp_path: Path, change: dict[str, object], words: str) -> None:
    book = json.loads((files("migrate.targets.prices") / "aws.json").read_text(encoding="utf-8"))
    path = tmp_path / "book.json"
    path.write_text(json.dumps({**book, **change}))
    with pytest.raises(RequestError, match=words) as caught:
        load_book(str(path))
    assert caught.value.where == str(path)
    assert "embedded" in caught.value.remedy


def test_a_relative_path_starts_at_the_request(tmp_path: Path) -> None:
    content = (files("migrate.targets.prices") / "aws.json").read_bytes()
    (tmp_path / "book.json").write_bytes(content)
    assert load_book("book.json", tmp_path).digest == load_book("embedded").digest


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"[]", b"{}"])
def test_what_is_no_book_at_all_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "book.json"
    path.write_bytes(content)
    with pytest.raises(RequestError, match="is not a price book"):
        load_book(str(path))


@pytest.mark.parametrize("name", ["", "missing.json", "a\0b", "/dev/zero"])
def test_a_path_that_cannot_be_read_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(RequestError, match="cannot be read"):
        load_book(str(tmp_path / name))

"""Price books from AWS Price List files: the same from JSON and CSV, nothing taken that is not meant, nothing lost silently."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from migrate.errors import InputError
from migrate.targets.prices import compare_books, show_rates
from migrate.targets.prices.offers import Made, make_book, read_folder
from tests.targets.prices.estate_of_prices import OTHER, REGION, ec2, rds, transfer
from tests.targets.prices.offer_files import Price, Product, as_csv, as_json, instance

PRICES = Path(__file__).parents[3].parent / "shared" / "prices"
_LISTS = {"AmazonEC2": ec2, "AmazonRDS": rds, "AWSDataTransfer": transfer}
Write = Callable[..., str]


def _made(folder: Path, write: Write, *regions: str) -> Made:
    folder.mkdir(exist_ok=True)
    for code, products in _LISTS.items():
        (folder / f"{code}.{write.__name__[3:]}").write_text(write(code, products()), encoding="utf-8")
    return make_book(read_folder(folder), regions)


@pytest.mark.parametrize("write", [as_json, as_csv])
def test_every_part_of_a_book_is_made(tmp_path: Path, write: Write) -> None:
    book = _made(tmp_path, write).book
    assert dict(book.compute(REGION, "on_demand").iter_rows()) == {"m5.large": 0.096, "m5.xlarge": 0.192, "t3.large": 0.0832}
    assert dict(book.compute(REGION, "reserved_1y").iter_rows())["m5.large"] == 0.0605
    assert dict(book.compute(OTHER, "reserved_3y").iter_rows())["m5.xlarge"] == 0.0921
    windows = show_rates(book, "ec2", REGION).filter(os="windows")
    assert windows.select("instance_type", "usd_h").rows()[0] == ("m5.large", 0.188)
    assert dict(book.databases(REGION, "postgresql", "multi-az", "on_demand").iter_rows()) == {"db.m5.large": 0.356}
    items = {
        name: book.item(name, OTHER) for name in ("gp3_gib_month", "gp3_iops_month", "gp3_mib_s_month", "snapshot_gib_month")
    }
    assert items == {"gp3_gib_month": 0.08, "gp3_iops_month": 0.005, "gp3_mib_s_month": 0.04, "snapshot_gib_month": 0.05}
    assert [book.item(f"io2_{name}", OTHER) for name in ("gib_month", "iops_month")] == [0.125, 0.065]
    assert [book.item(f"dedicated_host_{name}_h", OTHER) for name in ("m5", "r5")] == [5.069, None]
    hosts = show_rates(book, "dedicated-host", REGION)
    assert hosts.select("item", "unit", "usd").rows() == [("dedicated_host_m5_h", "host-hour", 5.069)]
    assert [book.item(f"database_{name}", REGION) for name in ("gib_month_multi_az", "backup_gib_month")] == [0.23, 0.095]
    assert book.item("database_gib_month_single_az", OTHER) is None
    assert book.item("windows_vcpu_h", OTHER) == 0.046
    assert book.internet_usd_month(REGION, 20_480.0) == pytest.approx(10_240 * 0.09 + 10_240 * 0.085)
    assert book.transfer.inter_region == {REGION: 0.02}
    assert {source.date for source in book.sources.values()} == {dt.date(2026, 9, 1)}


def test_json_and_csv_say_the_same(tmp_path: Path) -> None:
    found = [_made(tmp_path / write.__name__, write) for write in (as_json, as_csv)]
    assert found[0].book == found[1].book
    assert found[0].notes == found[1].notes
    assert compare_books(found[0].book, found[1].book).rates.is_empty()


def test_what_has_no_price_or_two_is_left_out_and_told(tmp_path: Path) -> None:
    made = _made(tmp_path, as_csv)
    assert any("m5.2xlarge in us-east-1" in note and "no price above 0" in note for note in made.notes)
    assert any("c5.large in us-east-1" in note and "several prices" in note for note in made.notes)
    types = set(show_rates(made.book, "ec2")["instance_type"])
    assert types == {"m5.large", "m5.xlarge", "t3.large"}


def test_only_the_regions_that_are_asked_for(tmp_path: Path) -> None:
    assert _made(tmp_path, as_csv, OTHER).book.regions == (OTHER,)
    with pytest.raises(InputError, match="no prices of instances in ap-south-9") as caught:
        _made(tmp_path, as_csv, REGION, "ap-south-9")
    assert REGION in caught.value.remedy


def test_the_newest_version_of_a_list_counts(tmp_path: Path) -> None:
    for version, usd in (("20260101000000", "0.5"), ("20260901000000", "0.4"), ("20260301000000", "0.6")):
        text = as_json("AmazonEC2", [instance("m5.large", REGION, 2, [Price(usd)])], version)
        (tmp_path / f"{usd}.json").write_text(text, encoding="utf-8")
    book = make_book(read_folder(tmp_path)).book
    assert dict(book.compute(REGION, "on_demand").iter_rows()) == {"m5.large": 0.4}
    assert "20260901000000" in book.sources["AmazonEC2"].note
    assert book.date == dt.date(2026, 9, 1)


def test_what_is_not_a_lists_own_is_not_taken_from_it(tmp_path: Path) -> None:
    (tmp_path / "ec2.json").write_text(as_json("AmazonEC2", ec2() + rds()), encoding="utf-8")
    (tmp_path / "rds.json").write_text(as_json("AmazonRDS", [instance("m7.large", REGION, 2, [Price("1")])]), encoding="utf-8")
    book = make_book(read_folder(tmp_path)).book
    assert {part.service for part in book.hourly} == {"compute"}
    assert "m7.large" not in set(show_rates(book, "ec2")["instance_type"])


@pytest.mark.parametrize("broken", ['"10240","51200"', '"51200","153600"'])
def test_tiers_that_do_not_follow_each_other_are_left_out(tmp_path: Path, broken: str) -> None:
    (tmp_path / "ec2.csv").write_text(as_csv("AmazonEC2", ec2()), encoding="utf-8")
    text = as_csv("AWSDataTransfer", transfer())
    assert broken in text
    (tmp_path / "transfer.csv").write_text(text.replace(broken, '"20480","30720"'), encoding="utf-8")
    made = make_book(read_folder(tmp_path))
    assert made.book.internet_usd_month(REGION, 1.0) is None
    assert any(f"internet was left out of {REGION}" in note for note in made.notes)


def test_text_that_is_no_number_is_no_price_and_no_error(tmp_path: Path) -> None:
    products: list[Product] = []
    for name, vcpu, usd in (
        ("m5.large", "2.0", "0.1"),
        ("m5.xlarge", "0", "NaN"),
        ("m5.2xlarge", "many", "=1+1"),
        ("m5.8xlarge", "", "inf"),
    ):
        for system, more in (("Linux", ""), ("Windows", "5")):
            products.append(instance(name, REGION, vcpu, [Price(usd + more)], operatingSystem=system))
    (tmp_path / "ec2.json").write_text(as_json("AmazonEC2", products), encoding="utf-8")
    made = make_book(read_folder(tmp_path))
    assert made.book.compute(REGION, "on_demand").rows() == [("m5.large", 0.1)]
    assert made.book.item("windows_vcpu_h", REGION) == pytest.approx(0.025)
    assert any("m5.2xlarge" in note for note in made.notes)


def test_a_licence_that_types_do_not_agree_on_is_left_out(tmp_path: Path) -> None:
    products: list[Product] = []
    for name, vcpu, licence in (("m5.large", 2, 0.1), ("m5.xlarge", 4, 0.3)):
        products.append(instance(name, REGION, vcpu, [Price("1.0")]))
        products.append(instance(name, REGION, vcpu, [Price(f"{1 + licence}")], operatingSystem="Windows"))
    (tmp_path / "ec2.csv").write_text(as_csv("AmazonEC2", products), encoding="utf-8")
    made = make_book(read_folder(tmp_path))
    assert made.book.item("windows_vcpu_h", REGION) is None
    assert any("Windows licence" in note and REGION in note for note in made.notes)


@pytest.mark.parametrize("write", [as_json, as_csv])
def test_a_file_that_was_cut_off_is_refused(tmp_path: Path, write: Write) -> None:
    text = write("AmazonEC2", ec2())
    path = tmp_path / f"ec2.{write.__name__[3:]}"
    path.write_text(text[: len(text) // 2 - 3], encoding="utf-8")
    if write is as_json:
        with pytest.raises(InputError, match="not a whole price list file") as caught:
            make_book(read_folder(tmp_path))
        assert caught.value.where == str(path)
    else:  # whatever is left of a CSV are whole rows but the last
        path.write_text(text[:400], encoding="utf-8")
        with pytest.raises(InputError):
            make_book(read_folder(tmp_path))


def test_other_files_are_passed_over(tmp_path: Path) -> None:
    for name, text in (
        ("index.json", json.dumps({"formatVersion": "v1.0", "offers": {"AmazonEC2": {"offerCode": "AmazonEC2"}}})),
        ("versions.json", json.dumps({"formatVersion": "v1.0", "offerCode": "AmazonEC2", "versions": {}})),
        ("other.json", as_json("AmazonS3", ec2())),
        ("table.csv", "a,b\n1,2\n"),
    ):
        (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match="has no price list file"):
        make_book(read_folder(tmp_path))
    with pytest.raises(InputError, match="is not a folder"):
        make_book(read_folder(tmp_path / "index.json"))
    assert _made(tmp_path, as_json).book.regions == (OTHER, REGION)


@pytest.mark.skipif(not PRICES.exists(), reason="the published prices are not there")
def test_every_published_price_comes_back(tmp_path: Path) -> None:
    columns = dict(
        zip(
            ("", "1yr", "3yr"),
            ["on_demand_usd_h", "ri_standard_1y_no_upfront_usd_h", "ri_standard_3y_no_upfront_usd_h"],
            strict=True,
        )
    )
    rows = pl.read_csv(PRICES / "aws_ec2_linux.csv").filter(pl.col("region").is_in([OTHER, "sa-east-1"]))
    products = [
        instance(
            row["instance_type"],
            row["region"],
            1,
            [Price(f"{row[name]:.10f}", lease=lease) for lease, name in columns.items() if row[name]],
        )
        for row in rows.iter_rows(named=True)
    ]
    (tmp_path / "ec2.csv").write_text(as_csv("AmazonEC2", products), encoding="utf-8")
    book = make_book(read_folder(tmp_path)).book
    for term, name in zip(("on_demand", "reserved_1y", "reserved_3y"), columns.values(), strict=True):
        published = rows.filter(pl.col(name) > 0).select("region", type="instance_type", usd_h=name)
        made = pl.concat(book.compute(region, term).with_columns(region=pl.lit(region)) for region in book.regions)
        assert made.select("region", "type", "usd_h").sort("region", "type").equals(published.sort("region", "type"))

"""Rates of Savings Plans through boto3, from our backend beside moto."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest
from moto import mock_aws
from moto.core.models import DEFAULT_ACCOUNT_ID

from migrate.errors import MigrateError
from migrate.targets.prices import load_book, show_rates
from migrate.targets.prices.build import book_text
from migrate.targets.prices.offers import fetch_savings, make_book, read_folder
from tests.targets.prices.estate_of_prices import OTHER, REGION, ec2
from tests.targets.prices.offer_files import as_csv
from tests.targets.prices.savings_mock import SavingsPlansBackend, install, savingsplans_backends

DAY = dt.date(2026, 9, 2)


@pytest.fixture
def backend(monkeypatch: pytest.MonkeyPatch) -> Iterator[SavingsPlansBackend]:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    install()
    with mock_aws():
        found = savingsplans_backends[DEFAULT_ACCOUNT_ID]["us-east-1"]
        found.add(REGION, "m5.large", "0.07", 1)
        found.add(REGION, "m5.large", "0.048", 3)
        found.add(REGION, "m5.large", "0.162", 1, "Windows")
        found.add(OTHER, "m7i.metal-24xl", "3.9", 1, usageType="EU-BoxUsage:m7i.metal-24xl")
        for changed in (
            {"tenancy": "dedicated"},
            {"paymentOption": "All Upfront"},
            {"planType": "EC2Instance"},
            {"usageType": "UnusedBox:m5.large"},
            {"usageType": "EU-UnusedBox:m5.large"},
            {"currency": "CNY"},
        ):
            found.add(REGION, "m5.large", "99", 1, **changed)
        found.add(REGION, "m5.large", "99", 1, "Red Hat Enterprise Linux")
        found.add("eu-west-9", "m5.large", "99", 1)
        yield found


@pytest.mark.usefixtures("backend")
def test_the_rates_of_running_instances_come_page_by_page() -> None:
    rows = fetch_savings((REGION, OTHER), DAY).rows.rows()
    assert rows == [
        (REGION, "m5.large", "linux", "savings_1y", 0.07),
        (REGION, "m5.large", "linux", "savings_3y", 0.048),
        (REGION, "m5.large", "windows", "savings_1y", 0.162),
        (OTHER, "m7i.metal-24xl", "linux", "savings_1y", 3.9),
    ]


def test_a_book_has_them_beside_the_price_lists(tmp_path: Path, backend: SavingsPlansBackend) -> None:
    (tmp_path / "ec2.csv").write_text(as_csv("AmazonEC2", ec2()), encoding="utf-8")
    backend.add(REGION, "m5.xlarge", "0", 1)
    made = make_book(read_folder(tmp_path), savings=fetch_savings((REGION,), DAY))
    assert any("m5.xlarge in us-east-1" in note for note in made.notes)
    (tmp_path / "book.json").write_text(book_text(made.book), encoding="utf-8")
    book = load_book(str(tmp_path / "book.json"))
    assert book.compute(REGION, "savings_3y").rows() == [("m5.large", 0.048)]
    plans = show_rates(book, "ec2", REGION).filter(term="savings_1y")
    assert set(plans.select("instance_type", "os", "usd_h", "date").rows()) == {
        ("m5.large", "linux", 0.07, DAY),
        ("m5.large", "windows", 0.162, DAY),
    }
    assert book.compute(REGION, "on_demand").height == 3


def test_an_error_of_aws_is_told(backend: SavingsPlansBackend, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(type(backend), "page", lambda *_: (_ for _ in ()).throw(ConnectionResetError("reset by peer")))
    with pytest.raises(MigrateError, match="the rates of Savings Plans cannot be fetched") as caught:
        fetch_savings((REGION,), DAY)
    assert "--from" in caught.value.remedy

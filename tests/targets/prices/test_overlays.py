"""List prices under a request's discounts: the same as the business case makes of the bill."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest

from migrate.targets.prices import load_book, show_rates
from migrate.targets.prices.overlays import add_overlay
from tests.factories import make_spec

RATE = {"id": "ohio", "service": "ec2", "family": "m7i", "region": "us-east-2", "share": 0.12}


def _shown(service: str, **sections: Any) -> pl.DataFrame:
    return add_overlay(show_rates(load_book("embedded"), service), service, make_spec(**sections))


def test_the_list_price_stays_beside_what_is_left() -> None:
    rates = _shown("ec2", private_rate=[RATE], discounts={"edp_share": 0.05})
    private = rates.filter(pl.col("private_rate") == "ohio")
    assert private["instance_type"].str.starts_with("m7i.").all()
    assert set(private["region"]) == {"us-east-2"}
    assert (private["net_usd_h"] / private["usd_h"]).to_list() == pytest.approx([0.88] * private.height, abs=1e-6)
    others = rates.filter(pl.col("private_rate").is_null())
    assert (others["net_usd_h"] / others["usd_h"]).to_list() == pytest.approx([0.95] * others.height, abs=1e-6)
    assert rates.height == show_rates(load_book("embedded"), "ec2").height


def test_the_contract_says_what_the_enterprise_discount_is_for() -> None:
    terms = {"edp_share": 0.1, "edp_applies_to": ["backup"]}
    rates = _shown("ebs", discounts=terms)
    assert set(rates.filter(pl.col("edp_share") > 0)["item"]) == {"snapshot_gib_month"}
    assert _shown("ec2", discounts=terms)["edp_share"].max() == 0.0
    assert _shown("direct-connect", discounts={"edp_share": 0.1})["edp_share"].max() == 0.0


def test_both_come_off_where_the_contract_says_so() -> None:
    rate = {"id": "all", "service": "rds", "share": 0.2}
    rates = _shown("rds", private_rate=[rate], discounts={"edp_share": 0.1, "edp_on_private_rates": True})
    assert (rates["net_usd_h"] / rates["usd_h"]).to_list() == pytest.approx([0.72] * rates.height, abs=1e-6)


@pytest.mark.parametrize("service", ["ec2", "rds", "rds-storage", "ebs", "windows", "transfer", "direct-connect"])
def test_without_discounts_nothing_comes_off(service: str) -> None:
    rates = _shown(service)
    price = "usd_h" if "usd_h" in rates.columns else "usd"
    assert rates[f"net_{price}"].to_list() == pytest.approx(rates[price].to_list(), abs=1e-9)

"""The projected bill as FOCUS: allowed values, sums of the cash flow, hostile names, both kinds of files.

The file was also checked with FinOps' own focus-validator 2.2.1 for 1.2: docs/spending.md says what it found.
"""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from migrate.errors import RequestError
from migrate.finance import business_case, spending
from migrate.model.plan import OfferedRate, Plan
from migrate.reports.exports import Scope, export_plan
from migrate.reports.exports.focus.columns import COLUMNS
from tests.factories import make_applications, make_plan, make_servers, make_spec
from tests.finance.builders import WAVES
from tests.reports.hostile import make_hostile_plan

#: Columns that FOCUS 1.2 makes mandatory and that may not be null.
_NEVER_NULL = (
    *("BilledCost", "BillingAccountId", "BillingAccountName", "BillingCurrency", "BillingPeriodEnd", "BillingPeriodStart"),
    *("ChargeCategory", "ChargeDescription", "ChargePeriodEnd", "ChargePeriodStart", "ContractedCost", "EffectiveCost"),
    *("InvoiceIssuerName", "ListCost", "ProviderName", "PublisherName", "ServiceCategory", "ServiceName"),
)
#: Of usage and purchases.
_PRICED = ("ListUnitPrice", "ContractedUnitPrice", "PricingQuantity", "PricingUnit", "PricingCategory", "SkuId", "SkuPriceId")


def _rates(share: float) -> tuple[OfferedRate, ...]:
    """The prices of the small plan's compute are those of three years; on demand costs more."""
    common = {
        "service": "ec2",
        "region": "us-east-2",
        "engine": None,
        "deployment": None,
        "source": "x",
        "date": dt.date(2025, 4, 4),
    }
    return tuple(
        OfferedRate.model_validate({**common, "item": item, "term": term, "usd_h": usd_h})
        for item in ("m6i.large", "t3.medium")
        for term, usd_h in (("on_demand", 0.096 / share), ("reserved_3y", 0.096))
    )


def _plan(rates: tuple[OfferedRate, ...] = (), **sections: Any) -> Plan:
    spec = make_spec(plan={"name": "small", "start": dt.date(2027, 1, 4), "horizon_years": 2}, **sections)
    servers, applications = make_servers(), make_applications()
    case = business_case(servers, applications, WAVES, spec, "book", rates=rates)[0]
    spent = spending(servers, applications, WAVES, spec, rates, case)[0]
    return make_plan(spec=spec, servers=servers, business_case=case).model_copy(update={"spending": spent, "rates": rates})


def _exported(plan: Plan, tmp_path: Path, scope: Scope | None = None) -> pl.DataFrame:
    return pl.read_parquet(export_plan(plan, "focus", tmp_path / "bill.parquet", scope).path)


@pytest.mark.parametrize(
    "sections",
    [
        {},
        {"discounts": {"edp_share": 0.08, "tax_share": 0.1}, "support": {"plan": "enterprise"}},
        {"commitments": {"in_case": True}, "costs": {"cloud_growth_share_year": 0.03}},
        {
            "private_rate": [{"id": "a", "service": "ec2", "share": 0.2}],
            "discounts": {"edp_share": 0.05, "edp_on_private_rates": True},
        },
    ],
)
def test_every_month_sums_to_the_cash_flow(sections: dict[str, Any], tmp_path: Path) -> None:
    plan = _plan(_rates(0.45), **sections)
    rows = _exported(plan, tmp_path)
    sums = rows.group_by("BillingPeriodStart").agg(pl.col("EffectiveCost", "BilledCost").sum())
    by_month = {row["BillingPeriodStart"].date(): row for row in sums.iter_rows(named=True)}
    for month in plan.business_case.months:
        paid = by_month.get(month.month, {"EffectiveCost": 0.0, "BilledCost": 0.0})
        assert paid["EffectiveCost"] == pytest.approx(month.target_run, abs=0.05)
        assert paid["BilledCost"] == pytest.approx(month.target_run, abs=0.05)


def test_columns_are_those_of_the_specification(tmp_path: Path) -> None:
    rows = _exported(_plan(_rates(0.45), discounts={"tax_share": 0.1}), tmp_path)
    assert rows.columns == list(COLUMNS)
    assert [name for name in rows.columns if name.startswith("x_")] == ["x_Projected"]
    assert rows.select(pl.col(_NEVER_NULL).null_count()).sum_horizontal().item() == 0
    assert set(rows["ChargeCategory"]) == {"Usage", "Purchase", "Tax"}
    priced = rows.filter(pl.col("ChargeCategory") != "Tax")
    assert priced.select(pl.col(_PRICED).null_count()).sum_horizontal().item() == 0
    assert rows.filter(pl.col("ChargeCategory") == "Tax").select(pl.col(_PRICED).count()).sum_horizontal().item() == 0
    assert (priced["ListUnitPrice"] * priced["PricingQuantity"]).to_list() == pytest.approx(priced["ListCost"].to_list())
    contracted = (priced["ContractedUnitPrice"] * priced["PricingQuantity"]).to_list()
    assert contracted == pytest.approx(priced["ContractedCost"].to_list())
    assert set(rows["InvoiceId"]) == {None}
    assert set(rows["x_Projected"]) == {"true"}
    assert rows["ChargeDescription"].str.starts_with("Projected").all()
    assert (rows["BillingPeriodStart"] == rows["ChargePeriodStart"]).all()
    assert (rows["BillingPeriodEnd"].dt.day() == 1).all()


def test_reservations_are_bought_and_what_they_cover_is_not_billed_again(tmp_path: Path) -> None:
    rows = _exported(_plan(_rates(0.45)), tmp_path)
    covered = rows.filter(pl.col("PricingCategory") == "Committed")
    bought = rows.filter(pl.col("ChargeCategory") == "Purchase")
    assert covered["BilledCost"].sum() == 0.0
    assert covered["EffectiveCost"].sum() == pytest.approx(bought["BilledCost"].sum())
    assert bought["EffectiveCost"].sum() == 0.0
    assert (covered["EffectiveCost"] / covered["ListCost"]).to_list() == pytest.approx([0.45] * covered.height)
    assert set(covered["CommitmentDiscountStatus"]) == {"Used"}
    assert set(covered["CommitmentDiscountId"]) <= set(bought["CommitmentDiscountId"])
    on_demand = rows.filter(pl.col("CommitmentDiscountId").is_null())
    assert on_demand["CommitmentDiscountStatus"].null_count() == on_demand.height


def test_tags_say_whose_it_is_and_waves_narrow_it(tmp_path: Path) -> None:
    plan = _plan()
    rows = _exported(plan, tmp_path, Scope(waves=(2,), account="123456789012"))
    tags = [json.loads(text) for text in rows["Tags"].drop_nulls().unique().to_list()]
    assert {tag["application"] for tag in tags} == {"Payroll"}
    assert {tag["wave"] for tag in tags} == {"Wave 002"}
    assert set(rows["BillingAccountId"]) == {"123456789012"}
    assert set(rows["ServiceName"]).isdisjoint({"AWS Support"})


def test_hostile_names_stay_text(tmp_path: Path) -> None:
    plan = make_hostile_plan()
    path = export_plan(plan, "focus", tmp_path / "bill.csv").path
    rows = pl.read_csv(path, infer_schema=False)
    texts = [text for name in rows.columns if COLUMNS[name] == pl.String for text in rows[name].drop_nulls().to_list()]
    assert not [text for text in texts if text.startswith(("=", "+", "-", "@", "\t", "\r"))]
    assert rows["BillingPeriodStart"].str.contains(r"^\d{4}-\d\d-01T00:00:00Z$").all()
    raw = pl.read_parquet(export_plan(plan, "focus", tmp_path / "bill.parquet").path)
    assert "=cmd|' /c calc'!A0" in set(raw["ResourceName"])


def test_a_large_csv_says_its_size_and_what_would_be_smaller(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert not any("MB" in note for note in export_plan(_plan(_rates(0.4)), "focus", tmp_path / "small.csv").notes)
    monkeypatch.setattr("migrate.reports.exports.focus.write._LARGE_MB", 0.0)
    notes = export_plan(_plan(_rates(0.4)), "focus", tmp_path / "bill.csv").notes
    assert any("MB" in note and "bill.parquet" in note for note in notes)
    assert not any("MB" in note for note in export_plan(_plan(_rates(0.4)), "focus", tmp_path / "bill.parquet").notes)


def test_a_plan_without_charges_is_refused(tmp_path: Path) -> None:
    plan = _plan()
    with pytest.raises(RequestError, match="expects no charges"):
        export_plan(plan.model_copy(update={"servers": ()}), "focus", tmp_path)

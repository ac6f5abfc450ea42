"""Cost lines as formulas: every amount a product of its quantity and the input cells, whatever names are in the plan."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path
from typing import Any

import fastexcel
import pytest

from migrate.model.plan import Assumption, CostFactor, CostLine, Plan
from migrate.reports import write_workbook
from migrate.reports.cost_line_sheets import LineColumns, amount_formula
from migrate.reports.live_inputs import live_inputs
from tests.factories import make_plan
from tests.reports.hostile import NAMES


def line(key: str = "a", **fields: Any) -> CostLine:
    months = len(make_plan().business_case.months)
    given = {
        "key": key, "label": key, "side": "moving", "group": "target_run", "category": "cloud", "unit": "USD",
        "quantity": (1.0,) * months, "amount_usd": (1.0,) * months,
    }  # fmt: skip
    return CostLine.model_validate({**given, **fields})


def plan_with(*lines: CostLine) -> Plan:
    return make_plan(business_case=make_plan().business_case.model_copy(update={"lines": lines}))


@pytest.mark.parametrize(
    ("factors", "wanted"),
    [
        ((), "=ROUND(Q8*rate_1,2)"),
        ((("times", 2.0),), "=ROUND(Q8*rate_1*f_1,2)"),
        ((("one_plus", 0.1),), "=ROUND(Q8*rate_1*(1+f_1),2)"),
        ((("one_minus", 0.1), ("over", 5.0)), "=ROUND(Q8*rate_1*(1-f_1)/f_2,2)"),
        ((("growth", 0.03),), "=ROUND(Q8*rate_1*(1+f_1)^INT((B8-1)/12),2)"),
    ],
)
def test_every_kind_of_factor_has_its_formula(factors: tuple[tuple[str, float], ...], wanted: str) -> None:
    parts = tuple(
        CostFactor.model_validate({"key": f"f.{at}", "how": how, "value": value}) for at, (how, value) in enumerate(factors, 1)
    )
    made = line(rate_key="rate.1", rate=3.0, factors=parts)
    inputs = {item.key: item for item in live_inputs(plan_with(made))}
    assert amount_formula(made, "Q8", "B8", inputs) == wanted


def test_a_discount_is_stated_as_a_share_and_taken_off() -> None:
    made = line(rate_key="discounts.edp_share", rate=-0.1, amount_usd=(-0.1,) * 36)
    plan = plan_with(made)
    told = Assumption(key="discounts.edp_share", value="0.1", unit="share", source="plan.toml")
    case = plan.business_case.model_copy(update={"assumptions": (told,)})
    inputs = {item.key: item for item in live_inputs(plan.model_copy(update={"business_case": case}))}
    assert inputs["discounts.edp_share"].value == 0.1
    assert amount_formula(made, "Q8", "B8", inputs) == "=ROUND(Q8*-discounts_edp_share,2)"


def test_a_line_without_a_rate_is_its_quantity() -> None:
    assert amount_formula(line(), "Q8", "B8", {}) == "=ROUND(Q8,2)"


def test_lines_of_a_group_stand_side_by_side_and_those_of_both_sides_count_twice() -> None:
    lines = (line("a"), line("b", group="partner", side="both"), line("c"))
    columns = LineColumns(plan_with(*lines))
    assert [each.key for each in columns.lines] == ["a", "c", "b"]
    assert columns.sum_formula("target_run", 0) == "=SUM('Cost lines'!C7:D7)"
    assert columns.sum_formula("partner", 1) == columns.sum_formula("stay_partner", 1) == "=SUM('Cost lines'!E8:E8)"
    assert columns.sum_formula("one_off", 0) is None


def test_hostile_keys_become_names_that_are_letters_digits_and_underscores(tmp_path: Path) -> None:
    lines = tuple(
        line(name, rate_key=name, rate=float(at + 1), label=name, unit=name) for at, name in enumerate((*NAMES, "A1", "R1C1"))
    )
    plan = plan_with(*lines)
    inputs = live_inputs(plan)
    names = [item.name for item in inputs]
    assert len({name.casefold() for name in names}) == len(names) == len(lines) + 1
    assert all(re.fullmatch(r"[A-Za-z][A-Za-z0-9]*_[A-Za-z0-9_]*", name) for name in names)
    path = write_workbook(plan, tmp_path)
    with zipfile.ZipFile(path) as book:
        parts = [book.read(name).decode() for name in book.namelist() if name.startswith("xl/worksheets/sheet")]
    formulas = {formula for part in parts for formula in re.findall(r"<f>([^<]*)</f>", part)}
    allowed = re.compile(r"[A-Za-z0-9_ '!$:,.()*/+^<=&;\-]*")
    assert [formula for formula in formulas if not allowed.fullmatch(formula.replace('"not within the horizon"', ""))] == []
    assert not any("cmd|" in formula or "SUM(A1)" in formula for formula in formulas)
    rows = fastexcel.read_excel(path).load_sheet("Cost lines", header_row=None, dtypes="string").to_polars().rows()
    assert "=cmd|' /c calc'!A0" in rows[1]

"""What servers cost where they stand, as the planner sees it."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest

from migrate.spec import SourceCosts
from migrate.targets.source_cost import add_source_cost


def _costs(rows: list[dict[str, Any]], costs: SourceCosts) -> list[float | None]:
    usual: dict[str, Any] = {"vcpu": 4.0, "memory_gib": 16.0, "disk_gib": 200.0, "disk_used_gib": 120.0}
    usual |= {"os_family": "linux", "kind": "virtual", "off": False}
    schema = {"vcpu": pl.Float64, "memory_gib": pl.Float64, "disk_gib": pl.Float64, "disk_used_gib": pl.Float64}
    frame = pl.DataFrame(
        [usual | row for row in rows], schema=schema | {"os_family": pl.String, "kind": pl.String, "off": pl.Boolean}
    )
    return add_source_cost(frame, costs)["source_cost_usd_month"].to_list()


def test_the_template_is_the_sum_of_its_parts() -> None:
    (cost,) = _costs([{}], SourceCosts())
    by_vcpu = 4.0 + 5.7 + 0.73 * 4.0 * 1.58 * 0.12 + 0.6
    assert cost == pytest.approx(4 * by_vcpu + 6.0 + 16 * 1.6 + 200 * 0.09 + 120 * 0.03 + 65.0)


def test_one_figure_per_vcpu_stands_in_place_of_its_parts() -> None:
    (cost,) = _costs([{}], SourceCosts(vcpu_usd_month=14.0))
    assert cost == pytest.approx(4 * 14.0 + 16 * 1.6 + 200 * 0.09 + 120 * 0.03 + 65.0)


def test_the_books_are_shared_out_by_use_and_nothing_is_lost() -> None:
    books = {f"{part}_usd_year": 12_000.0 for part in ("maintenance", "power", "storage", "windows", "operations")}
    rates = {"virtualisation_usd_vcpu_month": 0, "space_usd_vcpu_month": 0, "network_usd_server_month": 0}
    rates |= {"memory_usd_gib_month": 0, "backup_usd_gib_month": 0}
    rows: list[dict[str, Any]] = [{"os_family": "windows"}, {"vcpu": 12.0}, {"off": True}, {"vcpu": None}, {"kind": "mainframe"}]
    costs = _costs(rows, SourceCosts(**books, **rates))
    assert costs[4] is None
    assert sum(cost for cost in costs if cost is not None) == pytest.approx(5 * 1_000.0)
    assert costs[2] == pytest.approx(1_000 / 4)  # its storage, a quarter of all
    assert costs[0] == pytest.approx(2 * 1_000 * 4 / 16 + 1_000 / 4 + 1_000 + 1_000 / 3)


def test_what_is_off_or_unknown() -> None:
    nothing: dict[str, Any] = {"vcpu": None, "memory_gib": None, "disk_gib": None, "disk_used_gib": None}
    assert _costs([{"off": True}, nothing], SourceCosts()) == [pytest.approx(200 * 0.09), None]

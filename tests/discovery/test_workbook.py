"""A real workbook without application list and flow logs: applications are guessed, and it is said."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from migrate.discovery import discover
from migrate.readers import read_inventory
from tests.discovery.worlds import spec

WORKBOOK = Path(__file__).parents[2].parent / "shared" / "data" / "rvtools" / "SizingWorkshop-RVTools.xlsx"


@pytest.mark.skipif(not WORKBOOK.is_file(), reason="the workbook is not here")
def test_applications_are_guessed_from_names_with_low_confidence_and_one_warning() -> None:
    inventory = read_inventory([WORKBOOK], ())
    found = discover(inventory.estate, inventory.flows, spec(max_servers=25))
    members = found.estate.memberships
    assert members.height == inventory.estate.servers.height
    assert members["confidence"].max() < 0.5  # type: ignore[operator]
    sizes = members.group_by("application").len()
    assert sizes["len"].max() <= 25  # type: ignore[operator]
    assert 200 < sizes.height < 600
    tiers = members.filter(pl.col("server_id").is_in(["bowmfgapp04", "bowmfgprod01", "bowmfgsqadevl03"]))
    assert tiers["application"].to_list() == ["bowmfg"] * 3
    assert [finding.code for finding in found.findings if finding.severity == "warning"] == ["applications-guessed"]

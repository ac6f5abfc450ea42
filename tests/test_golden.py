"""The sample's plan, as it was last looked at and found good. ``pytest --golden`` writes it anew; review the diff.

Compiled searches may differ in the last bit between processors, so the comparison is made on the one CI has.
"""

from __future__ import annotations

import platform
from pathlib import Path

import polars as pl
import pytest

from migrate.files import write_text

GOLDEN = Path(__file__).parents[1] / "plans" / "health12" / "golden"
COLUMNS = {
    "waves.csv": ("wave", "date", "window", "pathfinder", "applications", "servers", "risk_score"),
    "applications.csv": ("application", "domain", "criticality", "disposition", "move_group", "servers", "wave", "cutover_date"),
}


@pytest.mark.skipif((platform.system(), platform.machine()) != ("Linux", "x86_64"), reason="golden plans are of Linux on x86_64")
@pytest.mark.parametrize("name", sorted(COLUMNS))
def test_the_sample_is_planned_as_before(health12_out: Path, name: str, request: pytest.FixtureRequest) -> None:
    table = pl.read_csv(health12_out / name, infer_schema=False).select(COLUMNS[name]).write_csv()
    if request.config.getoption("--golden"):
        write_text(GOLDEN / name, table)
    assert table == (GOLDEN / name).read_text(encoding="utf-8")

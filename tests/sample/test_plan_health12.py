"""The committed request fits the committed inventory."""

from __future__ import annotations

import glob
from pathlib import Path

import polars as pl

from migrate.spec.load import load_spec

ROOT = Path(__file__).parents[2]
PLAN = ROOT / "plans" / "health12" / "plan.toml"


def test_every_glob_finds_files_and_none_the_truth() -> None:
    for pattern in load_spec(PLAN).inventory.files:
        found = glob.glob(str(PLAN.parent / pattern))  # noqa: PTH207 - as the reader does: relative with ..
        assert found
        assert not any("truth" in Path(path).parts for path in found)


def test_every_application_that_is_named_exists() -> None:
    spec = load_spec(PLAN)
    known = set(pl.read_csv(ROOT / "inventories" / "health12" / "truth" / "memberships.csv", infer_schema=False)["application"])
    named = {name for freeze in spec.freeze for name in freeze.applications}
    named |= {pin.application for pin in spec.pin}
    named |= {decided.application for decided in spec.disposition if decided.application}
    for rule in spec.rule:
        named |= set(rule.together or ()) | set(rule.apart or ())
        selectors = [rule.of] if rule.of else []
        selectors += [rule.before.first, rule.before.then] if rule.before else []
        named |= {selector for selector in selectors if ":" not in selector and selector != "*"}
    assert named <= known
    assert "Claims Clearinghouse" in named


def test_sites_of_the_plan_are_those_of_the_workbooks() -> None:
    assert {site.name for site in load_spec(PLAN).site} == {"DC-North", "DC-South"}

"""What many tests share: the sample estate planned once, and where public exports lie if they are there."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from hypothesis import settings

from migrate.model.plan import Plan
from migrate.pipeline import make_plan, write_plan

settings.register_profile("steady", deadline=None, derandomize=True)  # a busy machine fails no test, and every run is the same
settings.load_profile("steady")

ROOT = Path(__file__).parents[1]
HEALTH12 = ROOT / "plans" / "health12" / "plan.toml"
EXPORTS = ROOT.parent / "shared" / "data"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--golden", action="store_true", help="write golden files anew")


@pytest.fixture(scope="session")
def health12() -> Plan:
    """The sample estate's plan."""
    return make_plan(HEALTH12)


@pytest.fixture(scope="session")
def health12_out(health12: Plan, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with everything that is written for the sample estate's plan."""
    folder = tmp_path_factory.mktemp("health12") / "out"
    write_plan(health12, folder)
    return folder


@pytest.fixture
def exports() -> Path:
    """Public sample exports; the test is skipped where they are absent."""
    if not EXPORTS.is_dir():
        pytest.skip("public sample exports are not beside this repository")
    return EXPORTS


@pytest.fixture
def small_estate(tmp_path: Path) -> Path:
    """A folder with plan.toml and a sample estate of sixty servers."""
    from migrate.sample import write_sample

    write_sample(60, 7, tmp_path / "inventory")
    shutil.rmtree(tmp_path / "inventory" / "truth")
    (tmp_path / "plan.toml").write_text(
        '[plan]\nname = "small"\nstart = 2027-01-04\n\n[inventory]\nfiles = ["inventory"]\n', encoding="utf-8"
    )
    return tmp_path

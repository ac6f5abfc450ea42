from __future__ import annotations

import hashlib
from pathlib import Path

import fastexcel
import polars as pl
import pytest

from migrate.errors import RequestError
from migrate.sample import SampleSummary, write_sample
from tests.sample.conftest import SEED, SERVERS

Sample = tuple[SampleSummary, Path]
HEALTH12 = Path(__file__).parents[2] / "inventories" / "health12"


def digests(folder: Path) -> dict[str, str]:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def truth(folder: Path) -> pl.DataFrame:
    return pl.read_csv(folder / "truth" / "memberships.csv", infer_schema=False)


def workbook_names(folder: Path) -> list[str]:
    names: list[str] = []
    for path in sorted(folder.glob("*.xlsx")):
        sheet = fastexcel.read_excel(path).load_sheet("vInfo", use_columns=["VM", "Template"], dtypes="string").to_polars()
        names += sheet.filter(pl.col("Template") == "False")["VM"].to_list()
    return names


def test_same_size_and_seed_give_the_same_bytes(tmp_path: Path) -> None:
    for name in ("one", "two"):
        write_sample(40, 5, tmp_path / name)
    assert digests(tmp_path / "one") == digests(tmp_path / "two")


def test_another_seed_gives_another_estate(tmp_path: Path) -> None:
    for seed in (5, 6):
        write_sample(20, seed, tmp_path / str(seed))
    assert truth(tmp_path / "5")["ip"].to_list() != truth(tmp_path / "6")["ip"].to_list()


def test_truth_covers_every_server(sample: Sample) -> None:
    summary, out = sample
    members = truth(out)
    assert members.height == summary.servers == SERVERS
    assert members["ip"].n_unique() == SERVERS
    machines = members.filter((pl.col("kind") == "virtual") & ~pl.col("traits").fill_null("").str.contains("ghost"))
    assert sorted(workbook_names(out)) == sorted(machines["server"].to_list())


def test_summary_counts_what_was_written(sample: Sample) -> None:
    summary, out = sample
    assert all(path.is_file() for path in summary.files)
    assert summary.virtual_machines == len(workbook_names(out))
    assert summary.flow_rows == pl.scan_parquet(out / "flows" / "*.parquet").select(pl.len()).collect().item()


def test_named_applications_exist(sample: Sample) -> None:
    names = set(pl.read_csv(sample[1] / "applications.csv")["application"])
    assert {"Claims Clearinghouse", "Active Directory", "EHR Production", "Mainframe Patient Accounting"} <= names


@pytest.mark.parametrize("size", [20, 51])
def test_small_samples_are_complete(tmp_path: Path, size: int) -> None:
    summary = write_sample(size, SEED, tmp_path)
    traits = " ".join(truth(tmp_path)["traits"].drop_nulls())
    assert truth(tmp_path).height == summary.servers == size
    for trait in ("no-owner", "powered-off", "orphaned", "cmdb-only-ghost", "os-unknown"):
        assert trait in traits


@pytest.mark.parametrize("size", [0, 19, 1_000_001])
def test_sizes_out_of_range_are_refused(tmp_path: Path, size: int) -> None:
    with pytest.raises(RequestError, match="20 to 1,000,000"):
        write_sample(size, SEED, tmp_path)
    assert not list(tmp_path.iterdir())


def test_negative_seed_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RequestError, match="seed"):
        write_sample(20, -1, tmp_path)


def test_progress_is_told(tmp_path: Path) -> None:
    told: list[tuple[str, int, int]] = []
    write_sample(20, SEED, tmp_path, lambda what, done, of: told.append((what, done, of)))
    assert {what for what, _, _ in told} == {"servers", "workbooks", "tables", "flows", "truth"}
    assert all(0 <= done < of for _, done, of in told)


def test_health12_is_the_committed_run(tmp_path: Path) -> None:
    """The parts that take no time are made again and compared with what is in the repository."""
    from migrate.sample.applications import draw_applications, draw_needs
    from migrate.sample.lists import write_applications, write_utilisation
    from migrate.sample.servers import draw_servers
    from migrate.sample.servicenow import write_databases, write_locations, write_servers
    from migrate.sample.servicenow_relations import write_relations
    from migrate.sample.truth import write_truth

    apps = draw_applications(2600, 12)
    needs, estate = draw_needs(apps), draw_servers(apps, 2600, 12)
    write_applications(tmp_path / "applications.csv", apps, 12)
    write_utilisation(tmp_path / "utilisation.csv", estate, 12)
    write_servers(tmp_path / "servicenow-cmdb_ci_server.json", estate, 12)
    databases = write_databases(tmp_path / "servicenow-cmdb_ci_db_instance.json", estate, 12)
    write_relations(tmp_path / "servicenow-cmdb_rel_ci.json", estate, apps, needs, databases, 12)
    write_locations(tmp_path / "servicenow-cmn_location.json")
    write_truth(tmp_path / "truth", estate, apps, needs)
    committed = digests(HEALTH12)
    assert digests(tmp_path).items() <= committed.items()


def test_health12_is_small_enough_to_be_committed() -> None:
    sizes = [path.stat().st_size for path in HEALTH12.rglob("*") if path.is_file()]
    assert sum(sizes) <= 15e6
    assert max(sizes) <= 5 * 1024**2

"""The books of Azure and Google: like AWS's in format, like the published lists in figures."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from benchmarks.prices import LISTS, accuracy
from migrate.targets.prices import load_book, show_rates
from migrate.targets.prices.build_clouds import azure_book, google_book, main
from migrate.targets.prices.cloud_figures import cloud_sizes
from migrate.targets.prices.load import EMBEDDED

LISTED = Path(__file__).parents[3].parent / "shared" / "prices"
_AZURE = {
    "region": ["r", "r", "r"],
    "size": ["Standard_D2s_v5", "Standard_D4s_v5", "Standard_B2ms"],
    "linux_usd_h": [0.096, 0.192, 0.08],
    "windows_usd_h": [0.188, 0.376, 0.09],
    "linux_reserved_1y_usd_h": [0.05, 0.1, 0.07],
    "linux_reserved_3y_usd_h": [None, 0.06, 0.05],
}
_GOOGLE = {
    "region": ["r", "r"],
    "machine_type": ["n2-standard-2", "e2-micro"],
    "on_demand_usd_h": [0.1, 0.01],
    "committed_1y_usd_h": [0.06, 0.006],
    "committed_3y_usd_h": [0.0, 0.004],
}
_DISK = {"region": ["r", "r"], "disk": ["balanced", "local"], "usd_gb_month": [0.1, 0.08]}


@pytest.mark.skipif(not LISTED.exists(), reason="the published lists are not there")
@pytest.mark.parametrize("name", [name for name in EMBEDDED if name != "embedded"])
def test_every_published_price_is_in_the_book_and_no_other(name: str) -> None:
    book = load_book(name)
    found = accuracy(book, LISTED / LISTS[book.provider].file)
    assert found.passed
    assert found.apart == ()
    assert found.table["published"].min() == found.table["exact"].min()


@pytest.mark.skipif(not LISTED.exists(), reason="the published lists are not there")
def test_sizes_are_those_of_the_list() -> None:
    rows = pl.read_csv(LISTED / LISTS["google"].file).select("machine_type", "vcpu", "memory_gb").unique()
    assert rows.height > 100
    for name, vcpu, memory in rows.iter_rows():
        assert cloud_sizes(name) == (vcpu, memory), name


def test_sizes_are_not_guessed_for_other_types() -> None:
    for name in ("Standard_B2ms", "e2-medium", "n2-standard-", "Standard_Ds_v5", "Standard_D\u0663s_v5", "m5.large", ""):
        assert cloud_sizes(name) is None
    assert cloud_sizes("Standard_E96s_v5") == (96.0, 672.0)


def test_types_have_their_own_names_and_missing_prices_stay_missing() -> None:
    azure, google = azure_book(pl.DataFrame(_AZURE)), google_book(pl.DataFrame(_GOOGLE), pl.DataFrame(_DISK))
    assert azure.compute("r", "on_demand").rows() == [("Standard_D2s_v5", 0.096), ("Standard_D4s_v5", 0.192)]
    assert azure.compute("r", "reserved_3y").rows() == [("Standard_D4s_v5", 0.06)]
    assert azure.item("windows_vcpu_h", "r") == 0.046
    assert google.compute("r", "reserved_3y").is_empty()
    assert google.compute("r", "on_demand").rows() == [("n2-standard-2", 0.1)]
    assert google.item("balanced_disk_gib_month", "r") == 0.1
    assert google.item("windows_vcpu_h", "r") is None


def test_licences_that_disagree_are_refused() -> None:
    odd = pl.DataFrame({**_AZURE, "windows_usd_h": [0.188, 0.5, 0.09]})
    with pytest.raises(ValueError, match="one was expected"):
        azure_book(odd)


def test_the_books_are_written_and_read_back(tmp_path: Path) -> None:
    files = {"azure": _AZURE, "google": _GOOGLE, "google-disk": _DISK}
    arguments = ["--out", str(tmp_path)]
    for name, rows in files.items():
        pl.DataFrame(rows).write_csv(tmp_path / f"{name}.csv")
        arguments += [f"--{name}", str(tmp_path / f"{name}.csv")]
    for path in main(arguments):
        book = load_book(path.name, tmp_path)
        assert show_rates(book, "compute", "r").height == book.hours.height > 0

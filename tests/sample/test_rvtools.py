from __future__ import annotations

import zipfile
from pathlib import Path
from xml.etree import ElementTree

import fastexcel
import polars as pl

from migrate.sample import SampleSummary
from migrate.sample.rvtools_columns import COLUMNS

Sample = tuple[SampleSummary, Path]


def sheet(folder: Path, tab: str) -> pl.DataFrame:
    frames = [fastexcel.read_excel(path).load_sheet(tab, dtypes="string").to_polars() for path in sorted(folder.glob("*.xlsx"))]
    return pl.concat(frames)


def test_tabs_have_the_columns_of_real_exports(sample: Sample) -> None:
    for path in sorted(sample[1].glob("*.xlsx")):
        reader = fastexcel.read_excel(path)
        assert reader.sheet_names == list(COLUMNS)
        for tab in COLUMNS:
            assert tuple(reader.load_sheet(tab, dtypes="string").to_polars().columns) == COLUMNS[tab]


def test_a_workbook_for_each_data_center(sample: Sample) -> None:
    assert [path.name for path in sorted(sample[1].glob("*.xlsx"))] == ["rvtools-vc-north.xlsx", "rvtools-vc-south.xlsx"]
    assert set(sheet(sample[1], "vInfo")["Datacenter"]) == {"DC-North", "DC-South"}


def test_values_are_as_rvtools_writes_them(sample: Sample) -> None:
    info = sheet(sample[1], "vInfo")
    assert set(info["Powerstate"]) == {"poweredOn", "poweredOff"}
    assert set(info["Template"]) == {"True", "False"}
    assert info["Creation date"].str.to_datetime("%Y/%m/%d %H:%M:%S").null_count() == 0
    off = info.filter(pl.col("Powerstate") == "poweredOff")
    assert off.height > 0
    for column in ("OS according to the VMware Tools", "Primary IP Address", "DNS Name", "PowerOn"):
        assert off[column].null_count() == off.height
    assert "orphaned" in set(info["Connection state"])


def test_tabs_agree_on_the_disks(sample: Sample) -> None:
    info, disks = sheet(sample[1], "vInfo"), sheet(sample[1], "vDisk")
    whole = info.select(
        "VM UUID", total=pl.col("Total disk capacity MiB").cast(pl.Float64), count=pl.col("Disks").cast(pl.Float64)
    )
    parts = disks.group_by("VM UUID").agg(sum=pl.col("Capacity MiB").cast(pl.Float64).sum(), n=pl.len().cast(pl.Float64))
    both = whole.join(parts, on="VM UUID", how="full")
    assert both.filter((pl.col("total") != pl.col("sum")) | (pl.col("count") != pl.col("n"))).is_empty()


def test_traps_are_there(sample: Sample) -> None:
    info = sheet(sample[1], "vInfo")
    notes = info["Annotation"].drop_nulls()
    assert notes.str.starts_with("=").any()
    assert not notes.str.contains(r"^\s*$").any()
    assert info["VM"].is_duplicated().any()
    names = info["VM"].to_list()
    assert any(name.startswith("=") for name in names)
    assert any("<" in name for name in names)
    assert "Mainframe" not in " ".join(info["Folder"])  # a mainframe is in no vCenter
    systems = set(info["OS according to the configuration file"].drop_nulls())
    assert any("2012" in name for name in systems)
    assert any("CentOS 7" in name for name in systems)
    assert info["OS according to the configuration file"].null_count() > 0


def test_workbook_parts_are_xml_with_fixed_dates(sample: Sample) -> None:
    with zipfile.ZipFile(sample[1] / "rvtools-vc-south.xlsx") as archive:
        assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        for name in archive.namelist():
            ElementTree.fromstring(archive.read(name))  # raises when it is not well-formed

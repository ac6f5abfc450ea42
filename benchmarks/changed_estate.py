"""The sample estate's inventory as it might be some months later: a share of its servers grown, gone or new.

Deterministic for a seed. RVTools workbooks and the CMDB's servers change; flow logs, utilisation and lists stay as they were.
"""

from __future__ import annotations

import json
import random
import shutil
from pathlib import Path
from typing import Any

import fastexcel
import polars as pl
import xlsxwriter

GROWN, GONE, NEW = "grown", "gone", "new"
_TWICE = {"vInfo": ("CPUs", "Memory"), "vCPU": ("CPUs",), "vMemory": ("Size MiB",)}


def changed_inventory(source: Path, out: Path, share: float, seed: int) -> dict[str, str]:
    """Copy an inventory folder with `share` of its virtual machines changed; returns what happened to each.

    A third has twice the processors and memory, a third is gone, and beside each of the others stands a new one like it.
    """
    out.mkdir(parents=True)
    fates: dict[str, str] = {}
    for path in sorted(source.iterdir()):
        if path.is_dir() and path.name != "truth":
            shutil.copytree(path, out / path.name)
        elif path.is_file() and not path.name.startswith("rvtools"):
            shutil.copy(path, out / path.name)
    for number, path in enumerate(sorted(source.glob("rvtools-*.xlsx"))):
        fates |= _changed_workbook(path, out / path.name, share, seed + number)
    servers = out / "servicenow-cmdb_ci_server.json"
    records: dict[str, Any] = json.loads(servers.read_text(encoding="utf-8"))
    records["result"] = [item for item in records["result"] if fates.get(str(item["name"]).lower()) != GONE]
    servers.write_text(json.dumps(records), encoding="utf-8")
    return fates


def _changed_workbook(source: Path, out: Path, share: float, seed: int) -> dict[str, str]:
    reader = fastexcel.read_excel(source)
    sheets = {name: reader.load_sheet(name, dtypes="string").to_polars() for name in reader.sheet_names}
    names = sorted(set(sheets["vInfo"].filter(pl.col("Template") != "True")["VM"].drop_nulls()))
    chosen = random.Random(seed).sample(names, round(share * len(names)))
    fates = {name: (GROWN, GONE, NEW)[number % 3] for number, name in enumerate(chosen)}
    book = xlsxwriter.Workbook(str(out), {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False})
    for name, frame in sheets.items():
        sheet = book.add_worksheet(name)
        sheet.write_row(0, 0, frame.columns)
        for row, cells in enumerate(_changed(name, frame, fates).iter_rows(), start=1):
            sheet.write_row(row, 0, cells)
    book.close()
    return {name.lower(): fate for name, fate in fates.items()}


def _changed(sheet: str, frame: pl.DataFrame, fates: dict[str, str]) -> pl.DataFrame:
    if "VM" not in frame.columns:
        return frame
    fate = pl.col("VM").replace_strict(fates, default=None, return_dtype=pl.String)
    twice = [
        pl.when(fate == GROWN)
        .then((pl.col(name).cast(pl.Int64, strict=False) * 2).cast(pl.String))
        .otherwise(pl.col(name))
        .alias(name)
        for name in _TWICE.get(sheet, ())
    ]
    kept = frame.filter((fate != GONE).fill_null(value=True)).with_columns(twice)
    fresh = frame.filter(fate == NEW).with_columns(
        pl.col("VM") + "-n",
        *(("f00d" + pl.col(name).str.slice(4)).alias(name) for name in ("VM UUID", "SMBIOS UUID") if name in frame.columns),
        *((pl.col(name) + "9").alias(name) for name in ("VM ID", "DNS Name") if name in frame.columns),
        *(
            pl.lit(None, pl.String).alias(name)
            for name in ("Primary IP Address", "IPv4 Address", "Mac Address")
            if name in frame.columns
        ),
    )
    return pl.concat([kept, fresh])

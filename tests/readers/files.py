"""Small inventory files, written as the tools would write them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import polars as pl
import xlsxwriter

from migrate.findings import Finding
from migrate.model.stages import Inventory

REAL = Path(__file__).parents[2].parent / "shared" / "data"
HEALTH12 = Path(__file__).parents[2] / "inventories" / "health12"

INFO = (
    *("VM", "Powerstate", "Template", "SRM Placeholder", "DNS Name", "CPUs", "Memory", "Total disk capacity MiB"),
    *("Primary IP Address", "Resource pool", "Folder", "Provisioned MiB", "In Use MiB", "Annotation", "Datacenter", "Cluster"),
    *("Host", "OS according to the configuration file", "OS according to the VMware Tools", "VM ID", "VM UUID"),
)


def vm(name: str, **given: object) -> dict[str, object]:
    """A row of vInfo; keyword arguments are headers with ``_`` for blanks."""
    row: dict[str, object] = {"VM": name, "Powerstate": "poweredOn", "Template": "False", "CPUs": 2, "Memory": 4096}
    return row | {key.replace("_", " "): value for key, value in given.items()}


def workbook(
    path: Path, tabs: Mapping[str, Sequence[Mapping[str, object]]], headers: Mapping[str, Sequence[str]] | None = None
) -> Path:
    """Write rows by tab; the headers are those given, else all keys in their order."""
    book = xlsxwriter.Workbook(str(path), {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    for tab, rows in tabs.items():
        sheet = book.add_worksheet(tab)
        columns = list((headers or {}).get(tab) or dict.fromkeys(key for row in rows for key in row))
        sheet.write_row(0, 0, columns)
        for number, row in enumerate(rows, start=1):
            for place, column in enumerate(columns):
                value = row.get(column)
                if isinstance(value, str):
                    sheet.write_string(number, place, value)
                elif value is not None:
                    sheet.write(number, place, value)
    book.close()
    return path


def rvtools(path: Path, rows: Sequence[Mapping[str, object]], **tabs: Sequence[Mapping[str, object]]) -> Path:
    """An RVTools workbook with these VMs."""
    return workbook(path, {"vInfo": rows, **tabs}, {"vInfo": list(dict.fromkeys([*INFO, *(key for row in rows for key in row)]))})


def dump(path: Path, records: Sequence[Mapping[str, Any]]) -> Path:
    """A Table API answer."""
    path.write_text(json.dumps({"result": list(records)}))
    return path


def server(name: str, **fields: object) -> dict[str, object]:
    """A record of cmdb_ci_linux_server."""
    return {
        "sys_id": f"id-{name}",
        "sys_class_name": "cmdb_ci_linux_server",
        "name": name,
        "os": "Linux Red Hat",
        "ram": "4096",
    } | fields


def application(name: str, **fields: object) -> dict[str, object]:
    """A record of cmdb_ci_appl."""
    return {"sys_id": f"id-{name}", "sys_class_name": "cmdb_ci_appl", "name": name} | fields


def relation(parent: str, kind: str, child: str) -> dict[str, object]:
    """A record of cmdb_rel_ci with display values, between records of `server` and `application`."""
    return {
        "sys_id": f"{parent} {kind} {child}",
        "parent": {"display_value": parent, "value": f"id-{parent}"},
        "type": {"display_value": kind, "value": "x"},
        "child": {"display_value": child, "value": f"id-{child}"},
    }


def flow_log(path: Path, rows: int = 3) -> Path:
    """A Parquet file with the fields of VPC Flow Logs."""
    pl.DataFrame(
        {
            "srcaddr": ["10.0.0.1"] * rows,
            "dstaddr": ["10.0.0.2"] * rows,
            "srcport": [40_000] * rows,
            "dstport": [443] * rows,
            "protocol": [6] * rows,
            "packets": [1] * rows,
            "bytes": [100] * rows,
            "start": [1_700_000_000] * rows,
            "end": [1_700_000_060] * rows,
        }
    ).write_parquet(path)
    return path


def codes(inventory: Inventory, subject: str | None = None) -> list[str]:
    """Codes of the findings, or of those about a subject."""
    return [finding.code for finding in inventory.findings if subject in (None, finding.subject)]


def only(inventory: Inventory, code: str) -> Finding:
    """The one finding with this code."""
    (finding,) = [finding for finding in inventory.findings if finding.code == code]
    return finding


def row_of(inventory: Inventory, name: str) -> dict[str, Any]:
    """The one server of this name."""
    return inventory.estate.servers.row(by_predicate=pl.col("name") == name, named=True)

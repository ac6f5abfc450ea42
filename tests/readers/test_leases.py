"""DHCP leases say whose an address was, and when."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from migrate.findings import Severity
from migrate.model.stages import Inventory
from migrate.readers import read_inventory
from tests.readers.files import codes, only, rvtools, vm
from tests.readers.flow_driver import written

HEAD = "ip_address,hostname,lease_start,lease_end"
FIFTH = "2026-10-05 00:00"


def _read(folder: Path, *lines: str) -> Inventory:
    servers = rvtools(folder / "rv.xlsx", [vm("web1"), vm("db1")])
    return read_inventory([servers, written(folder / "leases.csv", *lines)], ())


def _leases(inventory: Inventory) -> list[tuple[object, ...]]:
    shown = pl.col(pl.Datetime).dt.strftime("%Y-%m-%d %H:%M")
    return list(inventory.estate.leases.drop("source").with_columns(shown).iter_rows())


def test_leases_find_their_servers_by_name_and_never_by_address(tmp_path: Path) -> None:
    inventory = _read(tmp_path, HEAD, "10.0.0.5,WEB1.corp.example,2026-10-05,2026-10-06", "10.0.0.6,laptop,2026-10-05,")
    assert _leases(inventory) == [("web1", "10.0.0.5", FIFTH, "2026-10-06 00:00")]
    finding = only(inventory, "row-without-server")
    assert (finding.severity, finding.subject, finding.source) == (Severity.info, "laptop", "leases.csv:3")
    read, _ = inventory.inputs
    assert (read.file, read.rows_read, read.rows_quarantined) == ("leases.csv", 2, 1)


@pytest.mark.parametrize(
    ("start", "end", "until"),
    [
        ("2026-10-05T02:00:00+02:00", "2026/10/05 12:30:00.250", "2026-10-05 12:30"),
        ("05.10.2026", "05.10.2026 12:30", "2026-10-05 12:30"),
        ("10/5/2026 12:00:00 AM", "10/5/2026 12:30 PM", "2026-10-05 12:30"),
        ("1791158400", "1791203400000", "2026-10-05 12:30"),
        ("2026-10-05", "never", None),
        ("2026-10-05", "", None),
    ],
)
def test_times_may_be_written_in_many_ways(start: str, end: str, until: str | None, tmp_path: Path) -> None:
    ((_, _, begin, finish),) = _leases(_read(tmp_path, HEAD, f"10.0.0.5,web1,{start},{end}"))
    assert (begin, finish) == (FIFTH, until)


def test_a_lease_file_of_kea_counts_back_from_the_end_and_repeats_itself(tmp_path: Path) -> None:
    inventory = _read(
        tmp_path,
        "address,hwaddr,client_id,valid_lifetime,expire,subnet_id,fqdn_fwd,fqdn_rev,hostname,state,user_context",
        "10.0.0.5,00:11:22:33:44:55,,86400,1791244800,1,0,0,web1,0,",
        "10.0.0.5,00:11:22:33:44:55,,86400,1791244800,1,0,0,web1,0,",
    )
    assert _leases(inventory) == [("web1", "10.0.0.5", FIFTH, "2026-10-06 00:00")]
    assert only(inventory, "lease-repeated").severity is Severity.info


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ("10.0.0.5,web1,05/10/2026,", "lease-without-period"),
        ("10.0.0.5,web1,,", "lease-without-period"),
        ("10.0.0.5,web1,2026-10-05,soon", "lease-without-period"),
        ("127.0.0.1,web1,2026-10-05,", "lease-without-address"),
        ("<b>,web1,2026-10-05,", "lease-without-address"),
        ("10.0.0.5,,2026-10-05,", "lease-without-address"),
        ("10.0.0.5,web1,2026-10-05,2026-10-04", "row-quarantined"),
    ],
)
def test_what_is_no_lease_is_left_out_and_told(row: str, code: str, tmp_path: Path) -> None:
    inventory = _read(tmp_path, HEAD, row)
    assert _leases(inventory) == []
    assert codes(inventory) == [code]
    assert inventory.inputs[0].rows_quarantined == 1


def test_an_address_that_was_given_away_too_early_is_told(tmp_path: Path) -> None:
    inventory = _read(tmp_path, HEAD, "10.0.0.5,web1,2026-10-05,2026-10-07", "10.0.0.5,db1,2026-10-06,2026-10-07")
    assert len(_leases(inventory)) == 2
    assert only(inventory, "lease-cut-short").source == "leases.csv:2"

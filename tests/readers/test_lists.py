"""Application lists and utilisation, through `read_inventory`."""

from __future__ import annotations

from pathlib import Path

import pytest

from migrate.model.stages import Inventory
from migrate.readers import read_inventory, recognise
from tests.readers.files import codes, only, rvtools, vm

LIST = "Application;Business Owner;Business Criticality;RTO (hours);RPO;Data Classification;Servers;Shoe size\n"


def _estate_with(tmp_path: Path, name: str, content: bytes, servers: int = 2) -> Inventory:
    path = tmp_path / name
    path.write_bytes(content)
    return read_inventory([rvtools(tmp_path / "rv.xlsx", [vm(f"s{turn}") for turn in range(servers)]), path], [])


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_lists_in_any_encoding_and_with_any_header(tmp_path: Path, encoding: str) -> None:
    text = LIST + "Krankenakte Köln;Özil;Tier 1;4;30 min;PHI;s0, s1 ghost;9\n\nPay;;not so critical;two days;1 d;;;\n"
    inventory = _estate_with(tmp_path, "apps.csv", text.encode(encoding, errors="replace"))
    rows = inventory.estate.applications.select("application", "owner", "criticality", "rto_h", "rpo_h", "data_class").rows()
    assert rows == [("Krankenakte Köln", "Özil", "mission-critical", 4.0, 0.5, "PHI"), ("Pay", None, None, None, 24.0, None)]
    assert [row[1] for row in inventory.estate.memberships.rows()] == ["Krankenakte Köln"] * 2
    assert only(inventory, "row-without-server").subject == "ghost"
    assert [f.source for f in inventory.findings if f.code == "value-set-aside"] == ["apps.csv:4", "apps.csv:4"]
    assert "Shoe size" in only(inventory, "column-not-read").message
    assert ("encoding-assumed" in codes(inventory)) == (encoding == "cp1252")


@pytest.mark.parametrize(
    ("word", "level"),
    [
        ("Mission Critical", "mission-critical"),
        ("1 - Critical", "mission-critical"),
        ("Tier-2", "high"),
        ("2 - somewhat critical", "high"),
        ("MEDIUM", "medium"),
        ("4 - not critical", "low"),
        ("Bronze", "low"),
        ("purple", None),
    ],
)
def test_words_of_criticality(tmp_path: Path, word: str, level: str | None) -> None:
    inventory = _estate_with(tmp_path, "apps.csv", f"app,criticality,owner\nX,{word},me\n".encode())
    assert inventory.estate.applications["criticality"].to_list() == [level]
    assert ("value-set-aside" in codes(inventory)) == (level is None)


def test_the_same_application_twice_is_joined_and_differences_are_told(tmp_path: Path) -> None:
    text = "application,criticality,owner\nShop App,high,\nSHOP APP,low,Ada\n,low,Bob\n"
    inventory = _estate_with(tmp_path, "apps.csv", text.encode())
    assert inventory.estate.applications.select("application", "criticality", "owner").rows() == [("Shop App", "high", "Ada")]
    assert only(inventory, "value-conflict").subject == "Shop App"
    assert only(inventory, "row-without-name").source == "apps.csv:4"
    assert next(record for record in inventory.inputs if record.file == "apps.csv").rows_quarantined == 1


def test_rows_with_too_many_cells_are_told(tmp_path: Path) -> None:
    inventory = _estate_with(tmp_path, "apps.csv", b"application,criticality,owner\nA,high,me,surplus\nB,low\n")
    assert only(inventory, "row-too-long").source == "apps.csv:2"
    assert inventory.estate.applications.height == 2


@pytest.mark.parametrize(
    "header",
    [
        "Application,Source server name,Destination port",
        "server,ip,application,tier,environment,kind,traits",
        "application,port",
        "consumer,provider,port,strength",
    ],
)
def test_other_tables_are_not_taken_for_lists(tmp_path: Path, header: str) -> None:
    path = tmp_path / "x.csv"
    path.write_text(f"{header}\n{','.join('a' for _ in header.split(','))}\n")
    assert recognise([path])[0].reader is None


def test_utilisation_finds_its_servers_by_name_or_address(tmp_path: Path) -> None:
    rows = [vm("a", DNS_Name="a.x.org"), vm("b", Primary_IP_Address="10.0.0.2"), vm("c")]
    load = tmp_path / "load.csv"
    load.write_text(
        "Server Name,IP,Avg CPU %,CPU 95th percentile %,mem p95,Memory average\n"
        "A.x.org,,10,20,30,25\nold-b,10.0.0.2,11,21,31,26\nnobody,10.9.9.9,1,2,3,2\n,,1,2,3,2\nA,,10,20,30,25\nc,,120,50,60,-4\n"
    )
    inventory = read_inventory([rvtools(tmp_path / "rv.xlsx", rows), load], [])
    got = inventory.estate.utilisation.select(
        "server_id", "cpu_mean_pct", "cpu_p95_pct", "memory_p95_pct", "memory_mean_pct"
    ).rows()
    assert got == [("a", 10.0, 20.0, 30.0, 25.0), ("b", 11.0, 21.0, 31.0, 26.0), ("c", None, 50.0, 60.0, None)]
    assert only(inventory, "row-without-server").subject == "nobody"
    assert only(inventory, "row-without-name").source == "load.csv:5"
    assert only(inventory, "row-repeated").source == "load.csv:6"
    assert codes(inventory).count("value-set-aside") == 2
    assert next(record for record in inventory.inputs if record.file == "load.csv").rows_quarantined == 3


def test_percentiles_and_maxima_are_carried(tmp_path: Path) -> None:
    load = tmp_path / "load.csv"
    load.write_text("vm,cpu p90,p95 cpu,CPU 99th percentile %,max cpu usage,memory peak,mem p99\na,10,20,30,40,50,45\n")
    inventory = read_inventory([rvtools(tmp_path / "rv.xlsx", [vm("a")]), load], [])
    names = [f"cpu_{how}_pct" for how in ("p90", "p95", "p99", "max")] + ["memory_p99_pct", "memory_max_pct", "memory_p95_pct"]
    assert inventory.estate.utilisation.select(names).row(0) == (10.0, 20.0, 30.0, 40.0, 45.0, 50.0, None)


@pytest.mark.parametrize(
    ("header", "servers", "code", "value"),
    [
        ("cpu p95", 2, "utilisation-as-fraction", 50.0),
        ("cpu_p95_pct", 25, "utilisation-as-fraction", 50.0),
        ("cpu_p95_pct", 2, "utilisation-scale-doubtful", 0.5),
    ],
)
def test_fractions_are_told_from_percentages(tmp_path: Path, header: str, servers: int, code: str, value: float) -> None:
    text = f"server,{header}\n" + "".join(f"s{turn},0.5\n" for turn in range(servers))
    inventory = _estate_with(tmp_path, "load.csv", text.encode(), servers)
    assert inventory.estate.utilisation["cpu_p95_pct"].to_list() == [value] * servers
    assert code in codes(inventory)


def test_who_bears_the_cost_is_read(tmp_path: Path) -> None:
    text = 'application,criticality,Facility,Cost Centre\nShop,high,St. Ansgar,4711\nPay,low,"",=1+1\n'
    inventory = _estate_with(tmp_path, "apps.csv", text.encode())
    rows = inventory.estate.applications.select("application", "hospital", "cost_center").rows()
    assert rows == [("Pay", None, "=1+1"), ("Shop", "St. Ansgar", "4711")]
    assert "column-not-read" not in codes(inventory)

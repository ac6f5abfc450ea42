"""ServiceNow dumps, through `read_inventory`."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import polars as pl
import pytest

from migrate.errors import InputError
from migrate.readers import read_inventory, recognise
from tests.readers.files import REAL, application, codes, dump, only, relation, row_of, rvtools, server, vm

DUMP = REAL / "servicenow" / "cmdb_ci_server.json"


def test_values_in_all_three_shapes(tmp_path: Path) -> None:
    plain = server(
        "plain", ram="2048", cpu_count="2", cpu_core_count="4", disk_space="100", ip_address="10.0.0.1", fqdn="plain.x.org"
    )
    both = {
        "sys_id": {"display_value": "id-both", "value": "id-both"},
        "sys_class_name": {"display_value": "Linux Server", "value": "cmdb_ci_linux_server"},
        "name": {"display_value": "both", "value": "both"},
        "ram": {"display_value": "2,048", "value": "2048"},
        "location": {"display_value": "DC1", "link": "https://x/cmn_location/1", "value": "1"},
        "owned_by": {"display_value": "Ada", "link": "https://x/sys_user/2", "value": "2"},
        "used_for": {"display_value": "Production", "value": "Production"},
    }
    shown = {
        "sys_id": "id-shown",
        "sys_class_name": "Windows Server",
        "name": "shown",
        "ram": "2,000",
        "location": {"display_value": "DC2"},
    }
    inventory = read_inventory([dump(tmp_path / "a.json", [plain, both, shown])], [])
    assert [row_of(inventory, name)["memory_gib"] for name in ("plain", "both", "shown")] == [2.0, 2.0, 2000 / 1024]
    assert (row_of(inventory, "plain")["vcpu"], row_of(inventory, "plain")["disk_gib"]) == (8.0, 100.0)
    row = row_of(inventory, "both")
    assert (row["site"], row["owner"], row["environment"]) == ("DC1", "Ada", "production")
    assert row_of(inventory, "shown")["site"] == "DC2"
    assert inventory.estate.addresses["ip"].to_list() == ["10.0.0.1"]


def test_an_id_is_no_owner_and_no_site(tmp_path: Path) -> None:
    link = {"link": "https://x/api/now/table/sys_user/77", "value": "77"}
    row = row_of(read_inventory([dump(tmp_path / "a.json", [server("a", owned_by=link, location=link)])], []), "a")
    assert (row["owner"], row["site"]) == (None, None)


def test_places_of_the_dump_name_sites(tmp_path: Path) -> None:
    place = {"sys_id": "77", "name": "DC-West", "street": "1 Main St", "city": "Reno"}
    files = [
        dump(tmp_path / "a.json", [server("a", location={"link": "x/77", "value": "77"})]),
        dump(tmp_path / "b.json", [place]),
    ]
    assert row_of(read_inventory(files, []), "a")["site"] == "DC-West"


def test_relations_make_memberships_dependencies_and_servers_of_databases(tmp_path: Path) -> None:
    servers = dump(tmp_path / "servers.json", [server("web"), server("db"), server("spare")])
    database = {"sys_id": "id-ORCL", "sys_class_name": "cmdb_ci_db_ora_instance", "name": "ORCL", "version": "19c"}
    items = dump(
        tmp_path / "items.json", [application("Shop", busines_criticality="1 - most critical"), application("Pay"), database]
    )
    relations = dump(
        tmp_path / "relations.json",
        [
            relation("Shop", "Runs on::Runs", "web"),
            relation("Pay", "Runs on::Runs", "db"),
            relation("ORCL", "Runs on::Runs", "db"),
            relation("Shop", "Depends on::Used by", "ORCL"),
            relation("Shop", "Depends on::Used by", "spare"),
            relation("Pay", "Depends on::Used by", "Shop"),
            relation("web", "Depends on::Used by", "db"),
        ],
    )
    inventory = read_inventory([relations, items, servers], [])
    estate = inventory.estate
    assert estate.memberships.select("server_id", "application", "confidence").rows() == [
        ("db", "Pay", 1.0),
        ("spare", "Shop", 0.6),
        ("web", "Shop", 1.0),
    ]
    assert estate.declared_dependencies.select("consumer", "provider").rows() == [("Pay", "Shop"), ("Shop", "Pay")]
    assert "relations.json:4; relations.json:7" in estate.declared_dependencies["source"].to_list()
    assert estate.databases.select("server_id", "database", "engine", "version").rows() == [("db", "ORCL", "oracle", "19c")]
    assert dict(estate.applications.select("application", "criticality").iter_rows()) == {"Pay": None, "Shop": "mission-critical"}
    assert inventory.findings == []


def test_relations_without_display_values_are_told_by_their_ids(tmp_path: Path) -> None:
    bare = {
        "sys_id": "1",
        "parent": {"link": "https://x/cmdb_ci/id-Shop", "value": "id-Shop"},
        "type": {"link": "https://x/cmdb_rel_type/t", "value": "60bc4e22c0a8010e01f074cbe6bd73c3"},
        "child": {"link": "https://x/cmdb_ci/id-web", "value": "id-web"},
    }
    inventory = read_inventory([dump(tmp_path / "a.json", [server("web"), application("Shop"), bare])], [])
    assert inventory.estate.memberships.select("server_id", "application").rows() == [("web", "Shop")]


def test_applications_that_only_relations_name_are_not_lost(tmp_path: Path) -> None:
    relations = [relation("Shop", "Runs on::Runs", "web"), relation("Shop", "Depends on::Used by", "Nowhere")]
    inventory = read_inventory([dump(tmp_path / "a.json", [server("web"), *relations])], [])
    assert inventory.estate.applications["application"].to_list() == ["Shop"]
    assert only(inventory, "relation-dangling").source == "a.json:3"


def test_hypervisors_retired_servers_and_other_classes_are_told(tmp_path: Path) -> None:
    records = [
        server("gone", install_status="7"),
        server("esx1", sys_class_name="cmdb_ci_esx_server"),
        server("apache", sys_class_name="cmdb_ci_web_server"),
        server(""),
        server("mf", sys_class_name="cmdb_ci_mainframe", os="z/OS", os_version="2.5"),
        relation("mf", "Cools::Cooled by", "gone"),
    ]
    inventory = read_inventory([dump(tmp_path / "a.json", records)], [])
    assert inventory.estate.servers["name"].to_list() == ["gone", "mf"]
    assert row_of(inventory, "mf")["kind"] == "mainframe"
    assert row_of(inventory, "mf")["os_family"] == "zos"
    assert sorted(codes(inventory)) == [
        "hypervisor-excluded",
        "record-not-used",
        "relation-not-used",
        "retired-in-cmdb",
        "row-without-name",
    ]
    assert (inventory.inputs[0].rows_read, inventory.inputs[0].rows_quarantined) == (6, 4)


def test_memory_of_minus_one_is_unknown(tmp_path: Path) -> None:
    inventory = read_inventory([dump(tmp_path / "a.json", [server("a", ram="-1")])], [])
    assert row_of(inventory, "a")["memory_gib"] is None
    assert only(inventory, "value-set-aside").subject == "a"


@pytest.mark.parametrize("shape", ["list", "records", "pages", "tables", "lines", "gzip"])
def test_envelopes(tmp_path: Path, shape: str) -> None:
    records = [server("a"), server("b")]
    text = {
        "list": json.dumps(records),
        "records": json.dumps({"records": records}),
        "pages": json.dumps([{"result": records[:1]}, {"result": records[1:]}]),
        "tables": json.dumps({"cmdb_ci_server": {"result": records}, "cmdb_rel_ci": {"result": []}}),
        "lines": "\n".join(json.dumps(record) for record in records),
        "gzip": json.dumps({"result": records}),
    }[shape]
    path = tmp_path / "dump.json"
    path.write_bytes(gzip.compress(text.encode()) if shape == "gzip" else text.encode())
    assert read_inventory([path], []).estate.servers.height == 2


def test_the_same_record_in_two_dumps_counts_once(tmp_path: Path) -> None:
    files = [dump(tmp_path / "a.json", [server("a")]), dump(tmp_path / "b.json", [server("a"), server("b")])]
    inventory = read_inventory(files, [])
    assert inventory.estate.servers.height == 2
    assert only(inventory, "record-repeated").source == "b.json:1"


@pytest.mark.parametrize("text", ['{"result": [', "[" * 100_000, '{"result": [{"a": }]}'])
def test_broken_json_is_one_sentence(tmp_path: Path, text: str) -> None:
    (tmp_path / "a.json").write_text(text)
    with pytest.raises(InputError, match=r"a\.json"):
        read_inventory([tmp_path / "a.json"], [])


def test_serial_numbers_of_vms_hold_their_uuid(tmp_path: Path) -> None:
    serial = "VMware-42 15 aa bb cc dd ee ff-00 11 22 33 44 55 66 77"
    files = [
        rvtools(tmp_path / "rv.xlsx", [vm("renamed", VM_UUID="4215aabb-ccdd-eeff-0011-223344556677")]),
        dump(tmp_path / "a.json", [server("old-name", serial_number=serial)]),
    ]
    assert read_inventory(files, []).estate.servers["name"].to_list() == ["renamed"]


def test_the_real_dump_is_accounted_for() -> None:
    if not DUMP.exists():
        pytest.skip("the real exports are not here")
    assert recognise([DUMP])[0].reader == "servicenow"
    assert recognise([DUMP.with_name("sys_user_group.json")])[0].reader is None
    inventory = read_inventory([DUMP], [])
    servers = inventory.estate.servers
    assert servers.height == 40
    assert servers["memory_gib"].null_count() == 14
    assert codes(inventory).count("value-set-aside") == 10
    assert (inventory.inputs[0].rows_read, inventory.inputs[0].rows_quarantined) == (40, 0)
    assert servers.filter(pl.col("os_name").str.starts_with("OS/400"))["os_family"].to_list() == ["unix"]
    assert (servers["environment"] == "production").sum() == 29


def test_who_bears_the_cost_of_an_application_is_read(tmp_path: Path) -> None:
    centre = {"display_value": "4711", "link": "https://x/cmn_cost_center/9", "value": "9"}
    items = [server("web"), application("Shop", cost_center=centre, u_facility="St. Ansgar")]
    applications = read_inventory([dump(tmp_path / "a.json", items)], []).estate.applications
    assert applications.select("application", "hospital", "cost_center").rows() == [("Shop", "St. Ansgar", "4711")]

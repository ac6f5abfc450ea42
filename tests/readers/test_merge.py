"""The same server seen by several sources, through `read_inventory`."""

from __future__ import annotations

from pathlib import Path

import polars as pl
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from migrate.model.provenance import JOINER
from migrate.model.stages import Inventory
from migrate.readers import read_inventory
from migrate.spec import Site
from tests.readers.files import HEALTH12, application, codes, dump, only, relation, row_of, rvtools, server, vm


def _both(
    tmp_path: Path, vms: list[dict[str, object]], records: list[dict[str, object]], sites: tuple[Site, ...] = ()
) -> Inventory:
    return read_inventory([rvtools(tmp_path / "rv.xlsx", vms), dump(tmp_path / "cmdb.json", records)], sites)


def test_each_attribute_comes_from_the_source_that_knows_it_best(tmp_path: Path) -> None:
    seen = vm("WEB01", Datacenter="DC1", Memory=8192, OS_according_to_the_VMware_Tools="Other (32-bit)")
    known = server("web01", ram="4096", owned_by={"display_value": "Ada"}, used_for="Test", os="Ubuntu", fqdn="web01.x.org")
    inventory = _both(tmp_path, [seen], [known])
    row = row_of(inventory, "WEB01")
    assert (row["memory_gib"], row["owner"], row["environment"], row["os_family"], row["fqdn"]) == (
        8.0,
        "Ada",
        "test",
        "linux",
        "web01.x.org",
    )
    assert row["source"] == "cmdb.json:1; rv.xlsx!vInfo:2"
    conflict = only(inventory, "value-conflict")
    assert (conflict.subject, conflict.source) == ("WEB01", row["source"])
    assert "8.0 counts" in conflict.message


def test_records_find_their_vm_by_domain_name_short_name_and_address(tmp_path: Path) -> None:
    vms = [vm("a", DNS_Name="alpha.x.org"), vm("b.x.org"), vm("c", Primary_IP_Address="10.0.0.3")]
    records = [server("alpha.x.org"), server("b"), server("Cash desk", ip_address="10.0.0.3")]
    inventory = _both(tmp_path, vms, records)
    assert sorted(inventory.estate.servers["name"]) == ["a", "b.x.org", "c"]
    assert only(inventory, "server-matched-by-address").subject == "Cash desk"


def test_one_name_in_two_sites_stays_two_servers(tmp_path: Path) -> None:
    vms = [vm("print01", Datacenter="DC-North"), vm("print01", Datacenter="DC-South")]
    records = [
        server("print01", sys_id="1", location={"display_value": "Nordstadt"}, short_description="in the north"),
        server("print01", sys_id="2"),
        server("print02", sys_id="3", location={"display_value": "DC-South"}),
    ]
    inventory = _both(tmp_path, vms, records, (Site(name="DC-North", match=("Nordstadt",)), Site(name="DC-South")))
    servers = inventory.estate.servers
    assert servers["server_id"].to_list() == ["print01-dc-north", "print01-dc-south", "print02"]
    assert servers["annotation"].to_list() == ["in the north", None, None]
    doubt = only(inventory, "ambiguous-server")
    assert (doubt.subject, doubt.source) == ("print01", "cmdb.json:2")
    assert inventory.inputs[0].rows_quarantined == 1


def test_contradicting_sites_and_domains_are_never_one_server(tmp_path: Path) -> None:
    sites = (Site(name="N"), Site(name="S"))
    inventory = _both(
        tmp_path,
        [vm("db01", Datacenter="N"), vm("app01", DNS_Name="app01.a.org")],
        [server("db01", location={"display_value": "S"}), server("app01.b.org")],
        sites,
    )
    assert inventory.estate.servers.height == 4


def test_a_place_is_where_its_servers_stand(tmp_path: Path) -> None:
    place = {"link": "https://x/cmn_location/p1", "value": "p1"}
    vms = [vm(f"s{turn}", Datacenter="DC1") for turn in range(6)]
    records = [server(f"s{turn}", location=place) for turn in range(6)] + [server("mainframe", location=place)]
    inventory = _both(tmp_path, vms, records)
    assert row_of(inventory, "mainframe")["site"] == "DC1"
    assert only(inventory, "site-inferred").subject == "DC1"


def test_servers_that_one_source_knows_are_told_only_where_there_are_two(tmp_path: Path) -> None:
    inventory = _both(tmp_path, [vm("a"), vm("b")], [server("b"), server("c")])
    assert sorted(f.subject for f in inventory.findings if f.code == "server-in-one-source") == ["a", "c"]
    assert codes(read_inventory([tmp_path / "rv.xlsx"], [])) == []


def test_an_address_belongs_to_the_server_where_vcenter_sees_it(tmp_path: Path) -> None:
    inventory = _both(tmp_path, [vm("a", Primary_IP_Address="10.0.0.1"), vm("b")], [server("b", ip_address="10.0.0.1")])
    assert inventory.estate.addresses.select("server_id", "ip").rows() == [("a", "10.0.0.1")]
    assert only(inventory, "address-conflict").subject == "b"


def test_two_exports_of_one_vcenter_are_one_estate(tmp_path: Path) -> None:
    first = rvtools(
        tmp_path / "monday.xlsx", [vm("a", VM_UUID="a" * 31 + "1"), vm("b", VM_UUID="a" * 31 + "2"), vm("old", Cluster="c")]
    )
    second = rvtools(
        tmp_path / "friday.xlsx", [vm("a", VM_UUID="a" * 31 + "1"), vm("new", VM_UUID="a" * 31 + "3"), vm("old", Cluster="c")]
    )
    inventory = read_inventory([first, second], [])
    assert sorted(inventory.estate.servers["name"]) == ["a", "b", "new", "old"]
    assert row_of(inventory, "a")["source"] == "friday.xlsx!vInfo:2; monday.xlsx!vInfo:2"


def test_the_same_file_twice_is_read_once(tmp_path: Path) -> None:
    rvtools(tmp_path / "a.xlsx", [vm("a")])
    (tmp_path / "b.xlsx").write_bytes((tmp_path / "a.xlsx").read_bytes())
    inventory = read_inventory([tmp_path / "a.xlsx", tmp_path / "b.xlsx"], [])
    assert inventory.estate.servers.height == 1
    assert only(inventory, "file-repeated").subject == "b.xlsx"


def test_explicit_words_in_names_say_the_environment(tmp_path: Path) -> None:
    rows = [vm("web-prd-01"), vm("x", Folder="/DC/vm/Test"), vm("prodigy"), vm("dev-test-1")]
    servers = read_inventory([rvtools(tmp_path / "rv.xlsx", rows)], []).estate.servers
    assert dict(servers.select("name", "environment").iter_rows()) == {
        "web-prd-01": "production",
        "x": "test",
        "prodigy": None,
        "dev-test-1": None,
    }


_NAME = st.sampled_from(["a", "b", "A", "a.x.org", "b b", "Ä", "=cmd", ""])
_SITE = st.sampled_from(["N", "S", ""])
_VM = st.builds(
    lambda name, site, uuid, memory, template: vm(name, Datacenter=site, VM_UUID=uuid, Memory=memory, Template=template),
    _NAME,
    _SITE,
    st.sampled_from(["", "1" * 32, "2" * 32]),
    st.sampled_from([1024, -5, "x", 1e300]),
    st.sampled_from(["False", "True"]),
)
_RECORD = st.builds(
    lambda name, site, ip, turn: server(name, sys_id=f"{turn}", location={"display_value": site}, ip_address=ip),
    _NAME,
    _SITE,
    st.sampled_from(["", "10.0.0.1", "10.0.0.2", "nonsense"]),
    st.integers(0, 5),
)


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    vms=st.lists(_VM, min_size=1, max_size=6),
    records=st.lists(_RECORD, min_size=1, max_size=6),
    names=st.lists(_NAME, max_size=4),
)
def test_every_row_ends_in_the_estate_or_in_a_finding(
    tmp_path: Path, vms: list[dict[str, object]], records: list[dict[str, object]], names: list[str]
) -> None:
    load = tmp_path / "load.csv"
    load.write_text("server,cpu p95\n" + "".join(f"{name},5\n" for name in names) + ",7\n", encoding="utf-8")
    relations = [relation("App", "Runs on::Runs", "a"), application("App")]
    files = [rvtools(tmp_path / "rv.xlsx", vms), dump(tmp_path / "cmdb.json", [*records, *relations]), load]
    inventory = read_inventory(files, [Site(name="N")])
    assert_accounted(inventory, {"rv.xlsx!vInfo": len(vms), "load.csv": len(names) + 1})
    servers = inventory.estate.servers
    assert servers["server_id"].is_unique().all()
    assert read_inventory(files[::-1], [Site(name="N")]).findings == inventory.findings
    for frame in (servers, inventory.estate.utilisation, inventory.estate.addresses, inventory.estate.memberships):
        assert frame["source"].str.len_chars().min() != 0


def assert_accounted(inventory: Inventory, sheets: dict[str, int]) -> None:
    """Rows 2 to n+1 of each sheet are cited by the estate or by a finding."""
    cited = {finding.source for finding in inventory.findings}
    for table in inventory.estate.members():
        frame: pl.DataFrame = getattr(inventory.estate, table)
        cited |= {place for source in frame["source"] for place in source.split(JOINER)}
    cited |= {place for source in set(cited) for place in source.split(JOINER)}
    for sheet, rows in sheets.items():
        missing = [f"{sheet}:{row}" for row in range(2, rows + 2) if f"{sheet}:{row}" not in cited]
        assert not missing


def test_the_sample_estate_is_accounted_for() -> None:
    files = sorted(path for path in HEALTH12.iterdir() if path.is_file())
    inventory = read_inventory(files, [])
    estate = inventory.estate
    truth = pl.read_csv(HEALTH12 / "truth" / "memberships.csv", infer_schema=False)
    assert estate.servers.height == truth.height == 2600
    assert estate.servers["site"].null_count() == 0
    # the CMDB's memberships are as right as the CMDB is: 1 in 25 is wrong
    addresses = estate.addresses.select("server_id", "ip").join(truth.select("ip", "application"), on="ip")
    found = estate.memberships.join(addresses, on="server_id", suffix="_true")
    assert (found["application"].str.to_lowercase() == found["application_true"].str.to_lowercase()).mean() > 0.93  # type: ignore[operator]
    rows = {record.file: record.rows_read or 0 for record in inventory.inputs}
    assert_accounted(inventory, {"utilisation.csv": rows["utilisation.csv"], "applications.csv": rows["applications.csv"]})
    again = read_inventory(files[::-1], [])
    assert all(getattr(again.estate, table).equals(getattr(estate, table)) for table in estate.members())
    assert (again.findings, again.inputs) == (inventory.findings, inventory.inputs)
    # 12 templates; every other row of vInfo is a server
    vms = estate.servers["source"].str.count_matches(r"!vInfo:").sum()
    assert vms + codes(inventory).count("template-excluded") == _rows_of_vinfo(inventory)


def _rows_of_vinfo(inventory: Inventory) -> int:
    """Rows of vInfo up to the last that anything cites, in all workbooks."""
    cited = {place for source in inventory.estate.servers["source"] for place in source.split(JOINER)}
    cited |= {finding.source for finding in inventory.findings}
    last: dict[str, int] = {}
    for place in cited:
        sheet, _, row = place.rpartition(":")
        if sheet.endswith("!vInfo"):
            last[sheet] = max(last.get(sheet, 0), int(row))
    return sum(row - 1 for row in last.values())

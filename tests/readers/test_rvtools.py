"""RVTools workbooks, CSV files and zips, through `read_inventory`."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from migrate.errors import InputError
from migrate.readers import read_inventory, recognise
from tests.readers.files import REAL, codes, only, row_of, rvtools, vm, workbook

WORKBOOK = REAL / "rvtools" / "SizingWorkshop-RVTools.xlsx"


def test_memory_and_disks_in_mib_whatever_the_header_claims(tmp_path: Path) -> None:
    new = rvtools(tmp_path / "new.xlsx", [vm("a", Provisioned_MiB=81_920, In_Use_MiB=40_960)])
    old = workbook(
        tmp_path / "old.xlsx",
        {"vInfo": [{"VM": "a", "CPUs": 2, "Memory": 4096, "Provisioned MB": 81_920, "In Use MB": 40_960, "Template": "False"}]},
    )
    for path in (new, old):
        row = row_of(read_inventory([path], []), "a")
        assert (row["memory_gib"], row["disk_gib"], row["disk_used_gib"]) == (4.0, 80.0, 40.0)


def test_everything_of_a_vm_comes_together(tmp_path: Path) -> None:
    path = rvtools(
        tmp_path / "rv.xlsx",
        [
            vm(
                "web01",
                VM_ID="vm-1",
                VM_UUID="421a" * 8,
                DNS_Name="web01.example.org",
                Primary_IP_Address="10.0.0.1",
                Datacenter="DC1",
                Cluster="C1",
                Host="esx1.example.org",
                Folder="/web",
                Annotation="a note\nof two lines",
                OS_according_to_the_configuration_file="Other (64-bit)",
                OS_according_to_the_VMware_Tools="Red Hat Enterprise Linux 8 (64-bit)",
                Total_disk_capacity_MiB="1",
            )
        ],
        vDisk=[
            {"VM": "web01", "VM ID": "vm-1", "Disk": "Hard disk 1", "Disk Key": 2000, "Capacity MiB": "81,920"},
            {"VM": "web01", "VM ID": "vm-1", "Disk": "Hard disk 2", "Disk Key": 2001, "Capacity MiB": 10_240},
        ],
        vPartition=[
            {"VM": "web01", "VM ID": "vm-1", "Disk": "/", "Disk Key": 2000, "Capacity MiB": 81_900, "Consumed MiB": 20_480},
            {"VM": "web01", "VM ID": "vm-1", "Disk": "/var", "Disk Key": 2001, "Capacity MiB": 10_240, "Free MiB": 5_120},
        ],
        vNetwork=[{"VM": "web01", "VM ID": "vm-1", "IPv4 Address": "10.0.0.1, 10.0.0.2", "IPv6 Address": "2001:DB8::1, fe80::1"}],
        vHost=[{"Host": "esx1.example.org", "Datacenter": "DC1", "Cluster": "C1", "CPU Model": "AMD EPYC 7763"}],
    )
    inventory = read_inventory([path], [])
    row = row_of(inventory, "web01")
    assert row["server_id"] == "web01"
    assert row["cpu_model"] == "AMD EPYC 7763"
    assert row["os_name"] == "Red Hat Enterprise Linux 8 (64-bit)"
    assert row["os_family"] == "linux"
    assert (row["disk_gib"], row["disk_used_gib"]) == (90.0, 25.0)
    assert (row["power"], row["kind"], row["site"], row["annotation"]) == ("on", "virtual", "DC1", "a note of two lines")
    disks = inventory.estate.disks.select("disk", "capacity_gib", "used_gib").rows()
    assert disks == [("Hard disk 1", 80.0, 20.0), ("Hard disk 2", 10.0, 5.0)]
    assert inventory.estate.disks["source"][0] == "rv.xlsx!vDisk:2; rv.xlsx!vPartition:2"
    assert set(inventory.estate.addresses["ip"]) == {"10.0.0.1", "10.0.0.2", "2001:db8::1"}
    assert row["source"] == "rv.xlsx!vInfo:2"
    assert inventory.findings == []
    assert (inventory.inputs[0].rows_read, inventory.inputs[0].rows_quarantined) == (7, 0)


def test_configured_system_where_tools_say_nothing(tmp_path: Path) -> None:
    path = rvtools(
        tmp_path / "rv.xlsx", [vm("off", Powerstate="poweredOff", OS_according_to_the_configuration_file="Windows Server 2019")]
    )
    row = row_of(read_inventory([path], []), "off")
    assert (row["os_name"], row["os_family"], row["power"]) == ("Windows Server 2019", "windows", "off")


def test_templates_and_placeholders_are_left_out_with_their_rows_and_told(tmp_path: Path) -> None:
    path = rvtools(
        tmp_path / "rv.xlsx",
        [vm("real"), vm("golden", Template="TRUE"), vm("twin", SRM_Placeholder="True")],
        vDisk=[{"VM": name, "Disk": "Hard disk 1", "Capacity MiB": 1024} for name in ("real", "golden", "twin")],
    )
    inventory = read_inventory([path], [])
    assert inventory.estate.servers["name"].to_list() == ["real"]
    assert only(inventory, "template-excluded").subject == "golden"
    assert only(inventory, "placeholder-excluded").subject == "twin"
    assert only(inventory, "template-excluded").source == "rv.xlsx!vInfo:3"
    assert inventory.inputs[0].rows_quarantined == 4


def test_vm_is_a_placeholder_in_any_column(tmp_path: Path) -> None:
    row = row_of(read_inventory([rvtools(tmp_path / "rv.xlsx", [vm("a", Cluster="VM", Annotation="VM", CPUs="VM")])], []), "a")
    assert (row["cluster"], row["annotation"], row["vcpu"]) == (None, None, None)


def test_a_row_about_a_vm_that_is_not_listed_is_told(tmp_path: Path) -> None:
    path = rvtools(tmp_path / "rv.xlsx", [vm("a")], vDisk=[{"VM": "ghost", "Disk": "Hard disk 1", "Capacity MiB": 1024}])
    inventory = read_inventory([path], [])
    finding = only(inventory, "row-without-server")
    assert (finding.subject, finding.source) == ("ghost", "rv.xlsx!vDisk:2")
    assert inventory.estate.disks.is_empty()


def test_vms_of_one_name_stay_apart_and_keep_their_disks(tmp_path: Path) -> None:
    path = rvtools(
        tmp_path / "rv.xlsx",
        [
            vm("twin", Datacenter="DC1", VM_UUID="aaaa1111" + "0" * 24, VM_ID="vm-1"),
            vm("twin", Datacenter="DC1", VM_UUID="bbbb2222" + "0" * 24, VM_ID="vm-2"),
            vm("twin", Datacenter="DC2", VM_UUID="cccc3333" + "0" * 24, VM_ID="vm-3"),
        ],
        vDisk=[{"VM": "twin", "VM ID": f"vm-{turn}", "Disk": "d", "Capacity MiB": 1024 * turn} for turn in (1, 2, 3)],
    )
    estate = read_inventory([path], []).estate
    assert estate.servers["server_id"].to_list() == ["twin-dc1-aaaa1111", "twin-dc1-bbbb2222", "twin-dc2"]
    assert estate.disks["capacity_gib"].to_list() == [1.0, 2.0, 3.0]


def test_a_child_row_that_could_be_either_twin_is_not_guessed(tmp_path: Path) -> None:
    twins = [vm("twin", Cluster="c1"), vm("twin", Cluster="c1")]
    inventory = read_inventory([rvtools(tmp_path / "rv.xlsx", twins, vDisk=[{"VM": "twin", "Disk": "d", "Capacity MiB": 1}])], [])
    assert inventory.estate.servers.height == 2
    assert "several VMs" in only(inventory, "row-without-server").message


@pytest.mark.parametrize("absurd", [-1, 1e15, "NaN", "inf", "many", "=1+1"])
def test_an_absurd_cell_counts_as_unknown_and_its_row_stays(tmp_path: Path, absurd: object) -> None:
    inventory = read_inventory([rvtools(tmp_path / "rv.xlsx", [vm("a", Memory=absurd), vm("b")])], [])
    assert row_of(inventory, "a")["memory_gib"] is None
    assert row_of(inventory, "a")["vcpu"] == 2.0
    finding = only(inventory, "value-set-aside")
    assert (finding.subject, finding.source) == ("a", "rv.xlsx!vInfo:2")
    assert "memory_gib" in finding.message


def test_tabs_that_disagree_are_told_and_vinfo_counts(tmp_path: Path) -> None:
    path = rvtools(tmp_path / "rv.xlsx", [vm("a"), vm("b", CPUs=None)], vCPU=[{"VM": "a", "CPUs": 8}, {"VM": "b", "CPUs": 8}])
    inventory = read_inventory([path], [])
    assert (row_of(inventory, "a")["vcpu"], row_of(inventory, "b")["vcpu"]) == (2.0, 8.0)
    assert only(inventory, "value-conflict").subject == "a"


def test_rows_without_a_name_and_repeated_headers_are_told(tmp_path: Path) -> None:
    inventory = read_inventory(
        [rvtools(tmp_path / "rv.xlsx", [vm("a"), {"VM": "VM", "Powerstate": "Powerstate"}, {"CPUs": 4}])], []
    )
    assert inventory.estate.servers.height == 1
    assert codes(inventory).count("row-without-name") == 2


def test_hidden_and_long_text_is_cleaned(tmp_path: Path) -> None:
    inventory = read_inventory([rvtools(tmp_path / "rv.xlsx", [vm("a\u202eb\u0007", Annotation="x" * 5000)])], [])
    row = inventory.estate.servers.row(0, named=True)
    assert row["name"] == "a b"
    assert len(row["annotation"]) == 1000
    assert "text-shortened" in codes(inventory)


def test_a_workbook_without_vinfo_names_its_sheets(tmp_path: Path) -> None:
    path = workbook(tmp_path / "rv.xlsx", {"vDisk": [{"VM": "a"}], "vHost": [{"Host": "h"}]})
    with pytest.raises(InputError, match="its sheets are vDisk, vHost"):
        read_inventory([path], [])


@pytest.mark.parametrize("zipped", [False, True])
def test_csv_files_of_an_export_are_read_together(tmp_path: Path, zipped: bool) -> None:
    info = "vInfoVMName,vInfoCPUs,vInfoMemory,vInfoPowerstate\na,4,8192,poweredOn\n"
    disk = "VM;Disk;Capacity MiB\na;Hard disk 1;20.480,0\n"
    (tmp_path / "RVTools_tabvInfo.csv").write_text(info)
    (tmp_path / "RVTools_tabvDisk.csv").write_text(disk)
    files = sorted(tmp_path.glob("*.csv"))
    if zipped:
        with zipfile.ZipFile(tmp_path / "export.zip", "w") as archive:
            for file in files:
                archive.write(file, f"out/{file.name}")
        files = [tmp_path / "export.zip"]
    inventory = read_inventory(files, [])
    row = row_of(inventory, "a")
    assert (row["vcpu"], row["memory_gib"], row["disk_gib"]) == (4.0, 8.0, 20.0)
    assert sum(record.rows_read or 0 for record in inventory.inputs) == 2


def test_the_real_workbook_is_accounted_for() -> None:
    if not WORKBOOK.exists():
        pytest.skip("the real exports are not here")
    inventory = read_inventory([WORKBOOK], [])
    assert inventory.estate.servers.height == 795
    assert codes(inventory).count("template-excluded") == 10
    estate = inventory.estate
    assert dict(estate.servers["power"].value_counts().iter_rows()) == {"on": 763, "off": 32}
    assert recognise([WORKBOOK])[0].reader == "rvtools"
    # every row of vInfo and vPartition is cited by the estate, or by a finding, or is a template's
    cited = {place for frame in (estate.servers, estate.disks) for source in frame["source"] for place in source.split("; ")}
    told = {finding.source for finding in inventory.findings}
    info = {f"{WORKBOOK.name}!vInfo:{row}" for row in range(2, 807)}
    assert info <= cited | told
    used = len([place for place in cited if "!vPartition:" in place]) + sum("!vPartition:" in source for source in told)
    record = inventory.inputs[0]
    assert record.rows_read == 805 + 1618 + 34
    # 10 templates with one partition row of theirs, and the hosts without VMs
    idle = codes(inventory).count("hypervisor-without-servers")
    assert record.rows_quarantined == 10 + (1618 - used) + idle

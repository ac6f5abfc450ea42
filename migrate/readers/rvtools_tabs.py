"""The columns of RVTools' tabs that are read, with every name they have had.

Sizes under "MB" and under "MiB" are both MiB: RVTools copies the mebibytes that vSphere reports, and versions before 4.1
only wrote the wrong unit over them. Seen in exports of 3.x: memory of 4 GiB stands as 4096, a partition on an 80 GiB disk
as 81,916 "MB" (80 × 1024 less the boot sector); in decimal megabytes they would be 4,295 and 85,895.
"""

from __future__ import annotations

import re

from migrate.readers.cells import Column, normal_header

__all__ = ["BLANKS", "KEYS", "TABS", "tab_of", "wanted_header"]

#: A cell that says "VM" in any column stands for "nothing": some exports are anonymised or templated that way.
BLANKS = ("VM",)

_MIB = 1 / 1024.0
_MOST_VCPU, _MOST_MEMORY_GIB, _MOST_DISK_GIB = 8_192.0, 131_072.0, 10_000_000.0  # well beyond any machine that is sold


def _size(name: str, *headers: str, least: float = 0.0, most: float = _MOST_DISK_GIB) -> Column:
    """A size in MiB, whatever unit the header claims."""
    spelled = [f"{header} {unit}" for header in headers for unit in ("mib", "mb")]
    return Column(name, (*spelled, *headers), "number", _MIB, least, most)


#: What says which VM a row of any tab is about.
KEYS = (
    Column("name", ("vm", "vm name", "name")),
    Column("vm_id", ("vm id", "vmref", "object id", "moref")),
    Column("uuid", ("vm uuid", "uuid", "instance uuid")),
    Column("site", ("datacenter", "data center")),
    Column("cluster", ("cluster", "cluster name")),
    Column("hypervisor", ("host", "esx host", "host name")),
)

_INFO = (
    *KEYS,
    Column("other_uuid", ("smbios uuid", "bios uuid")),
    Column("power", ("powerstate", "power state")),
    Column("template", ("template",)),
    Column("placeholder", ("srm placeholder",)),
    Column("connection", ("connection state",)),
    Column("fqdn", ("dns name", "guest hostname")),
    Column("vcpu", ("cpus", "cpu", "num cpus", "num cpu", "vcpus"), "number", 1.0, 0.01, _MOST_VCPU),
    _size("memory_gib", "memory", "memory size", least=0.001, most=_MOST_MEMORY_GIB),
    _size("capacity_gib", "total disk capacity"),
    _size("provisioned_gib", "provisioned"),
    _size("in_use_gib", "in use"),
    Column("ip", ("primary ip address", "ip address", "primary ip"), longest=1000),
    Column("folder", ("folder", "vm folder")),
    Column("resource_pool", ("resource pool",)),
    Column("annotation", ("annotation", "notes"), longest=1000),
    Column("owner", ("owner", "application owner", "technical owner")),  # customers' attributes stand among RVTools' columns
    Column("environment", ("environment", "env")),
    Column("os_config", ("os according to the configuration file", "os", "guest os", "os config")),
    Column("os_tools", ("os according to the vmware tools", "os tools")),
)
_CPU = (*KEYS, Column("vcpu", ("cpus", "cpu", "num cpus"), "number", 1.0, 0.01, _MOST_VCPU))
_MEMORY = (*KEYS, _size("memory_gib", "size", least=0.001, most=_MOST_MEMORY_GIB))
_DISK = (
    *KEYS,
    Column("disk", ("disk", "label")),
    Column("disk_key", ("disk key",)),
    _size("capacity_gib", "capacity"),
)
_PARTITION = (
    *KEYS,
    Column("disk", ("disk", "partition")),
    Column("disk_key", ("disk key",)),
    _size("capacity_gib", "capacity"),
    _size("consumed_gib", "consumed"),
    _size("free_gib", "free"),
)
_NETWORK = (
    *KEYS,
    Column("ipv4", ("ipv4 address", "ip address", "ip addresses"), longest=2000),
    Column("ipv6", ("ipv6 address",), longest=2000),
)
_HOST = (
    Column("hypervisor", ("host", "host name")),
    Column("site", ("datacenter", "data center")),
    Column("cluster", ("cluster",)),
    Column("cpu_model", ("cpu model",)),
)

#: The tabs that are read. The others hold nothing that a plan needs.
TABS: dict[str, tuple[Column, ...]] = {
    "vInfo": _INFO,
    "vCPU": _CPU,
    "vMemory": _MEMORY,
    "vDisk": _DISK,
    "vPartition": _PARTITION,
    "vNetwork": _NETWORK,
    "vHost": _HOST,
}

_BY_NAME = {name.lower(): name for name in TABS}
# the tabs that are not read; all names are lower case
_OTHERS = frozenset(
    (
        *("vcd", "vusb", "vsnapshot", "vtools", "vsource", "vrp", "vcluster", "vhba", "vnic", "vswitch", "vport", "dvswitch"),
        *("dvport", "vsc_vmk", "vdatastore", "vmultipath", "vlicense", "vfileinfo", "vhealth", "vmetadata"),
    )
)
_HEADERS = {tab: frozenset(header for column in columns for header in column.headers) for tab, columns in TABS.items()}


def tab_of(name: str) -> str | None:
    """The tab that a sheet or file name stands for: ``vInfo``, ``tabvInfo``, ``RVTools_tabvInfo.csv``.

    Returns
    -------
    A key of `TABS`, another RVTools tab in lower case, or None for a name that is none of RVTools'.
    """
    plain = re.sub(r"\.csv(\.gz)?$", "", name.strip().lower())
    plain = re.sub(r"^.*tab(?=d?v)", "", plain)
    plain = re.sub(r"^rvtools[_ -]*", "", plain)
    return _BY_NAME.get(plain) or (plain if plain in _OTHERS else None)


def wanted_header(tab: str, header: str) -> bool:
    """Whether a column of the tab is read."""
    return normal_header(header) in _HEADERS[tab]

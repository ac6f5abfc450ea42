"""Operating systems: how often each occurs in the sample, and how RVTools and a CMDB write it."""

from __future__ import annotations

from typing import NamedTuple

__all__ = ["SYSTEMS", "System", "systems_of"]


class System(NamedTuple):
    """One operating system."""

    kind: str  # W, L, U, Z or P, as in the catalogue
    weight: float  # share among its kind
    configured: str  # as in the RVTools column "OS according to the configuration file"; empty where it is never a VM
    cmdb_os: str
    cmdb_version: str


SYSTEMS = (
    System("W", 0.03, "Microsoft Windows Server 2008 R2 (64-bit)", "Windows 2008 R2 Standard", "6.1.7601"),
    System("W", 0.02, "Microsoft Windows Server 2008 (64-bit)", "Windows 2008 Standard", "6.0.6003"),
    System("W", 0.12, "Microsoft Windows Server 2012 (64-bit)", "Windows 2012 R2 Standard", "6.3.9600"),
    System("W", 0.29, "Microsoft Windows Server 2016 (64-bit)", "Windows 2016 Standard", "10.0.14393"),
    System("W", 0.36, "Microsoft Windows Server 2019 (64-bit)", "Windows 2019 Datacenter", "10.0.17763"),
    System("W", 0.18, "Microsoft Windows Server 2022 (64-bit)", "Windows 2022 Datacenter", "10.0.20348"),
    System("L", 0.04, "Red Hat Enterprise Linux 6 (64-bit)", "Linux Red Hat", "6.10"),
    System("L", 0.10, "CentOS 7 (64-bit)", "Linux CentOS", "7.9.2009"),
    System("L", 0.18, "Red Hat Enterprise Linux 7 (64-bit)", "Linux Red Hat", "7.9"),
    System("L", 0.34, "Red Hat Enterprise Linux 8 (64-bit)", "Linux Red Hat", "8.10"),
    System("L", 0.14, "Red Hat Enterprise Linux 9 (64-bit)", "Linux Red Hat", "9.4"),
    System("L", 0.08, "Ubuntu Linux (64-bit)", "Linux Ubuntu", "22.04"),
    System("L", 0.03, "SUSE Linux Enterprise 12 (64-bit)", "Linux SuSE", "12.5"),
    System("L", 0.04, "SUSE Linux Enterprise 15 (64-bit)", "Linux SuSE", "15.5"),
    System("L", 0.03, "Oracle Linux 8 (64-bit)", "Linux Oracle", "8.9"),
    System("L", 0.02, "Other 3.x or later Linux (64-bit)", "Linux", ""),
    System("U", 0.80, "", "AIX", "7.2"),
    System("U", 0.20, "", "AIX", "7.1"),
    System("Z", 1.00, "", "z/OS", "2.5"),
    System("P", 0.60, "", "", ""),
    System("P", 0.40, "", "Linux", ""),
)


def systems_of(kind: str) -> list[tuple[int, float]]:
    """Index into `SYSTEMS` and weight of each system of a kind."""
    return [(index, system.weight) for index, system in enumerate(SYSTEMS) if system.kind == kind]

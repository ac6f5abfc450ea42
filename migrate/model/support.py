"""When vendors stop supporting operating systems: a dated table, and the two ways to ask it.

The end is that of the last support that comes without an extra fee: Microsoft's extended support, Red Hat's maintenance
support, SUSE's general support, Ubuntu's standard LTS support, Debian's LTS, Oracle's premier support. Paid extensions (ESU, ELS,
LTSS, Ubuntu Pro) are not counted. A distribution without a version, or a name that stands for several (`CentOS 4/5/6/7`,
`2016 or later`), has no known end. Vendors move these dates now and then: each entry names the page that decides.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import polars as pl

__all__ = ["SUPPORT", "OsSupport", "end_of_support", "end_of_support_expr"]


@dataclass(frozen=True)
class OsSupport:
    """One release of an operating system.

    Attributes
    ----------
    product
        Its name, as reports show it.
    pattern
        What its name looks like in inventories: a regular expression on the lower-case name. The first match counts.
    end
        Last day of support.
    source
        Where the vendor publishes it.
    """

    product: str
    pattern: str
    end: dt.date
    source: str


_MICROSOFT = "https://learn.microsoft.com/lifecycle/products/"
_RED_HAT = "https://access.redhat.com/support/policy/updates/errata"
_CENTOS = "https://www.centos.org/centos-linux-eol/"
_STREAM = "https://www.centos.org/cl-vs-cs/"
_ORACLE = "https://www.oracle.com/a/ocom/docs/elsp-lifetime-069338.pdf"
_SUSE = "https://www.suse.com/lifecycle"
_UBUNTU = "https://ubuntu.com/about/release-cycle"
_DEBIAN = "https://wiki.debian.org/LTS"
_AMAZON = "https://aws.amazon.com/linux/amazon-linux-2023/faqs/"
_AIX = "https://www.ibm.com/support/pages/aix-support-lifecycle-information"
_ZOS = "https://www.ibm.com/support/pages/lifecycle/"


def _linux(names: str, version: str) -> str:
    return rf"(?:{names})[^\d]*{version}(?:[._]\d[\d._]*)?(?:$|[^\d./])"


def _windows_server(year: str) -> str:
    short = f"2k{int(year[2:])}"
    return rf"win[^\d]*(?:{year}|{short}(?:$|[^\d]))"


_RHEL = r"red ?hat|rhel"
_SLES = r"sles|suse linux enterprise|suse linux es|suse linux"
_OL = r"oracle linux|oracle enterprise linux|oraclelinux"
_CLONES = r"rocky|alma"

SUPPORT: tuple[OsSupport, ...] = (
    OsSupport("Windows NT 4.0", r"win[^\d]*nt ?4", dt.date(2004, 12, 31), _MICROSOFT),
    OsSupport("Windows 2000", _windows_server("2000"), dt.date(2010, 7, 13), _MICROSOFT + "windows-2000-server"),
    OsSupport("Windows Server 2003", _windows_server("2003"), dt.date(2015, 7, 14), _MICROSOFT + "windows-server-2003-"),
    OsSupport("Windows Server 2008", _windows_server("2008"), dt.date(2020, 1, 14), _MICROSOFT + "windows-server-2008"),
    OsSupport("Windows Server 2012", _windows_server("2012"), dt.date(2023, 10, 10), _MICROSOFT + "windows-server-2012"),
    OsSupport("Windows Server 2016", _windows_server("2016"), dt.date(2027, 1, 12), _MICROSOFT + "windows-server-2016"),
    OsSupport("Windows Server 2019", _windows_server("2019"), dt.date(2029, 1, 9), _MICROSOFT + "windows-server-2019"),
    OsSupport("Windows Server 2022", _windows_server("2022"), dt.date(2031, 10, 14), _MICROSOFT + "windows-server-2022"),
    OsSupport("Windows Server 2025", _windows_server("2025"), dt.date(2034, 11, 14), _MICROSOFT + "windows-server-2025"),
    OsSupport("Windows XP", r"win[^\d]*\bxp\b", dt.date(2014, 4, 8), _MICROSOFT + "windows-xp"),
    OsSupport("Windows Vista", r"win[^\d]*\bvista\b", dt.date(2017, 4, 11), _MICROSOFT + "windows-vista"),
    OsSupport("Windows 7", r"windows 7\b", dt.date(2020, 1, 14), _MICROSOFT + "windows-7"),
    OsSupport("Windows 8.1", r"windows 8\.1\b", dt.date(2023, 1, 10), _MICROSOFT + "windows-81"),
    OsSupport("Windows 8", r"windows 8\b", dt.date(2016, 1, 12), _MICROSOFT + "windows-8"),
    OsSupport("Windows 10", r"windows 10\b", dt.date(2025, 10, 14), _MICROSOFT + "windows-10-home-and-pro"),
    OsSupport("CentOS Stream 8", r"centos[^\d]*stream[^\d]*8\b", dt.date(2024, 5, 31), _STREAM),
    OsSupport("CentOS Stream 9", r"centos[^\d]*stream[^\d]*9\b", dt.date(2027, 5, 31), _STREAM),
    OsSupport("CentOS 5", _linux("centos", "5"), dt.date(2017, 3, 31), _CENTOS),
    OsSupport("CentOS 6", _linux("centos", "6"), dt.date(2020, 11, 30), _CENTOS),
    OsSupport("CentOS 7", _linux("centos", "7"), dt.date(2024, 6, 30), _CENTOS),
    OsSupport("CentOS 8", _linux("centos", "8"), dt.date(2021, 12, 31), _CENTOS),
    OsSupport("Red Hat Enterprise Linux 3", _linux(_RHEL, "3"), dt.date(2010, 10, 31), _RED_HAT),
    OsSupport("Red Hat Enterprise Linux 4", _linux(_RHEL, "4"), dt.date(2012, 2, 29), _RED_HAT),
    OsSupport("Red Hat Enterprise Linux 5", _linux(_RHEL, "5"), dt.date(2017, 3, 31), _RED_HAT),
    OsSupport("Red Hat Enterprise Linux 6", _linux(_RHEL, "6"), dt.date(2020, 11, 30), _RED_HAT),
    OsSupport("Red Hat Enterprise Linux 7", _linux(_RHEL, "7"), dt.date(2024, 6, 30), _RED_HAT),
    OsSupport("Red Hat Enterprise Linux 8", _linux(_RHEL, "8"), dt.date(2029, 5, 31), _RED_HAT),
    OsSupport("Red Hat Enterprise Linux 9", _linux(_RHEL, "9"), dt.date(2032, 5, 31), _RED_HAT),
    OsSupport("Red Hat Enterprise Linux 10", _linux(_RHEL, "10"), dt.date(2035, 5, 31), _RED_HAT),
    OsSupport("Rocky/AlmaLinux 8", _linux(_CLONES, "8"), dt.date(2029, 5, 31), "https://wiki.rockylinux.org/rocky/version/"),
    OsSupport("Rocky/AlmaLinux 9", _linux(_CLONES, "9"), dt.date(2032, 5, 31), "https://wiki.rockylinux.org/rocky/version/"),
    OsSupport("Oracle Linux 5", _linux(_OL, "5"), dt.date(2017, 6, 30), _ORACLE),
    OsSupport("Oracle Linux 6", _linux(_OL, "6"), dt.date(2021, 3, 31), _ORACLE),
    OsSupport("Oracle Linux 7", _linux(_OL, "7"), dt.date(2024, 12, 31), _ORACLE),
    OsSupport("Oracle Linux 8", _linux(_OL, "8"), dt.date(2029, 7, 31), _ORACLE),
    OsSupport("Oracle Linux 9", _linux(_OL, "9"), dt.date(2032, 6, 30), _ORACLE),
    OsSupport("SUSE Linux Enterprise 10", _linux(_SLES, "10"), dt.date(2013, 7, 31), _SUSE),
    OsSupport("SUSE Linux Enterprise 11", _linux(_SLES, "11"), dt.date(2019, 3, 31), _SUSE),
    OsSupport("SUSE Linux Enterprise 12", _linux(_SLES, "12"), dt.date(2024, 10, 31), _SUSE),
    OsSupport("SUSE Linux Enterprise 15", _linux(_SLES, "15"), dt.date(2031, 7, 31), _SUSE),
    OsSupport("Ubuntu 12.04", r"ubuntu[^\d]*12\.04", dt.date(2017, 4, 30), _UBUNTU),
    OsSupport("Ubuntu 14.04", r"ubuntu[^\d]*14\.04", dt.date(2019, 4, 30), _UBUNTU),
    OsSupport("Ubuntu 16.04", r"ubuntu[^\d]*16\.04", dt.date(2021, 4, 30), _UBUNTU),
    OsSupport("Ubuntu 18.04", r"ubuntu[^\d]*18\.04", dt.date(2023, 5, 31), _UBUNTU),
    OsSupport("Ubuntu 20.04", r"ubuntu[^\d]*20\.04", dt.date(2025, 5, 31), _UBUNTU),
    OsSupport("Ubuntu 22.04", r"ubuntu[^\d]*22\.04", dt.date(2027, 4, 30), _UBUNTU),
    OsSupport("Ubuntu 24.04", r"ubuntu[^\d]*24\.04", dt.date(2029, 5, 31), _UBUNTU),
    OsSupport("Debian 7", _linux("debian", "7"), dt.date(2018, 5, 31), _DEBIAN),
    OsSupport("Debian 8", _linux("debian", "8"), dt.date(2020, 6, 30), _DEBIAN),
    OsSupport("Debian 9", _linux("debian", "9"), dt.date(2022, 6, 30), _DEBIAN),
    OsSupport("Debian 10", _linux("debian", "10"), dt.date(2024, 6, 30), _DEBIAN),
    OsSupport("Debian 11", _linux("debian", "11"), dt.date(2026, 8, 31), _DEBIAN),
    OsSupport("Debian 12", _linux("debian", "12"), dt.date(2028, 6, 30), _DEBIAN),
    OsSupport("Debian 13", _linux("debian", "13"), dt.date(2030, 6, 30), _DEBIAN),
    OsSupport("Amazon Linux 2023", r"amazon linux 2023", dt.date(2029, 6, 30), _AMAZON),
    OsSupport("Amazon Linux 2", r"amazon linux 2(?:$|[^\d])", dt.date(2026, 6, 30), _AMAZON),
    OsSupport("AIX 5.3", r"aix[^\d]*5\.3", dt.date(2012, 4, 30), _AIX),
    OsSupport("AIX 6.1", r"aix[^\d]*6\.1", dt.date(2017, 4, 30), _AIX),
    OsSupport("AIX 7.1", r"aix[^\d]*7\.1", dt.date(2023, 4, 30), _AIX),
    OsSupport("HP-UX 11i v3", r"hp-?ux.*(?:11\.31|11i ?v3)", dt.date(2025, 12, 31), "https://www.hpe.com/hpux"),
    OsSupport("Solaris 10", _linux("solaris|sunos 5\\.", "10"), dt.date(2018, 1, 31), _ORACLE),
    OsSupport("Solaris 11", _linux("solaris|sunos 5\\.", "11"), dt.date(2031, 11, 30), _ORACLE),
    OsSupport("z/OS 2.4", r"z/?os[^\d]*0?2\.0?4", dt.date(2024, 9, 30), _ZOS),
    OsSupport("z/OS 2.5", r"z/?os[^\d]*0?2\.0?5", dt.date(2026, 9, 30), _ZOS),
    OsSupport("z/OS 3.1", r"z/?os[^\d]*0?3\.0?1", dt.date(2028, 9, 30), _ZOS),
)

_SEVERAL = r"or later|\d/\d"


def _end_of(name: pl.Expr) -> pl.Expr:
    """The table as one expression: the first pattern that matches."""
    low = name.str.to_lowercase()
    ends = [pl.when(low.str.contains(entry.pattern)).then(pl.lit(entry.end)) for entry in SUPPORT]
    return pl.when(~low.str.contains(_SEVERAL)).then(pl.coalesce(ends))


def _ends(names: pl.Series) -> pl.Series:
    """Each distinct name is looked up once: an estate has few of them."""
    distinct = names.unique().drop_nulls().to_frame("name").with_columns(end=_end_of(pl.col("name")))
    return names.to_frame("name").join(distinct, on="name", how="left", maintain_order="left")["end"]


def end_of_support_expr(os_name: str | pl.Expr) -> pl.Expr:
    """End of support for a column of operating-system names as inventories write them; null where it is not known."""
    column = pl.col(os_name) if isinstance(os_name, str) else os_name
    return column.cast(pl.String).map_batches(_ends, return_dtype=pl.Date)


def end_of_support(os_name: str | None) -> dt.date | None:
    """`end_of_support_expr` for one name.

    Examples
    --------
    >>> end_of_support("Red Hat Enterprise Linux 6 (64-bit)")
    datetime.date(2020, 11, 30)
    """
    if os_name is None:
        return None
    found: dt.date | None = _ends(pl.Series([os_name], dtype=pl.String))[0]
    return found

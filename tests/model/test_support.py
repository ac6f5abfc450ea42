"""End of support of operating systems."""

import datetime as dt
import re

import polars as pl
import pytest

from migrate.model.support import SUPPORT, end_of_support, end_of_support_expr

CASES = [
    ("Microsoft Windows Server 2008 R2 (64-bit)", dt.date(2020, 1, 14)),
    ("Microsoft Windows Server 2003 Standard (32-bit)", dt.date(2015, 7, 14)),
    ("Microsoft Windows Server 2012 (64-bit)", dt.date(2023, 10, 10)),
    ("Windows 2012 R2 Datacenter", dt.date(2023, 10, 10)),
    ("Windows Server® 2008 Standard", dt.date(2020, 1, 14)),
    ("Win2k8 R2", dt.date(2020, 1, 14)),
    ("Microsoft Windows 7 (64-bit)", dt.date(2020, 1, 14)),
    ("Microsoft Windows XP Professional (32-bit)", dt.date(2014, 4, 8)),
    ("Microsoft Windows 10 (64-bit)", dt.date(2025, 10, 14)),
    ("Windows Server 2022 Datacenter", dt.date(2031, 10, 14)),
    ("Red Hat Enterprise Linux 6 (64-bit)", dt.date(2020, 11, 30)),
    ("Red Hat Enterprise Linux Server release 7.4 (Maipo)", dt.date(2024, 6, 30)),
    ("RHEL 8.6", dt.date(2029, 5, 31)),
    ("rhel7", dt.date(2024, 6, 30)),
    ("CentOS Linux release 7.5.1804 (Core)", dt.date(2024, 6, 30)),
    ("CentOS Stream 8", dt.date(2024, 5, 31)),
    ("SUSE Linux Enterprise 11 (64-bit)", dt.date(2019, 3, 31)),
    ("SLES 12 SP5", dt.date(2024, 10, 31)),
    ("Ubuntu 20.04.6 LTS", dt.date(2025, 5, 31)),
    ("Debian GNU/Linux 10 (64-bit)", dt.date(2024, 6, 30)),
    ("Amazon Linux 2 (64-bit)", dt.date(2026, 6, 30)),
    ("Amazon Linux 2023", dt.date(2029, 6, 30)),
    ("Oracle Solaris 10 (64-bit)", dt.date(2018, 1, 31)),
    ("Oracle Linux 8 (64-bit)", dt.date(2029, 7, 31)),
    ("AIX 7.1", dt.date(2023, 4, 30)),
    ("CentOS 4/5/6/7 (64-bit)", None),
    ("Microsoft Windows Server 2016 or later (64-bit)", None),
    ("Ubuntu Linux (64-bit)", None),
    ("Other 3.x or later Linux (64-bit)", None),
    ("FreeBSD (64-bit)", None),
    ("", None),
    (None, None),
]


@pytest.mark.parametrize(("name", "end"), CASES)
def test_names_as_inventories_write_them(name: str | None, end: dt.date | None) -> None:
    assert end_of_support(name) == end


def test_a_column_gives_the_same_as_single_names_in_its_order() -> None:
    frame = pl.DataFrame({"os_name": [name for name, _ in CASES]}, schema={"os_name": pl.String})
    assert frame.select(end_of_support_expr("os_name")).to_series().to_list() == [end for _, end in CASES]


def test_every_entry_is_reached_by_its_own_name() -> None:
    for entry in SUPPORT:
        name = entry.product.replace("Rocky/AlmaLinux", "AlmaLinux")
        assert end_of_support(name) == entry.end, entry.product
        assert re.match("https://", entry.source)


def test_an_empty_column_and_a_null_column() -> None:
    assert pl.DataFrame({"n": pl.Series([], dtype=pl.String)}).select(end_of_support_expr("n")).height == 0
    assert pl.DataFrame({"n": [None, None]}).select(end_of_support_expr("n")).to_series().to_list() == [None, None]

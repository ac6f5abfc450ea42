from __future__ import annotations

from migrate.waves.selectors import Selectors, unknown_application
from tests.factories import make_application

APPLICATIONS = [
    make_application("Claims", domain="revenue-cycle", criticality="high", data_class="PHI", site="DC-North"),
    make_application("Payroll", domain="back-office", criticality="low", data_class=None, site="DC-South"),
    make_application("domain:x", domain=None, criticality="low", data_class=None, site=None),
]


def test_every_kind_of_selector() -> None:
    find = Selectors(APPLICATIONS).find
    assert find("claims") == (0,)
    assert find("domain:back-office") == (1,)
    assert find("criticality:LOW") == (1, 2)
    assert find("data:PHI") == (0,)
    assert find("site:DC-South") == (1,)
    assert find("*") == (0, 1, 2)
    assert find("domain:*") == (0, 1)  # those whose domain is known
    assert find("domain:x") == (2,)  # a name that looks like a selector is a name
    assert find("owner:x") == find("Nothing") == ()


def test_of_whom_nobody_knows_whether_a_selector_means_them() -> None:
    unknown = Selectors(APPLICATIONS).unknown_to
    assert unknown(["domain:clinical"]) == (2,)
    assert unknown(["data:PHI", "site:DC-North"]) == (1, 2)
    assert unknown(["Claims", "domain:x", "criticality:low", "*"]) == ()


def test_an_unknown_application_is_met_with_the_nearest() -> None:
    assert "'Payroll'" in unknown_application("payrol", APPLICATIONS, "here").remedy

"""What is not known is told by the money at stake, not by the alphabet."""

from __future__ import annotations

from migrate.findings import Finding, Severity
from migrate.reports.unknowns import unknowns
from tests.factories import make_plan


def _warning(code: str, message: str, subject: str = "small") -> Finding:
    return Finding(code=code, severity=Severity.warning, subject=subject, message=message, remedy="Look.")


def test_missing_money_comes_first_and_cells_of_inventories_last() -> None:
    findings = (
        _warning("address-conflict", "The CMDB gives it another address", "db-01"),
        _warning("address-conflict", "The CMDB gives it another address", "db-02"),
        _warning("database-licence-not-priced", "9 servers run a database"),
        _warning("price-book-old", "Prices are old"),
        _warning("staff-transfer", "Operators change employer"),
        _warning("service-not-priced", "A bought service has no price", "ERP"),
    )
    said = unknowns(make_plan(findings=findings))
    assert said[:2] == ("9 servers run a database.", "Prices are old.")
    assert said[2].startswith("The cost of ")
    assert said[3] == "ERP: A bought service has no price."
    assert said[-2:] == (
        "Operators change employer.",
        "db-01: The CMDB gives it another address (1 more such warning).",
    )


def test_what_is_known_and_what_has_its_own_sentence_is_not_repeated() -> None:
    findings = (_warning("target-cost-unknown", "Covers some"), _warning("term-penalty", "Costs 5 USD"))
    said = " ".join(unknowns(make_plan(findings=findings)))
    assert "Covers some" not in said
    assert "Costs 5 USD" not in said

"""What can go wrong? Rules as data, and the score of every application with its denominator."""

from migrate.risk.assess import assess, rules_in_force
from migrate.risk.document import rules_document, rules_table
from migrate.risk.rule import RiskRule
from migrate.risk.rules import RULES

__all__ = ["RULES", "RiskRule", "assess", "rules_document", "rules_in_force", "rules_table"]

"""Public sources that several rules cite, written once."""

from __future__ import annotations

__all__ = ["ASSESSMENT", "MGN", "MIGRATION_PLAYBOOK", "NIST_800_34", "NIST_800_53", "PORTFOLIO_PLAYBOOK", "SECURITY_RULE"]

PORTFOLIO_PLAYBOOK = (
    "AWS Prescriptive Guidance, Portfolio playbook for AWS large migrations "
    "(https://docs.aws.amazon.com/prescriptive-guidance/latest/large-migration-portfolio-playbook/)"
)
MIGRATION_PLAYBOOK = (
    "AWS Prescriptive Guidance, Migration playbook for AWS large migrations "
    "(https://docs.aws.amazon.com/prescriptive-guidance/latest/large-migration-migration-playbook/)"
)
ASSESSMENT = (
    "AWS Prescriptive Guidance, Application portfolio assessment guide for AWS Cloud migration "
    "(https://docs.aws.amazon.com/prescriptive-guidance/latest/application-portfolio-assessment-guide/)"
)
MGN = "AWS Application Migration Service User Guide (https://docs.aws.amazon.com/mgn/latest/ug/)"
NIST_800_34 = "NIST SP 800-34 Rev. 1, Contingency Planning Guide for Federal Information Systems"
NIST_800_53 = "NIST SP 800-53 Rev. 5, Security and Privacy Controls"
SECURITY_RULE = "HIPAA Security Rule, 45 CFR"

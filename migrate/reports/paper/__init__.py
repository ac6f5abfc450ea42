"""business-case.pdf: the business case on paper, for those who sign it."""

from migrate.reports.paper.paper import write_paper

__all__ = ["write_paper"]

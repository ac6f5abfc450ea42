"""The tables of a plan that several files show, each made once."""

from __future__ import annotations

from functools import cached_property

import polars as pl

from migrate.model.plan import Plan
from migrate.reports.tables import applications_table, dependencies_table, findings_table, servers_table, waves_table

__all__ = ["PlanTables"]


class PlanTables:
    """Tables of one plan, made when they are first asked for."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan

    @cached_property
    def servers(self) -> pl.DataFrame:
        """`servers_table`."""
        return servers_table(self._plan)

    @cached_property
    def applications(self) -> pl.DataFrame:
        """`applications_table`."""
        return applications_table(self._plan)

    @cached_property
    def dependencies(self) -> pl.DataFrame:
        """`dependencies_table`."""
        return dependencies_table(self._plan)

    @cached_property
    def waves(self) -> pl.DataFrame:
        """`waves_table`."""
        return waves_table(self._plan)

    @cached_property
    def findings(self) -> pl.DataFrame:
        """`findings_table`."""
        return findings_table(self._plan)

"""What is asked of flow records beside their conversations: when they were, how many, and what need not be looked for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import reduce
from typing import TYPE_CHECKING, Any

from migrate.discovery.daily import Alike
from migrate.discovery.evidence import DOUBTFUL
from migrate.readers.flow_formats.record_kinds import REJECTED

if TYPE_CHECKING:
    import ibis.expr.types as ir

__all__ = ["accounted", "by_hour", "rows_alike"]

_SECONDS_AN_HOUR = 3_600


def by_hour(tables: Sequence[ir.Table]) -> ir.Table:
    """How many records begin in each hour since 1970; null for those without a time. Reads no other column."""
    counted = [
        table.select(hour=table.start // _SECONDS_AN_HOUR).group_by("hour").agg(rows=lambda t: t.count()) for table in tables
    ]
    return reduce(lambda one, other: one.union(other), counted)


def accounted(rows: ir.Table) -> ir.Table:
    """How many records were read, and how many that say something have no time, or one outside the window.

    And what `rows_alike` wants to know.
    """
    telling = rows.kind <= REJECTED
    aside = telling & (rows.day < 0)
    both_ways = rows.records + rows.records_back
    return rows.aggregate(
        rows=both_ways.sum(),
        untimed=both_ways.sum(where=aside & rows.first_seen.isnull()),
        strayed=both_ways.sum(where=aside & rows.first_seen.notnull()),
        doubtful=(rows.way == DOUBTFUL).sum(),
        first_day=rows.day.min(where=telling),
        last_day=rows.day.max(where=telling),
        first_point=rows.interface.min(where=telling),
        last_point=rows.interface.max(where=telling),
    )


def rows_alike(counted: Mapping[str, Any], formats: Sequence[int]) -> Alike:
    """What can be taken for granted of folded rows. Those of a format that was read in two ways may be alike.

    So may those outside the window, which came from different days and are on none.
    """
    decided, one_source = not counted["doubtful"], len(formats) == 1
    return Alike(
        decided=decided,
        apart=decided and not counted["strayed"] and len(set(formats)) == len(formats),
        one_point=one_source and counted["first_point"] == counted["last_point"],
        one_day=one_source and counted["first_day"] == counted["last_day"],
    )

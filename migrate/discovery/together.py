"""Rows of one key put together; where every row is known to be the only one of its key, without asking the engine to look."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import ibis

from migrate.discovery.numbers import int64

if TYPE_CHECKING:
    import ibis.expr.types as ir

__all__ = ["Together"]


@dataclass(frozen=True)
class Together:
    """The rows of a table by key.

    Attributes
    ----------
    table
        The rows.
    key
        Columns.
    alone
        Whether no two rows have the same key: then a sum is the value itself.
    """

    table: ir.Table
    key: tuple[str, ...]
    alone: bool

    def sum(self, name: str, where: ir.BooleanValue | None = None) -> ir.IntegerValue:
        """Of a column of int64; null, or 0, where `where` holds for no row."""
        column = self.table[name]
        if self.alone:
            return column if where is None else ibis.ifelse(where, column, 0)
        return int64(column.sum(where=where))

    def max(self, name: str, where: ir.BooleanValue | None = None) -> ir.IntegerValue:
        """Null where `where` holds for no row."""
        column = self.table[name]
        if self.alone:
            return column if where is None else ibis.ifelse(where, column, ibis.null("int64"))
        return column.max(where=where)

    def min(self, name: str) -> ir.IntegerValue:
        """Null where all are."""
        return self.table[name] if self.alone else self.table[name].min()

    def bits(self, value: ir.IntegerValue) -> ir.IntegerValue:
        """All bits of a mask."""
        return value if self.alone else value.bit_or()

    def any(self, value: ir.BooleanValue) -> ir.BooleanValue:
        """Whether it is so for any row."""
        return value if self.alone else value.any()

    def spans(self) -> dict[str, ir.IntegerValue]:
        """``first_seen``, ``last_seen`` and ``hours``."""
        return {"first_seen": self.min("first_seen"), "last_seen": self.max("last_seen"), "hours": self.bits(self.table.hours)}

    def told(self, **values: ir.Value) -> ir.Table:
        """One row a key."""
        return self.table.select(*self.key, **values) if self.alone else self.table.group_by(*self.key).agg(**values)

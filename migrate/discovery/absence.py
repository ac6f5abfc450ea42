"""Columns that a flow format lacks: the same zero, blank or null for every record, known without reading one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis.expr.operations as ops

if TYPE_CHECKING:
    import ibis.expr.types as ir

__all__ = ["is_absent"]

_NOTHING = (None, 0, "", False)


def is_absent(table: ir.Table, column: str) -> bool:
    """Whether the expression of a column is a literal null, zero, False or ``""``, through any number of selections."""
    value: ops.Value = ops.Field(table, column)
    while isinstance(value, (ops.Field, ops.Alias, ops.Cast)):
        if not isinstance(value, ops.Field):
            value = value.arg
        elif isinstance(value.rel, (ops.Project, ops.Filter)):
            value = value.rel.values[value.name]
        else:
            return False
    return isinstance(value, ops.Literal) and value.value in _NOTHING

"""Columns that a flow format lacks: the same zero, blank or null for every record, known without reading one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis.expr.operations as ops

if TYPE_CHECKING:
    import ibis.expr.types as ir

__all__ = ["is_absent"]

_NOTHING = (None, 0, "", False)


def is_absent(table: ir.Table, column: str) -> bool:
    """Whether nothing but literal nulls, zeros, False or ``""`` can come out of the expression of a column.

    Selections, filters and views are looked through, and so are the choices between values that formats make.
    """
    return _is_nothing(ops.Field(table, column))


def _is_nothing(value: ops.Value) -> bool:  # noqa: PLR0911 -- one answer for each kind of expression
    match value:
        case ops.Literal():
            return value.value in _NOTHING
        case ops.Field(rel=ops.Project() | ops.Filter() as relation):
            return _is_nothing(relation.values[value.name])
        case ops.Field(rel=ops.SelfReference() as relation):
            return _is_nothing(ops.Field(relation.parent, value.name))
        case ops.Cast() | ops.Alias():
            return _is_nothing(value.arg)
        case ops.Coalesce() | ops.Greatest() | ops.Least():
            return all(map(_is_nothing, value.arg))
        case ops.IfElse():
            return _is_nothing(value.true_expr) and _is_nothing(value.false_null_expr)
        case ops.SearchedCase():
            return all(map(_is_nothing, value.results)) and _is_nothing(value.default)
        case _:
            return False

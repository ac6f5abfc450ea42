"""Whole numbers of 64 bits and single bits, alike on every engine."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis
import ibis.expr.operations as ops

if TYPE_CHECKING:
    import ibis.expr.types as ir

__all__ = ["bit", "int64"]

_HIGHEST = 62


def int64(value: ir.Value) -> ir.IntegerValue:
    """A cast that is always written out: where ibis thinks that it knows the type (the sum of int64), engines may differ."""
    cast: ir.IntegerValue = ops.Cast(value, "int64").to_expr()
    return cast


def bit(number: ir.IntegerValue) -> ir.IntegerValue:
    """A number of 64 bits of which only bit `number`, of 0 to 62, is set. Shifted to the right, because 1 is a short number."""
    shifted: ir.IntegerValue = ibis.literal(1 << _HIGHEST, type="int64") >> (_HIGHEST - int64(number)).cast("int32")
    return shifted

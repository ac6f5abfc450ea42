"""Whole numbers out of whatever a file holds: numbers of any type, or texts.

Engines differ in what they take for a number, so texts that are no plain digits are judged here, alike on all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from migrate.readers.flow_formats.fields import UNSET

if TYPE_CHECKING:
    import ibis.expr.types as ir

__all__ = ["GARBAGE", "LARGEST", "whole"]

#: Stands for a cell that is set but cannot be a number: outside every range, so its record is malformed.
GARBAGE = -9

#: 35 TB in one record is a fault of the exporter.
LARGEST = 2**45

_DIGITS = r"(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?"
_SCALED = rf"^\s*[+-]?{_DIGITS}\s*[kKMGT]?\s*$"
_FACTORS = (("K", 1e3), ("M", 1e6), ("G", 1e9), ("T", 1e12))  # nfdump scales by thousands (its output_fmt.c)


def whole(column: ir.Column | None, absent: int = 0) -> ir.IntegerValue:
    """A column as int64.

    Parameters
    ----------
    column
        Of any type, or None: the table has no such column. Texts may be scaled as nfdump does it: ``1.2 M``.
    absent
        What stands where nothing is set.

    Returns
    -------
    `GARBAGE` where a cell is set but is no number, or one beyond `LARGEST`. Whole numbers come as they are.
    """
    import ibis  # noqa: PLC0415 -- only those who have flows pay for it

    if column is None:
        return ibis.literal(absent, type="int64")
    nothing, garbage = ibis.literal(absent, type="int64"), ibis.literal(GARBAGE, type="int64")
    kind = column.type()
    if kind.is_uint64():
        return ibis.ifelse(column.isnull(), nothing, column.try_cast("int64").coalesce(garbage))
    if kind.is_integer() or kind.is_boolean():
        return column.cast("int64").coalesce(nothing)
    if kind.is_numeric():
        return ibis.ifelse(column.isnull(), nothing, _bounded(column.cast("float64")))
    text = column.cast("string")
    trimmed = text.strip()
    base = trimmed.re_extract(rf"^([+-]?{_DIGITS})", 1).try_cast("float64")
    factor = ibis.cases(
        *((trimmed.endswith(letter), power) for letter, power in _FACTORS), (trimmed.endswith("k"), 1e3), else_=1.0
    )
    judged = ibis.cases(
        (trimmed.isin(UNSET), nothing),
        (trimmed.re_search(_SCALED), _bounded(base * factor)),
        else_=garbage,
    )
    digits = ibis.ifelse(text.contains("x") | text.contains("X"), ibis.null("string"), text)  # DuckDB takes 0x1f, Spark does not
    return digits.try_cast("int64").coalesce(ibis.ifelse(text.isnull(), nothing, judged))


def _bounded(number: ir.FloatingValue) -> ir.IntegerValue:
    import ibis  # noqa: PLC0415 -- only those who have flows pay for it

    garbage = ibis.literal(GARBAGE, type="int64")
    inside = number.between(-float(LARGEST) - 1, float(LARGEST) + 1)  # false for NaN, which engines put above all numbers
    return ibis.ifelse(inside, number.round().try_cast("int64"), garbage).coalesce(garbage)

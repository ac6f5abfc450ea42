"""The number behind a name, for engines."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import ibis.expr.types as ir

__all__ = ["number_of"]

_WIDTH = 5  # digits of the largest number: 65,535


def number_of(word: ir.StringValue, numbers: Mapping[str, int]) -> ir.IntegerValue:
    """Look a name up; null where it is not there.

    In one text, ``|ssh=00022|…``: a hundred cases would be planned again wherever the engine repeats the expression. Names
    hold neither ``|`` nor ``=``; a word that does finds nothing, or what its first part stands for.
    """
    import ibis  # noqa: PLC0415 -- only those who have flows pay for it

    listed = "".join(f"|{name}={number:0{_WIDTH}}" for name, number in numbers.items())
    table, sought = ibis.literal(listed), ibis.literal("|") + word + "="
    behind = table.right(len(listed) - table.find(sought) - sought.length()).left(_WIDTH)
    return ibis.ifelse(table.contains(sought), behind.try_cast("int64"), ibis.null("int64"))

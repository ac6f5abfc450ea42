"""Numbers written as ``0x1f90``."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import ibis.expr.types as ir

__all__ = ["hexadecimal"]

_DIGITS = "0123456789abcdef"


def hexadecimal(text: ir.StringValue) -> ir.IntegerValue:
    """The number of up to four hexadecimal digits after ``0x``; null for other texts."""
    import ibis  # noqa: PLC0415 -- only those who have flows pay for it

    word = text.lower().strip()
    digits = word.replace("0x", "000")  # so that the last four are there
    value = sum(ibis.literal(_DIGITS).find(digits.right(place + 1).left(1)) * 16**place for place in range(4))
    return ibis.ifelse(word.re_search("^0x[0-9a-f]{1,4}$"), value, ibis.null("int64")).cast("int64")

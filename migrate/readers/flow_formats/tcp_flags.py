"""TCP flags as bits (RFC 9293, section 3.1), out of letters as nfdump and Argus write them, or numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from migrate.readers.flow_formats.hexadecimal import hexadecimal

if TYPE_CHECKING:
    import ibis.expr.types as ir

__all__ = ["attempt", "flag_bits"]

_SYN, _ACK = 2, 16
_BITS = (("F", 1), ("S", 2), ("R", 4), ("P", 8), ("A", 16), ("U", 32), ("E", 64), ("C", 128))


def attempt(flags: ir.IntegerValue) -> ir.IntegerValue:
    """The flags where they tell the client, else 0: of flags added up over a whole flow, only a SYN without an ACK does.

    Both ends of an answered connection have sent both, so together they are no SYN-ACK.
    """
    import ibis  # noqa: PLC0415 -- only those who have flows pay for it

    return ibis.ifelse((flags & (_SYN | _ACK)) == _SYN, flags, 0)


def flag_bits(text: ir.StringValue) -> ir.IntegerValue:
    """Bits of ``...AP.SF``, ``SPA``, ``0x1b`` or ``27``; 0 where nothing is set."""
    import ibis  # noqa: PLC0415 -- only those who have flows pay for it

    letters = sum(ibis.ifelse(text.contains(letter), bit, 0) for letter, bit in _BITS)
    number = hexadecimal(text).coalesce(text.try_cast("int64"))
    return ibis.ifelse(text.re_search("^[0-9]"), number, letters).coalesce(0).cast("int64")

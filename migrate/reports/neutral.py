"""Inventory text that a spreadsheet would run as a formula, made harmless.

A CSV cell is typed by whoever opens it: ``=cmd|' /c calc'!A0`` in a server's name becomes a formula. As OWASP
recommends (https://owasp.org/www-community/attacks/CSV_Injection), text that begins with ``= + - @``, their full-width
forms, a tab or a carriage return gets a leading apostrophe, which spreadsheets show as text. NUL, at which some readers end
a cell, is taken out. Numbers and dates are not text and stay.
"""

from __future__ import annotations

import polars as pl

__all__ = ["neutral", "neutral_text"]

_STARTS = ("=", "+", "-", "@", "\t", "\r", "\uff1d", "\uff0b", "\uff0d", "\uff20")
_BEGINNING = "^[=+\\-@\t\r\uff1d\uff0b\uff0d\uff20]"


def neutral(frame: pl.DataFrame) -> pl.DataFrame:
    """Put an apostrophe before every text cell of `frame` that a spreadsheet could run."""
    plain = frame.with_columns(pl.col(pl.String).str.replace_all("\0", "", literal=True))
    return plain.with_columns(
        pl.when(pl.col(pl.String).str.contains(_BEGINNING))
        .then(pl.lit("'") + pl.col(pl.String))
        .otherwise(pl.col(pl.String))
        .name.keep()
    )


def neutral_text(text: str) -> str:
    """The same for one text."""
    plain = text.replace("\0", "")
    return f"'{plain}" if plain.startswith(_STARTS) else plain

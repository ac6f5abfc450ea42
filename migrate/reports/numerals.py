"""Figures as people read them: thousands separated, rounded to what matters, and a dash for unknown."""

from __future__ import annotations

import datetime as dt
import re

__all__ = ["UNKNOWN", "count", "day", "decimal", "gb_day", "month", "percent", "share", "stated", "usd", "usd_short", "whole"]

UNKNOWN = "–"
_SHORT = ((1e9, "B"), (1e6, "M"), (1e3, "k"))


def whole(value: float | None) -> str:
    """A number without decimals, such as 12,345."""
    return UNKNOWN if value is None else f"{value:,.0f}".replace("-0", "0", 1) if value > -0.5 else f"−{abs(value):,.0f}"


def decimal(value: float | None, places: int = 1) -> str:
    """A number with decimals."""
    return UNKNOWN if value is None else f"{value:,.{places}f}"


def usd(value: float | None) -> str:
    """Whole dollars, such as $12,345 or −$12,345."""
    if value is None:
        return UNKNOWN
    return f"{'−' if value <= -0.5 else ''}${abs(value):,.0f}"


def usd_short(value: float | None) -> str:
    """Dollars to three digits, such as $1.23 M or $950."""
    if value is None:
        return UNKNOWN
    sign, size = ("−" if value <= -0.5 else ""), abs(value)
    for scale, unit in _SHORT:
        if size >= scale * 0.9995:
            figure = size / scale
            places = 2 if figure < 9.995 else 1 if figure < 99.95 else 0
            return f"{sign}${figure:,.{places}f} {unit}"
    return f"{sign}${size:.0f}"


def percent(fraction: float | None, places: int = 0) -> str:
    """A fraction as percent."""
    return UNKNOWN if fraction is None else f"{fraction * 100:.{places}f} %".replace("-", "−")


def share(part: float, total: float) -> float | None:
    """`part` of `total` as a fraction; None when the total is zero."""
    return part / total if total else None


def day(date: dt.date | None) -> str:
    """A date as 6 Mar 2027."""
    return UNKNOWN if date is None else f"{date.day} {date:%b %Y}"


def month(date: dt.date | None) -> str:
    """A month as Mar 2027."""
    return UNKNOWN if date is None else f"{date:%b %Y}"


def gb_day(value: float | None) -> str:
    """Traffic, such as 2.5 GB/day."""
    if value is None:
        return UNKNOWN
    if 0.0 < value < 0.0005:
        return "< 1 MB/day"
    return f"{value:,.0f} GB/day" if value >= 100 else f"{value:.1f} GB/day" if value >= 0.95 else f"{value * 1000:.0f} MB/day"


def stated(value: str) -> str:
    """A value of the request as people read it: numbers with their thousands separated, all else as it is."""
    if not re.fullmatch(r"-?\d{4,}(\.\d+)?", value):
        return value
    whole_part, _, places = value.removeprefix("-").partition(".")
    return f"{'−' if value.startswith('-') else ''}{int(whole_part):,}{f'.{places}' if places else ''}"


def count(number: int, noun: str) -> str:
    """A number with its noun: 1 server, 2 servers, 3 dependencies."""
    if number == 1:
        return f"1 {noun}"
    plural = f"{noun[:-1]}ies" if noun.endswith("y") and noun[-2:-1] not in "aeiou" else f"{noun}s"
    return f"{number:,} {plural}"

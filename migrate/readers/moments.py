"""Moments in UTC out of cells of text."""

from __future__ import annotations

import polars as pl

__all__ = ["moment"]

_MILLISECONDS_FROM = 100_000_000_000.0  # as seconds the year 5138
_ISO = r"^(\d{4})[-/](\d{1,2})[-/](\d{1,2})"
_GERMAN = r"^(\d{1,2})\.(\d{1,2})\.(\d{4})"
_AMERICAN = r"^(\d{1,2})/(\d{1,2})/(\d{4})(.*[AaPp]\.?[Mm]\.?)$"  # without AM or PM nobody knows day from month
_CLOCK = r"[T\s](\d{1,2}):(\d{2})(?::(\d{2}))?"
_ZONE = r":\d{2}(?:[.,]\d+)?\s*([+-]\d{2}):?(\d{2})?$"


def moment(text: pl.Expr) -> pl.Expr:
    """A moment without a zone, in UTC; null where the text is none between 1990 and 2200.

    Understood are ``2024-01-31T10:00:00Z``, ``2024/01/31 10:00:00.123``, ``2024-01-31``, ``2024-01-31 10:00:00+01:00``,
    ``31.01.2024 10:00``, ``1/31/2024 10:00:00 AM``, and seconds or milliseconds since 1970. A text without a zone is UTC.
    """
    stripped = text.str.strip_chars()
    dates = []
    for pattern, order in ((_ISO, (1, 2, 3)), (_GERMAN, (3, 2, 1)), (_AMERICAN, (3, 1, 2))):
        year, month, day = (stripped.str.extract(pattern, group) for group in order)
        dates.append(pl.concat_str(year, month.str.zfill(2), day.str.zfill(2)).str.to_date("%Y%m%d", strict=False))
    hour, minute, second = (stripped.str.extract(_CLOCK, group).cast(pl.Int64) for group in (1, 2, 3))
    half = stripped.str.extract(r"([AaPp])\.?[Mm]\.?$", 1).str.to_lowercase()
    hour = pl.when(half.is_null()).then(hour).otherwise(hour % 12 + pl.when(half == "p").then(12).otherwise(0))
    has_clock = stripped.str.contains(":")
    sane = ~has_clock | ((hour <= 24) & (minute <= 59) & (second.fill_null(0) <= 60))
    clock = pl.when(has_clock).then(hour * 3_600 + minute * 60 + second.fill_null(0)).otherwise(0)
    zone_hours = stripped.str.extract(_ZONE, 1).cast(pl.Int64).fill_null(0)
    zone_minutes = stripped.str.extract(_ZONE, 2).cast(pl.Int64).fill_null(0)
    west = stripped.str.contains(r"-\d{2}:?(\d{2})?$")
    shift = zone_hours * 3_600 + pl.when(west).then(-zone_minutes).otherwise(zone_minutes) * 60
    calendar = pl.coalesce(dates).cast(pl.Datetime("us")) + pl.duration(seconds=clock - shift)
    number = stripped.cast(pl.Float64, strict=False)
    epoch = pl.when(number >= _MILLISECONDS_FROM).then(number / 1_000).otherwise(number)
    counted = pl.from_epoch(pl.when(epoch.is_between(0, 1e11)).then(epoch).floor().cast(pl.Int64), time_unit="s").cast(
        pl.Datetime("us")
    )
    found = pl.when(sane).then(calendar).fill_null(counted)
    return pl.when(found.is_between(pl.datetime(1990, 1, 1), pl.datetime(2200, 1, 1))).then(found)

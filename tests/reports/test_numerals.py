"""Figures as people read them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from migrate.reports.html.axes import money_ticks
from migrate.reports.numerals import count, gb_day, percent, stated, usd, usd_short, whole


@pytest.mark.parametrize(
    ("shown", "expected"),
    [
        (usd_short(1_234_567), "$1.23 M"), (usd_short(-12_345), "−$12.3 k"), (usd_short(999_999), "$1.00 M"),
        (usd_short(999_600_000_000), "$1,000 B"), (usd_short(0), "$0"), (usd_short(None), "–"), (usd(-0.2), "$0"),
        (usd(-1234.4), "−$1,234"), (whole(-0.4), "0"), (whole(12_345.6), "12,346"), (whole(-5), "−5"),
        (percent(0.125, 1), "12.5 %"),
        (stated("2060000"), "2,060,000"), (stated("-1234.5"), "−1,234.5"), (stated("0.08"), "0.08"), (stated("100"), "100"),
        (stated("2027-01-04"), "2027-01-04"), (stated("not given"), "not given"),
        (count(1, "dependency"), "1 dependency"), (count(2, "dependency"), "2 dependencies"), (count(1200, "day"), "1,200 days"),
        (gb_day(0.0021), "2 MB/day"), (gb_day(0.0001), "< 1 MB/day"),
        (gb_day(0.0), "0 MB/day"), (gb_day(2.5), "2.5 GB/day"), (gb_day(1250.0), "1,250 GB/day"),
    ],
)  # fmt: skip
def test_figures(shown: str, expected: str) -> None:
    assert shown == expected


@given(st.decimals(-(10**12), 10**12, places=2).map(float), st.decimals(-(10**12), 10**12, places=2).map(float))
def test_a_money_axis_covers_its_values(one: float, other: float) -> None:
    low, high, ticks = money_ticks(min(one, other), max(one, other))
    assert low <= min(one, other, 0.0) + 1e-6 * abs(one)
    assert high >= max(one, other, 0.0) - 1e-6 * abs(other)
    assert 0.0 <= ticks[0].at <= ticks[-1].at <= 100.0
    assert len(ticks) <= 8

"""The picture of a sweep: neighbouring ticks of an axis never say the same."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from migrate.model.scenario import Scenario
from migrate.reports.scenario_files import picture

_cents = st.integers(-(10**11), 10**11)


@given(st.lists(st.tuples(_cents, st.integers(0, 2_000)), min_size=1, max_size=6))
def test_ticks_differ_and_are_round(points: list[tuple[int, int]]) -> None:
    drawn = picture(
        [
            Scenario(number=at, settings={}, cost_usd=cents / 100, duration_days=days, expected_loss_usd=1.0)
            for at, (cents, days) in enumerate(points)
        ]
    )
    assert drawn is not None
    for ticks in (drawn.money, drawn.days):
        assert len({tick.label for tick in ticks}) == len(ticks) >= 2


def test_a_narrow_axis_far_from_zero_has_the_decimals_it_needs() -> None:
    drawn = picture(
        [
            Scenario(number=at, settings={}, cost_usd=usd, duration_days=400 + at, expected_loss_usd=1.0)
            for at, usd in enumerate((95_100_000.0, 95_400_000.0))
        ]
    )
    assert drawn is not None
    assert [tick.label for tick in drawn.money][:3] == ["$95.0 M", "$95.1 M", "$95.2 M"]
    assert [tick.label for tick in drawn.days] == ["399", "400", "401", "402"]

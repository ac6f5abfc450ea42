"""The mix of commitments: the optimum against an exhaustive search, and against every policy."""

from __future__ import annotations

from functools import cache

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from migrate.finance.commitments.load import TERMS, Load, Times
from migrate.finance.commitments.mix import cheapest
from migrate.finance.commitments.optimum import optimum
from migrate.finance.commitments.policies import at_start, costs, layered, nothing
from migrate.units import HOURS_PER_MONTH

_SHARES = {"reserved_1y": 0.64, "reserved_3y": 0.43, "savings_1y": 0.7, "savings_3y": 0.5}


def _load(levels: list[list[int]], share_of_most: float = 1.0, **shares: float | None) -> Load:
    """Pools whose level changes from month to month; lots cost one dollar an hour."""
    offered = {term: shares.get(term) for term in TERMS}
    pools = pl.DataFrame(
        [
            {
                "service": "ec2",
                "region": "r",
                "pool": f"p{k}",
                "size_flexible": True,
                "lot_units": 1.0,
                "lot_usd_h": 1.0,
                **offered,
            }
            for k in range(len(levels))
        ],
        schema_overrides=dict.fromkeys(TERMS, pl.Float64),
    )
    lots = np.array(levels, dtype=float)
    most = np.floor(np.maximum.accumulate(lots, axis=1) * share_of_most)
    months = lots.shape[1]
    times = Times(np.arange(months), np.full(months, HOURS_PER_MONTH), months)
    return Load(pools, lots, np.zeros_like(lots), most, times, np.zeros(months), 1, 1)


def _searched(load: Load) -> float:
    """The least cost of one pool, by trying every purchase in every month."""
    lots, most = load.lots[0].astype(int).tolist(), load.most_lots[0].astype(int).tolist()
    months = len(lots)
    offered = [(term, TERMS[term] * 12, float(load.share(term)[0, 0])) for term in ("reserved_1y", "reserved_3y")]
    offered = [each for each in offered if not np.isnan(each[2])]

    @cache
    def least(month: int, running: tuple[tuple[int, float], ...]) -> float:
        if month == months:
            return 0.0
        active = tuple(each for each in running if each[0] > month)
        room = most[month] - len(active)
        best = np.inf
        choices = [()] if not offered else _choices(room, tuple((month + span, share) for _, span, share in offered))
        for bought in choices:
            held = tuple(sorted((*active, *bought)))
            fees = sum(share for _, share in held)
            now = (fees + max(0, lots[month] - len(held))) * HOURS_PER_MONTH
            best = min(best, now + least(month + 1, held))
        return best

    return least(0, ())


def _choices(room: int, kinds: tuple[tuple[int, float], ...]) -> list[tuple[tuple[int, float], ...]]:
    found: list[tuple[tuple[int, float], ...]] = [()]
    for _ in range(max(0, room)):
        found += [(*some, kind) for some in found for kind in kinds]
        found = sorted({tuple(sorted(some)) for some in found})
    return [some for some in found if len(some) <= room]


@settings(max_examples=25, deadline=None)
@given(
    levels=st.lists(st.integers(0, 2), min_size=20, max_size=20),
    shares=st.tuples(st.floats(0.3, 1.1), st.none() | st.floats(0.2, 0.9)),
)
def test_the_optimum_is_what_an_exhaustive_search_finds(levels: list[int], shares: tuple[float, float | None]) -> None:
    load = _load([levels], reserved_1y=shares[0], reserved_3y=shares[1])
    mix = cheapest(load)
    assert costs(load, mix).total.sum() == pytest.approx(_searched(load), abs=0.01)
    assert costs(load, optimum(load)).total.sum() == pytest.approx(costs(load, mix).total.sum(), abs=0.01)
    assert all(np.allclose(bought, np.round(bought), atol=1e-6) for bought in mix.reserved.values())


@settings(max_examples=40, deadline=None)
@given(
    levels=st.lists(st.lists(st.integers(0, 40), min_size=50, max_size=50), min_size=1, max_size=3),
    most=st.sampled_from([0.5, 0.9, 1.0]),
    with_savings=st.booleans(),
)
def test_no_policy_within_the_same_limits_is_cheaper(levels: list[list[int]], most: float, with_savings: bool) -> None:
    shares = {term: share for term, share in _SHARES.items() if with_savings or term.startswith("reserved")}
    load = _load(levels, most, **shares)
    mix = cheapest(load)
    best = costs(load, mix)
    for policy in (nothing(load), layered(load, "reserved_1y"), layered(load, "reserved_3y")):
        assert best.total.sum() <= costs(load, policy).total.sum() + 0.01
    assert (best.on_demand >= -1e-6).all()


@settings(max_examples=25, deadline=None)
@given(
    steps=st.lists(st.lists(st.integers(0, 3), min_size=30, max_size=30), min_size=1, max_size=4),
    falls=st.integers(0, 4),
    most=st.sampled_from([0.5, 1.0]),
    with_savings=st.booleans(),
)
def test_the_short_way_costs_what_the_programme_finds(
    steps: list[list[int]], falls: int, most: float, with_savings: bool
) -> None:
    levels = np.cumsum(np.array(steps), axis=1)
    levels[:1, 15:] = np.maximum(levels[:1, 15:] - falls, 0)  # one pool falls, the others grow
    shares = {term: share for term, share in _SHARES.items() if with_savings or term.startswith("reserved")}
    load = _load(levels.tolist(), most, **shares)
    found = costs(load, optimum(load)).total.sum()
    assert found == pytest.approx(costs(load, cheapest(load)).total.sum(), abs=0.01)


def test_a_short_load_is_not_worth_a_long_commitment() -> None:
    nine_months = _load([[5] * 9 + [0] * 27], **_SHARES)
    assert costs(nine_months, cheapest(nine_months)).total.sum() == pytest.approx(5 * 12 * 0.64 * HOURS_PER_MONTH)
    seven_months = _load([[5] * 7 + [0] * 29], reserved_1y=0.64, reserved_3y=0.43)
    assert costs(seven_months, cheapest(seven_months)).total.sum() == pytest.approx(5 * 7 * HOURS_PER_MONTH)


def test_a_savings_plan_follows_the_load_from_pool_to_pool() -> None:
    moving = [[4] * 6 + [0] * 30, [0] * 6 + [4] * 30]
    both = _load(moving, savings_3y=0.5)
    assert costs(both, cheapest(both)).total.sum() == pytest.approx(4 * 36 * 0.5 * HOURS_PER_MONTH)
    reserved = _load(moving, reserved_3y=0.5)
    assert costs(reserved, cheapest(reserved)).total.sum() > costs(both, cheapest(both)).total.sum()


def test_committing_at_the_start_pays_for_what_is_not_there() -> None:
    ramp = _load([[0] * 12 + [10] * 24], reserved_3y=0.5)
    assert costs(ramp, at_start(ramp)).total[0] == pytest.approx(10 * 0.5 * HOURS_PER_MONTH)
    assert costs(ramp, cheapest(ramp)).total[0] == 0.0
    assert costs(ramp, at_start(ramp)).total.sum() > costs(ramp, cheapest(ramp)).total.sum()

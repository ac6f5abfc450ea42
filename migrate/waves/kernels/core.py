"""The arrays that the compiled search works on: a problem whose units are groups, and the state of one assignment."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

__all__ = ["Core", "State", "new_state"]

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


class Core(NamedTuple):
    """G groups, W waves, R resources, S sites, C channels of rules. Ranges `x_at[g]:x_at[g + 1]` index the lists.

    Channels hold counts of members by wave. For a rule of kind order the channel of its first set holds, at ``x``, the
    members in wave ``x`` or later, that of its second set the members before ``x``, so that a move is priced by one look-up.
    """

    day: Floats  # W
    allowed: NDArray[np.bool_]  # G × W
    far: Floats  # W × W: what an edge of weight 1 costs between two waves: days
    at: Ints  # (G + 1) × 5: where the lists of each group begin: choices, near, site, entry, prior
    choices: NDArray[np.int32]  # allowed waves of each group
    fixed_usd: Floats  # G × W: what depends on the group's own wave only
    load: Ints  # G × R
    capacity: Ints  # W × R
    per_load: Floats  # R: violations per thousandth of excess
    near: NDArray[np.int32]  # the other group
    near_usd_day: Floats
    prior: NDArray[np.int32]  # the other group of a pair of which one may not come after the other
    prior_side: NDArray[np.int32]  # 1: the group itself is the first of the pair, -1: the other one is
    site: NDArray[np.int32]
    site_usd_day: Floats  # S; the last is the programme, which stands wherever a group does
    sums: Floats  # G × 3: applications, mission-critical ones, expected loss of a cutover alone
    settling: Floats  # W
    learning: Floats  # by applications done before
    constants: Floats  # see the names below
    entry: NDArray[np.int32]  # × 5, see the names below: membership of a group in a channel of a rule
    rule: NDArray[np.int32]  # × 7, see the names below
    rule_price: Floats  # rules × 2: USD (0 for hard rules), violations (0 for soft ones) each time it is broken
    only: NDArray[np.int32]  # at_least: waves
    channels: int
    turn: NDArray[np.int32] = np.zeros((0, 2, 0), dtype=np.int32)  # tables of order rules × 2 × W, see `Core.rule`
    chained: NDArray[np.int32] = np.zeros(0, dtype=np.int32)  # L: resources whose waves wait for each other (`links`)
    opens: Ints = np.zeros((0, 0), dtype=np.int64)  # W × L: from where on such a resource serves a wave …
    due: Ints = np.zeros((0, 0), dtype=np.int64)  # … and up to where, as amounts since the start
    chain_usd: Floats = np.zeros(0)  # L: price of a thousandth that is not served in time; 0: it is a violation


#: Columns of `Core.at`.
CHOICES, NEAR, SITE, ENTRY, PRIOR = 0, 1, 2, 3, 4

#: Columns of `Core.sums` and of `State.sums`; the last is the expected loss with everything, of waves only.
COUNT, CRITICAL, LOSS, RISK = 0, 1, 2, 3

#: `Core.constants`: USD of a used wave, the pile factors, and 1 when any group has a loss (else risk is constant), when
#: `fixed_usd` is not all zero, and when there is anything but pairs, capacities and fixed costs (see `moves.price_rest`).
WAVE_USD, PILE_COUNT, PILE_CRITICAL, ANY_LOSS, ANY_FIXED, ANY_REST = 0, 1, 2, 3, 4, 5

#: Columns of `Core.entry`. `OTHER`: members of the group in the rule's other channel (order) or in all (apart).
#: `ROLE`: of an order rule, 0 first and 1 then.
RULE, CHANNEL, MEMBERS, OTHER, ROLE = 0, 1, 2, 3, 4

#: Columns of `Core.rule`. `TOTAL`: the channel of firsts (order), of the sum over entries (apart), or the only one.
#: `THEN`: the channel of thens (order), or the one after the rule's last. `ONLY`, `ONLY_END`: range of `Core.only`.
#: `TABLE`, of an order rule, is its table in `Core.turn`: ``[0, w]`` is the first wave in which a first breaks the rule
#: with a then in ``w``, ``[1, w]`` the first wave that a then may take when a first is in ``w``.
#: `LIMIT`: members that a wave may hold (at_most); of an order rule, 1 where firsts may come some days after thens.
KIND, TABLE, LIMIT, TOTAL, THEN, ONLY, ONLY_END = 0, 1, 2, 3, 4, 5, 6


class State(NamedTuple):
    """One assignment with the sums that make a move cheap to price."""

    wave: NDArray[np.int32]  # G
    used: Ints  # W × R
    sums: Floats  # W × 4
    done: Ints  # W: applications cut over before
    at_site: NDArray[np.int32]  # S × W: groups
    last: NDArray[np.int32]  # S: last wave with a group of the site, -1 for none
    channel: NDArray[np.int32]  # C × (W + 1)
    sent: Ints  # W × L: up to where a chained resource is used when the wave is served


def new_state(core: Core) -> State:
    """Room for one assignment; `migrate.waves.kernels.moves.load_state` fills it."""
    groups, waves = core.allowed.shape
    return State(
        wave=np.zeros(groups, dtype=np.int32),
        used=np.zeros_like(core.capacity),
        sums=np.zeros((waves, 4)),
        done=np.zeros(waves, dtype=np.int64),
        at_site=np.zeros((len(core.site_usd_day), waves), dtype=np.int32),
        last=np.full(len(core.site_usd_day), -1, dtype=np.int32),
        channel=np.zeros((core.channels, waves + 1), dtype=np.int32),
        sent=np.zeros((waves, len(core.chained)), dtype=np.int64),
    )

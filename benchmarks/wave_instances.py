"""Wave problems with a known feasible plan, seeded: groups that talk in communities, three capacities, windows, precedence.

    python -m benchmarks.wave_instances --groups 200 --waves 15 --seed 1 > 200.json

Communities of a few groups exchange much, communities of one domain some, and anybody a little; a few groups are hubs. The
hidden plan puts domain after domain, so that what belongs together is near. Loads are skewed and only loosely tied to each
other, capacities leave `slack` above the mean wave (never less than the hidden plan needs), windows and precedence agree
with the hidden plan.
"""

from __future__ import annotations

import argparse
import json
import sys
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["SIZES", "make_instance"]

SIZES = ((50, 8), (200, 15), (1_000, 40), (20_000, 60))  # groups, waves

Ints = NDArray[np.int64]


def make_instance(groups: int, waves: int, seed: int, distance: str = "waves", slack: float = 0.25) -> dict[str, Any]:
    """A problem as `benchmarks.waves` reads it.

    Parameters
    ----------
    groups, waves
        Its size.
    seed
        Of everything random.
    distance
        What an edge costs: "waves" times their difference, "cut" once when they differ.
    slack
        Capacity above the mean wave's load, as a share of it.
    """
    dice = np.random.default_rng([groups, waves, seed])
    community = np.repeat(np.arange(groups), dice.geometric(1 / 6, groups) + 2)[:groups]
    domain = community // 6
    servers = np.clip(np.rint(dice.lognormal(1.6, 0.8, groups)), 1, 60)
    crew = np.clip(np.rint(servers * dice.uniform(2, 8, groups)), 1, None)
    data = np.clip(np.rint(servers * dice.lognormal(3.0, 1.0, groups)), 1, None)
    load = np.column_stack([servers, crew, data]).astype(np.int64)
    hidden = _hidden_plan(load, domain, community, waves, dice)
    used = np.zeros((waves, 3), dtype=np.int64)
    np.add.at(used, hidden, load)
    usual = np.ceil(used.mean(axis=0) * (1 + slack) * dice.uniform(0.95, 1.05, (waves, 3))).astype(np.int64)
    edges = _edges(community, domain, dice)
    reach = max(waves // 3, 1)
    early, late = dice.random(groups) < 0.15, dice.random(groups) < 0.15
    earliest = np.where(early, np.maximum(hidden - dice.integers(0, reach + 1, groups), 0), 0)
    latest = np.where(late, np.minimum(hidden + dice.integers(0, reach + 1, groups), waves - 1), waves - 1)
    return {
        "distance": distance,
        "capacities": np.maximum(usual, used).tolist(),
        "loads": load.tolist(),
        "earliest": earliest.tolist(),
        "latest": latest.tolist(),
        "before": _before(edges, hidden, groups // 10, dice),
        "edges": [[int(a), int(b), round(float(weight), 2)] for a, b, weight in edges],
    }


def _hidden_plan(load: Ints, domain: Ints, community: Ints, waves: int, dice: np.random.Generator) -> Ints:
    """Domains one after another in random order, cut into waves of about the same load."""
    place = dice.permutation(domain.max() + 1)[domain]
    order = np.lexsort((community, place))
    share = (load / load.sum(axis=0)).mean(axis=1)[order]
    hidden = np.empty(len(load), dtype=np.int64)
    hidden[order] = np.minimum(((share.cumsum() - share / 2) * waves).astype(np.int64), waves - 1)
    return hidden


def _edges(community: Ints, domain: Ints, dice: np.random.Generator) -> list[tuple[int, int, float]]:
    groups = len(community)
    begin = {int(c): int(at) for at, c in reversed(list(enumerate(community)))}
    size = np.bincount(community)
    width = np.bincount(domain)
    first = {int(d): int(at) for at, d in reversed(list(enumerate(domain)))}
    weight: dict[tuple[int, int], float] = {}

    def add(a: int, b: int, scale: float) -> None:
        if a != b:
            key = (min(a, b), max(a, b))
            weight[key] = weight.get(key, 0.0) + float(dice.lognormal(scale, 1.0))

    hubs = dice.choice(groups, size=max(groups // 50, 1), replace=False)
    for g in range(groups):
        c, d = int(community[g]), int(domain[g])
        for _ in range(3):
            add(g, begin[c] + int(dice.integers(size[c])), 4.0)
        add(g, first[d] + int(dice.integers(width[d])), 2.5)
        add(g, int(dice.integers(groups)), 2.8)
        if dice.random() < 0.2:
            add(g, int(dice.choice(hubs)), 3.0)
    return [(a, b, weight[a, b]) for a, b in sorted(weight)]


def _before(edges: list[tuple[int, int, float]], hidden: Ints, count: int, dice: np.random.Generator) -> list[list[int]]:
    chosen = dice.choice(len(edges), size=min(count, len(edges)), replace=False)
    pairs = [(edges[k][0], edges[k][1]) for k in sorted(int(k) for k in chosen)]
    # along the hidden plan; of one wave by number, so that no pairs close a circle that forbids every other plan
    return [[a, b] if (hidden[a], a) <= (hidden[b], b) else [b, a] for a, b in pairs]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--groups", type=int, required=True)
    parser.add_argument("--waves", type=int, required=True)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--distance", choices=("waves", "cut"), default="waves")
    parser.add_argument("--slack", type=float, default=0.25, help="capacity above the mean wave's load")
    given = parser.parse_args()
    json.dump(make_instance(given.groups, given.waves, given.seed, given.distance, given.slack), sys.stdout)
    print()


if __name__ == "__main__":
    main()

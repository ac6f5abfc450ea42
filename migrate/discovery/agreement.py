"""How well two groupings of the same things agree."""

from __future__ import annotations

import numpy as np
import polars as pl

__all__ = ["adjusted_rand", "displaced"]


def adjusted_rand(one: pl.Series, other: pl.Series) -> float:
    """Adjusted Rand index of two groupings: 1 when they are the same, 0 on average when they have nothing in common.

    The share of pairs on which both agree, corrected for chance: L. Hubert and P. Arabie, "Comparing partitions", Journal of
    Classification 2 (1985), equation 5; from the contingency table. Two groupings that both put everything into one group, or
    each thing alone, agree fully.

    Parameters
    ----------
    one, other
        Label of each thing in either grouping, in the same order, of any type; a null is a label too.
    """
    cells, rows, columns = _contingency(one, other)
    both, first, second = (_pairs(counts) for counts in (cells["len"], rows, columns))
    every = len(one) * (len(one) - 1) / 2
    expected = first * second / every if every else 0.0
    most = (first + second) / 2
    return 1.0 if most == expected else float((both - expected) / (most - expected))


def displaced(one: pl.Series, other: pl.Series) -> int:
    """Things that are not where most of their group are: neither grouping follows from the other for them.

    A thing stays when, of all pairs of a group of `one` and a group of `other`, its own pair is the one with most things in
    common for both of these groups; the first by label where several have as many.
    """
    cells, _, _ = _contingency(one, other)
    chosen = cells.sort("len", "one", "other", descending=[True, False, False])
    best = chosen.unique("one", keep="first", maintain_order=True).join(
        chosen.unique("other", keep="first", maintain_order=True), on=["one", "other"], how="semi", nulls_equal=True
    )
    return len(one) - int(best["len"].sum())


def _contingency(one: pl.Series, other: pl.Series) -> tuple[pl.DataFrame, pl.Series, pl.Series]:
    """Things by label in `one` and in `other` (``len``), and the totals of both."""
    cells = pl.DataFrame({"one": one, "other": other}).group_by("one", "other").len()
    rows, columns = (cells.group_by(side).agg(pl.col("len").sum())["len"] for side in ("one", "other"))
    return cells, rows, columns


def _pairs(counts: pl.Series) -> float:
    """Pairs within groups of these sizes."""
    size = counts.to_numpy().astype(np.float64)
    return float((size * (size - 1) / 2).sum())

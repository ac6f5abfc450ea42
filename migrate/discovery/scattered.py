"""Servers whose partners are all over the estate: what serves everybody, whatever its ports say."""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray

__all__ = ["homes_of_scattered", "scattered"]

_PARTNERS = 30  # fewer may be scattered by chance
_SHARE = 0.15  # of the partners that one group holds
_GROUPS = 8  # among which the partners are spread (inverse Simpson index)
_ENORMOUS = 3_000  # partners: more than any application has servers
_SURE = 4.0  # logarithm of the likelihood ratio, beyond that of the number of groups that might have been found


def scattered(
    one: NDArray[np.int32], other: NDArray[np.int32], group: NDArray[np.int32], aside: NDArray[np.bool_]
) -> NDArray[np.bool_]:
    """Servers with many partners, few of them in any one group.

    Parameters
    ----------
    one, other
        Pairs that talk.
    group
        Of each server.
    aside
        Servers whose group means nothing, and which therefore are not counted as partners.
    """
    spread = (
        _partners_by_group(one, other, group, aside)
        .group_by("node")
        .agg(most=pl.col("partners").max(), all=pl.col("partners").sum(), squares=(pl.col("partners") ** 2).sum())
        .filter(
            (pl.col("all") >= _ENORMOUS)
            | (
                (pl.col("all") >= _PARTNERS)
                & (pl.col("most") < _SHARE * pl.col("all"))
                & (pl.col("all") ** 2 > _GROUPS * pl.col("squares"))
            )
        )
    )
    found = np.zeros(len(group), dtype=np.bool_)
    found[spread["node"].to_numpy()] = True
    return found


def homes_of_scattered(
    one: NDArray[np.int32], other: NDArray[np.int32], group: NDArray[np.int32], aside: NDArray[np.bool_]
) -> NDArray[np.int32]:
    """Groups in which servers set aside are at home all the same: they talk to far more of its servers than by chance.

    The likelihood ratio is that of two Poisson rates: the partners found in a group, and those expected there if the
    server's partners were drawn from all servers.

    Returns
    -------
    `group`, with -1 for servers set aside that have no home.
    """
    size: NDArray[np.int64] = np.bincount(group[~aside], minlength=len(group))
    share = pl.DataFrame({"group": np.arange(len(size), dtype=np.int32), "share": size / max(size.sum(), 1), "size": size})
    home = (
        _partners_by_group(one, other, group, aside, aside)
        .join(share, on="group")
        .with_columns(expected=pl.col("partners").sum().over("node") * pl.col("share"))
        .with_columns(
            ratio=pl.col("partners") * (pl.col("partners") / pl.col("expected")).log() - pl.col("partners") + pl.col("expected")
        )
        .filter(
            (pl.col("partners") > pl.col("expected"))
            & (pl.col("size") > 1)
            & (pl.col("ratio") > _SURE + np.log(max(int(np.count_nonzero(size)), 1)))
        )
        .sort("node", "ratio", "group", descending=[False, True, False])
        .unique("node", keep="first", maintain_order=True)
    )
    placed = np.where(aside, np.int32(-1), group)
    placed[home["node"].to_numpy()] = home["group"].to_numpy()
    return placed


def _partners_by_group(
    one: NDArray[np.int32],
    other: NDArray[np.int32],
    group: NDArray[np.int32],
    aside: NDArray[np.bool_],
    only: NDArray[np.bool_] | None = None,
) -> pl.DataFrame:
    """Columns ``node``, ``group`` and ``partners`` there (not counting servers set aside)."""
    parts = []
    for node, partner in ((one, other), (other, one)):
        counted = ~aside[partner] if only is None else ~aside[partner] & only[node]
        parts.append(pl.DataFrame({"node": node[counted], "group": group[partner[counted]]}))
    return pl.concat(parts).group_by("node", "group").agg(partners=pl.len().cast(pl.Int64))

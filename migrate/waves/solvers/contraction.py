"""The same problem with fewer, larger groups: groups under one label move as one."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from migrate.waves.compact import ranges
from migrate.waves.kernels.core import CHANNEL, ENTRY, KIND, MEMBERS, NEAR, OTHER, PRIOR, RULE, SITE, Core, Ints
from migrate.waves.rules import Kind

__all__ = ["contract"]


def contract(core: Core, label: Ints) -> Core:
    """Sum what groups of one label have; the cost of an assignment of labels is that of their groups, but for a constant.

    Parameters
    ----------
    core
        The problem.
    label
        Of each group, from 0 without gaps. A label whose groups have no allowed wave in common is allowed nowhere.
    """
    count = int(label.max(initial=-1)) + 1
    allowed = np.ones((count, core.allowed.shape[1]), dtype=bool)
    np.logical_and.at(allowed, label, core.allowed)
    near_at, near, weight = _summed(core, label, count)
    prior_at, prior, side = _priors(core, label, count)
    site_at, site = _sites(core, label, count)
    entry_at, entry = _entries(core, label, count)
    return core._replace(
        allowed=allowed,
        at=np.column_stack([ranges(allowed.sum(axis=1)), near_at, site_at, entry_at, prior_at]),
        choices=np.nonzero(allowed)[1].astype(np.int32),
        fixed_usd=_total(core.fixed_usd, label, count),
        load=_total(core.load, label, count),
        near=near,
        near_usd_day=weight,
        prior=prior,
        prior_side=side,
        site=site,
        sums=_total(core.sums, label, count),
        entry=entry,
    )


def _total(table: NDArray[Any], label: Ints, count: int) -> NDArray[Any]:
    result = np.zeros((count, table.shape[1]), dtype=table.dtype)
    np.add.at(result, label, table)
    return result


def _owners(core: Core, column: int, label: Ints) -> Ints:
    return np.repeat(label, np.diff(core.at[:, column]))


def _summed(core: Core, label: Ints, count: int) -> tuple[Ints, NDArray[np.int32], NDArray[np.float64]]:
    tail, head = _owners(core, NEAR, label), label[core.near]
    apart = tail != head
    keys, inverse = np.unique(tail[apart] * count + head[apart], return_inverse=True)
    weight = np.bincount(inverse, weights=core.near_usd_day[apart], minlength=len(keys)).astype(np.float64)
    return ranges(np.bincount(keys // count, minlength=count)), (keys % count).astype(np.int32), weight


def _priors(core: Core, label: Ints, count: int) -> tuple[Ints, NDArray[np.int32], NDArray[np.int32]]:
    tail, head = _owners(core, PRIOR, label), label[core.prior]
    apart = tail != head
    order = np.lexsort((core.prior_side[apart], head[apart], tail[apart]))
    tail, head, side = tail[apart][order], head[apart][order], core.prior_side[apart][order]
    return ranges(np.bincount(tail, minlength=count)), head.astype(np.int32), side


def _sites(core: Core, label: Ints, count: int) -> tuple[Ints, NDArray[np.int32]]:
    sites = max(len(core.site_usd_day), 1)
    keys = np.unique(_owners(core, SITE, label) * sites + core.site)
    return ranges(np.bincount(keys // sites, minlength=count)), (keys % sites).astype(np.int32)


def _entries(core: Core, label: Ints, count: int) -> tuple[Ints, NDArray[np.int32]]:
    owner = _owners(core, ENTRY, label)
    if not len(owner):
        return np.zeros(count + 1, dtype=np.int64), core.entry
    channel, members = core.entry[:, CHANNEL].astype(np.int64), core.entry[:, MEMBERS]
    keys, first, inverse = np.unique(owner * (core.channels + 1) + channel, return_index=True, return_inverse=True)
    entry = core.entry[first].copy()
    entry[:, MEMBERS] = np.bincount(inverse, weights=members, minlength=len(keys))
    # members of the label in all channels of the rule, from which OTHER follows
    by_rule, of_rule = np.unique(owner[first] * (len(core.rule) + 1) + entry[:, RULE], return_inverse=True)
    whole = np.bincount(of_rule, weights=entry[:, MEMBERS], minlength=len(by_rule))[of_rule].astype(np.int32)
    kind = core.rule[entry[:, RULE], KIND]
    other = np.where(kind == Kind.order, whole - entry[:, MEMBERS], np.where(kind == Kind.apart, whole, entry[:, MEMBERS]))
    entry[:, OTHER] = other
    return ranges(np.bincount(keys // (core.channels + 1), minlength=count)), np.ascontiguousarray(entry)

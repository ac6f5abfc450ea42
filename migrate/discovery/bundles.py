"""Disjoint sets of applications that grow only as far as one wave can hold them."""

from __future__ import annotations

from itertools import combinations

import polars as pl

from migrate.spec import Spec

__all__ = ["Bundles"]


class Bundles:
    """Applications bundled so far; each begins alone.

    Parameters
    ----------
    members
        Columns ``application``, ``servers`` and ``criticality``.
    spec
        Its hard `apart` rules, pins and `waves.max_mission_critical` limit what may be bundled.
    """

    def __init__(self, members: pl.DataFrame, spec: Spec) -> None:
        names: list[str] = members["application"].to_list()
        self._parent = {name: name for name in names}
        self._servers: dict[str, int] = dict(zip(names, members["servers"].to_list(), strict=True))
        self._names = {name: [name] for name in names}
        critical = members.select((pl.col("criticality").cast(pl.String) == "mission-critical").fill_null(value=False))
        self._critical: dict[str, int] = dict(zip(names, critical.to_series().cast(pl.Int64).to_list(), strict=True))
        self._most_critical = spec.waves.max_mission_critical
        self._apart = _forbidden(spec)

    def find(self, name: str) -> str:
        """The application that stands for the bundle of `name`."""
        root = name
        while self._parent[root] != root:
            root = self._parent[root]
        while self._parent[name] != root:
            self._parent[name], name = root, self._parent[name]
        return root

    def servers(self, name: str) -> int:
        """Servers of the bundle of `name`."""
        return self._servers[self.find(name)]

    def join(self, one: str, other: str, most_servers: int, most_applications: int | None = None) -> bool:
        """Unite two bundles if one wave can hold them; True when they are one now.

        With `most_applications` the number of mission-critical applications is limited as well: what a cycle holds together is
        not taken apart for that, what is only chatty is.
        """
        a, b = sorted((self.find(one), self.find(other)))
        if a == b:
            return True
        if self._servers[a] + self._servers[b] > most_servers:
            return False
        if self._apart and any(frozenset((x, y)) in self._apart for x in self._names[a] for y in self._names[b]):
            return False
        if most_applications is not None and not self._modest(a, b, most_applications):
            return False
        self._parent[b] = a
        self._servers[a] += self._servers.pop(b)
        self._critical[a] += self._critical.pop(b)
        self._names[a] += self._names.pop(b)
        return True

    def _modest(self, a: str, b: str, most_applications: int) -> bool:
        if len(self._names[a]) + len(self._names[b]) > most_applications:
            return False
        both = bool(self._critical[a] and self._critical[b]) and self._most_critical is not None
        return not both or self._critical[a] + self._critical[b] <= max(self._most_critical or 0, 1)


def _forbidden(spec: Spec) -> frozenset[frozenset[str]]:
    """Pairs that a hard rule keeps apart or that are pinned to different waves."""
    apart = [pair for rule in spec.rule if rule.apart and rule.price_usd is None for pair in combinations(rule.apart, 2)]
    pinned = [(x.application, y.application) for x, y in combinations(spec.pin, 2) if x.wave != y.wave]
    return frozenset(frozenset(pair) for pair in (*apart, *pinned))

"""Estates whose roles are known, with opaque ports, as traffic would show them."""

from __future__ import annotations

import numpy as np
import polars as pl

__all__ = ["estate_of_roles"]

_POPULAR = 12  # ports that many roles serve, each with others beside them
_PLATFORMS = 5  # each with agents that listen on every one of its servers
_MISSED = 0.07  # share of a server's ports that nobody asked for while the traffic was watched
_STRAY = 0.03  # share of conversations on some port between any two servers
_NEGOTIATING = 0.02  # share of servers with a hundred ports that only they serve
_SCANNERS = 3


def _sizes(random: np.random.Generator, servers: int) -> np.ndarray:
    """Sizes of roles from one to thousands, heavy-tailed."""
    drawn = np.minimum(np.floor(1 + random.pareto(0.9, servers)), max(servers // 10, 3)).astype(np.int64)
    return drawn[: int(np.searchsorted(np.cumsum(drawn), servers)) + 1]


def estate_of_roles(servers: int, seed: int = 1) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Plain edges (`client`, `server`, `port`, `protocol`, `packets`) and the truth (`server_id`, `role`).

    A role is a set of ports served, over many applications and one of five platforms; a third of the roles only use.
    Part of what a server serves is not seen, and strays, scanners and ports negotiated at random are in between.
    """
    random = np.random.default_rng(seed)
    sizes = _sizes(random, servers)
    role = random.permutation(np.repeat(np.arange(len(sizes)), sizes)[:servers])
    roles = len(sizes)
    application = random.integers(0, max(servers // 30, 2), servers)
    order = np.argsort(role, kind="stable")
    start = np.searchsorted(role[order], np.arange(roles + 1))
    filled = np.diff(start) > 0
    serving = random.random(roles) < 0.67
    serving[0] = True
    platform = random.integers(0, _PLATFORMS, roles)
    numbers = random.permutation(60_000) + 1  # de-identified
    offer_role, offer_port = _offers(random, np.flatnonzero(serving & filled), numbers)
    parts = []

    def talk(clients: np.ndarray, providers: np.ndarray, ports: np.ndarray) -> None:
        parts.append(np.stack([clients, providers, ports]))

    def member(of: np.ndarray, near: np.ndarray) -> np.ndarray:
        """A server of each role, the same one for the same application."""
        return np.asarray(order[start[of] + near % np.maximum(start[of + 1] - start[of], 1)])

    offers = len(offer_role)
    asked_by = random.choice(np.flatnonzero(filled), size=(offers, 2))  # the roles whose servers are the clients of an offer
    width = np.diff(start)[offer_role]
    offer = np.repeat(np.arange(offers), width)
    provider = order[np.repeat(start[offer_role], width) + np.arange(width.sum()) - np.repeat(np.cumsum(width) - width, width)]
    seen = random.random(len(offer)) > _MISSED
    offer, provider = offer[seen], provider[seen]
    clients_of = 1 + random.geometric(0.3, len(offer))
    offer, provider = np.repeat(offer, clients_of), np.repeat(provider, clients_of)
    asking = asked_by[offer, random.integers(0, 2, len(offer))]
    talk(member(asking, application[provider] * 7 + random.integers(0, 6, len(offer))), provider, offer_port[offer])

    only = np.flatnonzero(~serving[role])  # those that only use: a few offers of their role's liking
    liked = random.integers(0, offers, size=(roles, 4))
    for n in range(4):
        wanted = only if n < 2 else only[random.random(len(only)) > _MISSED]
        chosen = liked[role[wanted], n]
        talk(wanted, member(offer_role[chosen], application[wanted]), offer_port[chosen])

    for number in range(_PLATFORMS):
        on = np.flatnonzero((platform[role] == number) & serving[role])
        if len(on):
            for agent in range(3):
                talk(
                    random.choice(on, 2)[random.integers(0, 2, len(on))], on, np.full(len(on), numbers[100 + number * 3 + agent])
                )
    edges = np.concatenate(parts, axis=1)
    extra = [edges]
    stray = int(_STRAY * edges.shape[1])
    extra.append(
        np.stack([random.integers(0, servers, stray), random.integers(0, servers, stray), random.choice(numbers, stray)])
    )
    busy = np.flatnonzero((random.random(servers) < _NEGOTIATING) & serving[role])
    extra.append(
        np.stack([random.integers(0, servers, 100 * len(busy)), np.repeat(busy, 100), random.choice(numbers, 100 * len(busy))])
    )
    scanned = random.integers(0, servers, size=(_SCANNERS, max(servers // 4, 1)))
    for n in range(_SCANNERS):
        extra.append(np.stack([np.full(scanned.shape[1], n), scanned[n], np.full(scanned.shape[1], numbers[200 + n])]))
    client, server, port = np.concatenate(extra, axis=1)
    frame = pl.DataFrame({"client": client, "server": server, "port": port}).unique().sort("client", "server", "port")
    frame = frame.filter(pl.col("client") != pl.col("server")).with_columns(
        pl.format("h{}", "client").alias("client"),
        pl.format("h{}", "server").alias("server"),
        protocol=pl.lit(6, dtype=pl.Int64),
        packets=pl.lit(10, dtype=pl.Int64),
    )
    truth = pl.DataFrame({"server_id": np.arange(servers), "role": role}).with_columns(
        pl.format("h{}", "server_id").alias("server_id")
    )
    return frame, truth


def _offers(random: np.random.Generator, roles: np.ndarray, numbers: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Role and port of everything that is served: one to six ports a role, no two roles the same set."""
    popular, rare = numbers[:_POPULAR], numbers[1000 : 1000 + 2 * max(len(roles), 10)]
    taken: set[tuple[int, ...]] = set()
    of: list[int] = []
    ports: list[int] = []
    for role in roles.tolist():
        while True:
            count = min(int(random.geometric(0.4)), 6)
            some = [int(random.choice(popular if random.random() < 0.3 else rare)) for _ in range(count)]
            chosen = tuple(sorted(set(some)))
            if chosen not in taken:
                break
        taken.add(chosen)
        of += [role] * len(chosen)
        ports += chosen
    return np.array(of), np.array(ports)

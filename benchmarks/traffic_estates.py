"""Estates whose applications are known, made up as plain edges: sizes, tiers, interfaces, shared services, volumes, noise.

Each law is one opinion of what traffic looks like; none of them is what the method assumes.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

__all__ = ["LAWS", "Law", "estate"]

Ints = NDArray[np.int64]

_MOST_HUBS = 100_000  # servers beyond which an estate has no more hubs, only larger ones

_REAL = np.array([443, 8080, 8443, 1433, 1521, 5432, 3306, 6379, 9092, 2049, 445, 5672, 80, 9200, 27017])
_HUB_PORTS = np.array([53, 389, 123, 161, 514, 10050, 1556, 22, 25, 88])


@dataclass(frozen=True)
class Law:
    """How an estate's traffic comes about.

    Attributes
    ----------
    sizes
        ``power`` (exponent 1.9), ``lognormal`` or ``even`` (equally many of each size): 2 to 200 servers each.
    shape
        ``dense`` (anybody with anybody), ``tiers`` (each with the next tier), ``tree`` (each server two of the next
        tier), ``cluster`` (tiers whose members also talk with each other), ``mixed`` (each application its own).
    inner
        Edges that a server opens inside its application, where it is large enough.
    interfaces
        Share of the rows that lie between applications.
    popular
        How uneven it is who is called by others: exponent of a Zipf law; 0 is even.
    hubs, reach
        Shared servers in 10,000 (of the first 100,000), and the share of all servers that each of them talks to.
    local_hubs
        Shared servers in 10,000 that serve 100 to 2,000 servers of anyone.
    informative
        Whether volume inside an application is larger (by e^2 on average) than on interfaces.
    ports
        ``real`` or ``opaque`` numbers.
    noise
        Share of the rows that join any two servers.
    """

    sizes: str = "power"
    shape: str = "mixed"
    inner: float = 8.0
    interfaces: float = 0.1
    popular: float = 0.6
    hubs: float = 3.0
    reach: float = 0.2
    local_hubs: float = 3.0
    informative: bool = True
    ports: str = "real"
    noise: float = 0.01


LAWS: dict[str, Law] = {
    "plain": Law(),
    "dense": Law(shape="dense", inner=10, interfaces=0.2, informative=False, ports="opaque"),
    "entangled": Law(shape="dense", inner=8, interfaces=0.3, popular=0.8, informative=False, ports="opaque"),
    "tiers": Law(shape="tiers", inner=8, interfaces=0.15, sizes="lognormal"),
    "sparse": Law(shape="tree", inner=2, interfaces=0.05, hubs=5, informative=False),
    "clusters": Law(shape="cluster", inner=10, interfaces=0.1, sizes="even", ports="opaque"),
    "hubs": Law(shape="mixed", inner=6, interfaces=0.1, hubs=6, reach=0.5, local_hubs=20, informative=False, ports="opaque"),
    "noisy": Law(shape="mixed", inner=8, interfaces=0.2, noise=0.08, informative=False),
}


def estate(law: Law, servers: int, seed: int) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Edges (``client``, ``server``, ``port``, ``protocol``, ``bytes``, ``packets``, ``connections``) and the truth.

    Returns
    -------
    The edges in random order, and ``server``, ``application`` (null for shared servers).
    """
    random = np.random.default_rng(seed)
    shared = round(law.hubs * min(servers, _MOST_HUBS) / 10_000), round(law.local_hubs * servers / 10_000)
    owned = servers - sum(shared)
    sizes = _sizes(law.sizes, owned, random)
    app = np.repeat(np.arange(len(sizes)), sizes)
    start = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    tier, bounds = _tiers(sizes, app, start)
    shapes = {"dense": 0, "tiers": 1, "tree": 2, "cluster": 3}
    shape = random.integers(0, 4, len(sizes)) if law.shape == "mixed" else np.full(len(sizes), shapes[law.shape])
    inside = _inside(law, app, start, sizes, tier, bounds, shape, random)
    between = _between(round(len(inside[0]) * law.interfaces / (1 - law.interfaces)), law.popular, start, sizes, random)
    hub = _hubs(shared, owned, law.reach, random)
    amount = round(law.noise * (len(inside[0]) + len(between[0]) + len(hub[0])))
    noise = random.integers(0, owned, amount), random.integers(0, owned, amount), random.integers(1024, 65_536, amount)
    parts = [inside, between, hub, noise]
    client, server, port = (np.concatenate([part[column] for part in parts]) for column in range(3))
    kind = np.repeat([0, 1, 2, 3], [len(part[0]) for part in parts])
    volume = random.lognormal(13, 2, len(kind)) * np.where((kind == 0) & law.informative, np.e**2, 1)
    connections = np.maximum(1, volume ** random.normal(0.5, 0.08, len(kind))).astype(np.int64)
    number = np.where(kind == 2, _HUB_PORTS[port % len(_HUB_PORTS)], _REAL[port % len(_REAL)])
    number = (
        np.where(kind == 3, port, number) if law.ports == "real" else np.where(kind == 2, 60_000 + port % 900, 1 + port % 60_000)
    )
    names = random.permutation(servers)
    text = pl.Series([f"10.{n >> 16}.{n >> 8 & 255}.{n & 255}" for n in names.tolist()])
    frame = pl.DataFrame(
        {
            "client": client,
            "server": server,
            "port": number,
            "bytes": volume,
            "connections": connections,
            "kind": kind.astype(np.int8),
        }
    ).cast({"client": pl.Int32, "server": pl.Int32, "port": pl.Int32, "bytes": pl.Int64})
    frame = frame.filter(pl.col("client") != pl.col("server")).unique(
        ["client", "server", "port"], keep="first", maintain_order=True
    )
    frame = frame.sample(fraction=1, shuffle=True, seed=seed)
    frame = frame.with_columns(
        client=text.gather(frame["client"]),
        server=text.gather(frame["server"]),
        port=pl.col("port").cast(pl.Int64),
        protocol=pl.lit(6, pl.Int64),
        packets=pl.col("bytes") // 700 + 2,
    )
    truth = pl.DataFrame({"server": text, "application": np.concatenate([app, np.full(sum(shared), -1)])})
    return frame, truth.with_columns(application=pl.when(pl.col("application") >= 0).then("application"))


def _sizes(law: str, servers: int, random: np.random.Generator) -> Ints:
    possible = np.arange(2, 201)
    weight = {
        "power": possible**-1.9 * (1 + possible / 12),
        "lognormal": np.exp(-((np.log(possible) - 2.6) ** 2) / 1.6) / possible,
        "even": np.where(possible <= 40, 1.0, 0.01),
    }[law]
    sizes = random.choice(possible, size=servers, p=weight / weight.sum())
    ends = np.cumsum(sizes)
    sizes = sizes[: np.searchsorted(ends, servers) + 1].copy()
    sizes[-1] -= sizes.sum() - servers
    if sizes[-1] < 2:
        sizes[-2] += sizes[-1]
        sizes = sizes[:-1]
    return sizes


def _tiers(sizes: Ints, app: Ints, start: Ints) -> tuple[Ints, Ints]:
    """Tier of each server (0 front, 1 middle, 2 data) and where the tiers of each application begin."""
    first = np.where(sizes > 2, np.maximum(1, np.round(sizes * 0.4)), 1).astype(np.int64)
    second = np.where(sizes > 2, np.maximum(1, np.round(sizes * 0.4)), sizes - 1).astype(np.int64)
    second = np.minimum(second, sizes - first)
    bounds = np.stack([start, start + first, start + first + second, start + sizes], axis=1)
    at = np.arange(len(app))
    return (at >= bounds[app, 1]).astype(np.int64) + (at >= bounds[app, 2]), bounds


def _inside(
    law: Law, app: Ints, start: Ints, sizes: Ints, tier: Ints, bounds: Ints, shape: Ints, random: np.random.Generator
) -> tuple[Ints, Ints, Ints]:
    kind = shape[app]
    mean = np.where(kind == 2, 2.0, law.inner)
    degree = np.where(kind == 2, 2, 1 + random.poisson(np.maximum(mean - 1, 0)))
    client = np.repeat(np.arange(len(app)), degree)
    of, at = app[client], kind[client]
    low, high = bounds[of, 0], bounds[of, 3]
    following = np.minimum(tier[client] + 1, 2)
    tiered = at > 0
    same = (at == 3) & (random.random(len(client)) < 0.4)
    aim = np.where(same, tier[client], following)
    none = bounds[of, aim] == bounds[of, np.minimum(aim + 1, 3)]
    aim = np.where(none, 1, aim)
    low = np.where(tiered, bounds[of, aim], low)
    high = np.where(tiered, np.maximum(bounds[of, np.minimum(aim + 1, 3)], low + 1), high)
    server = low + (random.random(len(client)) * (high - low)).astype(np.int64)
    # data servers open few connections of their own: a replica, at times
    keep = ~(tiered & (tier[client] == 2)) | same | (random.random(len(client)) < 0.3)
    port = server * 7 + (random.random(len(client)) < 0.1) * random.integers(1, 5, len(client))
    return client[keep], server[keep], port[keep]


def _between(amount: int, popular: float, start: Ints, sizes: Ints, random: np.random.Generator) -> tuple[Ints, Ints, Ints]:
    """Interfaces: some servers of one application call one or a few of another, on one port."""
    count = max(1, amount // 4)
    chance = sizes * random.permutation(np.arange(1, len(sizes) + 1) ** -popular)
    provider = random.choice(len(sizes), count, p=chance / chance.sum())
    consumer = random.choice(len(sizes), count, p=sizes / sizes.sum())
    entry = start[provider] + (random.random(count) ** 2 * sizes[provider]).astype(np.int64)
    rows = 1 + random.poisson(3, count)
    of = np.repeat(np.arange(count), rows)
    client = start[consumer][of] + (random.random(len(of)) * sizes[consumer][of]).astype(np.int64)
    second = random.random(len(of)) < 0.3
    other = start[provider][of] + (random.random(len(of)) * sizes[provider][of]).astype(np.int64)
    different = consumer[of] != provider[of]
    server = np.where(second, other, entry[of])
    return client[different], server[different], (server * 7 + 6)[different]


def _hubs(shared: tuple[int, int], owned: int, reach: float, random: np.random.Generator) -> tuple[Ints, Ints, Ints]:
    hubs = np.arange(owned, owned + sum(shared))
    share = np.concatenate([random.uniform(0.3, 1.0, shared[0]) * reach * owned, np.exp(random.uniform(4.6, 7.6, shared[1]))])
    users = np.minimum(share, owned).astype(np.int64)
    hub = np.repeat(hubs, users)
    one = random.integers(0, owned, len(hub))
    outward = np.repeat(random.random(len(hubs)) < 0.3, users)
    port = np.repeat(np.arange(len(hubs)), users)
    return np.where(outward, hub, one), np.where(outward, one, hub), port

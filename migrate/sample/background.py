"""What every server does beside its work: names, logons, clocks, monitoring, backup, updates, scans; and the outside."""

from __future__ import annotations

import numpy as np
import polars as pl

from migrate.sample.connections import DATABASE_PORTS, connection_frame
from migrate.sample.randomness import stream

__all__ = ["background_connections", "outside_addresses", "shared_services"]

#: Application, port, protocol, which servers, to the service or from it, rate, median bytes, schedule, share of the servers.
_SERVICES = (
    ("DNS", 53, 17, "all", "to", 0.7, 900, 1, 1.0),
    ("Active Directory", 88, 6, "windows", "to", 0.4, 5_000, 0, 1.0),
    ("Active Directory", 389, 6, "all", "to", 0.3, 14_000, 0, 0.6),
    ("Active Directory", 445, 6, "windows", "to", 0.15, 40_000, 1, 0.7),
    ("Network Time", 123, 17, "all", "to", 0.35, 152, 1, 1.0),
    ("Monitoring", 161, 17, "linux", "from", 0.45, 4_000, 1, 0.9),
    ("Monitoring", 5985, 6, "windows", "from", 0.45, 30_000, 1, 0.9),
    ("Backup", 8400, 6, "all", "to", 0.55, 9e8, 2, 0.85),
    ("Log Collection", 514, 17, "linux", "to", 0.3, 60_000, 1, 0.8),
    ("Log Collection", 6514, 6, "windows", "to", 0.3, 120_000, 1, 0.6),
    ("Patch Management", 8530, 6, "windows", "to", 0.12, 2e6, 2, 0.9),
    ("Configuration Management", 8140, 6, "linux", "to", 0.25, 40_000, 1, 0.5),
    ("Jump Hosts", 3389, 6, "windows", "from", 0.04, 3e6, 0, 0.3),
    ("Jump Hosts", 22, 6, "linux", "from", 0.04, 4e5, 0, 0.3),
    ("Mail Relay", 25, 6, "all", "to", 0.06, 30_000, 0, 0.12),
)
_CLIENTS, _PARTNERS, _SCANNERS = 600, 120, 40  # outside addresses: campus networks, partners, strangers
_PARTNER_APPLICATIONS = (
    ("Payer Gateway", 443, "to", 3.0, 4e5),
    ("Claims Clearinghouse", 443, "to", 3.0, 1e6),
    ("EDI Translator", 5443, "from", 1.5, 6e5),
    ("Managed File Transfer", 22, "from", 2.0, 8e6),
    ("Health Information Exchange", 443, "to", 2.0, 5e5),
    ("Image Exchange", 443, "from", 1.0, 4e7),
    ("Mail Relay", 25, "to", 4.0, 5e4),
    ("Card Payments", 443, "to", 3.0, 4e4),
    ("Patch Management", 443, "to", 0.7, 9e6),
    ("Telehealth", 443, "from", 2.5, 6e6),
    ("Public Website", 443, "from", 6.0, 2e5),
    ("Patient Portal", 443, "from", 6.0, 3e5),
    ("Billing Portal", 443, "from", 4.0, 2e5),
)


def shared_services() -> pl.DataFrame:
    """Applications that serve nearly every server, with the ports they do it on; sorted."""
    rows = sorted({(name, port) for name, port, *_ in _SERVICES} | {("Vulnerability Scanner", 0)})
    return pl.DataFrame(rows, schema=["application", "port"], orient="row")


def outside_addresses(seed: int) -> pl.DataFrame:
    """Addresses that are in no inventory, in a fixed order; column ``group`` is client, partner or scanner.

    Clients are in the campus networks; partners and strangers in the ranges that RFC 5737 keeps for documentation, so
    that no real organisation is named.
    """
    rng = stream(seed, "outside")
    clients = [f"10.{200 + i % 6}.{i % 251}.{20 + int(last)}" for i, last in enumerate(rng.integers(0, 200, _CLIENTS))]
    partners = [f"203.0.113.{1 + i % 254}" for i in range(_PARTNERS)]
    scanners = [f"198.51.100.{1 + i % 254}" for i in range(_SCANNERS)]
    groups = ["client"] * _CLIENTS + ["partner"] * _PARTNERS + ["scanner"] * _SCANNERS
    return pl.DataFrame({"ip": [*clients, *partners, *scanners], "group": groups})


def background_connections(servers: pl.DataFrame, seed: int) -> pl.DataFrame:
    """All connections that are not a dependency between two applications of the business."""
    alive = servers.filter("power_on")
    outside = _outside(alive, servers.height, seed)
    parts = [_services(alive, seed), outside, _scans(alive, servers.height, seed), _shadow(alive, seed)]
    return pl.concat(parts).filter(pl.col("src") != pl.col("dst"))


def _services(alive: pl.DataFrame, seed: int) -> pl.DataFrame:
    parts = []
    for number, (name, port, protocol, whom, way, rate, size, schedule, share) in enumerate(_SERVICES):
        rng = stream(seed, "services", number)
        provider = alive.filter((pl.col("application") == name) & (pl.col("tier") == 1))
        if provider.is_empty():
            continue
        chosen = alive.filter(pl.Series(rng.random(alive.height) < share) & (pl.col("application").fill_null("") != name))
        if whom != "all":
            chosen = chosen.filter((pl.col("os") == "W") if whom == "windows" else (pl.col("os") != "W"))
        other = _nearest(chosen, provider, rng)
        own, far = pl.col("server"), pl.Series(other)
        ends = (own, pl.lit(far)) if way == "to" else (pl.lit(far), own)
        parts.append(
            chosen.select(
                connection_frame(
                    *ends,
                    port=pl.lit(port),
                    protocol=pl.lit(protocol),
                    rate=pl.Series(rate * rng.uniform(0.6, 1.4, chosen.height)),
                    size=pl.Series(size * np.exp(rng.normal(0, 0.8, chosen.height))),
                    schedule=pl.lit(schedule),
                    burst=pl.lit(value=False),
                    accepted=pl.lit(value=True),
                )
            )
        )
    return pl.concat(parts)


def _nearest(
    chosen: pl.DataFrame, provider: pl.DataFrame, rng: np.random.Generator
) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """A server of the service for each chosen one, in its own data center where there is one."""
    draw = rng.random(chosen.height)
    site = chosen["site"].to_numpy()
    result = np.zeros(chosen.height, dtype=np.int64)
    for number in (0, 1):
        near = provider.filter(pl.col("site") == number)["server"].to_numpy()
        near = near if len(near) else provider["server"].to_numpy()
        result = np.where(site == number, near[(draw * len(near)).astype(np.int64)], result)
    return result


def _outside(alive: pl.DataFrame, servers: int, seed: int) -> pl.DataFrame:
    """Users in the hospitals to the first tier, and partners in the order of business."""
    rng = stream(seed, "users")
    faced = alive.filter((pl.col("tier") == 0) | ((pl.col("tier") == 1) & (pl.col("hospital") >= 0)))
    faced = pl.concat([faced, faced])
    parts = [
        faced.select(
            connection_frame(
                pl.lit(pl.Series(servers + rng.integers(0, _CLIENTS, faced.height))),
                pl.col("server"),
                port=pl.col("port"),
                protocol=pl.lit(6),
                rate=pl.Series(rng.gamma(2.0, 0.5, faced.height)),
                size=pl.Series(np.exp(rng.normal(11, 1.2, faced.height))),
                schedule=pl.lit(0),
                burst=pl.lit(value=False),
                accepted=pl.lit(value=True),
            )
        )
    ]
    for number, (name, port, way, rate, size) in enumerate(_PARTNER_APPLICATIONS):
        rng = stream(seed, "partners", number)
        own = alive.filter((pl.col("application") == name) & (pl.col("tier") == (0 if way == "from" else 1)))
        own = pl.concat([own.filter(pl.col("env") == "production")] * 3)
        there = pl.lit(pl.Series(servers + _CLIENTS + rng.integers(0, _PARTNERS, own.height)))
        ends = (pl.col("server"), there) if way == "to" else (there, pl.col("server"))
        parts.append(
            own.select(
                connection_frame(
                    *ends,
                    port=pl.lit(port),
                    protocol=pl.lit(6),
                    rate=pl.Series(rng.uniform(0.5, 1.5, own.height) * rate),
                    size=pl.Series(size * np.exp(rng.normal(0, 1, own.height))),
                    schedule=pl.lit(0),
                    burst=pl.col("domain") == "revenue-cycle",
                    accepted=pl.lit(value=True),
                )
            )
        )
    return pl.concat(parts)


def _shadow(alive: pl.DataFrame, seed: int) -> pl.DataFrame:
    """Half of the servers that no one owns read some database of the business."""
    rng = stream(seed, "shadow")
    databases = alive.filter((pl.col("tier") == 2) & pl.col("engine").is_in(list(DATABASE_PORTS)))
    readers = alive.filter((pl.col("app") < 0) & pl.Series(rng.random(alive.height) < 0.5))
    if databases.is_empty() or readers.is_empty():
        return _services(alive, seed).clear()
    read = databases[rng.integers(0, databases.height, readers.height)]
    return readers.select(
        connection_frame(
            pl.col("server"),
            pl.lit(read["server"]),
            port=read["engine"].replace_strict(DATABASE_PORTS, return_dtype=pl.Int64),
            protocol=pl.lit(6),
            rate=pl.Series(rng.uniform(0.2, 2.0, readers.height)),
            size=pl.Series(np.exp(rng.normal(12, 1, readers.height))),
            schedule=pl.lit(1),
            burst=pl.lit(value=False),
            accepted=pl.lit(value=True),
        )
    )


def _scans(alive: pl.DataFrame, servers: int, seed: int) -> pl.DataFrame:
    """The own scanner each Sunday, strangers at the outer tier, and calls to ports that a firewall closes."""
    rng = stream(seed, "scans")
    scanner = alive.filter((pl.col("application") == "Vulnerability Scanner") & (pl.col("tier") == 1))["server"].to_numpy()
    parts = []
    ports = np.array([21, 22, 23, 80, 135, 443, 445, 1433, 3306, 3389, 5900, 8080])
    if len(scanner):
        each = pl.concat([alive] * 3)
        parts.append((each, pl.Series(scanner[rng.integers(0, len(scanner), each.height)]), 3, rng.random(each.height) < 0.15))
    outer = alive.filter(pl.col("tier") == 0)
    stranger = pl.Series(servers + _CLIENTS + _PARTNERS + rng.integers(0, _SCANNERS, outer.height))
    parts.append((outer, stranger, 1, np.zeros(outer.height, dtype=bool)))
    stray = alive.filter(pl.Series(rng.random(alive.height) < 0.08))
    origin = pl.Series(alive["server"].to_numpy()[rng.integers(0, alive.height, stray.height)])
    parts.append((stray, origin, 0, np.zeros(stray.height, dtype=bool)))
    return pl.concat(
        targets.select(
            connection_frame(
                pl.lit(source),
                pl.col("server"),
                port=pl.Series(ports[rng.integers(0, len(ports), targets.height)]),
                protocol=pl.lit(6),
                rate=pl.Series(np.where(schedule == 3, 1.0, rng.uniform(0.05, 0.4, targets.height))),
                size=pl.lit(120.0),
                schedule=pl.lit(schedule),
                burst=pl.lit(value=False),
                accepted=pl.Series(accepted),
            )
        )
        for targets, source, schedule, accepted in parts
    )

"""The servers of one sample: what each is, where it stands and what is wrong with it."""

from __future__ import annotations

import numpy as np
import polars as pl

from migrate.sample.addresses import draw_addresses
from migrate.sample.hardware import draw_hardware
from migrate.sample.naming import draw_names
from migrate.sample.randomness import hex_ids, stream, uuids
from migrate.sample.sizing import servers_by_tier
from migrate.sample.systems import SYSTEMS, systems_of

__all__ = ["KINDS", "NO_TIER", "draw_servers"]

KINDS = ("virtual", "physical", "mainframe", "appliance")
NO_TIER = 3  # of servers that belong to no application
_UNOWNED_SHARE = 0.05


def draw_servers(apps: pl.DataFrame, servers: int, seed: int) -> pl.DataFrame:
    """One row per server, sorted by application, tier and place within it; column ``server`` is its number.

    Columns
    -------
    app, application, tier, env
        -1 and null for servers that no one owns; `env` is production, test, development or dr.
    site
        Index into `SITES`.
    kind, system
        Indices into `KINDS` and `SYSTEMS`.
    power_on, orphaned, ghost, in_cmdb, os_unknown, duplicate
        Dirt: `ghost` servers are long gone and stand in the CMDB only; `orphaned` VMs have lost their files.
    """
    unowned = min(max(1, round(servers * _UNOWNED_SHARE)), servers - apps.height)
    owned = servers_by_tier(apps, servers - unowned)
    base = owned.select(pl.all().repeat_by("count").explode()).drop("count")
    base = base.join(
        apps.select(
            "app", "application", "code", "domain", "criticality", "data_class", "os", "engine", "hospital", "port"
        ).with_columns(home=apps["site"]),
        on="app",
        how="left",
        maintain_order="left",
    )
    rng = stream(seed, "unowned")
    lost = pl.DataFrame({"app": np.full(unowned, -1), "tier": np.full(unowned, NO_TIER), "home": rng.integers(0, 2, unowned)})
    lost = lost.with_columns(os=pl.Series(np.where(rng.random(unowned) < 0.6, "W", "L")), hospital=pl.lit(-1, dtype=pl.Int64))
    frame = pl.concat([base, lost], how="diagonal").with_row_index("server").with_columns(pl.col("server").cast(pl.Int64))
    frame = _environments(frame)
    frame = _kinds(frame, seed)
    frame = _dirt(frame, seed)
    frame = draw_names(frame, seed)
    frame = draw_addresses(frame, seed)
    frame = draw_hardware(frame, seed)
    ids = stream(seed, "ids")
    return frame.with_columns(uuid=uuids(ids, frame.height), bios=uuids(ids, frame.height), ci=hex_ids(ids, frame.height))


def _environments(frame: pl.DataFrame) -> pl.DataFrame:
    """Production first, then test, development and, for what must not stop, a second place in the other data center."""
    place = pl.int_range(pl.len()).over("app", "tier") / pl.len().over("app", "tier")
    many = pl.len().over("app", "tier") >= 3
    vital = pl.col("criticality").is_in(["mission-critical", "high"])
    frame = frame.with_columns(
        env=pl.when(pl.col("app") < 0)
        .then(pl.lit(None, dtype=pl.String))
        .when(pl.col("application") == "EHR Test")
        .then(pl.lit("test"))
        .when(pl.col("application") == "EHR Training")
        .then(pl.lit("development"))
        .when((pl.col("domain") == "foundation") | ~many | (place < 0.58))
        .then(pl.lit("production"))
        .when(vital & (place >= 0.84))
        .then(pl.lit("dr"))
        .when(place < 0.8)
        .then(pl.lit("test"))
        .otherwise(pl.lit("development"))
    )
    alternating = (pl.col("domain") == "foundation") & (pl.col("hospital") < 0)
    second = pl.int_range(pl.len()).over("app", "tier") % 2
    return frame.with_columns(
        site=pl.when(pl.col("env") == "dr")
        .then(1 - pl.col("home"))
        .when(alternating)
        .then((pl.col("home") + second) % 2)
        .otherwise("home")
        .fill_null(0)
    )


def _kinds(frame: pl.DataFrame, seed: int) -> pl.DataFrame:
    """Operating system and machine."""
    rng = stream(seed, "kinds")
    letter, tier = frame["os"].to_numpy(), frame["tier"].to_numpy()
    runs = letter.copy()
    runs[(letter == "M") & (tier == 2)] = "L"
    runs[(letter == "M") & (tier != 2)] = "W"
    runs[(letter == "U") & (tier == 2)] = "U"
    runs[(letter == "U") & (tier != 2)] = "L"
    runs[(letter == "L") & (frame["engine"].to_numpy() == "mssql") & (tier == 2)] = "W"
    draw = rng.random(frame.height)
    system = np.zeros(frame.height, dtype=np.int64)
    for kind in ("W", "L", "U", "Z", "P"):
        numbers, weights = zip(*systems_of(kind), strict=True)
        chosen = np.searchsorted(np.cumsum(weights) / sum(weights), draw, side="right").clip(0, len(numbers) - 1)
        system = np.where(runs == kind, np.array(numbers)[chosen], system)
    physical = (rng.random(frame.height) < np.where(tier == 2, 0.06, 0.015)) & (tier != NO_TIER)
    kind_of = {"Z": 2, "P": 3, "U": 1}
    kind_number = np.array([kind_of.get(s.kind, 0) for s in SYSTEMS])[system]
    return frame.with_columns(
        system=pl.Series(system), kind=pl.Series(np.where((kind_number == 0) & physical, 1, kind_number)), os=pl.Series(runs)
    )


def _dirt(frame: pl.DataFrame, seed: int) -> pl.DataFrame:
    """What is wrong with each server."""
    rng = stream(seed, "dirt")
    count = frame.height
    owned, virtual = (frame["app"] >= 0).to_numpy(), (frame["kind"] == 0).to_numpy()
    off = virtual & (rng.random(count) < np.where(owned, 0.03, 0.45))
    ghost = virtual & (rng.random(count) < 0.015)
    orphaned = virtual & ~ghost & (rng.random(count) < np.where(owned, 0.005, 0.06))
    in_cmdb = ghost | ~virtual | (rng.random(count) < np.where(owned, 0.92, 0.35))
    unknown = rng.random(count) < np.where(owned, 0.01, 0.08)
    twin = virtual & ~ghost & (rng.random(count) < 0.005)
    usable = np.flatnonzero(virtual & owned)
    for number, flags in enumerate((off, ghost, orphaned, unknown, twin)):
        if not (flags & virtual).any() and len(usable) > number:  # a small sample shows each kind of dirt too
            flags[usable[number * (len(usable) - 1) // 5 + 1]] = True
    orphaned &= ~ghost
    in_cmdb |= ghost
    off |= orphaned | ghost
    return frame.with_columns(
        power_on=pl.Series(~off),
        ghost=pl.Series(ghost),
        orphaned=pl.Series(orphaned),
        in_cmdb=pl.Series(in_cmdb),
        os_unknown=pl.Series(unknown & virtual),
        duplicate=pl.Series(twin),
    )

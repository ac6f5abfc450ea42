"""Who talks to whom: every connection of the sample as one row, before it is spread over days.

Columns of a connection: ``src`` and ``dst`` (numbers of servers; from `servers` on, numbers of outside addresses),
``port`` (of dst), ``protocol`` (6 TCP, 17 UDP, 1 ICMP), ``rate`` (conversations a working day), ``size`` (median bytes of a
conversation), ``schedule`` (see `SCHEDULES`), ``burst`` (grows at month end), ``accepted``.
"""

from __future__ import annotations

import numpy as np
import polars as pl

from migrate.sample.randomness import stream

__all__ = ["DATABASE_PORTS", "SCHEDULES", "application_connections", "connection_frame"]

SCHEDULES = ("office", "always", "night", "sunday")
DATABASE_PORTS = {"mssql": 1433, "oracle": 1521, "postgresql": 5432, "mysql": 3306, "db2": 50000, "mongodb": 27017}
_REPLICATION_PORTS = {"mssql": 5022, "oracle": 1521, "postgresql": 5432, "mysql": 3306, "mongodb": 27017}
_PER_SERVER = 2  # servers of the other side that one server talks to
_WEB, _APP, _DB = 0, 1, 2


def connection_frame(src: pl.Expr, dst: pl.Expr, **values: pl.Expr | pl.Series) -> list[pl.Expr | pl.Series]:
    """The columns of a connection, in their order."""
    order = ("port", "protocol", "rate", "size", "schedule", "burst", "accepted")
    types = (pl.Int64, pl.Int64, pl.Float64, pl.Float64, pl.Int64, pl.Boolean, pl.Boolean)
    return [src.cast(pl.Int64).alias("src"), dst.cast(pl.Int64).alias("dst")] + [
        values[name].cast(dtype).alias(name) for name, dtype in zip(order, types, strict=True)
    ]


def application_connections(servers: pl.DataFrame, needs: pl.DataFrame, seed: int) -> pl.DataFrame:
    """Connections within applications and between them; both ends run."""
    alive = servers.filter(pl.col("power_on") & (pl.col("app") >= 0))
    groups = (
        servers.filter(pl.col("app") >= 0)
        .group_by("app", "tier", "env", maintain_order=True)
        .agg(start=pl.col("server").min(), count=pl.len())
    )
    pairs = pl.concat([_within(alive, groups), _replication(alive, groups), _between(alive, groups, needs, servers)])
    pairs = pairs.filter(pl.col("src") != pl.col("dst")).unique(["src", "dst", "port"]).sort("src", "dst", "port")
    pairs = pairs.join(alive.select(dst="server"), on="dst", how="semi").sort("src", "dst", "port")
    rng = stream(seed, "connections")
    count = pairs.height
    domain = servers["domain"].to_numpy()
    return pairs.select(
        connection_frame(
            pl.col("src"),
            pl.col("dst"),
            port=pl.col("port"),
            protocol=pl.lit(6),
            rate=pl.Series(np.clip(rng.gamma(2.0, 0.55, count), 0.15, 8)) * pl.col("weight"),
            size=pl.Series(np.exp(rng.normal(10.2, 1.7, count))) * pl.col("volume"),
            schedule=pl.Series(np.where(rng.random(count) < 0.7, 0, 1)),
            burst=pl.Series((domain[pairs["src"].to_numpy()] == "revenue-cycle").astype(bool)),
            accepted=pl.lit(value=True),
        )
    )


def _to_group(pairs: pl.DataFrame) -> pl.DataFrame:
    """Give each consumer `_PER_SERVER` servers of its provider group (columns start, count)."""
    turns = [
        pairs.with_columns(src="server", dst=pl.col("start") + (pl.col("server") + turn * 5) % pl.col("count"))
        for turn in range(_PER_SERVER)
    ]
    return pl.concat(turns).select("src", "dst", "port", "weight", "volume")


def _within(alive: pl.DataFrame, groups: pl.DataFrame) -> pl.DataFrame:
    """Web to application tier, and the tier before it to the database, each in its own environment."""
    consumers = alive.select("server", "app", "tier", "env", "engine", "port")
    web = (
        consumers.filter(pl.col("tier") == _WEB)
        .join(groups.filter(pl.col("tier") == _APP).drop("tier"), on=["app", "env"])
        .with_columns(port=pl.when(pl.col("port") == 443).then(8443).otherwise("port").cast(pl.Int64))
    )
    upper = consumers.filter(pl.col("tier") == _APP)
    data = upper.join(groups.filter(pl.col("tier") == _DB).drop("tier"), on=["app", "env"]).with_columns(
        port=pl.col("engine").replace_strict(DATABASE_PORTS, default=None, return_dtype=pl.Int64)
    )
    return _to_group(
        pl.concat([web, data.filter(pl.col("port").is_not_null())]).with_columns(weight=pl.lit(1.3), volume=pl.lit(4.0))
    )


def _replication(alive: pl.DataFrame, groups: pl.DataFrame) -> pl.DataFrame:
    """Production databases to their second place."""
    copies = groups.filter((pl.col("tier") == _DB) & (pl.col("env") == "dr")).drop("tier", "env")
    pairs = (
        alive.filter((pl.col("tier") == _DB) & (pl.col("env") == "production"))
        .select("server", "app", "engine")
        .join(copies, on="app")
        .with_columns(
            port=pl.col("engine").replace_strict(_REPLICATION_PORTS, default=445, return_dtype=pl.Int64),
            weight=pl.lit(1.5),
            volume=pl.lit(60.0),
        )
    )
    return _to_group(pairs)


def _between(alive: pl.DataFrame, groups: pl.DataFrame, needs: pl.DataFrame, servers: pl.DataFrame) -> pl.DataFrame:
    """The calling tier of each consumer to the answering tier of each provider.

    Test and development call their like where the provider has it; else one in four calls production, as it should not.
    """
    tiers = groups.group_by("app").agg(
        calls=pl.when((pl.col("tier") == _APP).any()).then(_APP).otherwise(pl.col("tier").min()),
        web=(pl.col("tier") == _WEB).any(),
        db=(pl.col("tier") == _DB).any(),
        first=pl.col("tier").min(),
        middle=(pl.col("tier") == _APP).any(),
    )
    answering = (
        pl.when((pl.col("port") == 443) & pl.col("web"))
        .then(_WEB)
        .when(pl.col("port").is_in(list(DATABASE_PORTS.values())) & pl.col("db"))
        .then(_DB)
        .when("middle")
        .then(_APP)
        .otherwise("first")
    )
    wanted = needs.join(tiers.rename({"app": "provider"}).drop("calls"), on="provider").with_columns(
        answers=answering.cast(pl.Int64)
    )
    wanted = wanted.join(tiers.select(consumer="app", calls=pl.col("calls").cast(pl.Int64)), on="consumer")
    calls = alive.select("server", "env", consumer="app", calls="tier").join(wanted, on=["consumer", "calls"])
    like = groups.rename({"app": "provider", "tier": "answers", "start": "own_start", "count": "own_count"})
    production = groups.filter(pl.col("env") == "production").drop("env").rename({"app": "provider", "tier": "answers"})
    calls = calls.join(like, on=["provider", "answers", "env"], how="left").join(
        production, on=["provider", "answers"], how="left"
    )
    careless = (pl.col("env") != "production") & (pl.col("env") != "dr") & (pl.col("server") % 4 != 0)
    calls = calls.with_columns(
        start=pl.col("own_start").fill_null(pl.when(careless).then(None).otherwise("start")),
        count=pl.coalesce("own_count", "count"),
        weight=pl.when(pl.col("strength") == "soft").then(0.3).otherwise(1.0),
        volume=pl.when(pl.col("strength") == "soft").then(0.3).otherwise(1.0),
    ).filter(pl.col("start").is_not_null())
    return _to_group(calls.select("server", "port", "start", "count", "weight", "volume"))

"""Conversations between addresses to dependencies between servers, and to traffic with the world outside."""

from __future__ import annotations

from dataclasses import dataclass, field

import polars as pl

from migrate.discovery.addresses import canonical, networks, owners
from migrate.discovery.flows import DAYS, read_conversations
from migrate.discovery.hosts import hosts
from migrate.discovery.noise import without_noise
from migrate.discovery.ports import DYNAMIC, EPHEMERAL_FROM, port_uses, protocol_name
from migrate.findings import Finding
from migrate.model.estate import Estate
from migrate.model.stages import FlowFiles, ServerDependencies
from migrate.units import BYTES_PER_GB, DAYS_PER_MONTH

__all__ = ["NO_TRAFFIC", "Traffic", "active_days", "observe"]

_NEGOTIATED = 5  # more high ports than these between two servers are one negotiated service
_EDGE = ["consumer_id", "provider_id", "protocol", "port"]
_SUMS = ("bytes_out", "bytes_in", "packets", "records", "connections")

_SCHEMA = pl.Schema(
    {
        **{name: pl.String() for name in ("consumer_id", "provider_id", "client_network", "server_network", "protocol")},
        "port": pl.Int64(),
        **{name: pl.Int64() for name in (*_SUMS, "first_seen", "last_seen", "hours")},
        "use": pl.String(),
        "days_0": pl.Int64(),
    }
)


@dataclass(frozen=True)
class Traffic:
    """What the flow logs show, in whole numbers over the observed days.

    Attributes
    ----------
    internal
        One row per consumer server, provider server, protocol and port; `use` as `migrate.discovery.ports` names it;
        ``hours`` and ``days_0`` … as `migrate.discovery.orientation.conversations` gives them.
    external
        The same where one end is no server: its id is null, and `client_network` or `server_network` names its network.
    scanners
        Servers that scan others (``server_id``) and how many addresses they touched (``hosts``).
    observed_days
        Days with records; 0 without flow logs.
    """

    internal: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=_SCHEMA))
    external: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=_SCHEMA))
    scanners: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema={"server_id": pl.String, "hosts": pl.Int64}))
    observed_days: int = 0

    def server_dependencies(self) -> pl.DataFrame:
        """`internal` as daily means in the form of `ServerDependencies`."""
        days = max(self.observed_days, 1)
        frame = self.internal.select(
            *_EDGE,
            bytes_day=(pl.col("bytes_out") + pl.col("bytes_in")) / days,
            connections_day=pl.col("connections") / days,
            active_days=active_days(),
            first_seen=pl.from_epoch("first_seen", time_unit="s"),
            last_seen=pl.from_epoch("last_seen", time_unit="s"),
        )
        return ServerDependencies.cast(frame.sort(_EDGE))

    def ends(self) -> tuple[pl.Series, ...]:
        """Ids of the servers that take part, with repeats and nulls."""
        both = [frame[column] for frame in (self.internal, self.external) for column in ("consumer_id", "provider_id")]
        return (*both, self.scanners["server_id"])

    def external_gb_month(self) -> dict[str, float]:
        """GB a mean month that each server sent to addresses outside the estate, by server id, sorted."""
        factor = DAYS_PER_MONTH / max(self.observed_days, 1) / BYTES_PER_GB
        sent = pl.concat(
            [
                self.external.select(server_id="consumer_id", sent="bytes_out"),
                self.external.select(server_id="provider_id", sent="bytes_in"),
            ]
        ).drop_nulls("server_id")
        totals = sent.group_by("server_id").agg(pl.col("sent").sum()).sort("server_id")
        return {server: count * factor for server, count in totals.iter_rows()}


NO_TRAFFIC = Traffic()


def active_days() -> pl.Expr:
    """Days on which something was seen: the bits of the day masks; 1 where the records had no times."""
    return pl.sum_horizontal(DAYS.bitwise_count_ones().cast(pl.Int64)).clip(1)


def observe(estate: Estate, flows: FlowFiles) -> tuple[Traffic, list[Finding]]:
    """Read the flow logs and say which server of the estate talks to which, and to whom outside.

    Of an estate without servers, the hosts of the flow logs are the servers.
    """
    address_of, findings = owners(estate)
    if not flows.files:
        return NO_TRAFFIC, findings
    conversations, observed_days = read_conversations([file.path for file in flows.files])
    conversations = _canonical(conversations)
    kept, scanning, noise = without_noise(conversations, address_of["ip"])
    if estate.servers.is_empty():
        address_of = hosts(kept)
    scanners = scanning.join(address_of, left_on="client", right_on="ip").select("server_id", "hosts").sort("server_id", "hosts")
    joined = (
        kept.join(address_of.rename({"ip": "client", "server_id": "consumer_id"}), on="client", how="left")
        .join(address_of.rename({"ip": "server", "server_id": "provider_id"}), on="server", how="left")
        .with_columns(protocol=protocol_name(pl.col("protocol")), port=pl.col("port").cast(pl.Int64))
    )
    inside = pl.col("consumer_id").is_not_null() & pl.col("provider_id").is_not_null()
    internal = _summed(joined.filter(inside & (pl.col("consumer_id") != pl.col("provider_id"))))
    one_end = joined.filter(pl.col("consumer_id").is_null() ^ pl.col("provider_id").is_null())
    return Traffic(internal, _summed(_with_networks(one_end)), scanners, observed_days), findings + noise


def _canonical(conversations: pl.DataFrame) -> pl.DataFrame:
    written = canonical(pl.concat([conversations["client"], conversations["server"]]))
    changed = written.filter(pl.col("written") != pl.col("ip"))
    if changed.is_empty():
        return conversations
    names = dict(changed.iter_rows())
    return conversations.with_columns(pl.col("client", "server").replace(names))


def _with_networks(external: pl.DataFrame) -> pl.DataFrame:
    client = networks(external.filter(pl.col("consumer_id").is_null())["client"]).rename(
        {"ip": "client", "network": "client_network"}
    )
    server = networks(external.filter(pl.col("provider_id").is_null())["server"]).rename(
        {"ip": "server", "network": "server_network"}
    )
    return (
        external.join(client, on="client", how="left")
        .join(server, on="server", how="left")
        .with_columns(
            client_network=pl.when(pl.col("consumer_id").is_null()).then(pl.col("client_network")),
            server_network=pl.when(pl.col("provider_id").is_null()).then(pl.col("server_network")),
        )
    )


def _summed(rows: pl.DataFrame) -> pl.DataFrame:
    """Add up addresses of the same servers or network; fold a provider's many negotiated high ports into one."""
    for name in ("client_network", "server_network"):
        if name not in rows.columns:
            rows = rows.with_columns(pl.lit(None, dtype=pl.String).alias(name))
    pair = ["consumer_id", "provider_id", "client_network", "server_network", "protocol"]
    high = pl.col("port") >= EPHEMERAL_FROM
    many = pl.col("port").filter(high).n_unique().over(pair) > _NEGOTIATED if rows.height else pl.lit(value=False)
    folded = rows.with_columns(port=pl.when(high & many).then(DYNAMIC).otherwise(pl.col("port")).cast(pl.Int64))
    return (
        folded.group_by(*pair, "port")
        .agg(
            pl.col(*_SUMS).sum(),
            pl.col("first_seen").min(),
            pl.col("last_seen").max(),
            (DAYS | pl.selectors.by_name("hours")).bitwise_or(),
        )
        .with_columns(use=port_uses(pl.col("port")))
        .select(*(name for name in _SCHEMA if name != "days_0"), DAYS)
        .cast(dict(_SCHEMA.items()))
        .sort(*pair, "port", nulls_last=True)
    )

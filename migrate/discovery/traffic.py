"""What the flow logs show: dependencies between servers, and traffic with the world outside."""

from __future__ import annotations

from dataclasses import dataclass, field

import polars as pl

from migrate.discovery.chattiness import round_trips_mb
from migrate.discovery.flows import DAYS
from migrate.discovery.ports import DYNAMIC
from migrate.discovery.services import services
from migrate.discovery.sources import source_names
from migrate.discovery.strength import judged_ports
from migrate.model.stages import ServerDependencies
from migrate.units import BYTES_PER_GB, DAYS_PER_MONTH

__all__ = ["EXTERNAL", "INTERNAL", "MASKS", "NO_TRAFFIC", "SUMS", "Traffic", "active_days", "business_share"]

_EDGE = ["consumer_id", "provider_id", "protocol", "port"]

#: Whole numbers that add up where rows are put together. Of the 95th percentiles of days the sum is an upper bound of the
#: percentile of the sum: not all have their busy day together.
SUMS = (
    "bytes_out", "bytes_in", "packets", "round_trips", "records", "connections", "business_connections",
    "bytes_day_p95", "connections_day_p95", "bytes_last_day", "connections_last_day",
)  # fmt: skip
MASKS = ("hours", "sources")

INTERNAL = pl.Schema(
    {
        **{name: pl.String() for name in ("consumer_id", "provider_id", "protocol")},
        "port": pl.Int64(),
        **{name: pl.Int64() for name in (*SUMS, "first_seen", "last_seen", *MASKS)},
        **{name: pl.String() for name in ("use", "via")},
        "days_0": pl.Int64(),
    }
)
EXTERNAL = pl.Schema({**INTERNAL, "client_network": pl.String(), "server_network": pl.String()})
_PARTIES = pl.Schema({"server_id": pl.String(), "inbound": pl.Boolean(), "network": pl.String(), "address": pl.String()})


@dataclass(frozen=True)
class Traffic:
    """What the flow logs show, in whole numbers over the observed days.

    Attributes
    ----------
    internal
        One row per consumer server, provider server, protocol and port; `SUMS` added up; ``round_trips`` as
        `migrate.discovery.chattiness` has them; ``hours``, ``sources`` and ``days_0`` … as
        `migrate.discovery.flows.read_conversations` gives them; `use` as `migrate.discovery.ports` names it; ``via`` the
        load balancer that was passed, null where none.
    external
        The same where one end is no server: its id is null, and `client_network` or `server_network` names its network.
    parties
        Addresses and names outside by server: ``server_id``, ``inbound`` (the party opened the connection), ``network``,
        ``address``.
    hidden
        Addresses of parties that look like NAT.
    scanners
        Servers that scan others (``server_id``) and how many addresses they touched (``hosts``).
    observed_days
        Days with records; 0 without flow logs.
    working_days
        Of them those from Monday to Friday in the time zone of the business hours, at most; `observed_days` without times.
    rows
        Rows of the flow logs, of whatever kind, lines that could not be read included.
    """

    internal: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=INTERNAL))
    external: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=EXTERNAL))
    parties: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=_PARTIES))
    hidden: tuple[str, ...] = ()
    scanners: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema={"server_id": pl.String, "hosts": pl.Int64}))
    observed_days: int = 0
    working_days: int = 0
    rows: int = 0

    def server_dependencies(self) -> pl.DataFrame:
        """`internal` as daily means in the form of `ServerDependencies`."""
        days = max(self.observed_days, 1)
        size = pl.col("bytes_out") + pl.col("bytes_in")
        one_port = pl.col("port") != DYNAMIC  # the busy days of many ports do not add up to a busy day
        rows = self.internal.with_columns(active_days=active_days(), share=business_share())
        frame = judged_ports(rows, self.observed_days, self.working_days).select(
            *_EDGE,
            bytes_day=size / days,
            connections_day=pl.col("connections") / days,
            active_days="active_days",
            first_seen=pl.from_epoch("first_seen", time_unit="s"),
            last_seen=pl.from_epoch("last_seen", time_unit="s"),
            service=services(pl.col("port"), pl.col("use")),
            bytes_day_p95=pl.when((size > 0) & one_port).then("bytes_day_p95"),
            connections_day_p95=pl.when(one_port).then("connections_day_p95"),
            business_share="share",
            round_trips_mb=round_trips_mb(),
            via="via",
            strength="strength",
            reason="reason",
            sources=source_names(self.internal["sources"]),
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


def business_share() -> pl.Expr:
    """Share of the connections in business hours; null where the records had no times."""
    timed = pl.col("first_seen").is_not_null() & (pl.col("connections") > 0)
    return pl.when(timed).then((pl.col("business_connections") / pl.col("connections")).clip(0, 1))

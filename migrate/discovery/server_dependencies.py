"""Conversations between addresses to dependencies between servers, and to traffic with the world outside."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import replace
from zoneinfo import ZoneInfo

import polars as pl

from migrate.discovery.addresses import networks, owners
from migrate.discovery.balancers import carried_through
from migrate.discovery.chattiness import round_trips
from migrate.discovery.ends import known_ends, numbered
from migrate.discovery.flows import DAYS, Conversations, read_conversations
from migrate.discovery.hosts import hosts, senders
from migrate.discovery.noise import to_itself, without_noise
from migrate.discovery.operations import operational
from migrate.discovery.ports import DYNAMIC, EPHEMERAL_FROM, port_uses, protocol_name
from migrate.discovery.rows_told import rows_told
from migrate.discovery.tidied import tidied
from migrate.discovery.traffic import EXTERNAL, INTERNAL, MASKS, NO_TRAFFIC, SUMS, Traffic
from migrate.discovery.traffic_rules import recognised
from migrate.discovery.translators import translators
from migrate.findings import Finding, Severity
from migrate.model.estate import Estate
from migrate.model.stages import FlowFiles
from migrate.spec.flows import FlowRule, Flows

__all__ = ["observe"]

_NEGOTIATED = 5  # more high ports than these between two servers are one negotiated service
_KEY = ["client", "server", "protocol", "port"]


def observe(estate: Estate, flows: FlowFiles, asked: Flows, heard: Conversations | None = None) -> tuple[Traffic, list[Finding]]:
    """Read the flow logs and say which server of the estate talks to which, and to whom outside.

    Of an estate without servers, the hosts of the flow logs are the servers. What was `heard` already is not read again.
    """
    address_of, findings = owners(estate)
    if not flows.files and not asked.table:
        return NO_TRAFFIC, findings
    heard = tidied(read_conversations(flows, asked, estate.leases) if heard is None else heard)
    findings += rows_told(heard)
    conversations = _completed(heard.frame)
    heard = replace(heard, frame=heard.frame.clear())  # a third of the memory, where there are millions
    texts = heard.ends
    unknown = estate.servers.is_empty()
    known = texts.gather(senders(conversations)) if unknown else address_of["ip"]
    kept, scanning, noise = without_noise(conversations, texts, known, asked.rules_off)
    del conversations
    taking_part = pl.concat([kept["client"].unique(), kept["server"].unique()]).unique()
    if unknown:
        address_of = hosts(texts.gather(taking_part))
    told = pl.concat([taking_part, scanning["client"]]).unique()
    ends, doubts = known_ends(texts.gather(told), estate, address_of)
    scanning = scanning.with_columns(texts.gather(scanning["client"]).alias("client"))
    scanners = scanning.join(ends, left_on="client", right_on="text").drop_nulls("server_id")
    scanners = scanners.select("server_id", pl.col("hosts").cast(pl.Int64)).sort("server_id", "hosts")
    traffic, recognising = _between_hosts(kept, texts, ends, asked.rules_off)
    days = heard.observed_days
    traffic = replace(
        traffic,
        scanners=scanners,
        observed_days=days,
        working_days=_working_days(heard, asked.time_zone),
        rows=heard.rows + sum(heard.unreadable.values()),
    )
    return traffic, [*findings, *noise, *doubts, *recognising]


def _working_days(heard: Conversations, time_zone: str) -> int:
    if heard.start is None or heard.end is None:
        return heard.observed_days
    zone = ZoneInfo(time_zone)
    first, last = (dt.datetime.fromtimestamp(second, tz=zone).date() for second in (heard.start, heard.end))
    weeks, rest = divmod((last - first).days + 1, 7)
    days = 5 * weeks + sum((first.weekday() + day) % 7 < 5 for day in range(rest))
    return min(days, heard.observed_days)


def _completed(conversations: pl.DataFrame) -> pl.DataFrame:
    """The columns that add up."""
    return conversations.with_columns(
        packets=pl.col("packets_out") + pl.col("packets_in"),
        round_trips=round_trips(pl.col("packets_out"), pl.col("packets_in")),
    ).drop("packets_out", "packets_in")


def _between_hosts(
    kept: pl.DataFrame, texts: pl.Series, ends: pl.DataFrame, rules_off: Collection[FlowRule]
) -> tuple[Traffic, list[Finding]]:
    """From texts to hosts, through balancers and past NAT, to what is inside and what has one end outside."""
    numbers, whole = numbered(ends)
    host = texts.alias("text").to_frame().join(numbers, on="text", how="left", maintain_order="left")["host"]
    edges = kept.with_columns(
        host.gather(kept["client"]).alias("client"),
        host.gather(kept["server"]).alias("server"),
        via=pl.lit(None, dtype=pl.UInt32),
    )
    inner = whole["server_id"].is_not_null().sum()  # servers have the first numbers
    strangers = edges.filter((pl.col("client") >= inner) & (pl.col("server") >= inner))
    findings = [*_of_strangers(strangers), *to_itself(edges.filter(pl.col("client") == pl.col("server")))]
    edges = _where(edges, ((pl.col("client") < inner) | (pl.col("server") < inner)) & (pl.col("client") != pl.col("server")))
    edges, folded = _folded(edges, rules_off)
    if folded or numbers.height > whole.height:  # otherwise every conversation is a row of its own already
        edges = _summed(edges)
    findings += folded
    if "load-balancer" not in rules_off:
        edges, balanced = carried_through(edges, whole, SUMS)
        if balanced:  # rows of the same key may have come up where something was carried through, and nowhere else
            members = edges.filter(pl.col("via").is_not_null())["server"].unique()
            carried = edges["server"].is_in(members.implode())
            edges = pl.concat([edges.filter(~carried), _summed(edges.filter(carried)).select(edges.columns)])
        findings += balanced
    hidden: pl.Series = pl.Series(dtype=pl.UInt32)
    if "nat" not in rules_off:
        hidden, told = translators(edges, whole)
        findings += told
    inside = (pl.col("client") < inner) & (pl.col("server") < inner)
    internal = _named(_where(edges, inside), whole).select(*(name for name in INTERNAL if name != "days_0"), DAYS)
    external, parties = _outside(_named(edges.filter(~inside), whole), whole["outside"])
    internal, external, operations = operational(internal, external, rules_off)
    names = tuple(sorted(whole.filter(pl.col("host").is_in(hidden.implode()))["outside"].to_list()))
    return Traffic(internal, external, parties, names), [*findings, *operations]


def _where(rows: pl.DataFrame, which: pl.Expr) -> pl.DataFrame:
    """Filtered, but not copied where nothing is to be taken out: rows may fill a third of the memory."""
    mask = rows.select(which).to_series()
    return rows if mask.all() else rows.filter(mask)


def _of_strangers(strangers: pl.DataFrame) -> list[Finding]:
    if strangers.is_empty():
        return []
    return [
        Finding(
            code="traffic-between-outsiders",
            severity=Severity.info,
            subject="flow logs",
            message=f"{int(strangers['records'].sum()):,} flow records in {strangers.height:,} conversations have no server of "
            "the inventory at either end and say nothing about the estate",
            remedy="Give the inventory of the network they come from, if it moves too.",
        )
    ]


def _folded(edges: pl.DataFrame, rules_off: Collection[FlowRule]) -> tuple[pl.DataFrame, list[Finding]]:
    """Count the many high ports that a provider negotiates with one consumer as one."""
    high = pl.col("port") >= EPHEMERAL_FROM
    pair = ["client", "server", "protocol"]
    many = edges.filter(high).group_by(pair).agg(pl.col("port").n_unique()).filter(pl.col("port") > _NEGOTIATED)
    if "negotiated-ports" in rules_off or many.is_empty():
        return edges, []
    marked = edges.join(many.select(*pair, many=pl.lit(value=True)), on=pair, how="left")
    fold = high & pl.col("many").fill_null(value=False)
    findings = recognised("negotiated-ports", marked.filter(fold))
    return marked.with_columns(port=pl.when(fold).then(DYNAMIC).otherwise("port").cast(pl.Int64)).drop("many"), findings


def _summed(edges: pl.DataFrame, key: Collection[str] = _KEY) -> pl.DataFrame:
    """Add up the rows of one key; of several balancers the first is named."""
    return edges.group_by(key).agg(
        pl.col(*SUMS).sum(),
        pl.col("first_seen").min(),
        pl.col("last_seen").max(),
        pl.col("via").min(),
        (DAYS | pl.selectors.by_name(*MASKS)).bitwise_or(),
    )


def _named(edges: pl.DataFrame, whole: pl.DataFrame) -> pl.DataFrame:
    """From numbers to names, in their order."""
    server = whole["server_id"]
    ends = pl.col("client").cast(pl.UInt64) * 2**32 + pl.col("server")  # two numbers are sorted faster than four
    edges = edges[edges.select(pl.arg_sort_by(ends, (pl.col("protocol") + 1) * 2**16 + pl.col("port"))).to_series()]
    client, provider = edges["client"], edges["server"]
    return edges.with_columns(
        consumer_id=server.gather(client),
        provider_id=server.gather(provider),
        via=whole.select(pl.coalesce("server_id", "outside")).to_series().gather(edges["via"]),
        protocol=protocol_name(pl.col("protocol")),
        use=port_uses(pl.col("port")),
    )


def _outside(named: pl.DataFrame, outside: pl.Series) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Traffic with networks, and who of them it is with."""
    inbound = pl.col("consumer_id").is_null()
    ends = (outside.gather(named["client"]), outside.gather(named["server"]))
    named = named.with_columns(inbound=inbound, address=pl.select(pl.coalesce(ends)).to_series())
    network = networks(named["address"]).rename({"ip": "address"})
    rows = named.join(network, on="address", how="left")
    parties = rows.select(pl.coalesce("consumer_id", "provider_id").alias("server_id"), "inbound", "network", "address")
    rows = rows.with_columns(
        client_network=pl.when("inbound").then("network"), server_network=pl.when(~pl.col("inbound")).then("network")
    )
    key = ["consumer_id", "provider_id", "client_network", "server_network", "protocol", "port"]
    external = _summed(rows, key).with_columns(use=port_uses(pl.col("port"))).sort(key, nulls_last=True)
    return external.select(*(name for name in EXTERNAL if name != "days_0"), DAYS), parties.unique().sort(parties.columns)

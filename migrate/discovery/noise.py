"""What in the flow logs is no dependency: rejected, skipped, broadcast and scanning traffic, each with its count."""

from __future__ import annotations

from collections.abc import Collection

import polars as pl

from migrate.discovery.addresses import address_kinds
from migrate.discovery.traffic_rules import recognised
from migrate.findings import Finding, Severity
from migrate.readers.flow_formats.protocols import UNKNOWN
from migrate.readers.flow_formats.record_kinds import ACCEPTED, MALFORMED, REJECTED, SKIPPED
from migrate.spec.flows import FlowRule

__all__ = ["to_itself", "without_noise"]

#: A scanner reaches at least so many addresses …
_SCAN_HOSTS = 50
#: … and so many ports of them, or is mostly rejected …
_SCAN_PORTS = 12
_SCAN_REJECTED = 0.5
#: … with so little in each record that nothing but a banner can have been exchanged.
_SCAN_BYTES = 1_000
_NAMED = 20
_EVERYBODY = "255.255.255.255"  # no host ever has it (RFC 919)

#: Rules by what `address_kinds` says.
_BY_ADDRESS: dict[str, FlowRule] = {"multicast": "multicast", "broadcast": "broadcast", "local": "link-local"}


def without_noise(
    conversations: pl.DataFrame, ends: pl.Series, known: pl.Series, rules_off: Collection[FlowRule] = ()
) -> tuple[pl.DataFrame, pl.DataFrame, list[Finding]]:
    """Keep the accepted conversations between hosts, without what scanners sent.

    Parameters
    ----------
    conversations
        As `migrate.discovery.flows.read_conversations` returns them.
    ends
        The canonical addresses and names that stand behind the numbers of ``client`` and ``server``.
    known
        Of them those that servers have: never taken for broadcast.
    rules_off
        Rules that recognise nothing.

    Returns
    -------
    conversations
        What is left, without ``kind``.
    scanners
        Columns ``client`` and ``hosts`` (ends that it touched).
    findings
        Counts of what was left out.
    """
    findings = _counted(conversations)
    # Masks, not copies: a frame may be larger than half of the memory.
    telling = conversations.select(pl.col("kind") <= REJECTED).to_series()
    own = conversations.select(pl.col("client") == pl.col("server")).to_series().fill_null(value=False)
    findings += to_itself(conversations.filter(telling & own))
    unicast, special = _by_address(conversations, telling & ~own, ends, known, rules_off)
    findings += special
    scanners = pl.DataFrame(schema={"client": pl.UInt32, "hosts": pl.UInt32})
    if "scanner" not in rules_off:
        unicast, scanners, scans = _without_scans(conversations, unicast, ends)
        findings += scans
    accepted = conversations.select(pl.col("kind") == ACCEPTED).to_series()
    return conversations.drop("kind").filter(unicast & accepted), scanners, findings


def to_itself(rows: pl.DataFrame) -> list[Finding]:
    """Count the conversations of hosts with themselves."""
    if rows.is_empty():
        return []
    return [
        Finding(
            code="traffic-of-a-host-with-itself",
            severity=Severity.info,
            subject="flow logs",
            message=f"{int(rows['records'].sum()):,} flow records in {rows.height:,} conversations have one host at both ends "
            "and count as no dependency",
        )
    ]


def _by_address(
    rows: pl.DataFrame, among: pl.Series, ends: pl.Series, known: pl.Series, rules_off: Collection[FlowRule]
) -> tuple[pl.Series, list[Finding]]:
    """Pass over what has the address of no single host; a row counts for the rule of its server's address first."""
    on = [kind for kind, rule in _BY_ADDRESS.items() if rule not in rules_off]
    owned = ends.is_in(known.implode()) & (ends != _EVERYBODY)
    told = pl.DataFrame({"ip": ends, "owned": owned}).with_columns(what=address_kinds(pl.col("ip")))
    special = pl.col("what").is_in(on) & ~((pl.col("what") == "broadcast") & pl.col("owned"))
    what = told.select(pl.when(special).then("what")).to_series()
    if what.null_count() == len(what):
        return among, []
    of_client, of_server = (what.gather(rows[end]) for end in ("client", "server"))
    marked = among & (of_client.is_not_null() | of_server.is_not_null())
    found = rows.filter(marked).with_columns(
        what=pl.select(pl.coalesce(of_server.filter(marked), of_client.filter(marked))).to_series()
    )
    findings = [
        finding
        for kind, rule in _BY_ADDRESS.items()
        for finding in recognised(rule, found.filter((pl.col("what") == kind) & (pl.col("kind") == ACCEPTED)))
    ]
    return among & ~marked, findings


def _counted(conversations: pl.DataFrame) -> list[Finding]:
    counts = conversations.group_by("kind").agg(pl.col("records").sum())
    by_kind = dict(counts.iter_rows())
    found: list[Finding] = []
    if skipped := by_kind.get(SKIPPED):
        found.append(
            Finding(
                code="flow-records-without-data",
                severity=Severity.info,
                subject="flow logs",
                message=f"{skipped:,} flow records say NODATA or SKIPDATA and were passed over",
            )
        )
    if broken := by_kind.get(MALFORMED):
        found.append(
            Finding(
                code="flow-records-malformed",
                severity=Severity.warning,
                subject="flow logs",
                message=f"{broken:,} flow records lack an address, or have an impossible address or number, and were set aside",
                remedy="Look at the exporter of the flow logs.",
            )
        )
    vague = conversations.filter((pl.col("protocol") == UNKNOWN) & (pl.col("kind") <= REJECTED))
    if vague.height:
        found.append(
            Finding(
                code="flow-records-of-unknown-protocol",
                severity=Severity.info,
                subject="flow logs",
                message=f"{vague['records'].sum():,} flow records name no protocol, or none that is known: their ports count, "
                "their protocol is unknown",
                remedy="Export the protocol as its IANA number, or as tcp or udp.",
            )
        )
    if rejected := by_kind.get(REJECTED):
        pairs = conversations.filter(pl.col("kind") == REJECTED).select("client", "server").n_unique()
        found.append(
            Finding(
                code="rejected-traffic",
                severity=Severity.info,
                subject="flow logs",
                message=f"{rejected:,} flow records between {pairs:,} pairs of addresses were rejected by "
                "a firewall and count as no dependency",
                remedy="Check that no rejected connection is one that should have worked.",
            )
        )
    return found


def _without_scans(rows: pl.DataFrame, unicast: pl.Series, ends: pl.Series) -> tuple[pl.Series, pl.DataFrame, list[Finding]]:
    """Pass over what scanners sent. What a scanner itself needs (sessions with real content) stays."""
    size = pl.col("bytes_out") + pl.col("bytes_in")
    rejected = pl.col("kind") == REJECTED
    # flow logs that tell no volume at all say nothing about content: only rejections are evidence then
    told = bool(((rows["bytes_out"] > 0) | (rows["bytes_in"] > 0)).filter(unicast).any())
    tiny = unicast & rows.select(rejected | (pl.lit(value=told) & (size < _SCAN_BYTES * pl.col("records")))).to_series()
    probes = rows.select("kind", "client", "server", "protocol", "port", "records").filter(tiny)
    wide = probes.group_by("client").agg(hosts=pl.col("server").n_unique()).filter(pl.col("hosts") >= _SCAN_HOSTS)
    reach = (
        probes.join(wide, on="client")
        .group_by("client", "hosts")
        .agg(
            ports=pl.struct("protocol", "port").n_unique(),
            records=pl.col("records").sum(),
            rejected=pl.col("records").filter(rejected).sum(),
        )
    )
    scanners = reach.filter((pl.col("ports") >= _SCAN_PORTS) | (pl.col("rejected") >= _SCAN_REJECTED * pl.col("records"))).sort(
        "hosts", "client", descending=[True, False]
    )
    if scanners.is_empty():
        return unicast, scanners.select("client", "hosts"), []
    scan = rows["client"].is_in(scanners["client"].implode()).fill_null(value=False) & tiny
    named = scanners.head(_NAMED).with_columns(end=ends.gather(scanners["client"].head(_NAMED)))
    findings = [
        Finding(
            code="scanner-set-apart",
            severity=Severity.info,
            subject=row["end"],
            message=f"{row['end']} touched {row['hosts']:,} addresses on {row['ports']:,} ports with next to no content "
            f"({row['records']:,} records, {row['rejected']:,} rejected): a scanner, whose probes are no dependencies",
            remedy="Tell the security team which scanners to move, and which addresses to allow them.",
        )
        for row in named.iter_rows(named=True)
    ]
    findings += recognised("scanner", rows.filter(scan), f"{scanners.height:,} of them, the widest are named apart")
    return unicast & ~scan, scanners.select("client", "hosts"), findings

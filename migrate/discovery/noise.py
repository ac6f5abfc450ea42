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
    conversations: pl.DataFrame, known: pl.Series, rules_off: Collection[FlowRule] = ()
) -> tuple[pl.DataFrame, pl.DataFrame, list[Finding]]:
    """Keep the accepted conversations between hosts, without what scanners sent.

    Parameters
    ----------
    conversations
        As `migrate.discovery.flows.read_conversations` returns them, addresses canonical.
    known
        Addresses that servers have: never taken for broadcast.
    rules_off
        Rules that recognise nothing.

    Returns
    -------
    conversations
        What is left, without ``kind``.
    scanners
        Columns ``client`` (address) and ``hosts`` (addresses it touched).
    findings
        Counts of what was left out.
    """
    findings = _counted(conversations)
    own = conversations.filter((pl.col("kind") <= REJECTED) & (pl.col("client") == pl.col("server")))
    findings += to_itself(own)
    named = conversations.filter((pl.col("kind") <= REJECTED) & (pl.col("client") != pl.col("server")))
    unicast, special = _by_address(named, known, rules_off)
    findings += special
    if "scanner" in rules_off:
        nobody = pl.DataFrame(schema={"client": pl.String, "hosts": pl.UInt32})
        return unicast.filter(pl.col("kind") == ACCEPTED).drop("kind"), nobody, findings
    kept, scanners, scans = _without_scans(unicast)
    return kept.filter(pl.col("kind") == ACCEPTED).drop("kind"), scanners, findings + scans


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


def _by_address(named: pl.DataFrame, known: pl.Series, rules_off: Collection[FlowRule]) -> tuple[pl.DataFrame, list[Finding]]:
    """Take out what has the address of no single host; a row counts for the rule of its server's address first."""
    kinds = pl.concat([named["client"].unique(), named["server"].unique()]).unique().sort().alias("ip").to_frame()
    on = [kind for kind, rule in _BY_ADDRESS.items() if rule not in rules_off]
    kinds = kinds.with_columns(what=address_kinds(pl.col("ip"))).filter(
        pl.col("what").is_in(on)
        & ~((pl.col("what") == "broadcast") & pl.col("ip").is_in(known.implode()) & (pl.col("ip") != _EVERYBODY))
    )
    if kinds.is_empty():
        return named, []
    of = dict(kinds.iter_rows())
    what = pl.coalesce(pl.col(end).replace_strict(of, default=None, return_dtype=pl.String) for end in ("server", "client"))
    marked = named.with_columns(what=what)
    findings = [
        finding
        for kind, rule in _BY_ADDRESS.items()
        for finding in recognised(rule, marked.filter((pl.col("what") == kind) & (pl.col("kind") == ACCEPTED)))
    ]
    return marked.filter(pl.col("what").is_null()).drop("what"), findings


def _counted(conversations: pl.DataFrame) -> list[Finding]:
    counts = conversations.group_by("kind").agg(pl.col("records").sum(), pairs=pl.struct("client", "server").n_unique())
    by_kind = {row["kind"]: row for row in counts.iter_rows(named=True)}
    found: list[Finding] = []
    if skipped := by_kind.get(SKIPPED):
        found.append(
            Finding(
                code="flow-records-without-data",
                severity=Severity.info,
                subject="flow logs",
                message=f"{skipped['records']:,} flow records say NODATA or SKIPDATA and were passed over",
            )
        )
    if broken := by_kind.get(MALFORMED):
        found.append(
            Finding(
                code="flow-records-malformed",
                severity=Severity.warning,
                subject="flow logs",
                message=f"{broken['records']:,} flow records lack an address, or have an impossible address or number, and were "
                "set aside",
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
        found.append(
            Finding(
                code="rejected-traffic",
                severity=Severity.info,
                subject="flow logs",
                message=f"{rejected['records']:,} flow records between {rejected['pairs']:,} pairs of addresses were rejected by "
                "a firewall and count as no dependency",
                remedy="Check that no rejected connection is one that should have worked.",
            )
        )
    return found


def _without_scans(unicast: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame, list[Finding]]:
    """Take out what scanners sent. What a scanner itself needs (sessions with real content) stays."""
    size = pl.col("bytes_out") + pl.col("bytes_in")
    rejected = pl.col("kind") == REJECTED
    # flow logs that tell no volume at all say nothing about content: only rejections are evidence then
    told = (pl.col("bytes_out").sum() + pl.col("bytes_in").sum()) > 0
    tiny = rejected | (told & (size < _SCAN_BYTES * pl.col("records")))
    probes = unicast.filter(tiny)
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
    scan = pl.col("client").is_in(scanners["client"].implode()) & tiny
    findings = [
        Finding(
            code="scanner-set-apart",
            severity=Severity.info,
            subject=row["client"],
            message=f"{row['client']} touched {row['hosts']:,} addresses on {row['ports']:,} ports with next to no content "
            f"({row['records']:,} records, {row['rejected']:,} rejected): a scanner, whose probes are no dependencies",
            remedy="Tell the security team which scanners to move, and which addresses to allow them.",
        )
        for row in scanners.head(_NAMED).iter_rows(named=True)
    ]
    findings += recognised("scanner", unicast.filter(scan), f"{scanners.height:,} of them, the widest are named apart")
    return unicast.filter(~scan), scanners.select("client", "hosts"), findings

"""What in the flow logs is no dependency: rejected, skipped, broadcast and scanning traffic, each with its count."""

from __future__ import annotations

import polars as pl

from migrate.discovery.addresses import address_kinds
from migrate.discovery.record_kinds import ACCEPTED, MALFORMED, REJECTED, SKIPPED
from migrate.findings import Finding, Severity

__all__ = ["without_noise"]

#: A scanner reaches at least so many addresses …
_SCAN_HOSTS = 50
#: … and so many ports of them, or is mostly rejected …
_SCAN_PORTS = 12
_SCAN_REJECTED = 0.5
#: … with so little in each record that nothing but a banner can have been exchanged.
_SCAN_BYTES = 1_000
_NAMED = 20


def without_noise(conversations: pl.DataFrame, known: pl.Series) -> tuple[pl.DataFrame, pl.DataFrame, list[Finding]]:
    """Keep the accepted conversations between hosts, without what scanners sent.

    Parameters
    ----------
    conversations
        As `migrate.discovery.flows.read_conversations` returns them, addresses canonical.
    known
        Addresses that servers have: never taken for broadcast.

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
    named = conversations.filter(pl.col("kind") <= REJECTED)
    kinds = pl.concat([named["client"], named["server"]]).unique().sort().alias("ip").to_frame()
    kinds = kinds.with_columns(kind_of=address_kinds(pl.col("ip"))).with_columns(
        kind_of=pl.when((pl.col("kind_of") == "broadcast") & pl.col("ip").is_in(known.implode()))
        .then(pl.lit("unicast"))
        .otherwise(pl.col("kind_of"))
    )
    special = kinds.filter(pl.col("kind_of") != "unicast")
    for kind, label in (
        ("multicast", "to multicast groups"),
        ("broadcast", "to broadcast addresses"),
        ("local", "with link-local or loopback addresses"),
    ):
        some = special.filter(pl.col("kind_of") == kind)["ip"].implode()
        records = named.filter(pl.col("client").is_in(some) | pl.col("server").is_in(some))["records"].sum()
        findings += _dropped(
            f"{kind}-traffic-dropped", int(records), f"flow records {label} were left out: they name no server that is needed"
        )
    unicast = named.filter(
        ~pl.col("client").is_in(special["ip"].implode())
        & ~pl.col("server").is_in(special["ip"].implode())
        & (pl.col("client") != pl.col("server"))
    )
    kept, scanners, scans = _without_scans(unicast)
    return kept.filter(pl.col("kind") == ACCEPTED).drop("kind"), scanners, findings + scans


def _counted(conversations: pl.DataFrame) -> list[Finding]:
    counts = conversations.group_by("kind").agg(pl.col("records").sum(), pairs=pl.struct("client", "server").n_unique())
    by_kind = {row["kind"]: row for row in counts.iter_rows(named=True)}
    found: list[Finding] = []
    if skipped := by_kind.get(SKIPPED):
        found += _dropped(
            "flow-records-without-data", skipped["records"], "flow records say NODATA or SKIPDATA and were passed over"
        )
    if broken := by_kind.get(MALFORMED):
        found.append(
            Finding(
                code="flow-records-malformed",
                severity=Severity.warning,
                subject="flow logs",
                message=f"{broken['records']:,} flow records lack an address or have an impossible number, and were set aside",
                remedy="Look at the exporter of the flow logs.",
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


def _dropped(code: str, records: int, what: str) -> list[Finding]:
    if not records:
        return []
    return [Finding(code=code, severity=Severity.info, subject="flow logs", message=f"{records:,} {what}")]


def _without_scans(unicast: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame, list[Finding]]:
    """Take out what scanners sent. What a scanner itself needs (sessions with real content) stays."""
    size = pl.col("bytes_out") + pl.col("bytes_in")
    rejected = pl.col("kind") == REJECTED
    tiny = rejected | (size < _SCAN_BYTES * pl.col("records"))
    reach = (
        unicast.filter(tiny)
        .group_by("client")
        .agg(
            hosts=pl.col("server").n_unique(),
            ports=pl.struct("protocol", "port").n_unique(),
            records=pl.col("records").sum(),
            rejected=pl.col("records").filter(rejected).sum(),
        )
    )
    scanners = reach.filter(
        (pl.col("hosts") >= _SCAN_HOSTS)
        & ((pl.col("ports") >= _SCAN_PORTS) | (pl.col("rejected") >= _SCAN_REJECTED * pl.col("records")))
    ).sort("hosts", "client", descending=[True, False])
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
    return unicast.filter(~scan), scanners.select("client", "hosts"), findings

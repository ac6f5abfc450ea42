"""Which server has an address, and what an address is when no server has it."""

from __future__ import annotations

import ipaddress

import polars as pl

from migrate.findings import Finding, Severity
from migrate.model.estate import Estate

__all__ = ["PRIVATE", "address_kinds", "canonical", "networks", "owners"]

#: RFC 1918, RFC 6598 (carriers' and clouds' shared space) and RFC 4193 (unique local addresses of version 6).
PRIVATE = r"(?i)^(?:10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|100\.(?:6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.|f[cd][0-9a-f]{2}:)"


def owners(estate: Estate) -> tuple[pl.DataFrame, list[Finding]]:
    """Give every address one server (columns ``ip``, ``server_id``), and a finding where several claim it.

    A server that runs goes before one that is switched off (an address is reused when its server is shut down), then
    the smaller id.
    """
    power = estate.servers.select("server_id", "name", running=pl.col("power").cast(pl.String).fill_null("on") == "on")
    claims = (
        estate.addresses.select("ip", "server_id", "source")
        .join(power, on="server_id")
        .sort("ip", ~pl.col("running"), "server_id")
    )
    first = claims.group_by("ip", maintain_order=True).agg(
        pl.col("server_id", "name").first(), others=pl.col("name").slice(1), source=pl.col("source").first()
    )
    findings = [
        Finding(
            code="address-claimed-twice",
            severity=Severity.warning,
            subject=row["ip"],
            source=row["source"],
            message=f"{row['ip']} is claimed by {row['name']} and by {', '.join(row['others'])}; its traffic is counted "
            f"for {row['name']}",
            remedy="Correct the address in the inventory of the server that does not have it.",
        )
        for row in first.filter(pl.col("others").list.len() > 0).iter_rows(named=True)
    ]
    return first.select("ip", "server_id"), findings


def canonical(ips: pl.Series) -> pl.DataFrame:
    """Columns ``written`` and ``ip``: addresses of version 6 in their canonical text, all others as they are."""
    written = ips.unique().drop_nulls().sort()
    versed = written.filter(written.str.contains(r"^[0-9A-Fa-f]*:[0-9A-Fa-f:.]*$"))
    changed = {text: _canonical(text) for text in versed.to_list()}
    return pl.DataFrame({"written": written, "ip": written.replace(changed) if changed else written})


def _canonical(text: str) -> str:
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return text
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return str(mapped or address)


def address_kinds(ip: pl.Expr) -> pl.Expr:
    """``multicast``, ``broadcast``, ``local`` (link-local, loopback, unspecified) or ``unicast``.

    Version 4 by RFC 5771, 919, 3927 and 1122; version 6 by RFC 4291. Addresses that end in .255 count as broadcast;
    the caller spares those that a server has.
    """
    octet = ip.str.extract(r"^(\d+)\.").cast(pl.Int64, strict=False)
    six = ip.str.contains(":", literal=True)
    return (
        pl.when(octet.is_between(224, 239) | (six & ip.str.contains(r"(?i)^ff")))
        .then(pl.lit("multicast"))
        .when((ip == "255.255.255.255") | (~six & ip.str.ends_with(".255")))
        .then(pl.lit("broadcast"))
        .when((octet == 127) | (octet == 0) | ip.str.starts_with("169.254.") | (six & ip.str.contains(r"(?i)^fe[89ab]|^::1?$")))
        .then(pl.lit("local"))
        .otherwise(pl.lit("unicast"))
    )


def networks(ips: pl.Series) -> pl.DataFrame:
    """Columns ``ip`` and ``network``: the /24 of version 4 addresses, the /48 of version 6; text that is neither stays."""
    unique = ips.unique().drop_nulls().sort()
    frame = pl.DataFrame({"ip": unique}).with_columns(
        network=pl.when(pl.col("ip").str.contains(r"^\d+\.\d+\.\d+\.\d+$"))
        .then(pl.col("ip").str.replace(r"\.\d+$", ".0/24"))
        .otherwise(pl.col("ip"))
    )
    six = frame.filter(pl.col("ip").str.contains(":", literal=True))["ip"].to_list()
    return frame.with_columns(pl.col("network").replace({text: _network_48(text) for text in six})) if six else frame


def _network_48(text: str) -> str:
    try:
        return str(ipaddress.ip_network((text, 48), strict=False))
    except ValueError:
        return text

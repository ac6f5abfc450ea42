"""Which server has an address, and what an address is when no server has it."""

from __future__ import annotations

import ipaddress

import polars as pl

from migrate.findings import Finding, Severity
from migrate.model.estate import Estate

__all__ = ["ADDRESS", "PRIVATE", "address_kinds", "canonical", "networks", "owners"]

#: RFC 1918, RFC 6598 (carriers' and clouds' shared space) and RFC 4193 (unique local addresses of version 6).
PRIVATE = r"(?i)^(?:10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|100\.(?:6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.|f[cd][0-9a-f]{2}:)"

#: Text that is written like an address of version 4 or 6.
ADDRESS = r"^(?:\d{1,3}(?:\.\d{1,3}){3}|[0-9A-Fa-f]{0,4}(?::[0-9A-Fa-f.]{0,15}){2,8})$"
_SIX = r"^[0-9A-Fa-f]*:[0-9A-Fa-f:.]*(?:%.*)?$"
_FOUR = r"^\d+(?:\.\d+){3}$"
_POSSIBLE = r"^(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?:\.|$)){4}"


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


def canonical(ends: pl.Series) -> pl.DataFrame:
    """Columns ``written`` and ``ip``: each end of a flow as it is to be known.

    Addresses of version 6 have their canonical text without a zone, and those that stand for one of version 4 are that.
    Addresses that cannot be (``300.1.1.1``, ``010.0.0.1``) are ``""``. Names lose what is not seen (control characters,
    marks of direction, odd blanks); of those that differ only by case, the first in order stands for all.
    """
    written = ends.unique().drop_nulls().sort()
    seen = written.str.replace_all(r"[\p{C}\p{Z}]+", " ").str.strip_chars()
    frame = pl.DataFrame({"written": written, "ip": seen})
    six, four = pl.col("ip").str.contains(_SIX), pl.col("ip").str.contains(_FOUR)
    name = ~six & ~four & (pl.col("ip") != "")
    changed = {text: _canonical(text) for text in frame.filter(six)["ip"].to_list()}
    frame = frame.with_columns(
        ip=pl.when(four & ~pl.col("ip").str.contains(_POSSIBLE)).then(pl.lit("")).otherwise("ip"),
        name=pl.when(name).then(pl.col("ip").str.to_lowercase()),
    )
    if changed:
        frame = frame.with_columns(ip=pl.col("ip").replace(changed))
    first = frame.drop_nulls("name").group_by("name").agg(first=pl.col("ip").min())
    return frame.join(first, on="name", how="left", maintain_order="left").select("written", ip=pl.coalesce("first", "ip"))


def _canonical(text: str) -> str:
    try:
        address = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return ""
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

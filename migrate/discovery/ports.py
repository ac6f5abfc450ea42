"""What a port is used for: the evidence behind orientation, strength and shared services.

Names and numbers follow the IANA Service Name and Transport Protocol Port Number Registry
(https://www.iana.org/assignments/service-names-port-numbers) and, for products without a registration there, the
port their vendor documents as default.
"""

from __future__ import annotations

import polars as pl

__all__ = [
    "DYNAMIC",
    "EPHEMERAL_FROM",
    "FAN_OUT",
    "INFRASTRUCTURE",
    "KNOWN",
    "LATENCY_BOUND",
    "SOFT",
    "port_uses",
    "protocol_name",
]

#: From here on systems choose client ports by themselves (Linux 32768-60999, IANA dynamic 49152-65535).
EPHEMERAL_FROM = 32_768
#: The port under which a provider's many negotiated high ports (RPC, passive FTP) are counted together.
DYNAMIC = 49_152

_USES: dict[str, tuple[int, ...]] = {
    "name": (53, 137, 5353),
    "directory": (88, 389, 464, 636, 3268, 3269, 749),
    "time": (123,),
    "mail": (25, 465, 587),
    "log": (514, 1514, 5044, 6514, 9997, 12201),
    "monitoring": (161, 162, 1270, 4750, 5666, 5723, 8086, 9090, 9100, 9182, 10050, 10051, 12489),
    "backup": (1556, 2051, 8400, 8402, 9387, 9392, 10000, 10006, 13720, 13724, 13782, 2500, 6162, 10102, 27000, 7937, 7938),
    "management": (22, 23, 135, 4505, 4506, 8140, 10123, 3389, 5985, 5986, 8530, 8531, 902, 903, 8834, 1311),
    "database": (
        1433, 1434, 1521, 1522, 1526, 2483, 2484, 3306, 5432, 50000, 50001, 523, 27017, 27018, 6379, 9042, 1972, 30013,
        30015, 5000, 4100, 1025, 3050, 11211, 9200, 26257,
    ),
    "messaging": (1414, 1415, 5671, 5672, 61616, 9092, 4222, 1883, 8883, 7222),
    "clinical": (104, 2575, 2762, 4242, 11112, 6661),
    "file": (111, 139, 445, 548, 2049, 3260),
    "transfer": (20, 21, 69, 115, 873, 989, 990),
    "print": (515, 631),
    "web": (80, 443, 8000, 8008, 8080, 8081, 8088, 8090, 8443, 8888, 9080, 9443, 7001, 7002, 4848, 3000),
}  # fmt: skip

#: Uses by which many systems share one: kept out of grouping when the fan-in is broad.
INFRASTRUCTURE = ("name", "directory", "time", "mail", "log", "monitoring", "backup", "management")
#: Uses whose clients, not servers, are the shared system: it reaches out to everything.
FAN_OUT = ("monitoring", "backup", "management")
#: Uses that an application can do without for a while.
SOFT = ("time", "mail", "log", "monitoring", "backup", "management", "print")
#: Uses that wait for every answer: each round trip over a long line is felt.
LATENCY_BOUND = ("database", "directory", "file", "messaging", "clinical")

_BY_PORT = {port: use for use, ports in _USES.items() for port in ports}
#: Ports that servers listen on, whatever their number.
KNOWN = tuple(sorted(_BY_PORT))

_PROTOCOLS = {6: "tcp", 17: "udp", 1: "icmp", 58: "icmp", -1: "unknown"}


def port_uses(port: pl.Expr) -> pl.Expr:
    """Use of a provider's port, such as ``database``; ``application`` where the number says nothing."""
    return port.replace_strict(_BY_PORT, default="application", return_dtype=pl.String)


def protocol_name(number: pl.Expr) -> pl.Expr:
    """Protocol number (IANA) as ``tcp``, ``udp``, ``icmp``, ``unknown``, or the number as text."""
    return number.replace_strict(_PROTOCOLS, default=number.cast(pl.String), return_dtype=pl.String)

"""IANA protocol numbers, out of numbers or names.

Names and numbers: https://www.iana.org/assignments/protocol-numbers, with the spellings of nfdump, Zeek and Argus.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from migrate.readers.flow_formats.amounts import GARBAGE, whole
from migrate.readers.flow_formats.fields import UNSET
from migrate.readers.flow_formats.lookup import number_of

if TYPE_CHECKING:
    import ibis.expr.types as ir

__all__ = ["PROTOCOLS", "TCP", "UNKNOWN", "WITH_PORTS", "protocol_number"]

TCP, UNKNOWN = 6, -1

#: Numbers of the protocols that have ports: TCP, UDP, DCCP, SCTP, UDP-Lite; and where it is unknown.
WITH_PORTS = (TCP, 17, 33, 132, 136, UNKNOWN)

PROTOCOLS = {
    "tcp": TCP, "udp": 17, "icmp": 1, "icmp6": 58, "icmpv6": 58, "ipv6-icmp": 58, "igmp": 2, "igmpv2": 2, "ggp": 3,
    "ipip": 4, "ipv4": 4, "st": 5, "egp": 8, "igp": 9, "dccp": 33, "ipv6": 41, "ipv6-route": 43, "ipv6-frag": 44, "rsvp": 46,
    "gre": 47, "esp": 50, "ipv6-esp": 50, "ah": 51, "ipv6-ah": 51, "ipv6-no": 59, "ipv6-nonxt": 59, "eigrp": 88, "ospf": 89,
    "ospfigp": 89, "pim": 103, "ipcomp": 108, "vrrp": 112, "l2tp": 115, "sctp": 132, "udplite": 136, "udp-lite": 136,
    "rtp": 17, "rtcp": 17, "udt": 17,
}  # fmt: skip


def protocol_number(column: ir.Column | None) -> ir.IntegerValue:
    """A column as IANA numbers.

    Returns
    -------
    `UNKNOWN` where nothing is set or the name is not known; outside 0 to 255 where the cell can be neither.
    """
    import ibis  # noqa: PLC0415 -- only those who have flows pay for it

    unknown = ibis.literal(UNKNOWN, type="int64")
    if column is None:
        return unknown
    if column.type().is_numeric():
        return whole(column, UNKNOWN)
    text = column.cast("string")
    word = text.lower().strip()
    named = ibis.cases(
        (text.isnull() | word.isin(UNSET), unknown),
        (word.re_search(r"^[a-z][a-z0-9 /._+-]*$"), number_of(word, PROTOCOLS).coalesce(unknown)),
        else_=ibis.literal(GARBAGE, type="int64"),
    )
    return text.try_cast("int64").coalesce(named)

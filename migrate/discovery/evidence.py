"""What a flow record alone tells about which end is the client.

Evidence, strongest first: the source knows; the record's TCP flags (SYN: the sender is the client; SYN and ACK: it is the
server); a port on which servers are known to listen against one that is not; a port below the ephemeral range against one
in it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis

from migrate.discovery.ports import EPHEMERAL_FROM, KNOWN
from migrate.readers.flow_formats.protocols import UNKNOWN
from migrate.readers.flow_formats.record_kinds import REJECTED

if TYPE_CHECKING:
    import ibis.expr.types as ir

__all__ = ["DOUBTFUL", "PORTED", "TO_CLIENT", "TO_SERVER", "shows_client", "way_of_record"]

#: The way that the sender's packets go.
TO_SERVER, TO_CLIENT, DOUBTFUL = 1, -1, 0
#: Protocols whose ports are looked at: TCP, UDP, SCTP, and those that no record names. DuckDB would join a longer list.
PORTED = (6, 17, 132, UNKNOWN)
_SYN, _ACK = 2, 16
_SYSTEM_UNTIL = 1_023
_KNOWN = [port for port in KNOWN if _SYSTEM_UNTIL < port < EPHEMERAL_FROM]


def shows_client(records: ir.Table) -> ir.BooleanValue:
    """Whether a record shows beyond doubt who opened the connection: the source knows, or there is a SYN."""
    return records.oriented | ((records.flags & _SYN) != 0)


def way_of_record(records: ir.Table) -> ir.IntegerValue:
    """`TO_SERVER`, `TO_CLIENT` or `DOUBTFUL`. What says nothing of who talks to whom goes to the server."""
    handshake = records.flags & (_SYN | _ACK)
    source, destination = _is_low(records.srcport), _is_low(records.dstport)
    # Last, a server on a known port against a port that is not, looked up in one text for the few records that nothing cheaper
    # decides: a list DuckDB joins, for every record; ninety comparisons it plans one by one, for seconds where ports are texts.
    return ibis.cases(
        ((records.kind > REJECTED) | records.oriented | (handshake == _SYN), TO_SERVER),
        (handshake == (_SYN | _ACK), TO_CLIENT),
        (records.protocol.notin(PORTED), DOUBTFUL),
        (destination & ~source, TO_SERVER),
        (source & ~destination, TO_CLIENT),
        (~source & ~destination, DOUBTFUL),
        else_=_is_known(records.dstport).cast("int8") - _is_known(records.srcport).cast("int8"),
    ).cast("int8")


def _is_low(port: ir.IntegerValue) -> ir.BooleanValue:
    """Whether a port lies below the ephemeral range; 0 is none."""
    return port.between(1, EPHEMERAL_FROM - 1)


def _is_known(port: ir.IntegerValue) -> ir.BooleanValue:
    """Whether servers are known to listen on a port below the ephemeral range, or only the system may."""
    listed = ibis.literal("".join(f"|{known}" for known in _KNOWN) + "|")
    return port.between(1, _SYSTEM_UNTIL) | listed.contains(ibis.literal("|") + port.cast("string") + ibis.literal("|"))

"""What a flow record alone tells about which end is the client.

Evidence, strongest first: the source knows; the record's TCP flags (SYN: the sender is the client; SYN and ACK: it is the
server); a port on which servers are known to listen against one that is not; a port below the ephemeral range against one
in it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis

from migrate.discovery.ports import EPHEMERAL_FROM, KNOWN
from migrate.readers.flow_formats.record_kinds import REJECTED

if TYPE_CHECKING:
    import ibis.expr.types as ir

__all__ = ["DOUBTFUL", "PORTED", "TO_CLIENT", "TO_SERVER", "shows_client", "way_of_record"]

#: The way that the sender's packets go.
TO_SERVER, TO_CLIENT, DOUBTFUL = 1, -1, 0
#: Protocols with ports: TCP, UDP, SCTP.
PORTED = (6, 17, 132)
_SYN, _ACK = 2, 16
_KNOWN = [port for port in KNOWN if port < EPHEMERAL_FROM]


def shows_client(records: ir.Table) -> ir.BooleanValue:
    """Whether a record shows beyond doubt who opened the connection: the source knows, or there is a SYN."""
    return records.oriented | ((records.flags & _SYN) != 0)


def way_of_record(records: ir.Table) -> ir.IntegerValue:
    """`TO_SERVER`, `TO_CLIENT` or `DOUBTFUL`. What says nothing of who talks to whom goes to the server."""
    handshake = records.flags & (_SYN | _ACK)
    source, destination = _listens(records.srcport), _listens(records.dstport)
    return ibis.cases(
        ((records.kind > REJECTED) | records.oriented | (handshake == _SYN), TO_SERVER),
        (handshake == (_SYN | _ACK), TO_CLIENT),
        (records.protocol.notin(PORTED), DOUBTFUL),
        (destination > source, TO_SERVER),
        (destination < source, TO_CLIENT),
        else_=DOUBTFUL,
    ).cast("int8")


def _listens(port: ir.IntegerValue) -> ir.IntegerValue:
    """How likely a server listens on a port: 3 known or below 1024, 1 registered range, 0 ephemeral."""
    return ibis.cases(
        (port.between(1, 1023) | port.isin(_KNOWN), 3),
        (port.between(1024, EPHEMERAL_FROM - 1), 1),
        else_=0,
    )

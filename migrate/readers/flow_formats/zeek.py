"""Zeek's conn.log: tab-separated with a preamble, or JSON, one connection a line.

Fields and states: https://docs.zeek.org/en/current/scripts/base/protocols/conn/main.zeek.html. Bytes are those of IP packets
where Zeek counted them, else payload (which TCP's sequence numbers may make wrong, as that page says).
"""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import TYPE_CHECKING

from migrate.model.stages import Layout
from migrate.readers.flow_formats.amounts import whole
from migrate.readers.flow_formats.fields import Fields, plain_names, staged
from migrate.readers.flow_formats.heads import distinct, lines_of, table_head, told
from migrate.readers.flow_formats.ports import port_number
from migrate.readers.flow_formats.protocols import TCP, protocol_number
from migrate.readers.flow_formats.record import record
from migrate.readers.flow_formats.times import duration, seconds
from migrate.readers.peek import Peek

if TYPE_CHECKING:
    import ibis.expr.types as ir

__all__ = ["NAME", "fits", "identify", "records"]

NAME = "zeek"

_NEEDED = frozenset(("idorigh", "idresph", "idrespp", "proto"))
_JSON_FIELDS = (
    *("ts", "id.orig_h", "id.orig_p", "id.resp_h", "id.resp_p", "proto", "duration", "orig_bytes", "resp_bytes"),
    *("conn_state", "orig_pkts", "orig_ip_bytes", "resp_pkts", "resp_ip_bytes", "_system_name"),
)
_MIDSTREAM = "OTH"
_REFUSED = ("REJ", "RSTOS0")  # a reset instead of an answer; a SYN that nobody answered, then a reset by its sender
_SILENT = "S0"


def fits(columns: Collection[str]) -> bool:
    """Whether a table with these columns holds such records."""
    return plain_names(columns) >= _NEEDED


def identify(peek: Peek) -> tuple[Layout, str] | None:
    """Say how the rows lie and why they are a conn.log, or None."""
    if peek.kind == "json":
        return told(Layout("json", _JSON_FIELDS), "has one connection of Zeek a line", peek) if _is_json(peek) else None
    if peek.kind == "text" and (layout := _preamble(lines_of(peek))):
        return told(layout, "has the preamble and fields of Zeek's conn.log", peek) if fits(layout.columns) else None
    head = table_head(peek)
    return told(head, "has the fields of Zeek's conn.log", peek) if head and fits(head.columns) else None


def _is_json(peek: Peek) -> bool:
    first = next((line for line in lines_of(peek) if line.strip()), "")
    try:
        value = json.loads(first)
    except (ValueError, RecursionError):
        return False
    return isinstance(value, dict) and fits(value)


def _preamble(lines: list[str]) -> Layout | None:
    """The layout that lines with ``#`` at the beginning declare."""
    separator, columns = "\t", None
    for line in lines:
        if not line.startswith("#"):
            return Layout("delimited", columns, separator, comment="#") if columns else None
        if line.startswith("#separator "):
            separator = _unescaped(line.removeprefix("#separator ").strip())
        elif line.startswith(f"#fields{separator}"):
            columns = distinct(line.split(separator)[1:])
    return Layout("delimited", columns, separator, comment="#") if columns else None


def _unescaped(text: str) -> str:
    r"""The character that ``\x09`` means."""
    try:
        return chr(int(text[2:4], 16)) if text.startswith("\\x") else text[:1] or "\t"
    except ValueError:
        return "\t"


def records(raw: ir.Table) -> ir.Table:
    """Bring rows to `RECORD_COLUMNS`.

    The originator is the client, except in midstream traffic (``OTH``). ``REJ`` and ``RSTOS0`` were rejected, and so was a
    TCP connection that nobody answered (``S0``) if its originator sent no data: with data, only the answers were not seen.
    """
    import ibis  # noqa: PLC0415 -- only those who have flows pay for it

    fields = Fields(raw)
    raw = staged(
        raw,
        begin_known=seconds(fields.get("ts")),
        protocol_known=protocol_number(fields.get("proto")),
        state_known=fields.text("connstate").upper(),
        payload_known=whole(fields.get("origbytes")),
        payload_back_known=whole(fields.get("respbytes")),
    )
    fields, begin, protocol, state = Fields(raw), raw.begin_known, raw.protocol_known, raw.state_known
    payload, payload_back = raw.payload_known, raw.payload_back_known

    def bytes_of(name: str, otherwise: ir.IntegerValue) -> ir.IntegerValue:
        counted = fields.get(name)
        return otherwise if counted is None else ibis.ifelse(fields.text(name) == "", otherwise, whole(counted))

    refused = state.isin(_REFUSED) | ((state == _SILENT) & (protocol == TCP) & (payload <= 0))
    return record(
        raw,
        src=fields.text("idorigh"),
        dst=fields.text("idresph"),
        srcport=port_number(fields.get("idorigp"), protocol),
        dstport=port_number(fields.get("idrespp"), protocol),
        protocol=protocol,
        packets=whole(fields.get("origpkts")),
        bytes_=bytes_of("origipbytes", payload),
        packets_back=whole(fields.get("resppkts")),
        bytes_back=bytes_of("respipbytes", payload_back),
        connections=ibis.literal(1, type="int64"),
        oriented=state != _MIDSTREAM,
        start=begin,
        end=begin + duration(fields.get("duration")),
        interface=fields.text("systemname"),
        skipped=fields.text("ts").startswith("#"),
        rejected=refused,
    )

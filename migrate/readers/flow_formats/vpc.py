"""VPC Flow Logs, versions 2 to 5 and what later versions add: one row per direction of a flow, interface and interval.

Fields and what they mean: https://docs.aws.amazon.com/vpc/latest/userguide/flow-log-records.html. ``pkt-srcaddr`` and
``pkt-dstaddr`` are the real ends where a NAT gateway, a load balancer or a Kubernetes node stands between, so they replace
``srcaddr`` and ``dstaddr`` where they are logged.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Collection
from typing import TYPE_CHECKING

from migrate.errors import RequestError
from migrate.model.stages import Layout
from migrate.readers.flow_formats.amounts import GARBAGE, whole
from migrate.readers.flow_formats.fields import Fields, plain, plain_names
from migrate.readers.flow_formats.heads import distinct, lines_of, table_head, told
from migrate.readers.flow_formats.record import record
from migrate.readers.flow_formats.times import seconds
from migrate.readers.peek import Peek

if TYPE_CHECKING:
    import ibis.expr.types as ir

__all__ = ["DEFAULT_FIELDS", "NAME", "declared_fields", "fits", "identify", "records"]

NAME = "vpc"

#: The default format, version 2.
DEFAULT_FIELDS = (
    *("version", "account-id", "interface-id", "srcaddr", "dstaddr", "srcport", "dstport", "protocol", "packets", "bytes"),
    *("start", "end", "action", "log-status"),
)
_EXPORTED = "exported at"  # CloudWatch Logs put a time before each line when they export a log group to S3
_LOOKED_AT = 200  # lines
_SKIPPED = ("NODATA", "SKIPDATA", "LOG-STATUS")  # the last: a header between records, where files were joined


def declared_fields(text: str, where: str) -> tuple[str, ...]:
    """The fields of plan.toml's ``[flows] fields``: names with blanks between, also as AWS writes them, ``${srcaddr}``.

    Raises
    ------
    RequestError
        An address, the port or the protocol is not among them.
    """
    fields = tuple(re.sub(r"[${}]", " ", text).replace(",", " ").split())
    if fields and not fits(fields):
        raise RequestError(
            "[flows] fields lacks one of srcaddr, dstaddr, dstport and protocol",
            where=where,
            remedy="Write the log format of the flow log as it was declared, or log these fields too.",
        )
    return distinct(fields)


def fits(columns: Collection[str]) -> bool:
    """Whether a table with these columns holds such records."""
    names = plain_names(columns)
    ends = all({end, f"pkt{end}"} & names for end in ("srcaddr", "dstaddr"))
    return ends and {"dstport", "protocol"} <= names


def identify(peek: Peek) -> tuple[Layout, str] | None:
    """Say how the rows lie and why they are such records, or None.

    Text has a header, or the fields that the request declares, or the default fields of version 2.
    """
    head = table_head(peek)
    if head and fits(head.columns):
        return told(head, "has the fields of VPC Flow Logs", peek)
    if peek.kind != "text":
        return None
    lines = lines_of(peek)[:_LOOKED_AT]
    place, first = next(((place, line.split()) for place, line in enumerate(lines) if line.strip()), (0, []))
    if fits(first):
        return told(Layout("delimited", distinct(first), " ", skip_lines=place + 1), "has a header of VPC Flow Logs", peek)
    rows = [cells for line in lines if (cells := line.split())]
    for fields, whose in ((peek.flow_fields, "that the request declares"), (DEFAULT_FIELDS, "of version 2")):
        for columns in (fields, (_EXPORTED, *fields)):
            if fields and sum(_is_row(cells, columns) for cells in rows) * 2 > len(rows):
                return told(Layout("delimited", columns, " "), f"has rows with the {len(fields)} fields {whose}", peek)
    return None


def _is_row(cells: list[str], columns: tuple[str, ...]) -> bool:
    if len(cells) != len(columns):
        return False
    row = dict(zip(map(plain, columns), cells, strict=True))
    address = row.get("srcaddr") or row["pktsrcaddr"]
    if address == "-":
        return row.get("logstatus", "NODATA") in _SKIPPED
    if _EXPORTED in columns and not re.match(r"\d{4}-\d\d-\d\dT", cells[0]):
        return False
    try:
        ipaddress.ip_address(address)
    except ValueError:
        return address in ("srcaddr", "pkt-srcaddr")
    return row["protocol"].isdecimal() or row["protocol"] == "-"


def records(raw: ir.Table) -> ir.Table:
    """Bring rows to `RECORD_COLUMNS`. Connections are not told: a row is one direction in one interval."""
    import ibis  # noqa: PLC0415 -- only those who have flows pay for it

    fields = Fields(raw)

    def text(name: str) -> ir.StringValue:
        column = fields.get(name)
        return ibis.literal("") if column is None else column.cast("string").coalesce("")

    def end(name: str) -> ir.StringValue:
        if f"pkt{name}" not in fields:
            return text(name)
        real = text(f"pkt{name}")
        return ibis.ifelse(real.length() > 2, real, text(name)) if name in fields else real

    status, action = text("logstatus").upper(), text("action").upper()
    return record(
        raw,
        src=end("srcaddr"),
        dst=end("dstaddr"),
        srcport=whole(fields.get("srcport")),
        dstport=whole(fields.get("dstport")),
        protocol=whole(fields.get("protocol"), GARBAGE),
        packets=whole(fields.get("packets")),
        bytes_=whole(fields.get("bytes")),
        flags=whole(fields.get("tcpflags")),
        start=seconds(fields.get("start")),
        end=seconds(fields.get("end")),
        interface=text("interfaceid"),
        skipped=status.isin(_SKIPPED),
        rejected=action == "REJECT",
        shortest=3,
    )

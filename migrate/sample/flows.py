"""Flow logs: two weeks of conversations as records with the fields of VPC Flow Logs version 5, one Parquet file a day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from migrate.files import replacing
from migrate.sample.randomness import stream

__all__ = ["FIRST_DAY", "FLOW_DAYS", "write_flows"]

FIRST_DAY = dt.date(2026, 10, 5)  # a Monday, and the third business day of its month
FLOW_DAYS = 14
_MOST_CONVERSATIONS = 900_000  # a day; beyond it every rate is lowered alike
_PACKED_TIGHT = range(1_000, 10_001)  # sizes that may go into a repository; packing takes ten seconds
_PER_PIECE = 400_000  # connections that are worked on at once
_PACKET_BYTES = np.array([60, 84, 120, 152, 240, 312, 476, 620, 812, 1040, 1320, 1460])
_MONTH_END = {dt.date(2026, 10, 1), dt.date(2026, 10, 2), dt.date(2026, 10, 5)}  # first business days of October 2026
_HOURS = np.array(
    [
        [1, 1, 1, 1, 1, 2, 4, 8, 11, 12, 12, 11, 10, 11, 12, 11, 9, 7, 4, 3, 2, 2, 1, 1],
        [4] * 24,
        [9, 12, 12, 10, 7, 4, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 3, 6, 8],
        [0, 0, 6, 8, 8, 8, 6, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
    ],
    dtype=np.float64,
)
_SCHEMA = pa.schema(
    [
        ("version", pa.int32()),
        ("account_id", pa.string()),
        ("interface_id", pa.string()),
        ("srcaddr", pa.string()),
        ("dstaddr", pa.string()),
        ("srcport", pa.int32()),
        ("dstport", pa.int32()),
        ("protocol", pa.int32()),
        ("packets", pa.int64()),
        ("bytes", pa.int64()),
        ("start", pa.int64()),
        ("end", pa.int64()),
        ("action", pa.string()),
        ("log_status", pa.string()),
        ("vpc_id", pa.string()),
        ("tcp_flags", pa.int32()),
        ("type", pa.string()),
        ("flow_direction", pa.string()),
    ]
)


def write_flows(
    folder: Path,
    connections: pl.DataFrame,
    addresses: pl.Series,
    servers: int,
    seed: int,
    progress: Callable[[str, int, int], None] | None = None,
) -> int:
    """Write one file a day and return the number of records.

    Parameters
    ----------
    connections
        See `migrate.sample.connections`.
    addresses
        Address by number; numbers below `servers` are servers and have an interface.
    """
    expected = float(connections["rate"].sum())
    density = min(1.0, _MOST_CONVERSATIONS / expected) if expected else 1.0
    interfaces = pl.select(pl.concat_str(pl.lit("eni-0"), pl.int_range(servers).cast(pl.String).str.zfill(16))).to_series()
    names = addresses.to_arrow().cast(pa.string()), interfaces.to_arrow().cast(pa.string())
    total = 0
    for number in range(FLOW_DAYS):
        day = FIRST_DAY + dt.timedelta(days=number)
        if progress:
            progress("flows", number, FLOW_DAYS)
        path = folder / f"{day:%Y-%m-%d}.parquet"
        with replacing(path) as temporary, pq.ParquetWriter(temporary, _SCHEMA, **_storage(servers)) as writer:
            for piece, part in enumerate(connections.iter_slices(_PER_PIECE)):
                table = _records(part, day, density, names, servers, stream(seed, "flows", number, piece))
                writer.write_table(table)
                total += table.num_rows
    return total


def _storage(servers: int) -> dict[str, object]:
    """How the files are packed: small, and without pyarrow's own schema, so that every reader sees plain strings."""
    plain = {"interface_id", "srcaddr", "dstaddr", "srcport", "dstport", "start", "end"}  # repeat from row to row: zstd sees it
    return {
        "compression": "zstd",
        "compression_level": 19 if servers in _PACKED_TIGHT else 3,
        "use_dictionary": [name for name in _SCHEMA.names if name not in plain],
        "store_schema": False,
        "write_statistics": True,
    }


def _records(
    part: pl.DataFrame,
    day: dt.date,
    density: float,
    names: tuple[pa.Array, pa.Array],
    servers: int,
    rng: np.random.Generator,
) -> pa.Table:
    """The records of one day for some connections, sorted by interface and time."""
    times = rng.poisson(part["rate"].to_numpy() * _day_factor(part, day) * density)
    event = np.repeat(np.arange(part.height), times)
    count = len(event)
    get = {name: part[name].to_numpy()[event] for name in ("src", "dst", "port", "protocol", "size", "schedule", "accepted")}
    accepted, tcp, client = get["accepted"], get["protocol"] == 6, _client_ports(count, rng)
    sent = np.where(accepted, np.maximum(64, get["size"] * np.exp(rng.normal(0, 0.6, count))), 40)
    received = np.maximum(60, sent * np.exp(rng.normal(-0.4, 1.1, count)))
    start = _epoch(day) + _seconds(get["schedule"], rng) // 10 * 10
    both = {"protocol": get["protocol"], "start": start, "end": start + np.where(sent < 20_000, 9, np.where(sent < 2e6, 59, 599))}
    both |= {"seen_at": np.where(get["dst"] < servers, get["dst"], get["src"]), "conversation": np.arange(count)}
    known = ~tcp | (accepted & (rng.random(count) < 0.3))  # no flags: UDP, or a connection older than the record
    closed = client % 3 == 0
    asked = both | {"src": get["src"], "dst": get["dst"], "srcport": client, "dstport": get["port"], "accepted": accepted}
    asked |= _volume(sent, event) | {"flags": np.where(known, 0, np.where(closed, 3, 2))}
    answered = both | {"src": get["dst"], "dst": get["src"], "srcport": get["port"], "dstport": client, "accepted": accepted}
    answered |= _volume(received, event) | {"flags": np.where(known, 0, np.where(closed, 19, 18))}
    rows = {key: np.concatenate([asked[key], answered[key][accepted]]) for key in asked}  # a rejected call gets no answer
    other = np.where(rows["src"] == rows["seen_at"], rows["dst"], rows["src"])
    order = np.lexsort((rows["flags"], rows["conversation"], rows["start"], other, rows["seen_at"]))
    return _table({key: value[order] for key, value in rows.items()}, names, _silent(day, servers, density, rng))


def _client_ports(count: int, rng: np.random.Generator) -> NDArray[np.int64]:
    """Ephemeral ports: most clients count up from the bottom of their range (Windows 49152, Linux 32768)."""
    return np.where(rng.random(count) < 0.6, 49_152, 32_768) + (rng.gamma(1.2, 500, count)).astype(np.int64)


def _volume(volume: NDArray[np.float64], event: NDArray[np.int64]) -> dict[str, NDArray[np.int64]]:
    """Packets, in two significant digits, and bytes; each connection has its own packet size."""
    per_packet = _PACKET_BYTES[(event * 7919) % len(_PACKET_BYTES)]
    packets = np.maximum(1.0, volume / per_packet)
    step = 10.0 ** np.maximum(0, np.floor(np.log10(packets)) - 1)
    whole = (np.floor(packets / step) * step).astype(np.int64)
    return {"packets": whole, "bytes": whole * per_packet}


def _day_factor(part: pl.DataFrame, day: dt.date) -> NDArray[np.float64]:
    """How busy each connection is on this day, against a working day."""
    weekend = day.weekday() >= 5
    factors = np.array([0.25 if weekend else 1.0, 1.0, 1.0, 1.0 if day.weekday() == 6 else 0.0])
    factor: NDArray[np.float64] = factors[part["schedule"].to_numpy()]
    if day in _MONTH_END:
        factor = factor * np.where(part["burst"].to_numpy(), 2.5, 1.0)
    return factor


def _epoch(day: dt.date) -> int:
    return int(dt.datetime(day.year, day.month, day.day, 5, tzinfo=dt.UTC).timestamp())  # midnight in Chicago in October


def _seconds(schedule: NDArray[np.int64], rng: np.random.Generator) -> NDArray[np.int64]:
    """A second of the day for each conversation."""
    draw = rng.random(len(schedule))
    hour = np.zeros(len(schedule), dtype=np.int64)
    for number, weights in enumerate(_HOURS):
        edges = np.cumsum(weights / weights.sum())
        hour = np.where(schedule == number, np.searchsorted(edges, draw, side="right").clip(0, 23), hour)
    return hour * 3600 + rng.integers(0, 3600, len(schedule))


def _silent(day: dt.date, servers: int, density: float, rng: np.random.Generator) -> dict[str, NDArray[np.int64]]:
    """Interfaces with nothing to tell in some interval (NODATA), and intervals that were lost (SKIPDATA)."""
    count = int(max(1, servers * 0.02 * density))
    start = _epoch(day) + np.sort(rng.integers(0, 86_340, count))
    return {"seen_at": rng.integers(0, servers, count), "start": start, "skipped": (rng.random(count) < 0.05).astype(np.int64)}


def _table(
    rows: dict[str, NDArray[np.int64]], names: tuple[pa.Array, pa.Array], silent: dict[str, NDArray[np.int64]]
) -> pa.Table:
    addresses, interfaces = names
    count, quiet = len(rows["src"]), len(silent["start"])
    one = pa.array(["-"])

    def text(values: list[str], index: NDArray[np.int64]) -> pa.Array:
        return pa.DictionaryArray.from_arrays(pa.array(index, pa.int32()), pa.array(values, pa.string())).dictionary_decode()

    def number(name: str, dtype: pa.DataType) -> pa.Array:
        return pa.concat_arrays([pa.array(rows[name], dtype), pa.nulls(quiet, dtype)])

    def address(name: str) -> pa.Array:
        return pa.concat_arrays([addresses.take(pa.array(rows[name])), one.take(pa.array(np.zeros(quiet, dtype=np.int64)))])

    everywhere = np.zeros(count + quiet, dtype=np.int64)
    none = np.full(quiet, 2)
    columns = {
        "version": pa.array(np.full(count + quiet, 5), pa.int32()),
        "account_id": text(["123456789012"], everywhere),
        "interface_id": interfaces.take(pa.array(np.concatenate([rows["seen_at"], silent["seen_at"]]))),
        "srcaddr": address("src"),
        "dstaddr": address("dst"),
        "srcport": number("srcport", pa.int32()),
        "dstport": number("dstport", pa.int32()),
        "protocol": number("protocol", pa.int32()),
        "packets": number("packets", pa.int64()),
        "bytes": number("bytes", pa.int64()),
        "start": pa.array(np.concatenate([rows["start"], silent["start"]]), pa.int64()),
        "end": pa.array(np.concatenate([rows["end"], silent["start"] + 59]), pa.int64()),
        "action": text(["REJECT", "ACCEPT", "-"], np.concatenate([rows["accepted"].astype(np.int64), none])),
        "log_status": text(["OK", "NODATA", "SKIPDATA"], np.concatenate([np.zeros(count, np.int64), 1 + silent["skipped"]])),
        "vpc_id": text(["vpc-0north0south000001"], everywhere),
        "tcp_flags": number("flags", pa.int32()),
        "type": text(["IPv4", "-"], np.concatenate([np.zeros(count, np.int64), np.ones(quiet, np.int64)])),
        "flow_direction": text(
            ["egress", "ingress", "-"], np.concatenate([(rows["dst"] == rows["seen_at"]).astype(np.int64), none])
        ),
    }
    return pa.table(columns, schema=_SCHEMA)

"""Small flow logs of every format, made up, as text."""

from __future__ import annotations

import gzip
import json
import random
from pathlib import Path

import polars as pl

from migrate.model.stages import FlowFiles
from migrate.readers.flows import identify, read
from migrate.readers.ledger import Ledger
from migrate.readers.peek import peek_at

START = 1_767_258_000  # 2026-01-01 09:00 UTC
DAY = 86_400


def recognised(*paths: Path) -> FlowFiles:
    """The files as the readers recognise them."""
    peeks = peek_at(paths)
    assert all(identify(peek) for peek in peeks), [peek.label for peek in peeks if not identify(peek)]
    return FlowFiles(tuple(read(peeks, Ledger()).flows))


def records(count: int, seed: int) -> list[dict[str, int | str]]:
    """Records at random among few hosts, so that they meet."""
    rng = random.Random(seed)
    hosts = [f"10.0.0.{number}" for number in range(1, 7)] + ["2001:db8::1", "fe80::2"]
    rows: list[dict[str, int | str]] = []
    for _ in range(count):
        src, dst = rng.sample(hosts, 2)
        start = START + rng.randrange(25 * DAY)
        rows.append(
            {
                "interface_id": rng.choice(["eni-1", "eni-2"]),
                "srcaddr": src,
                "dstaddr": dst,
                "srcport": rng.choice([443, 40_001, 50_123, 61_000]),
                "dstport": rng.choice([53, 1433, 33_000, 50_000]),
                "protocol": rng.choice([6, 6, 17, 1]),
                "packets": rng.randrange(1, 50),
                "bytes": rng.randrange(40, 10**6),
                "start": start,
                "end": start + rng.randrange(60),
                "action": rng.choice(["ACCEPT", "ACCEPT", "ACCEPT", "REJECT"]),
                "log_status": rng.choice(["OK"] * 9 + ["NODATA"]),
                "tcp_flags": rng.choice([0, 2, 16, 18, 19]),
            }
        )
    return rows


def every_format(folder: Path, count: int = 60) -> FlowFiles:
    """One file or more of each format, plain and gzipped, as text, JSON and Parquet."""
    rows = records(count, seed=1)
    names = list(rows[0])
    text = [" ".join(str(row[name]) for name in names) for row in rows]
    header = " ".join(name.replace("_", "-") for name in names)
    (folder / "vpc.log").write_text("\n".join([header, *text]) + "\n")
    (folder / "vpc.log.1").write_bytes(gzip.compress("\n".join([header, *text[: count // 2]]).encode()))
    version_2 = [f"2 123456789012 {' '.join(str(row[name]) for name in names[:-1])}" for row in rows]
    (folder / "version-2.txt").write_text("\r\n".join(version_2))
    pl.DataFrame(records(count, seed=2)).write_parquet(folder / "vpc.parquet")
    timed = pl.DataFrame(records(count, seed=3)).with_columns(
        pl.from_epoch("start").cast(pl.Datetime("ns")), pl.from_epoch("end")
    )
    timed.drop("tcp_flags").write_parquet(folder / "timed.parquet")
    _zeek(folder, records(count, seed=4))
    edges = pl.DataFrame(records(count, seed=5)).select(
        client="srcaddr",
        server="dstaddr",
        port="dstport",
        protocol=pl.lit("tcp"),
        bytes="bytes",
        connections="packets",
        start="start",
    )
    edges.write_csv(folder / "edges.csv", quote_style="always")
    return recognised(*sorted(folder.iterdir()))


def _zeek(folder: Path, rows: list[dict[str, int | str]]) -> None:
    fields: tuple[str, ...] = (
        "ts",
        "uid",
        "id.orig_h",
        "id.orig_p",
        "id.resp_h",
        "id.resp_p",
        "proto",
        "service",
        "duration",
        "orig_bytes",
    )
    fields += ("resp_bytes", "conn_state", "orig_pkts", "resp_pkts")
    states = ["SF", "S0", "REJ"]
    lines = []
    for number, row in enumerate(rows):
        values: tuple[object, ...] = (
            f"{row['start']}.25",
            f"C{number}",
            row["srcaddr"],
            row["srcport"],
            row["dstaddr"],
            row["dstport"],
        )
        values += ("tcp", "-", "1.5", row["bytes"], row["packets"], states[number % 3], row["packets"], 3)
        lines.append(values)
    head = [
        "#separator \\x09",
        "#set_separator\t,",
        "#empty_field\t(empty)",
        "#unset_field\t-",
        "#path\tconn",
        "#fields\t" + "\t".join(fields),
    ]
    body = ["\t".join(map(str, values)) for values in lines]
    (folder / "conn.log").write_text("\n".join([*head, *body, "#close\t2026-01-02-00-00-00"]) + "\n")
    objects = [json.dumps({**dict(zip(fields, values, strict=True)), "ts": float(str(values[0]))}) for values in lines]
    (folder / "conn-json.log").write_text("\n".join(objects) + "\n")

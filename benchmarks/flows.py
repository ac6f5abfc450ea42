"""Flow logs to conversations, beside queries written by hand for the same Parquet file and run by the same DuckDB.

    python -m benchmarks.flows                         # 50 million records: ours, a full query, a minimal one
    python -m benchmarks.flows --rows 200000000        # ours alone beyond 100 million, within the memory limit

All run in one process, one after the other and then once more; the better time of each counts. CPU seconds are what to
compare where the machine is shared. The full query answers the same question as a good engineer would write it for this
one file: client and server by flags and ports, each flow once, sums and percentile by day, business hours, first and last
seen. It checks nothing, knows its types, and cannot tell doubtful ends. The minimal one is `GROUP BY` the two addresses,
the port and the protocol, so that each ephemeral port is a row of its own.
"""

from __future__ import annotations

import argparse
import resource
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import duckdb

from migrate.discovery.flows import read_conversations
from migrate.model.stages import FlowFile, FlowFiles, Layout
from migrate.spec.flows import Flows

_EDGES, _DAYS, _START = 200_000, 7, 1_767_225_600  # from 2026-01-01 00:00 UTC
_MOST_BESIDE = 100_000_000  # records: above, only ours is run
_A_PART = 10_000_000  # records written at a time

_WAYS = """
    CREATE TEMP TABLE edges AS
    SELECT
        e, client, server, port,
        'eni-0' || substr(md5(client), 1, 16) AS at_client, 'eni-0' || substr(md5(server), 1, 16) AS at_server
    FROM (
        SELECT
            e,
            '10.' || c // 65025 || '.' || c // 250 % 250 || '.' || (1 + c % 250) AS client,
            '10.' || (100 + s // 65025) || '.' || s // 250 || '.' || (1 + s % 250) AS server,
            [443, 1433, 5432, 1521, 389, 53, 445, 8080, 9092, 22, 3306, 6379, 45001][1 + s % 13] AS port
        FROM (SELECT e, (hash(e * 3 + 1) % 30000)::INT AS c, (hash(e * 7 + 2) % 6000)::INT AS s FROM range({edges}) t(e))
    )
"""
_PART = """
    COPY (
        WITH drawn AS (
            SELECT
                i, (pow(hash(i * 5 + 1) % 1000000 / 1e6, 2) * {edges})::INT % {edges} AS e,
                {start} + (i * {seconds} // {sessions})::BIGINT + (hash(i * 5 + 2) % 600)::BIGINT AS moment,
                (32768 + hash(i * 5 + 3) % 28000)::INT AS ephemeral, hash(i * 5 + 4) % 100 AS dice,
                (hash(i * 5) % 100000)::BIGINT AS size
            FROM range({first}, {last}) t(i)
        ),
        seen AS (SELECT *, unnest(CASE WHEN i % 4 = 0 THEN [0, 1, 2, 3] ELSE [0, 1] END) AS v FROM drawn JOIN edges USING (e))
        SELECT
            5 AS version, '123456789012' AS account_id, CASE WHEN v < 2 THEN at_server ELSE at_client END AS interface_id,
            CASE WHEN v % 2 = 0 THEN client ELSE server END AS srcaddr,
            CASE WHEN v % 2 = 0 THEN server ELSE client END AS dstaddr,
            (CASE WHEN v % 2 = 0 THEN ephemeral ELSE port END)::INT AS srcport,
            (CASE WHEN v % 2 = 0 THEN port ELSE ephemeral END)::INT AS dstport,
            CASE WHEN port = 53 THEN 17 ELSE 6 END AS protocol, 1 + size // 1000 AS packets, 40 + size AS bytes,
            moment AS start, moment + 59 AS "end", CASE WHEN dice = 0 THEN 'REJECT' ELSE 'ACCEPT' END AS action,
            'OK' AS log_status,
            CASE WHEN port = 53 OR dice < 30 THEN 0 WHEN v % 2 = 0 THEN 2 ELSE 18 END AS tcp_flags
        FROM seen
    ) TO '{file}' (FORMAT parquet, ROW_GROUP_SIZE 500000)
"""
_FULL = """
    WITH ended AS (
        SELECT
            *, action = 'REJECT' AS rejected, (start - {start}) // 86400 AS day, start // 3600 % 24 AS hour,
            CASE WHEN tcp_flags & 18 = 2 THEN true WHEN tcp_flags & 18 = 18 THEN false ELSE dstport < srcport END AS out
        FROM read_parquet({files}) WHERE log_status = 'OK'
    ),
    points AS (
        SELECT
            rejected,
            CASE WHEN out THEN srcaddr ELSE dstaddr END AS client,
            CASE WHEN out THEN dstaddr ELSE srcaddr END AS server,
            CASE WHEN out THEN dstport ELSE srcport END AS port, protocol, out, day, interface_id,
            sum(bytes) AS bytes, sum(packets) AS packets, count(*) AS records, sum((tcp_flags & 18 = 2)::INT) AS opened,
            sum((hour BETWEEN 8 AND 17)::INT) AS business, min(start) AS first_seen, max("end") AS last_seen,
            bit_or(1 << hour) AS hours
        FROM ended GROUP BY ALL
    ),
    once AS (
        SELECT
            rejected, client, server, port, protocol, out, day,
            max(bytes) AS bytes, max(packets) AS packets, max(records) AS records,
            max(opened) AS opened, max(business) AS business, min(first_seen) AS first_seen, max(last_seen) AS last_seen,
            bit_or(hours) AS hours
        FROM points GROUP BY ALL
    ),
    days AS (
        SELECT
            rejected, client, server, port, protocol, day,
            sum(bytes) FILTER (out) AS bytes_out, sum(bytes) FILTER (NOT out) AS bytes_in,
            sum(bytes) AS bytes, sum(packets) FILTER (out) AS packets_out, sum(packets) FILTER (NOT out) AS packets_in,
            sum(records) AS records, sum(opened) AS opened, max(business) AS business,
            min(first_seen) AS first_seen, max(last_seen) AS last_seen, bit_or(hours) AS hours
        FROM once GROUP BY ALL
    )
    SELECT
        rejected, client, server, port, protocol, sum(bytes_out) AS bytes_out, sum(bytes_in) AS bytes_in,
        sum(packets_out) AS packets_out, sum(packets_in) AS packets_in, sum(records) AS records, sum(opened) AS connections,
        sum(business) FILTER (day % 7 NOT IN (2, 3)) AS business, max(bytes) AS bytes_p95, max(opened) AS connections_p95,
        sum(bytes) FILTER (day = {last}) AS bytes_last_day, sum(opened) FILTER (day = {last}) AS connections_last_day,
        min(first_seen) AS first_seen, max(last_seen) AS last_seen, bit_or(hours) AS hours, bit_or(1 << day) AS days
    FROM days GROUP BY ALL
"""
_MINIMAL = """
    SELECT srcaddr, dstaddr, dstport, protocol, sum(packets), sum(bytes), count(*), min(start), max("end")
    FROM read_parquet({files}) GROUP BY ALL
"""


def generate(folder: Path, rows: int) -> list[Path]:
    """Parquet files with the fields of VPC Flow Logs, in the order of time; the same for the same number of rows."""
    sessions = rows * 2 // 5  # two records each, and every fourth is seen at both ends
    files = []
    with duckdb.connect() as engine:
        engine.execute("SET enable_progress_bar = false; SET memory_limit = '3GB'")
        engine.execute(_WAYS.format(edges=_EDGES))
        for number, first in enumerate(range(0, sessions, _A_PART * 2 // 5)):
            file = folder / f"part-{number:03}.parquet"
            files.append(file)
            if not file.exists():
                last = min(first + _A_PART * 2 // 5, sessions)
                begin = {"edges": _EDGES, "start": _START, "seconds": _DAYS * 86_400 - 600}
                engine.execute(_PART.format(**begin, sessions=sessions, first=first, last=last, file=file)).fetchall()
    return files


def by_hand(query: str, files: list[Path], memory_gib: float) -> int:
    """Run a query as our engine would, and fetch its rows."""
    with tempfile.TemporaryDirectory() as spill, duckdb.connect() as engine:
        engine.execute("SET enable_progress_bar = false; SET preserve_insertion_order = false")
        engine.execute(f"SET memory_limit = '{int(memory_gib * 1024)}MiB'; SET temp_directory = '{spill}'")
        return int(
            engine.sql(query.format(files=[str(file) for file in files], start=_START, last=_DAYS - 1)).to_arrow_table().num_rows
        )


def ours(files: list[Path], memory_gib: float) -> int:
    """As a user gets it."""
    flows = FlowFiles(tuple(FlowFile(file, file.name, "vpc", Layout("parquet")) for file in files))
    return read_conversations(flows, Flows(memory_gib=memory_gib)).frame.height


def measured(run: Callable[[], int]) -> tuple[float, float, int]:
    """CPU seconds, seconds and rows of the answer."""
    before, began = resource.getrusage(resource.RUSAGE_SELF), time.perf_counter()
    rows = run()
    after = resource.getrusage(resource.RUSAGE_SELF)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, time.perf_counter() - began, rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--rows", type=int, default=50_000_000)
    parser.add_argument("--memory-gib", type=float, default=4.0)
    parser.add_argument("--keep", type=Path, help="keep the generated files here and use them again")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = (given.keep or Path(temporary)) / str(given.rows)
        folder.mkdir(parents=True, exist_ok=True)
        files = generate(folder, given.rows)
        runs: dict[str, Callable[[], int]] = {"ours": lambda: ours(files, given.memory_gib)}
        if given.rows <= _MOST_BESIDE:
            runs["full query"] = lambda: by_hand(_FULL, files, given.memory_gib)
            runs["minimal query"] = lambda: by_hand(_MINIMAL, files, given.memory_gib)
        report(runs, given.rows)


def report(runs: dict[str, Callable[[], int]], records: int) -> None:
    """Run and print; the peak is that of the process so far, so that of ours is told by its first run."""
    best: dict[str, tuple[float, float]] = {}
    for name in list(runs) * (2 if len(runs) > 1 else 1):
        cpu, seconds, rows = measured(runs[name])
        known = best.get(name, (cpu, seconds))
        best[name] = (min(cpu, known[0]), min(seconds, known[1]))
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e9
        rate = records / seconds / 1e6
        print(
            f"{name:<14}{cpu:8.1f} CPU s {seconds:8.1f} s {rate:7.2f} M records/s {rows:>12,} rows, peak {peak:.2f} GB",
            flush=True,
        )
    for name in [name for name in best if name != "ours"]:
        cpu, seconds = (best[name][place] / best["ours"][place] for place in (0, 1))
        print(f"rate of ours / {name}: {cpu:.2f} by CPU time, {seconds:.2f} by the clock")


if __name__ == "__main__":
    main()

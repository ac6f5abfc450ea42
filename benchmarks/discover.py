"""All of ``migrate discover`` on plain edges: ``python -m benchmarks.discover [--servers N] [--generator NAME] [--seed N]``.

Makes an estate whose applications are known (`benchmarks.traffic_estates`), writes its edges as Parquet with ``client``,
``server``, ``port``, ``protocol``, ``bytes``, ``packets`` and ``connections``, and runs the command on them in a process of
its own: seconds, CPU seconds and peak memory of everything from the interpreter's start to the last file, and the adjusted
Rand index of the application groups in its groups.csv.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl

from benchmarks.traffic_estates import LAWS, estate
from migrate.discovery.agreement import adjusted_rand

_BYTES_A_PACKET = 700  # made-up edges tell bytes alone


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--servers", type=int, default=100_000)
    parser.add_argument("--generator", choices=sorted(LAWS), default="plain")
    parser.add_argument("--seed", type=int, default=101)
    asked = parser.parse_args()
    with TemporaryDirectory() as temporary:
        folder = Path(temporary)
        edges, truth = estate(LAWS[asked.generator], asked.servers, asked.seed)
        plain = edges.select(
            "client",
            "server",
            "port",
            "bytes",
            "connections",
            protocol=pl.lit(6, dtype=pl.Int64),
            packets=pl.col("bytes") // _BYTES_A_PACKET + 1,
        )
        plain.write_parquet(folder / "edges.parquet")
        print(f"{asked.generator}, seed {asked.seed}: {asked.servers:,} servers, {edges.height:,} edges", flush=True)
        del edges, plain
        measured(folder, truth)


def measured(folder: Path, truth: pl.DataFrame) -> None:
    """Run the command and print what it took and found."""
    command = [
        sys.executable,
        "-m",
        "migrate",
        "discover",
        str(folder / "edges.parquet"),
        "--out",
        str(folder / "out"),
        "--json",
    ]
    began = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    seconds, used = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    groups = pl.read_csv(folder / "out" / "groups.csv").select("server", "application_group")
    both = truth.drop_nulls("application").join(groups, on="server", how="left")
    alone = pl.format("alone {}", "server")
    found = both.select(pl.coalesce("application_group", alone)).to_series()
    print(
        f"{seconds:.1f} s, {used.ru_utime + used.ru_stime:.1f} CPU s, peak {used.ru_maxrss * 1024 / 1e9:.2f} GB; "
        f"applications: adjusted Rand index {adjusted_rand(both['application'], found):.3f}"
    )


if __name__ == "__main__":
    main()

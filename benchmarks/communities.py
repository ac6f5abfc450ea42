"""Applications found in traffic: ``python -m benchmarks.communities [--servers N] [--generator NAME …] [--seed N …]``.

Makes estates whose applications are known (`benchmarks.traffic_estates`), groups their servers, and compares: adjusted Rand
index and V-measure with the truth over all servers that belong to an application (one that is placed
nowhere is a group of its own), and the share of hard dependencies wrongly split: the tenth of the edges inside
applications that moves most bytes, where the two ends come out in different groups.

Peers on the same edges: NetworKit's ParallelLeiden at several resolutions, each as good as its user's guess, where it is
installed; and, up to 20,000 servers, networkx's Louvain. Shared servers are left in for all. Scores need scikit-learn.

Seeds 1 to 9 served to develop the method; report with others.
"""

from __future__ import annotations

import argparse
import importlib.util
import multiprocessing
import resource
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import polars as pl
from numpy.typing import NDArray

from benchmarks.traffic_estates import LAWS, estate
from migrate.discovery.communities import applications_by_traffic

_HARD = 0.1
_RESOLUTIONS = (1.0, 50.0, 500.0)
_NETWORKX_SERVERS = 20_000

Ints = NDArray[np.int64]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--servers", type=int, default=100_000)
    parser.add_argument("--generator", choices=sorted(LAWS), nargs="*", default=sorted(LAWS))
    parser.add_argument("--seed", type=int, nargs="*", default=[101])
    parser.add_argument("--no-peers", action="store_true")
    asked = parser.parse_args()
    scores = f"{'found':>7} {'ARI':>6} {'V':>6} split   cpu s  wall s   GB"
    print(f"{'generator':11} {'seed':>4} {'edges':>10} {'true':>6} {'method':26} {scores}")
    for name in asked.generator:
        for seed in asked.seed:
            edges, truth = estate(LAWS[name], asked.servers, seed)
            head = f"{name:11} {seed:4} {edges.height:10,} {truth['application'].n_unique() - 1:6,}"
            with TemporaryDirectory() as folder:
                edges.write_parquet(Path(folder) / "edges.parquet")
                truth.write_parquet(Path(folder) / "truth.parquet")
                del edges, truth
                for method, group in [("migrate", _ours), *([] if asked.no_peers else _peers(asked.servers))]:
                    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as child:  # a peak of its own
                        print(f"{head} {method:26} {child.submit(_row, Path(folder), group).result()}", flush=True)


def _row(folder: Path, group: Callable[[pl.DataFrame, pl.DataFrame], Ints]) -> str:
    from sklearn.metrics import adjusted_rand_score, v_measure_score  # noqa: PLC0415 - not needed to run migrate

    edges, truth = (pl.read_parquet(folder / f"{name}.parquet") for name in ("edges", "truth"))
    cpu, wall = time.process_time(), time.perf_counter()
    found = truth.with_columns(found=pl.Series(group(edges, truth)))
    cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    owned = found.drop_nulls("application")
    scores = [score(owned["application"], owned["found"]) for score in (adjusted_rand_score, v_measure_score)]
    return (
        f"{owned['found'].n_unique():7,} {scores[0]:6.3f} {scores[1]:6.3f} {_wrongly_split(edges, found):5.1%} {cpu:7.1f} "
        f"{wall:7.1f} {peak:4.1f}"
    )


def _wrongly_split(edges: pl.DataFrame, found: pl.DataFrame) -> float:
    ends = [found.rename({name: f"{name}_{end}" for name in found.columns}) for end in ("client", "server")]
    both = edges.join(ends[0], left_on="client", right_on="server_client").join(
        ends[1], left_on="server", right_on="server_server"
    )
    inside = both.filter(pl.col("application_client") == pl.col("application_server"))
    hard = inside.filter(pl.col("bytes") >= inside["bytes"].quantile(1 - _HARD))
    return float(hard.select((pl.col("found_client") != pl.col("found_server")).mean()).item())


def _ours(edges: pl.DataFrame, truth: pl.DataFrame) -> Ints:
    internal = edges.select(
        consumer_id="client",
        provider_id="server",
        protocol=pl.lit("tcp"),
        port="port",
        bytes_out="bytes",
        bytes_in=pl.lit(0),
        connections="connections",
    )
    found = applications_by_traffic(internal, pl.DataFrame(schema={"server_id": pl.String}))
    placed = truth.join(found, left_on="server", right_on="server_id", how="left", maintain_order="left")
    alone = -1 - pl.int_range(pl.len())
    return placed.select(pl.coalesce("community", alone))["community"].to_numpy()


def _peers(servers: int) -> Iterator[tuple[str, Callable[[pl.DataFrame, pl.DataFrame], Ints]]]:
    if importlib.util.find_spec("networkit"):
        for resolution in _RESOLUTIONS:
            yield f"NetworKit Leiden γ={resolution:g}", partial(_networkit, resolution)
    if servers <= _NETWORKX_SERVERS:
        yield "networkx Louvain", _networkx


def _pairs(edges: pl.DataFrame, truth: pl.DataFrame) -> pl.DataFrame:
    """Pairs ``one``, ``other`` by number, with the logarithm of their bytes."""
    number = truth.select("server").with_row_index("number")
    ends = edges.join(number.rename({"number": "from"}), left_on="client", right_on="server").join(
        number.rename({"number": "to"}), on="server"
    )
    pair = ends.with_columns(one=pl.min_horizontal("from", "to"), other=pl.max_horizontal("from", "to"))
    return pair.group_by("one", "other").agg(weight=(1 + pl.col("bytes").sum()).log()).sort("one", "other")


def _networkit(resolution: float, edges: pl.DataFrame, truth: pl.DataFrame) -> Ints:
    import networkit  # noqa: PLC0415 - a peer that need not be there

    pairs = _pairs(edges, truth)
    entries = pairs["weight"].to_numpy(), (pairs["one"].cast(pl.UInt64).to_numpy(), pairs["other"].cast(pl.UInt64).to_numpy())
    graph = networkit.GraphFromCoo(entries, n=truth.height, weighted=True)
    found = networkit.community.ParallelLeiden(graph, gamma=resolution)
    found.run()
    return np.array(found.getPartition().getVector(), dtype=np.int64)


def _networkx(edges: pl.DataFrame, truth: pl.DataFrame) -> Ints:
    import networkx  # noqa: PLC0415 - as above

    graph: networkx.Graph[int] = networkx.Graph()
    graph.add_nodes_from(range(truth.height))
    graph.add_weighted_edges_from(_pairs(edges, truth).iter_rows())
    found = np.empty(truth.height, dtype=np.int64)
    for number, members in enumerate(networkx.community.louvain_communities(graph, seed=1)):
        found[list(members)] = number
    return found


if __name__ == "__main__":
    main()

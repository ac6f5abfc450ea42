"""Roles found from traffic: ``python -m benchmarks.roles [EDGES.tsv.gz GROUPS.txt]`` or ``--synthetic 33000``.

Reads a graph in the form of "A Dataset of Networks of Computing Hosts" (Madani, Averineni, Gandham, IWSPA 2022): graph,
client, server and comma-separated ``port p protocol - packets``, separated by tabs; and its labels, a group a line, that
are used to score and for nothing else. Prints the adjusted Rand index over the labelled hosts, beside peers in the same
run: TF-IDF of ports with average linkage, cut where the labels say it is best (which nobody without labels can), and
networkx's Louvain communities. With ``--synthetic`` the estate is made up and its roles are known.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

import networkx as nx
import numpy as np
import polars as pl

from benchmarks.role_estates import estate_of_roles
from migrate.discovery.agreement import adjusted_rand
from migrate.discovery.ports import protocol_name
from migrate.discovery.role_profiles import matrix, profiles
from migrate.discovery.roles import roles

_SAMPLE = Path(__file__).parents[2] / "shared" / "bench" / "cisco_g21"
_LINKED_AT_MOST = 5_000  # servers: all pairs of more do not fit
_LOUVAIN_AT_MOST = 50_000  # edges


def plain_edges(path: Path) -> pl.DataFrame:
    """`client`, `server`, `port`, `protocol`, `packets`: one row per port of a pair, its packets added up."""
    lines = pl.read_csv(path, separator="\t", has_header=False, quote_char=None, infer_schema=False)
    lines = lines.rename(dict(zip(lines.columns, ("graph", "client", "server", "told"), strict=True)))
    told = lines.select("client", "server", pl.col("told").str.split(",")).explode("told", empty_as_null=False, keep_nulls=False)
    parts = told.with_columns(pl.col("told").str.extract_groups(r"^(?<port>\d+)p(?<protocol>\d+)-(?<packets>\d+)$")).unnest(
        "told"
    )
    return (
        parts.drop_nulls()
        .cast({"port": pl.Int64, "protocol": pl.Int64, "packets": pl.Int64})
        .group_by("client", "server", "port", "protocol")
        .agg(pl.col("packets").sum())
        .sort("client", "server", "protocol", "port")
    )


def labels(path: Path) -> pl.DataFrame:
    """`server_id` and `role` of the labelled hosts."""
    groups = [line.split(",") for line in path.read_text().split()]
    return pl.DataFrame(
        [(host, number) for number, hosts in enumerate(groups) for host in hosts], ["server_id", "role"], orient="row"
    )


def internal(edges: pl.DataFrame) -> pl.DataFrame:
    return edges.select(consumer_id="client", provider_id="server", protocol=protocol_name(pl.col("protocol")), port="port")


def agreement(truth: pl.DataFrame, found: pl.DataFrame) -> float:
    """Adjusted Rand index; a server that was not found is a group by itself."""
    both = truth.join(found.select("server_id", group=pl.col("group").cast(pl.String)), on="server_id", how="left")
    return adjusted_rand(both["role"], both.select(pl.coalesce("group", pl.format("missing {}", "server_id"))).to_series())


def linkage_at_best(edges: pl.DataFrame, truth: pl.DataFrame) -> tuple[float, float]:
    """Best index over all cut-offs of average linkage of TF-IDF weighted services, and the mean over the cut-offs."""
    from scipy.cluster.hierarchy import fcluster, linkage  # noqa: PLC0415 - a peer, only where it fits
    from scipy.spatial.distance import pdist  # noqa: PLC0415

    profile = profiles(internal(edges)).with_columns(peers=pl.lit(1, dtype=pl.Int64))
    servers = profile["server_id"].unique().sort().cast(pl.String)
    present = matrix(profile).toarray().astype(float)
    weighted = present * np.log(len(servers) / present.sum(axis=0))
    some = weighted.any(axis=1)
    tree = linkage(np.clip(pdist(weighted[some], "cosine"), 0, None), "average")
    cuts = np.arange(0.02, 1.0, 0.02)
    scores = [
        agreement(truth, pl.DataFrame({"server_id": servers.filter(pl.Series(some)), "group": fcluster(tree, cut, "distance")}))
        for cut in cuts
    ]
    return max(scores), float(np.mean(scores))


def louvain(edges: pl.DataFrame, truth: pl.DataFrame) -> float:
    graph: nx.Graph[str] = nx.Graph()
    pairs = edges.group_by("client", "server").agg(pl.col("packets").sum()).sort("client", "server")
    for client, server, packets in pairs.iter_rows():
        graph.add_edge(client, server, weight=float(np.log1p(packets)) + 1)
    found = nx.algorithms.community.louvain_communities(graph, seed=1)
    rows = [(server, number) for number, group in enumerate(found) for server in sorted(group)]
    return agreement(truth, pl.DataFrame(rows, ["server_id", "group"], orient="row"))


def score(edges: pl.DataFrame, truth: pl.DataFrame) -> float:
    return agreement(truth, roles(internal(edges)).select("server_id", group="role_group"))


def perturbed(edges: pl.DataFrame, truth: pl.DataFrame, repeats: int = 10) -> None:
    """Print how the index holds when part of the edges, or of the servers, is taken away."""
    servers = pl.concat([edges["client"], edges["server"]]).unique().sort()
    for share in (0.9, 0.75, 0.5):
        by_edge = [score(edges.sample(fraction=share, seed=seed), truth) for seed in range(repeats)]
        by_server = []
        for seed in range(repeats):
            kept = servers.sample(fraction=share, seed=seed).implode()
            some = edges.filter(pl.col("client").is_in(kept) & pl.col("server").is_in(kept))
            by_server.append(score(some, truth.filter(pl.col("server_id").is_in(kept))))
        for what, values in (("edges", by_edge), ("servers", by_server)):
            print(f"  {share:.0%} of the {what}: mean {np.mean(values):.3f}, worst {min(values):.3f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("edges", nargs="?", type=Path, default=_SAMPLE / "edges.tsv.gz")
    parser.add_argument("groups", nargs="?", type=Path, default=_SAMPLE / "groups.txt")
    parser.add_argument("--synthetic", type=int, metavar="SERVERS", help="make an estate up instead of reading one")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--perturb", action="store_true", help="also with part of the edges or servers taken away")
    options = parser.parse_args()
    if options.synthetic is None and not options.edges.exists():
        print(f"no graph at {options.edges}: nothing measured")
        return
    begin, used = time.perf_counter(), time.process_time()
    if options.synthetic is not None:
        edges, truth = estate_of_roles(options.synthetic, options.seed)
        begin, used = time.perf_counter(), time.process_time()
    else:
        edges, truth = plain_edges(options.edges), labels(options.groups)
    found = roles(internal(edges))
    seconds, cpu = time.perf_counter() - begin, time.process_time() - used
    number = found["role_group"].n_unique()
    print(f"{found.height:,} servers, {edges.height:,} edges: {number:,} roles in {seconds:.1f} s ({cpu:.1f} s CPU)")
    index = agreement(truth, found.select("server_id", group="role_group"))
    print(f"adjusted Rand index over {truth.height:,} labelled servers, nothing chosen: {index:.3f}")
    if found.height <= _LINKED_AT_MOST:
        best, mean = linkage_at_best(edges, truth)
        print(f"TF-IDF and average linkage, cut where the labels say: {best:.3f} (mean over cut-offs {mean:.3f})")
    if edges.height <= _LOUVAIN_AT_MOST:
        print(f"networkx Louvain: {louvain(edges, truth):.3f}")
    if options.perturb:
        perturbed(edges, truth)


if __name__ == "__main__":
    main()

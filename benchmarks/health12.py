"""The sample estate's application map against its truth: what discovery finds, and how much of it is right.

    python -m benchmarks.health12

Four runs: everything an enterprise has with 14 days of flow logs and with 2; RVTools workbooks and flow logs without any
declared application; and flow logs alone. The tests of discovery use the same scores.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import polars as pl

from migrate.discovery import discover
from migrate.discovery.agreement import adjusted_rand
from migrate.model.estate import Estate
from migrate.model.stages import Discovery
from migrate.readers import read_inventory
from migrate.spec import Spec

SAMPLE = Path(__file__).parents[1] / "inventories" / "health12"
TRUTH = SAMPLE / "truth"

Found = TypeVar("Found", bound=Hashable)


@dataclass(frozen=True)
class Score:
    """Share of what was found that is true, and share of what is true that was found."""

    precision: float
    recall: float


@dataclass(frozen=True)
class Run:
    """What was read, what discovery made of it, and the true application of each server (None: it has none)."""

    estate: Estate
    found: Discovery
    truth: dict[str, str | None]

    def homes(self) -> pl.DataFrame:
        """Columns ``server_id``, ``true`` and ``found`` of the servers that have a true application."""
        true = pl.DataFrame(list(self.truth.items()), schema={"server_id": pl.String, "true": pl.String}, orient="row")
        found = self.found.estate.memberships.select("server_id", found="application")
        return true.drop_nulls().join(found, on="server_id").sort("server_id")


def files_of(days: int | None = None, *, only: Sequence[str] = ("",)) -> list[Path]:
    """Files of the sample whose names begin with one of `only`, with the flow logs of the first `days` days (None: all)."""
    flows = sorted((SAMPLE / "flows").glob("*.parquet"))[:days]
    rest = [path for path in SAMPLE.iterdir() if path.is_file() and path.suffix != ".md" and path.name.startswith(tuple(only))]
    return [*sorted(rest), *flows]


def run(files: Sequence[Path]) -> Run:
    """Read and discover."""
    inventory = read_inventory(files, ())
    found = discover(inventory.estate, inventory.flows, Spec.model_validate({"plan": {"start": "2027-01-04"}}))
    truth = pl.read_csv(TRUTH / "memberships.csv")
    estate = inventory.estate if inventory.estate.servers.height else found.estate
    named = estate.servers.select("server_id", name=pl.col("name").str.to_lowercase())
    by_ip = estate.addresses.join(truth.drop_nulls("ip"), on="ip").unique("server_id", keep="first", maintain_order=True)
    by_name = named.join(by_ip, on="server_id", how="anti").join(
        truth.with_columns(name=pl.col("server").str.to_lowercase()).unique("name", keep="first", maintain_order=True), on="name"
    )
    homes = pl.concat([frame.select("server_id", "application") for frame in (by_ip, by_name)])
    return Run(inventory.estate, found, dict(homes.iter_rows()))


def score(found: set[Found], true: set[Found]) -> Score:
    """Compare two sets that are not empty."""
    return Score(len(found & true) / len(found), len(found & true) / len(true))


def shared_services() -> set[str]:
    """The truth's shared services."""
    return set(pl.read_csv(TRUTH / "shared_services.csv")["application"])


def dependencies(of: Run, strength: tuple[str, ...], origin: tuple[str, ...]) -> Score:
    """Pairs of listed applications that are no shared services: those of shared ones are not in the truth."""
    listed, shared = set(of.estate.applications["application"]), shared_services()
    pairs = {
        (item.consumer, item.provider)
        for item in of.found.dependencies
        if item.strength in strength and item.origin in origin and {item.consumer, item.provider} <= listed - shared
    }
    true = pl.read_csv(TRUTH / "dependencies.csv").select("consumer", "provider").rows()
    return score(pairs, {pair for pair in true if not set(pair) & shared})


def hard_dependencies(of: Run) -> Score:
    """Hard dependencies, wherever they are known from."""
    return dependencies(of, ("hard",), ("observed", "confirmed", "declared"))


def observed_dependencies(of: Run) -> Score:
    """Dependencies that traffic shows."""
    return dependencies(of, ("hard", "soft"), ("observed", "confirmed"))


def memberships(of: Run) -> float:
    """Share of the servers with a true application that count for it."""
    homes = of.homes()
    return float(homes.select((pl.col("true") == pl.col("found")).mean()).item())


def agreement(of: Run, *, services: bool) -> float:
    """Adjusted Rand index of the applications found and the true ones; without `services`, of servers of no shared service."""
    homes = of.homes()
    if not services:
        homes = homes.filter(~pl.col("true").is_in(sorted(shared_services())))
    return adjusted_rand(homes["true"], homes["found"])


def split(of: Run) -> float:
    """Share of the observed dependencies between servers of one true application whose ends were put into different ones."""
    homes = of.homes()
    ends = [
        homes.rename({"server_id": f"{end}_id", "true": f"true_{end}", "found": f"found_{end}"})
        for end in ("consumer", "provider")
    ]
    within = of.found.server_dependencies.select("consumer_id", "provider_id").unique()
    within = within.join(ends[0], on="consumer_id").join(ends[1], on="provider_id")
    within = within.filter(pl.col("true_consumer") == pl.col("true_provider"))
    return float(within.select((pl.col("found_consumer") != pl.col("found_provider")).mean()).item())


def _declared(title: str, files: Sequence[Path]) -> list[str]:
    began = time.perf_counter()
    of = run(files)
    seconds = time.perf_counter() - began
    hard, seen, services = (
        hard_dependencies(of),
        observed_dependencies(of),
        score(set(of.found.shared_services), shared_services()),
    )
    pairs = (f"{one.precision:.2f} / {one.recall:.2f}" for one in (hard, seen, services))
    return [
        title,
        *pairs,
        f"{memberships(of):.2f}",
        f"{agreement(of, services=False):.2f}",
        f"{split(of):.2f}",
        f"{seconds:.1f} s",
    ]


def _inferred(title: str, files: Sequence[Path]) -> list[str]:
    began = time.perf_counter()
    of = run(files)
    seconds = time.perf_counter() - began
    return [title, "", "", "", "", f"{agreement(of, services=False):.2f}", f"{split(of):.2f}", f"{seconds:.1f} s"]


def main() -> None:
    argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "").parse_args()
    if not TRUTH.is_dir():
        raise SystemExit(f"{TRUTH} is not there")
    rows = [
        ["", "hard dependencies", "observed", "shared services", "servers right", "ARI", "split", "time"],
        ["", "precision / recall", "precision / recall", "precision / recall", "", "", "", ""],
        _declared("all sources, 14 days", files_of()),
        _declared("all sources, 2 days", files_of(2)),
        _inferred("RVTools and flows, 14 days", files_of(only=("rvtools",))),
        _inferred("RVTools and flows, 2 days", files_of(2, only=("rvtools",))),
        _inferred("flows alone, 14 days", files_of(only=("no such file",))),
    ]
    widths = [max(len(row[at]) for row in rows) for at in range(len(rows[0]))]
    for row in rows:
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
    print("ARI: applications of the servers of no shared service. split: dependencies within one true application that were cut.")


if __name__ == "__main__":
    main()

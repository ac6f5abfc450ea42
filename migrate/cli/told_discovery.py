"""How the result of `migrate discover` is told on a terminal."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import polars as pl
import typer

from migrate.cli.tables import clean, print_table
from migrate.model.stages import UNLISTED, Discovery
from migrate.reports.numerals import count

__all__ = ["discovery_summary", "tell_discovery"]

_SEVERITIES = ("error", "warning", "info")
_NAMED = 12
_KINDS = {UNLISTED: "unlisted: hosts of the estate's own networks that the inventory lacks"}


def discovery_summary(found: Discovery, out: Path) -> dict[str, Any]:
    """The figures of a discovery, for scripts."""
    inner = found.application_dependencies.filter(~pl.col("external"))
    kinds = Counter(finding.severity.value for finding in found.findings)
    return {
        "files": len(found.inputs),
        "rows_read": found.flow_rows + sum(item.rows_read or 0 for item in found.inputs if item.reader != "flows"),
        "rows_set_aside": sum(item.rows_quarantined for item in found.inputs),
        "observed_days": found.observed_days,
        "servers": found.estate.servers.height,
        "server_dependencies": found.server_dependencies.height,
        "application_dependencies": inner.height,
        "hard_dependencies": int((inner["strength"] == "hard").sum()),
        "origins": dict(inner.group_by("origin").len().sort("origin").iter_rows()),
        "applications": found.estate.applications.height,
        "inferred_applications": int((~found.estate.applications["declared"]).sum()),
        "shared_services": list(found.shared_services),
        "role_groups": found.roles["role_group"].n_unique(),
        "move_groups": len(found.move_groups),
        "largest_move_group_servers": max((group.servers for group in found.move_groups), default=0),
        "outside_networks": found.outside["network"].n_unique(),
        "egress_gb_month": _egress(found.outside),
        "egress_unlisted_gb_month": _egress(found.outside.filter(pl.col("kind") == UNLISTED)),
        "stability": found.stability,
        "findings": {name: kinds[name] for name in _SEVERITIES},
        "out": str(out),
    }


def _egress(outside: pl.DataFrame) -> float | None:
    """GB a month; None where the flow logs tell no bytes."""
    untold = not outside.is_empty() and float(outside["bytes_day"].sum()) == 0
    return None if untold else float(outside["egress_gb_month"].sum())


def tell_discovery(found: Discovery, out: Path) -> None:
    """A short table, the shared services, the findings by kind, and where the files are."""
    said = discovery_summary(found, out)
    inferred = said["inferred_applications"]
    origins = ", ".join(f"{many:,} {name}" for name, many in said["origins"].items())
    window = f"over {count(said['observed_days'], 'observed day')}" if said["observed_days"] else "no flow records"
    rows = [
        ("read", f"{said['rows_read']:,} rows of {count(said['files'], 'file')}, {said['rows_set_aside']:,} set aside; {window}"),
        ("servers", f"{said['servers']:,}"),
        ("dependencies between servers", f"{said['server_dependencies']:,}"),
        (
            "dependencies between applications",
            f"{said['application_dependencies']:,}, {said['hard_dependencies']:,} of them hard"
            + (f" ({origins})" if origins else ""),
        ),
        ("applications", f"{said['applications']:,}" + (f", {inferred:,} of them inferred" if inferred else "")),
        ("shared services", _named(said["shared_services"])),
        ("role groups", f"{said['role_groups']:,}"),
        ("move groups", f"{said['move_groups']:,}, the largest of {count(said['largest_move_group_servers'], 'server')}"),
        ("outside parties", _outside(found, said)),
        ("stability", _stability(found)),
        ("findings", ", ".join(f"{many:,} {name}" for name, many in said["findings"].items() if many) or "none"),
    ]
    print_table(("what", "found"), rows)
    typer.echo(clean(f"Written to {out}: groups.csv, dependencies.csv, outside.csv, findings.csv, overview.svg and more"))


def _named(names: list[str]) -> str:
    if not names:
        return "none"
    more = f" and {len(names) - _NAMED:,} more" if len(names) > _NAMED else ""
    return f"{len(names):,}: {', '.join(names[:_NAMED])}{more}"


def _outside(found: Discovery, said: dict[str, Any]) -> str:
    if found.outside.is_empty():
        return "none"
    counts = (
        found.outside.select("network", "kind").unique().group_by("kind").agg(pl.len()).sort(pl.col("kind") == UNLISTED, "kind")
    )
    kinds = ", ".join(f"{many:,} {_KINDS.get(kind, kind)}" for kind, many in counts.iter_rows())
    egress = said["egress_gb_month"]
    leaving = "egress unknown: no flow record tells bytes" if egress is None else f"{egress:,.1f} GB a month leave the estate"
    if egress is not None and (unlisted := said["egress_unlisted_gb_month"]):
        leaving += f", {unlisted:,.1f} GB of it for unlisted hosts"
    return f"{count(said['outside_networks'], 'network')} ({kinds}); {leaving}"


def _stability(found: Discovery) -> str:
    if found.stability is None:
        few = found.observed_days < 2
        return f"not measured: {'it takes two observed days' if few else 'no application was inferred from traffic'}"
    return f"{found.stability:.2f} (adjusted Rand index of the groups with and without the last day; 1 is the same)"

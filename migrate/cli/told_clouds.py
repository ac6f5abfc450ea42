"""How `migrate prices compare` tells its result on stdout."""

from __future__ import annotations

from collections import Counter
from typing import Any

import typer

from migrate.cli.tables import clean, print_table
from migrate.model.plan import Cloud, CloudComparison

__all__ = ["summary", "tell_clouds"]

_TITLES = ("cloud", "regions", "compute", "%", "compute + storage", "licence", "storage", "backup")
_NAMES = {"aws": "AWS", "azure": "Azure", "google": "Google Cloud"}


def summary(found: CloudComparison) -> dict[str, Any]:
    """The comparison without its columns by server; types with the number of servers on each, most first."""
    told = found.model_dump(mode="json", exclude={"server_ids"})
    for cloud, record in zip(told["clouds"], found.clouds, strict=True):
        del cloud["type_of"], cloud["compute_usd_month"]
        counts = Counter(record.types[place] for place in record.type_of if place is not None)
        cloud["types"] = dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))
    return told


def tell_clouds(found: CloudComparison) -> None:
    """What is compared, a line for each cloud, and what is not known."""
    typer.echo(
        f"{found.compared:,} of {found.servers:,} running servers are priced on every cloud, term {found.term}; USD a month."
    )
    typer.echo(clean(f"Asked for: {found.basis}."))
    first = found.clouds[0].compared_usd_month
    print_table(_TITLES, [_line(cloud, first) for cloud in found.clouds], right=_TITLES[2:])
    if found.compared_with_storage != found.compared:
        typer.echo(f"With storage: {found.compared_with_storage:,} servers.")
    for cloud in found.clouds:
        typer.echo(clean(f"{_NAMES[cloud.provider]}: {cloud.subset}; {cloud.price_book}."))
    for note in found.notes:
        typer.echo(clean(note))


def _line(cloud: Cloud, first: float) -> tuple[str, ...]:
    regions = ", ".join(other or f"none for {region}" for region, other in sorted(cloud.regions.items()))
    share = f"{(cloud.compared_usd_month / first - 1) * 100:+.1f}" if first else ""
    both = cloud.compared_with_storage_usd_month
    parts = {part.part: part for part in cloud.parts}
    told = []
    for name in ("licence", "storage", "backup"):
        part = parts[name]
        if part.usd_month is None:
            told.append("not known" if part.servers else "0")
        else:
            told.append(
                f"{part.usd_month:,.0f}" + ("" if part.priced == part.servers else f" ({part.priced:,} of {part.servers:,})")
            )
    whole = "storage not known" if both is None else f"{both:,.0f}"
    return _NAMES[cloud.provider], regions, f"{cloud.compared_usd_month:,.0f}", share, whole, *told

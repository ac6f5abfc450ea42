"""The same estate on three clouds: each server on the cheapest general-purpose type that meets its need, in terms alike.

Compared is what all three price: compute of running servers. Licences, storage and backups stand beside it, each with its
coverage; what a book does not have is missing in it, and is never guessed.
"""

from __future__ import annotations

import functools
import operator
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from migrate.model.plan import Cloud, CloudComparison, CloudPart
from migrate.targets.cloud_regions import COUNTERPARTS
from migrate.targets.fitting import gathered
from migrate.targets.instances import load_instances
from migrate.targets.kernel import first_that_fits
from migrate.targets.prices import PriceBook, load_book
from migrate.targets.prices.cloud_figures import SUBSETS, cloud_sizes
from migrate.units import HOURS_PER_MONTH

__all__ = ["OTHERS", "compare_clouds"]

#: Books that AWS's is compared with.
OTHERS = ("embedded-azure", "embedded-google")

_ROUNDING = 1e-9
_BASIS = (
    "vCPUs and GiB that each running server needs, as sized; fixed-performance x86 types; list prices; a vCPU counts the same "
    "everywhere; measured network and disk load is not asked for"
)


@dataclass(frozen=True)
class _Items:
    """Items of a book by part."""

    storage: str
    backup: str


_ITEMS = {
    "aws": _Items("gp3_gib_month", "snapshot_gib_month"),
    "azure": _Items("", ""),
    "google": _Items("balanced_disk_gib_month", "disk_snapshot_gib_month"),
}


def compare_clouds(
    servers: pl.DataFrame, book: PriceBook, term: str, copies: float, others: tuple[str, ...] = OTHERS
) -> CloudComparison | None:
    """Price the estate in the cloud of the book and in others.

    Parameters
    ----------
    servers
        Running servers that get a target, sorted by server_id: server_id, region (of AWS), need_vcpu and need_memory_gib
        (null: not sized), windows, gib (of volumes, null: not known), used_gib (null: as gib).
    book
        Of AWS.
    term
        A term of the books: ``on_demand``, or ``reserved_1y`` and ``reserved_3y``, a reservation or commitment without upfront
        payment.
    copies
        GiB of backups by GiB of used disk.
    others
        Books to compare with, as `load_book` takes them.

    Returns
    -------
    None: there are no servers, the book is not of AWS, or no other cloud has a counterpart of any of their regions.
    """
    if servers.is_empty() or book.provider != "aws":
        return None
    regions = sorted(servers["region"].unique())
    books = (book, *(load_book(name) for name in others))
    here = {each.provider: _counterparts(each, regions) for each in books}
    if not any(region for provider, found in here.items() if provider != "aws" for region in found.values()):
        return None
    priced = {each.provider: _priced(servers, each, here[each.provider], term, copies) for each in books}
    both = _known_everywhere(priced, "compute")
    with_storage = both & _known_everywhere(
        {name: frame for name, frame in priced.items() if frame["storage"].count()}, "storage"
    )
    clouds = tuple(_cloud(each, here[each.provider], priced[each.provider], both, with_storage) for each in books)
    return CloudComparison(
        term=term,
        basis=_BASIS,
        servers=servers.height,
        compared=int(both.sum()),
        compared_with_storage=int(with_storage.sum()),
        clouds=clouds,
        server_ids=tuple(servers["server_id"].to_list()),
        notes=_notes(clouds),
    )


def _known_everywhere(priced: dict[str, pl.DataFrame], part: str) -> pl.Series:
    """Servers whose part is known in every one of the clouds; of no cloud, none."""
    columns = [frame[part].is_not_null() for frame in priced.values()]
    return functools.reduce(operator.and_, columns) if columns else pl.Series([False])


def _counterparts(book: PriceBook, regions: list[str]) -> dict[str, str | None]:
    found: dict[str, str | None] = {}
    for region in regions:
        other = region if book.provider == "aws" else COUNTERPARTS.get(region, {}).get(book.provider)
        found[region] = other if other in book.regions else None
    return found


def _kinds(book: PriceBook, region: str, term: str) -> pl.DataFrame:
    """Types of the subset with a price, cheapest first: type, usd_h, vcpu, memory_gib."""
    offered = book.compute(region, term)
    if book.provider == "aws":
        steady = load_instances().types.filter(
            pl.col("usable")
            & ~pl.col("burstable")
            & ~pl.col("flex")
            & (pl.col("architecture") == "x86_64")
            & pl.col("instance_type").str.contains(r"^[mcr]\d")
        )
        sizes = steady.select("vcpu", "memory_gib", type="instance_type")
    else:
        rows = [(name, *size) for name in offered["type"] if (size := cloud_sizes(name)) is not None]
        sizes = pl.DataFrame(rows, schema={"type": pl.String, "vcpu": pl.Float64, "memory_gib": pl.Float64}, orient="row")
    return offered.join(sizes, on="type").sort("usd_h", "type")


def _priced(servers: pl.DataFrame, book: PriceBook, here: dict[str, str | None], term: str, copies: float) -> pl.DataFrame:
    """Type, and USD a month by part; null where it is not known, 0 where there is none."""
    schema = {"type": pl.String, "usd_h": pl.Float64, "vcpu": pl.Float64}
    items = _ITEMS[book.provider]
    parts = [
        pl.DataFrame(
            schema={"row": pl.UInt32, **schema, "licence_h": pl.Float64, "gib_month": pl.Float64, "copy_month": pl.Float64}
        )
    ]
    for (region,), part in servers.with_row_index("row").partition_by("region", as_dict=True, maintain_order=True).items():
        other = here[str(region)]
        kinds = _kinds(book, other, term) if other is not None else pl.DataFrame(schema={**schema, "memory_gib": pl.Float64})
        needs = part.select(pl.col("need_vcpu", "need_memory_gib").fill_null(float("inf")) - _ROUNDING)
        given = kinds.select("vcpu", "memory_gib")
        none = [np.zeros(frame.height, dtype=np.uint8) for frame in (needs, given)]
        found = first_that_fits(_matrix(needs), none[0], _matrix(given), none[1])
        prices = {
            "licence_h": book.item("windows_vcpu_h", other) if other else None,
            "gib_month": book.item(items.storage, other) if other and items.storage else None,
            "copy_month": book.item(items.backup, other) if other and items.backup else None,
        }
        chosen = kinds.select(pl.col(list(schema)).gather(gathered(found)))
        parts.append(
            part.select("row")
            .hstack(chosen)
            .with_columns(pl.lit(usd, dtype=pl.Float64).alias(key) for key, usd in prices.items())
        )
    rows = servers.hstack(pl.concat(parts).sort("row").drop("row"))
    licence = pl.col("vcpu") * pl.col("licence_h") * HOURS_PER_MONTH
    return rows.select(
        "type",
        "windows",
        compute=pl.col("usd_h") * HOURS_PER_MONTH,
        licence=pl.when("windows").then(licence).otherwise(0.0),
        storage=pl.col("gib") * pl.col("gib_month"),
        backup=pl.coalesce("used_gib", "gib") * copies * pl.col("copy_month"),
    )


def _cloud(book: PriceBook, here: dict[str, str | None], priced: pl.DataFrame, both: pl.Series, with_storage: pl.Series) -> Cloud:
    types = priced["type"].drop_nulls().unique().sort()
    parts = []
    for name in ("compute", "licence", "storage", "backup"):
        paying = priced.filter("windows")[name] if name == "licence" else priced[name]
        known = paying.count()
        parts.append(
            CloudPart.model_validate(
                {"part": name, "usd_month": float(paying.sum()) if known else None, "servers": paying.len(), "priced": known}
            )
        )
    compute, storage = priced["compute"], priced["storage"]
    both_parts = (compute + storage).filter(with_storage)
    return Cloud(
        provider=book.provider,
        price_book=book.label,
        date=book.date,
        regions=here,
        subset=SUBSETS[book.provider],
        parts=tuple(parts),
        compared_usd_month=float(compute.filter(both).sum()),
        compared_with_storage_usd_month=float(both_parts.sum()) if storage.count() else None,
        types=tuple(types.to_list()),
        type_of=tuple(priced["type"].cast(pl.Enum(types)).to_physical().to_list()),
        compute_usd_month=tuple(compute.round(4).to_list()),
    )


def _notes(clouds: tuple[Cloud, ...]) -> tuple[str, ...]:
    notes = []
    for cloud in clouds:
        lost = sorted(region for region, other in cloud.regions.items() if other is None)
        if lost:
            notes.append(f"The book of {cloud.provider} has no counterpart of {', '.join(lost)}: servers there are not compared.")
        unknown = [part.part for part in cloud.parts if part.servers and part.usd_month is None]
        if unknown:
            notes.append(f"The book of {cloud.provider} has no prices of {', '.join(unknown)}: they are in no total.")
    dates = {cloud.date for cloud in clouds}
    if len(dates) > 1:
        notes.append(f"The books are of different days, from {min(dates)} to {max(dates)}.")
    return tuple(notes)


def _matrix(frame: pl.DataFrame) -> NDArray[np.float64]:
    return np.ascontiguousarray(frame.to_numpy().astype(np.float64).reshape(frame.height, frame.width))

"""Which formats of flow logs tell of a dependency: from bits to names."""

from __future__ import annotations

import polars as pl

from migrate.readers.flow_formats import FORMATS

__all__ = ["source_names"]

_NAMES: tuple[str, ...] = tuple(module.NAME for module in FORMATS)


def source_names(sources: pl.Series) -> pl.Series:
    """Names by the bits of ``sources`` (bit i: the i-th flow format), in the order of the bits."""
    found = sources.unique().sort()
    names = [[name for bit, name in enumerate(_NAMES) if value >> bit & 1] for value in found.to_list()]
    known = pl.DataFrame({"bits": found, "names": pl.Series(names, dtype=pl.List(pl.String))})
    return sources.rename("bits").to_frame().join(known, on="bits", how="left", maintain_order="left")["names"]

"""One random stream for each purpose, so that a change in one part of the sample leaves the others as they were."""

from __future__ import annotations

import zlib

import numpy as np
import polars as pl

__all__ = ["hex_ids", "stream", "uuids"]


def stream(seed: int, *purpose: str | int) -> np.random.Generator:
    """A generator that depends on the seed and the purpose only."""
    words = [zlib.crc32(part.encode()) if isinstance(part, str) else part for part in purpose]
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence([seed, *words])))


def hex_ids(rng: np.random.Generator, count: int) -> pl.Series:
    """`count` random ids of 32 hexadecimal digits."""
    if count == 0:
        return pl.Series([], dtype=pl.String)
    digits = rng.bytes(16 * count).hex().encode()
    return pl.Series(np.frombuffer(digits, dtype="S32").astype("U32"), dtype=pl.String)


def uuids(rng: np.random.Generator, count: int) -> pl.Series:
    """`count` random ids in the usual five parts."""
    ids = hex_ids(rng, count)
    parts = [ids.str.slice(start, length) for start, length in ((0, 8), (8, 4), (12, 4), (16, 4), (20, 12))]
    return pl.select(pl.concat_str([pl.lit(part) for part in parts], separator="-")).to_series()

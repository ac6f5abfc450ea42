"""Files as the ServiceNow Table API answers: ``{"result": [...]}``, written in pieces."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import polars as pl

from migrate.files import replacing

__all__ = ["API", "CHUNK", "records", "write_result"]

API = "https://northmere.service-now.example/api/now/table"
CHUNK = 20_000  # records made at once


def records(frames: Iterable[pl.DataFrame], plain: list[str], references: dict[str, str]) -> Iterator[pl.Series]:
    """Records as JSON text. A reference is an object where it is set and an empty string where not."""
    for frame in frames:
        for chunk in frame.iter_slices(CHUNK):
            body = pl.struct(pl.col(plain).fill_null("")).struct.json_encode().str.strip_suffix("}")
            parts = [body]
            for name, table in references.items():
                if name not in chunk.columns:
                    continue
                filled = pl.concat_str(pl.lit(f'{{"link":"{API}/{table}/'), name, pl.lit('","value":"'), name, pl.lit('"}'))
                parts.append(pl.concat_str(pl.lit(f',"{name}":'), filled.fill_null('""')))
            yield chunk.select(pl.concat_str(*parts, pl.lit("}"))).to_series()


def write_result(path: Path, chunks: Iterable[pl.Series]) -> int:
    """Write records, given as JSON text, and return how many there are."""
    count = 0
    with replacing(path) as temporary, temporary.open("wb") as file:
        file.write(b'{"result":[\n')
        for chunk in chunks:
            if chunk.len():
                file.write(b",\n" if count else b"")
                file.write(",\n".join(chunk).encode())
                count += chunk.len()
        file.write(b"\n]}\n")
    return count

"""Flow files as Spark's dataframes. Not by Spark's own readers of CSV and JSON: a line too long for them ends the run."""

from __future__ import annotations

import gzip
import re
from typing import TYPE_CHECKING

from migrate.discovery.engines.alike import Alike

if TYPE_CHECKING:
    import pyarrow as pa
    from pyspark.sql import Column, DataFrame, SparkSession

__all__ = ["lines_of", "parquet_of", "records_of_json", "records_of_text", "too_odd"]

_LONGEST_LINE = 2_000_000  # bytes, as for DuckDB


def parquet_of(session: SparkSession, files: Alike, uris: list[str]) -> DataFrame:
    """Parquet files of one schema. Spark has no timestamps of nanoseconds: it reads them as whole numbers."""
    import pyarrow as pa  # noqa: PLC0415
    import pyspark.sql.functions as F  # noqa: N812, PLC0415

    session.conf.set("spark.sql.legacy.parquet.nanosAsLong", "true")
    session.conf.set("spark.sql.parquet.binaryAsString", "true")
    frame = session.read.parquet(*uris, recursiveFileLookup=True)
    schema: pa.Schema = files.schema
    fine = [field.name for field in schema if pa.types.is_timestamp(field.type) and field.type.unit == "ns"]
    micros = {name: F.timestamp_micros(F.expr(f"{_quoted(name)} div 1000")) for name in fine}
    return frame.withColumns(micros) if micros else frame


def lines_of(session: SparkSession, files: Alike, uris: list[str]) -> DataFrame:
    """Lines that may be records: columns ``value``, ``file_path``, and ``odd``, which no engine can read."""
    import pyspark.sql.functions as F  # noqa: N812, PLC0415

    lines = session.read.text(uris, recursiveFileLookup=True)
    odd = ~F.is_valid_utf8("value") | (F.octet_length("value") > _LONGEST_LINE)
    if files.layout.quote:  # one that is not closed would leave the fields behind it out
        odd |= F.length(F.regexp_replace("value", f"[^{files.layout.quote}]", "")) % 2 == 1
    lines = lines.select("value", "_metadata.file_path", odd.alias("odd")).filter(F.col("value") != "")
    if files.layout.skip_lines:
        lines = lines.filter(~F.col("value").isin(_heads(files)))
    if files.layout.comment:
        lines = lines.filter(~F.col("value").startswith(files.layout.comment))
    return lines


def too_odd(lines: DataFrame) -> DataFrame:
    """How many odd lines each file has."""
    return lines.filter("odd").groupBy("file_path").count()


def records_of_text(files: Alike, lines: DataFrame) -> DataFrame:
    """Fields of delimited lines; null where empty, and all of them where a line has more fields than it should."""
    import pyspark.sql.functions as F  # noqa: N812, PLC0415

    layout, count = files.layout, len(files.layout.columns)
    fields: list[Column]
    if layout.quote:
        options = {"sep": layout.delimiter, "quote": layout.quote, "escape": layout.quote, "maxColumns": str(_LONGEST_LINE)}
        schema = ", ".join(f"c{number} string" for number in range(count + 1))
        cut = F.from_csv("value", schema, options)
        fields = [F.col(f"cut.c{number}") for number in range(count + 1)]
    else:
        cut = F.split("value", re.escape(layout.delimiter), count + 2)
        fields = [F.get("cut", F.lit(number)) for number in range(count + 1)]
    whole = F.coalesce(fields[count], F.lit("")) == ""
    wanted = {name: fields[layout.columns.index(name)] for name in layout.columns}
    return (
        lines.filter("not odd")
        .select(cut.alias("cut"))
        .select(*(F.when(whole & (field != ""), field).alias(name) for name, field in wanted.items()))
    )


def records_of_json(files: Alike, lines: DataFrame) -> DataFrame:
    """Declared members of the object on each line, as text; null where there is none, or no object."""
    import pyspark.sql.functions as F  # noqa: N812, PLC0415

    schema = ", ".join(f"{_quoted(name)} string" for name in dict.fromkeys(files.layout.columns))
    text = F.when(~F.col("odd"), F.col("value"))
    return lines.select(F.from_json(text, schema).alias("cut")).select("cut.*")


def _heads(files: Alike) -> list[str]:
    """The lines before the first record of every file: they are passed over wherever they stand."""
    found: set[str] = set()
    for path in files.paths():
        with gzip.open(path, "rb") if files.gzipped else path.open("rb") as stream:
            for _ in range(files.layout.skip_lines):
                line = stream.readline(_LONGEST_LINE).removeprefix(b"\xef\xbb\xbf").rstrip(b"\r\n")
                found.add(line.decode(errors="replace"))
    return sorted(found)


def _quoted(name: str) -> str:
    return "`" + name.replace("`", "``") + "`"

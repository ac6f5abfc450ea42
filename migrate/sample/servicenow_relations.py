"""Relations of the CMDB, with display values: what runs on what, and what depends on what."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl

from migrate.sample.randomness import hex_ids, stream
from migrate.sample.servicenow import SERVER_CLASSES
from migrate.sample.table_api import API, CHUNK, write_result

__all__ = ["write_relations"]


def write_relations(
    path: Path, servers: pl.DataFrame, apps: pl.DataFrame, needs: pl.DataFrame, databases: pl.DataFrame, seed: int
) -> int:
    """Write ``cmdb_rel_ci``: applications on servers, databases on servers, applications on applications."""
    rng = stream(seed, "relations")
    ids = apps.select("app", app_ci=hex_ids(rng, apps.height), title=_title())
    known = servers.filter(pl.col("in_cmdb") & (pl.col("app") >= 0))
    known = _misfiled(known.filter(pl.Series(rng.random(known.height) < 0.82)), apps, rng)
    members = known.join(ids, on="app").select(
        parent="app_ci",
        parent_name="title",
        parent_class=pl.lit("cmdb_ci_appl"),
        child="ci",
        child_name="name",
        child_class=pl.col("os").replace_strict(SERVER_CLASSES, default="cmdb_ci_server", return_dtype=pl.String),
        type=pl.lit("Runs on::Runs"),
    )
    instances = databases.select(
        parent="sys_id",
        parent_name="name",
        parent_class="sys_class_name",
        child="ci",
        child_name="server_name",
        child_class=pl.lit("cmdb_ci_server"),
        type=pl.lit("Runs on::Runs"),
    )
    stated = needs.filter(pl.Series(rng.random(needs.height) < 0.7))
    links = (
        stated.join(ids, left_on="consumer", right_on="app")
        .join(ids, left_on="provider", right_on="app", suffix="_of")
        .select(
            parent="app_ci",
            parent_name="title",
            parent_class=pl.lit("cmdb_ci_appl"),
            child="app_ci_of",
            child_name="title_of",
            child_class=pl.lit("cmdb_ci_appl"),
            type=pl.lit("Depends on::Used by"),
        )
    )
    rows = pl.concat([members, instances, links])
    rows = rows.with_columns(sys_id=hex_ids(rng, rows.height)).sort("sys_id")
    return write_result(path, (_relation(chunk) for chunk in rows.iter_slices(CHUNK)))


def _misfiled(known: pl.DataFrame, apps: pl.DataFrame, rng: np.random.Generator) -> pl.DataFrame:
    """Give some servers to a wrong application: of the same hospital or, in the system's own data, of the same domain.

    The hospitals' part of the CMDB came with them and is worse. What is mission-critical has been audited.
    """
    filed = pl.concat_str(pl.col("hospital").cast(pl.String), pl.when(pl.col("hospital") < 0).then("domain"), ignore_nulls=True)
    audited = pl.col("criticality") == "mission-critical"
    others = apps.filter(~audited).with_columns(filed=filed).sort("filed", "app")
    groups = others.with_row_index("at").group_by("filed").agg(first=pl.col("at").min(), many=pl.len())
    placed = known.with_columns(filed=filed).join(groups, on="filed", how="left", maintain_order="left")
    wrong = rng.random(known.height) < np.where(known["hospital"].to_numpy() < 0, 0.025, 0.08)
    at = placed["first"].fill_null(0).to_numpy() + rng.integers(0, placed["many"].fill_null(1).to_numpy())
    drawn = others["app"].to_numpy()[at]
    return placed.with_columns(
        app=pl.when(pl.Series(wrong) & ~audited & pl.col("many").is_not_null()).then(pl.Series(drawn)).otherwise("app")
    )


def _title() -> pl.Expr:
    """The CMDB shouts some names that the application list does not."""
    return pl.when(pl.col("app") % 61 == 60).then(pl.col("application").str.to_uppercase()).otherwise("application")


def _relation(rows: pl.DataFrame) -> pl.Series:
    def shown(column: str) -> pl.Expr:
        return pl.struct(display_value=pl.col(column), value=pl.col(column))

    def reference(label: str, value: str, table: str) -> pl.Expr:
        return pl.struct(
            display_value=pl.col(label), link=pl.concat_str(pl.lit(f"{API}/{table}/"), pl.col(value)), value=pl.col(value)
        )

    kinds = {"Runs on::Runs": "60bc4e22c0a8010e01f074cbe6bd73c3", "Depends on::Used by": "1a9cb166f1571100a92eb60da2bce5c5"}
    rows = rows.with_columns(type_id=pl.col("type").replace_strict(kinds))
    record = pl.struct(
        shown("sys_id").alias("sys_id"),
        reference("parent_name", "parent", "cmdb_ci").alias("parent"),
        shown("parent_class").alias("parent.sys_class_name"),
        reference("type", "type_id", "cmdb_rel_type").alias("type"),
        reference("child_name", "child", "cmdb_ci").alias("child"),
        shown("child_class").alias("child.sys_class_name"),
    )
    return rows.select(record.struct.json_encode()).to_series()

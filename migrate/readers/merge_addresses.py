"""Addresses that two servers claim: the one that vCenter saw there has it."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from migrate.findings import Severity
from migrate.readers.ledger import Ledger
from migrate.readers.merge import Merged

__all__ = ["believed_addresses"]


def believed_addresses(tables: Mapping[str, pl.DataFrame], merged: Merged, ledger: Ledger) -> pl.DataFrame:
    """Addresses without those that the CMDB gives to one server and vCenter to another, each told.

    An address that several servers have by the same kind of source stays with all of them.
    """
    readers = tables["servers"].select("ref", "reader")
    claims = tables["addresses"].join(readers, on="ref").join(merged.server_of, on="ref")
    seen = claims.filter(pl.col("reader") == "rvtools").select("ip", pl.col("server_id").alias("owner")).unique()
    others = claims.filter(pl.col("reader") != "rvtools")
    confirmed = others.join(seen, left_on=["ip", "server_id"], right_on=["ip", "owner"], how="semi")
    elsewhere = others.join(confirmed, on=["ip", "ref"], how="anti").join(seen, on="ip", how="inner")
    wrong = (
        elsewhere.group_by("ref", "ip")
        .agg(pl.col("source").first(), pl.col("server_id").first(), pl.col("owner").min())
        .sort("source", "ip")
    )
    names = merged.servers.select("server_id", "name")
    wrong = wrong.join(names, on="server_id").join(names.rename({"server_id": "owner", "name": "owner_name"}), on="owner")
    ledger.rows(
        wrong.sort("source", "ip"),
        "address-conflict",
        Severity.warning,
        subject=pl.col("name"),
        message=pl.format(
            "The CMDB gives it the address {}, which vCenter sees at {}: vCenter counts", pl.col("ip"), pl.col("owner_name")
        ),
        remedy="Correct the address in the CMDB.",
        aside=False,
    )
    kept = tables["addresses"].join(wrong, on=["ref", "ip"], how="anti", maintain_order="left")
    return kept.join(merged.server_of, on="ref", how="semi", maintain_order="left")

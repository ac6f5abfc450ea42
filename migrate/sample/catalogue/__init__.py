"""The applications that a health system runs, as two tables beside this file.

``enterprise.csv`` holds those that exist once, in order of importance; ``hospital.csv`` those that every hospital has.
``needs`` names providers, ``;`` between them: ``~`` before a name is a soft need, ``@PACS`` the picture archive of the
hospital's region, ``@`` after a name the application of that kind in the same hospital. ``os`` is W (Windows), L (Linux),
M (Windows with Linux databases), U (Linux with AIX databases), Z (mainframe) or P (appliance); the columns that end in
``_servers`` are the servers of each tier in an estate of 2,600.
"""

from __future__ import annotations

from importlib import resources

import polars as pl

__all__ = ["ENTERPRISE", "HOSPITAL", "templates"]

ENTERPRISE = "enterprise.csv"
HOSPITAL = "hospital.csv"


def templates(file: str) -> pl.DataFrame:
    """One of the two tables, in its order."""
    content = resources.files(__package__).joinpath(file).read_bytes()
    return pl.read_csv(content, infer_schema_length=None).with_columns(pl.col("engine", "needs").fill_null(""))

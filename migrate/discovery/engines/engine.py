"""What every engine can do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import polars as pl

from migrate.discovery.engines.alike import Alike

if TYPE_CHECKING:
    import ibis.expr.types as ir

__all__ = ["Engine"]


class Engine(Protocol):
    """An open engine.

    Attributes
    ----------
    name
        As errors name it; without secrets.
    """

    name: str

    def table(self, files: Alike) -> ir.Table:
        """Raw columns of files alike: text where delimited or JSON, typed as written where Parquet. Null where absent.

        A line with more fields than its layout has is a row of nulls.

        Raises
        ------
        InputError
            This engine reads no files.
        """

    def named(self, name: str) -> ir.Table:
        """Raw columns of a table of the engine; `name` may be dotted: catalog.database.table.

        Raises
        ------
        InputError
            There is no such table.
        """

    def run(self, expression: ir.Table) -> pl.DataFrame:
        """Run an expression and fetch its rows, in no order.

        Raises
        ------
        InputError
            A file is damaged.
        MigrateError
            Memory, disk or the engine failed.
        """

    def keep(self, expression: ir.Table) -> ir.Table:
        """Compute the rows of an expression once, for use several times. Spilled where they do not fit.

        An engine on which nothing may be written computes them as often as it likes.
        """

    def unreadable(self) -> dict[str, int]:
        """Lines that could not be split into fields in what was run so far, by label of their file, sorted."""

    def close(self) -> None:
        """Give everything back."""

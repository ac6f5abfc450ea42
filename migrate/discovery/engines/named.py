"""A table that an engine has already."""

from __future__ import annotations

from typing import TYPE_CHECKING

from migrate.errors import InputError

if TYPE_CHECKING:
    import ibis.expr.types as ir
    from ibis.backends.sql import SQLBackend

__all__ = ["named_table"]


def named_table(backend: SQLBackend, name: str, engine: str) -> ir.Table:
    """The table ``table``, ``database.table`` or ``catalog.database.table`` of a backend.

    Raises
    ------
    InputError
        There is none of that name.
    """
    import ibis  # noqa: PLC0415

    *place, table = (part.strip() for part in name.split("."))
    if not table or not all(place) or len(place) > 2:
        raise InputError(
            f"is no name of a table: {name!r}",
            where="flows.table",
            remedy="Write table, database.table or catalog.database.table.",
        )
    where = place[0] if len(place) == 1 else tuple(place) or None
    try:
        return backend.table(table, database=where)
    except ibis.common.exceptions.TableNotFound:
        raise InputError(
            f"{engine} has no table {name}", where="flows.table", remedy="Check its name and who may read it."
        ) from None

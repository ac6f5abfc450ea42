"""The columns of a raw table, found by the plain form of their names."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import ibis.expr.types as ir

__all__ = ["UNSET", "Fields", "plain", "plain_names", "staged"]

#: Cells that say that there is nothing, in one or the other format.
UNSET = ("", "-", "(empty)")


def plain(name: str) -> str:
    """A field's name without case, blanks and punctuation: ``pkt-srcaddr``, ``pkt_srcaddr`` and ``PktSrcAddr`` are one."""
    return "".join(character for character in name.lower() if character.isalnum())


def plain_names(columns: Collection[str]) -> frozenset[str]:
    """The plain forms of names."""
    return frozenset(map(plain, columns))


def staged(table: ir.Table, **columns: ir.Column) -> ir.Table:
    """The table with more columns, as a subquery: ibis writes an expression out wherever it is used, but not a column."""
    return table.mutate(**columns).view()


class Fields:
    """Columns of a table by plain name; of two with the same, the first."""

    def __init__(self, raw: ir.Table) -> None:
        self._columns = {plain(name): raw[name] for name in reversed(raw.columns)}

    def __contains__(self, name: str) -> bool:
        return name in self._columns

    def get(self, *names: str) -> ir.Column | None:
        """The first of the named columns that there is."""
        return next((self._columns[name] for name in names if name in self._columns), None)

    def text(self, *names: str) -> ir.StringValue:
        """Trimmed text of the first of the named columns that there is; ``""`` where nothing is set."""
        import ibis  # noqa: PLC0415 -- only those who have flows pay for it

        column = self.get(*names)
        if column is None:
            return ibis.literal("")
        trimmed = column.cast("string").strip()
        return ibis.ifelse(trimmed.isin(UNSET), "", trimmed).coalesce("")

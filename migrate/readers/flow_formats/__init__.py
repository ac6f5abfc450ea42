"""The formats of flow logs, one per file. Files are recognised by their head; rows are read by an engine, where they lie.

A format has ``NAME``, ``identify(peek)`` (how the rows lie and why the file is of this format, or None), ``fits(columns)``
(whether a table with such columns is of it) and ``records(raw)``: the ibis expression from raw columns to
`record.RECORD_COLUMNS`, one row per row, alike on every engine.
"""

from __future__ import annotations

from types import ModuleType

from migrate.readers.flow_formats import ads, argus, azure, edges, nfdump, vpc, zeek

__all__ = ["FORMATS", "format_named"]

#: Every format, in the order in which they are asked. The place of a format is its bit in ``sources``.
FORMATS: tuple[ModuleType, ...] = (vpc, nfdump, zeek, argus, ads, azure, edges)


def format_named(name: str) -> ModuleType:
    """The format of this ``NAME``.

    Raises
    ------
    KeyError
        There is none.
    """
    return {module.NAME: module for module in FORMATS}[name]

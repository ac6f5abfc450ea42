"""A plan as files for other tools: one format per file, `FORMATS` lists them."""

from __future__ import annotations

from migrate.reports.exports.formats import FORMATS, Exported, Format, export_plan
from migrate.reports.exports.scope import Scope

__all__ = ["FORMATS", "Exported", "Format", "Scope", "export_plan"]

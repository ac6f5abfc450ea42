"""The projected AWS bill in the shape of FOCUS 1.2, for tools that read the bill itself later."""

from __future__ import annotations

from migrate.reports.exports.focus.write import write_focus

__all__ = ["write_focus"]

"""What every table of plan.toml shares: frozen, and no unknown keys."""

from __future__ import annotations

import datetime as dt

from pydantic import BaseModel, ConfigDict

__all__ = ["EARLIEST", "LARGEST_USD", "LARGEST_WEIGHT", "LATEST", "Section"]

EARLIEST, LATEST = dt.date(1990, 1, 1), dt.date(2200, 12, 31)  # a date outside is a slip of the pen
LARGEST_USD = 1_000_000_000_000  # of any amount; more would drown every other figure
LARGEST_WEIGHT = 1_000_000


class Section(BaseModel):
    """One table of plan.toml."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True, str_strip_whitespace=True)

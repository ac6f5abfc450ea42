"""What every table of plan.toml shares: frozen, and no unknown keys."""

from __future__ import annotations

import datetime as dt
from typing import Any, get_args

from pydantic import BaseModel, ConfigDict, model_validator

__all__ = ["EARLIEST", "LARGEST_USD", "LARGEST_WEIGHT", "LATEST", "Section"]

EARLIEST, LATEST = dt.date(1990, 1, 1), dt.date(2200, 12, 31)  # a date outside is a slip of the pen
LARGEST_USD = 1_000_000_000_000  # of any amount; more would drown every other figure
LARGEST_WEIGHT = 1_000_000


class Section(BaseModel):
    """One table of plan.toml."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True, str_strip_whitespace=True)

    @model_validator(mode="before")
    @classmethod
    def _truth_is_no_number(cls, given: Any) -> Any:
        """Python counts true as 1; who writes it for a number has mistaken the key."""
        for name, field in cls.model_fields.items() if isinstance(given, dict) else ():
            key = field.alias or name
            if isinstance(given.get(key), bool) and not _parts(field.annotation) & {bool, Any}:
                raise ValueError(f"takes neither true nor false for `{key}`")
        return given


def _parts(annotation: Any) -> set[Any]:
    return {annotation}.union(*(_parts(inner) for inner in get_args(annotation)))

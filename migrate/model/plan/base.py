"""What every record of a plan shares: frozen, no unknown fields, tuples instead of lists."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

__all__ = ["Range", "Record"]


class Record(BaseModel):
    """One record of plan.json."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class Range(Record):
    """An estimate: low, likely and high, with the reason for the spread."""

    low: float
    likely: float
    high: float
    reason: str

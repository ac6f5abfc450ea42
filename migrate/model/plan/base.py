"""What every record of a plan shares: frozen, no unknown fields, tuples instead of lists."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

__all__ = ["Amount", "Count", "Day", "Range", "Record", "WaveNumber"]

#: A size, a price or a number of things that cannot be negative; beyond 10^18 it is a slip, and sums must stay finite.
Amount = Annotated[float, Field(ge=0, le=1e18)]
Count = Annotated[int, Field(ge=0)]
WaveNumber = Annotated[int, Field(ge=1, le=400)]
Day = Annotated[dt.date, Field(ge=dt.date(1990, 1, 1), le=dt.date(2250, 12, 31))]


class Record(BaseModel):
    """One record of plan.json."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class Range(Record):
    """An estimate: low, likely and high, with the reason for the spread."""

    low: float
    likely: float
    high: float
    reason: str

"""Every unit conversion of the project. Field names carry the unit; these functions carry the factors.

A mean month is 730 hours (365 × 24 / 12), as AWS bills it, and 30.4167 days.
"""

from __future__ import annotations

__all__ = [
    "BYTES_PER_GB",
    "BYTES_PER_GIB",
    "DAYS_PER_MONTH",
    "HOURS_PER_MONTH",
    "MIB_PER_GIB",
    "bytes_to_gb",
    "gib_to_gb",
    "mbit_s_to_gib_day",
    "mib_to_gib",
]

HOURS_PER_MONTH = 730.0
DAYS_PER_MONTH = 365.0 / 12.0
MIB_PER_GIB = 1024.0
BYTES_PER_GIB = 1024.0**3
BYTES_PER_GB = 1e9


def mib_to_gib(mib: float) -> float:
    """Mebibytes to gibibytes."""
    return mib / MIB_PER_GIB


def bytes_to_gb(count: float) -> float:
    """Bytes to decimal gigabytes, the unit in which network transfer is billed."""
    return count / BYTES_PER_GB


def gib_to_gb(gib: float) -> float:
    """Gibibytes to decimal gigabytes."""
    return gib * BYTES_PER_GIB / BYTES_PER_GB


def mbit_s_to_gib_day(mbit_s: float) -> float:
    """Megabits per second (decimal, as links are sold) to gibibytes a day."""
    return mbit_s * 1e6 / 8.0 * 86_400.0 / BYTES_PER_GIB

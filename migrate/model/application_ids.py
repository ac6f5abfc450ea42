"""A short, stable id of an application for tables that leave this program and come back.

Spreadsheets change names: ``0012`` becomes 12, ``MAR1`` a date, ``=x`` a formula. The id survives, because it begins with
letters, and depends on nothing but the name.
"""

from __future__ import annotations

import hashlib

__all__ = ["application_id"]

_DIGITS = 10  # 40 bits: among 100,000 names two are alike once in two hundred estates, and then the name decides


def application_id(name: str) -> str:
    """The id of the application of this name.

    Examples
    --------
    >>> application_id("Claims Clearinghouse")
    'app-047630954c'
    """
    return f"app-{hashlib.sha256(name.encode()).hexdigest()[:_DIGITS]}"

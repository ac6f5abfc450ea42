"""Readers: what do the files say?

`resolve_files` finds the files, `recognise` says what they are, `read_inventory` reads and merges them, `inspect` shows
what that gave, and `write_request` begins a plan.toml from it.
"""

from __future__ import annotations

from migrate.readers.inventory import Recognised, read_inventory, recognise

__all__ = ["Recognised", "read_inventory", "recognise"]

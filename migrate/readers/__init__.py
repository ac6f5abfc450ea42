"""Readers: what do the files say?

`resolve_files` finds the files, `recognise` says what they are, `read_inventory` reads and merges them, `inspect` shows
what that gave, and `request_text` begins a plan.toml from it.
"""

from __future__ import annotations

from migrate.readers.inspection import InspectedFile, Inspection, inspect
from migrate.readers.inventory import Recognised, read_inventory, recognise
from migrate.readers.request import request_text
from migrate.readers.resolve import resolve_files

__all__ = ["InspectedFile", "Inspection", "Recognised", "inspect", "read_inventory", "recognise", "request_text", "resolve_files"]

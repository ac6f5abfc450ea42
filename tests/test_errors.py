"""The tree of errors is the one that the module's docstring draws."""

from __future__ import annotations

import re

from migrate import errors
from migrate.errors import InputError, MigrateError


def test_the_docstring_draws_the_tree_with_its_exit_codes() -> None:
    drawn = dict(re.findall(r"(\w+Error)\s+exit (\d)", errors.__doc__ or ""))
    real = {name: str(getattr(errors, name).exit_code) for name in errors.__all__}
    assert drawn == real


def test_every_error_descends_from_the_root() -> None:
    assert all(issubclass(getattr(errors, name), MigrateError) for name in errors.__all__)


def test_an_error_reads_as_place_message_remedy() -> None:
    error = InputError("has no sheet vInfo", where="a.xlsx", remedy="Export all tabs.")
    assert str(error) == "a.xlsx: has no sheet vInfo. Export all tabs."

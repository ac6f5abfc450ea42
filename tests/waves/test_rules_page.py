"""docs/rules-of-waves.md says what is true: its examples are requests, and its limits are those of the program."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from migrate.spec.load import parse_spec
from migrate.waves.tool_limits import TOOL_LIMITS

PAGE = (Path(__file__).parents[2] / "docs" / "rules-of-waves.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)


@pytest.mark.parametrize("example", EXAMPLES)
def test_every_example_is_a_request(example: str) -> None:
    parse_spec(f"[plan]\nstart = 2027-01-04\n{example}")


def test_every_limit_of_a_tool_is_listed() -> None:
    rows = re.findall(r"^\| `([a-z-]+)` \| ([\d,]+) \|", PAGE, re.MULTILINE)
    assert [(name, int(amount.replace(",", ""))) for name, amount in rows] == [(item.id, item.amount) for item in TOOL_LIMITS]
    assert all(item.source in PAGE for item in TOOL_LIMITS)

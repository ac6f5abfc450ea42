"""docs/targets.md lists the rules that there are, in their order."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

from migrate.targets.dispositions import rules


def test_every_rule_is_in_the_documentation_in_its_order() -> None:
    text = (Path(__file__).parents[2] / "docs" / "targets.md").read_text(encoding="utf-8")
    assert re.findall(r"^\| `([\w-]+)` \|", text, re.MULTILINE) == [rule.id for rule in rules(dt.date(2027, 1, 4), 14)]

"""Documentation is what the program says."""

from __future__ import annotations

import re
from pathlib import Path

from migrate.spec.reference import reference

ROOT = Path(__file__).parents[1]


def test_the_reference_of_plan_toml_is_current() -> None:
    assert (ROOT / "docs" / "plan-toml.md").read_text(encoding="utf-8") == reference()


def test_every_runtime_dependency_says_why_it_is_there() -> None:
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    block = text.split("dependencies = [")[1].split("]\n")[0]
    names = [name.split("[")[0] for name in re.findall(r'"([\w\[\]-]+)>=', block)]
    said = (ROOT / "docs" / "dependencies.md").read_text(encoding="utf-8")
    assert names
    assert [name for name in names if name not in said] == []


def test_the_lock_names_no_index() -> None:
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    assert "--hash=sha256:" in lock
    assert not re.search(r"index-url|find-links|://", lock)

"""Stages import only what stands before them, so that the list of folders is the architecture."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "migrate"
ANYWHERE = {"errors", "units", "findings", "files", "spec", "__init__"}
DOORS = {"__init__", "__main__"}  # the package and `python -m`: they open rooms, no room opens them
ORDER = [
    "model",
    "readers",
    "discovery",
    "targets",
    "risk",
    "waves",
    "finance",
    "runbooks",
    "rehearsal",
    "watching",
    "groundwork",
    "pipeline",
    "replanning",
    "scenarios",
    "short_run",
    "cli",
    "entry",
]
RANK = {room: rank for rank, room in enumerate(ORDER)} | {"reports": ORDER.index("rehearsal"), "sample": 1}


def room_of(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imported_rooms(path: Path) -> set[str]:
    rooms = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            rooms |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            rooms |= {f"{node.module}.{alias.name}" if node.module == "migrate" else node.module for alias in node.names}
    return {name.split(".")[1] for name in rooms if name.startswith("migrate.")}


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("*.py")), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_room_imports_only_from_rooms_before_it(path: Path) -> None:
    room = room_of(path)
    if room in DOORS:
        return
    allowed = set(ANYWHERE)
    if room not in ANYWHERE:
        allowed |= {other for other in RANK if RANK[other] < RANK[room]} | {room}
    elif room == "spec":
        allowed |= {"spec"}
    used = imported_rooms(path) - {"__version__"}
    assert used <= allowed, f"{room} may not import {sorted(used - allowed)}"


def test_every_room_has_a_place_in_the_order() -> None:
    rooms = {room_of(path) for path in PACKAGE.rglob("*.py")}
    assert rooms - ANYWHERE - DOORS == set(RANK)

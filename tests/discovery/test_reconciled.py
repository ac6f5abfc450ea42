"""Declared against observed: what is said where they differ."""

from __future__ import annotations

from pathlib import Path

from migrate.discovery import discover
from migrate.model.stages import FlowFiles
from tests.discovery.worlds import address, estate, sessions, spec, write

WORLD = estate({"a": "A", "b": "B", "c": "C", "d": "D"}, declared=[("A", "B"), ("A", "C")])


def test_silent_declarations_and_strong_strangers_are_named(tmp_path: Path) -> None:
    rows = sessions(address(WORLD, "a"), address(WORLD, "b"), 1433) + sessions(address(WORLD, "d"), address(WORLD, "b"), 1433)
    rows += sessions(address(WORLD, "d"), address(WORLD, "c"), 514)
    found = discover(WORLD, write(tmp_path, rows), spec())
    told = {finding.code: finding.message for finding in found.findings}
    assert "1 of 2 declared dependencies were not seen in 10 days of flow logs, such as A → C;" in told["declared-never-observed"]
    assert told["strong-dependency-undeclared"].startswith("1 of 2 hard dependencies")
    assert told["strong-dependency-undeclared"].endswith("the strongest are D → B")
    sources = {(item.consumer, item.provider): item.sources for item in found.dependencies}
    assert sources == {("A", "B"): ("vpc", "cmdb"), ("A", "C"): ("cmdb",), ("D", "B"): ("vpc",), ("D", "C"): ("vpc",)}


def test_without_flow_logs_there_is_nothing_to_compare() -> None:
    codes = {finding.code for finding in discover(WORLD, FlowFiles(), spec()).findings}
    assert not codes & {"declared-never-observed", "strong-dependency-undeclared"}

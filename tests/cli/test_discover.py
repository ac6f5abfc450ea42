"""`migrate discover`: flow logs in, dependencies and groups out, with or without an inventory."""

from __future__ import annotations

import csv
import json
import random
import shutil
from pathlib import Path
from xml.etree import ElementTree

import polars as pl
import pytest

from tests.cli.test_cli import run

FILES = {
    "application_dependencies.csv", "applications.csv", "applications.graphml", "dependencies.csv", "dependencies.parquet",
    "findings.csv", "groups.csv", "groups.parquet", "move_groups.csv", "outside.csv", "overview.svg",
}  # fmt: skip
START = 1_767_225_600  # 2026-01-01 00:00 UTC
HEADER = "client,server,port,protocol,bytes,packets,connections,start,end"


def edge(client: str, server: str, port: int, *, days: int = 4, size: int = 50_000, connections: int = 40) -> list[str]:
    """Plain edges of one dependency, one a day."""
    ends = ",".join('"' + name.replace('"', '""') + '"' for name in (client, server))
    return [
        f"{ends},{port},tcp,{size},{connections * 8},{connections},{START + 86_400 * day},{START + 86_400 * day + 600}"
        for day in range(days)
    ]


def shop(prefix: str) -> list[str]:
    """An application of two web servers, two application servers and a database."""
    webs, apps, database = [f"{prefix}-web{n}" for n in (1, 2)], [f"{prefix}-app{n}" for n in (1, 2)], f"{prefix}-db1"
    rows = [row for web in webs for app in apps for row in edge(web, app, 8080)]
    return rows + [row for app in apps for row in edge(app, database, 5432, connections=400)]


def written(path: Path, rows: list[str]) -> Path:
    path.write_text("\n".join([HEADER, *rows]) + "\n", encoding="utf-8")
    return path


def table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


class Door:
    """Runs ``migrate discover``."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        self._fixtures = monkeypatch, capsys

    def __call__(self, *words: str | Path) -> tuple[int, str, str]:
        return run(*self._fixtures, "discover", *map(str, words), "--quiet")


@pytest.fixture
def door(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Door:
    return Door(monkeypatch, capsys)


FLOWS = [
    *shop("billing"),
    *shop("library"),
    *edge("billing-app1", "library-app1", 8443),
    *edge("billing-app1", "203.0.113.9", 443),
]


@pytest.fixture
def flows(tmp_path: Path) -> Path:
    return written(tmp_path / "flows.csv", FLOWS)


@pytest.fixture(scope="module")
def once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What is written for `FLOWS`."""
    from migrate.short_run import discover_files, write_discovery

    folder = tmp_path_factory.mktemp("discovered")
    write_discovery(discover_files([written(folder / "flows.csv", FLOWS)]), folder / "out")
    return folder / "out"


def test_flows_alone_give_every_server_its_groups(once: Path) -> None:
    out = once
    assert set(contents(out)) == FILES
    rows = table(out / "groups.csv")
    assert list(rows[0]) == ["server", "application_group", "role_group", "move_group"]
    servers = [row["server"] for row in rows]
    assert servers == sorted(
        f"{app}-{role}" for app in ("billing", "library") for role in ("web1", "web2", "app1", "app2", "db1")
    )
    assert all(row["application_group"] and row["move_group"] for row in rows)
    applications = {row["server"]: row["application_group"] for row in rows}
    assert len({applications[f"billing-{role}"] for role in ("web1", "web2", "app1", "db1")}) == 1


def test_dependencies_say_who_needs_whom_how_much_and_since_when(once: Path) -> None:
    rows = table(once / "dependencies.csv")
    row = next(row for row in rows if (row["consumer"], row["provider"]) == ("billing-app1", "billing-db1"))
    assert (row["protocol"], row["port"], row["active_days"]) == ("tcp", "5432", "4")
    assert float(row["connections_day"]) == 400
    assert float(row["bytes_day"]) == 50_000
    assert row["first_seen"] == "2026-01-01T00:00:00Z"
    assert row["consumer_application"] == row["provider_application"] != ""
    same = pl.read_parquet(once / "dependencies.parquet")
    assert (same.height, same.columns) == (len(rows), list(rows[0]))


def test_why_a_group_is_one_stands_in_its_row(flows: Path, tmp_path: Path, door: Door) -> None:
    pairs = [("billing", "library"), ("library", "billing")]
    both = [row for one, other in pairs for n in "12" for row in edge(f"{one}-app{n}", f"{other}-app{n}", 8443, days=3)]
    assert door(written(flows, [*shop("billing"), *shop("library"), *both]), "--out", tmp_path / "out")[0] == 0
    servers = table(tmp_path / "out" / "groups.csv")
    (group,) = table(tmp_path / "out" / "move_groups.csv")
    applications = {row["application"]: row for row in table(tmp_path / "out" / "applications.csv")}
    assert {row["move_group"] for row in servers} == {group["move_group"]} == {r["move_group"] for r in applications.values()}
    assert (group["servers"], group["severed"], group["held_by"]) == ("10", "0", "2")
    assert "cycle" in group["reason"]
    one, other = group["applications"].split("; ")
    assert {one, other} == set(applications) == {row["application_group"] for row in servers}
    assert {f"{one} → {other}", f"{other} → {one}"} == {edge.split(": ")[0] for edge in group["edges"].split("; ")}
    assert {(row["servers"], row["declared"], row["shared_service"]) for row in applications.values()} == {
        ("5", "false", "false")
    }
    assert all(row["evidence"] and 0 < float(row["confidence"]) < 1 for row in applications.values())


def test_what_the_logs_do_not_tell_is_empty(tmp_path: Path, door: Door) -> None:
    rows = [",".join(row.split(",")[:4]) for row in [*shop("billing"), *edge("10.0.0.1", "10.0.0.2", 0)]]
    rows[-4:] = [row.replace("tcp", "icmp") for row in rows[-4:]]
    flows = tmp_path / "flows.csv"
    flows.write_text("\n".join(["client,server,port,protocol", *rows, "billing-app1,203.0.113.9,443,tcp"]), encoding="utf-8")
    code, said, _ = door(flows, "--out", tmp_path / "out", "--json")
    assert (code, json.loads(said)["egress_gb_month"]) == (0, None)
    ports = {row["protocol"]: (row["port"], row["bytes_day"]) for row in table(tmp_path / "out" / "dependencies.csv")}
    assert ports["icmp"] == ("", "")
    assert ports["tcp"][1] == ""
    (party,) = table(tmp_path / "out" / "outside.csv")
    assert (party["bytes_day"], party["egress_gb_month"]) == ("", "")


def test_public_addresses_are_outside_and_their_names_are_networks(once: Path) -> None:
    (row,) = table(once / "outside.csv")
    assert (row["direction"], row["ports"], row["servers"]) == ("outbound", "tcp/443", "1")
    assert row["network"].startswith("203.0.113.")


def test_neither_the_order_of_rows_nor_that_of_files_matters(once: Path, tmp_path: Path, door: Door) -> None:
    rows = list(FLOWS)
    random.Random(5).shuffle(rows)
    parts = [written(tmp_path / "b.csv", rows[:30]), written(tmp_path / "a.csv", rows[30:])]
    code, said, told = door(*parts, "--out", tmp_path / "twice")
    assert (code, told) == (0, "")
    assert "dependencies between servers" in said
    before, after = contents(once), contents(tmp_path / "twice")
    assert {name for name in FILES if before[name] != after[name]} == set()


def test_a_server_whose_address_ends_in_255_is_no_broadcast_where_it_answers(tmp_path: Path, door: Door) -> None:
    rows = [*edge("10.0.0.1", "10.0.3.255", 443), *edge("10.0.3.255", "10.0.0.2", 5432), *edge("10.0.0.1", "10.0.9.255", 137)]
    assert door(written(tmp_path / "flows.csv", rows), "--out", tmp_path / "out")[0] == 0
    assert [row["server"] for row in table(tmp_path / "out" / "groups.csv")] == ["10.0.0.1", "10.0.0.2", "10.0.3.255"]


def test_with_an_inventory_its_servers_are_the_servers(small_estate: Path, tmp_path: Path, door: Door) -> None:
    inventory = small_estate / "inventory"
    code, said, _ = door(inventory, "--out", tmp_path / "out", "--json")
    assert code == 0
    found = json.loads(said)
    rows = table(tmp_path / "out" / "groups.csv")
    assert found["servers"] == len(rows) >= 60
    assert found["origins"]["confirmed"] > 0
    assert found["inferred_applications"] < found["applications"]
    assert all(not row["server"].startswith("10.") for row in rows)


def test_a_request_gives_the_files_and_what_is_asked_of_flows(small_estate: Path, tmp_path: Path, door: Door) -> None:
    request = small_estate / "plan.toml"
    assert door("--request", request, "--out", tmp_path / "out")[0] == 0
    codes = {row["code"] for row in table(tmp_path / "out" / "findings.csv")}
    request.write_text(request.read_text(encoding="utf-8") + "[waves]\nmax_servers = 2\n", encoding="utf-8")
    assert door("--request", request, "--out", tmp_path / "out")[0] == 0
    assert "application-larger-than-wave" in {row["code"] for row in table(tmp_path / "out" / "findings.csv")} - codes


HOSTILE = (
    "=cmd|' /c calc'!A0",
    "<script>alert(1)</script>",
    "a\x07b\u202e",
    '"; DROP',
    "@SUM(A1)",
    "../../etc/passwd",
    "+1",
    "&amp;",
)


def test_hostile_names_are_only_names(tmp_path: Path, door: Door) -> None:
    rows = [row for one in HOSTILE for other in HOSTILE if one != other for row in edge(one, other, 443)]
    out = tmp_path / "out"
    assert door(written(tmp_path / "flows.csv", rows), "--out", out, "--application", HOSTILE[1])[0] in (0, 2)
    assert {path.name for path in tmp_path.iterdir()} == {"flows.csv", "out"}
    for path in out.glob("*.csv"):
        for row in table(path):
            assert not any(cell.startswith(("=", "+", "@", "\t", "\r")) for cell in row.values())
    named = {row["server"] for row in table(out / "groups.csv")}
    assert {"'=cmd|' /c calc'!A0", "<script>alert(1)</script>", "'@SUM(A1)", "../../etc/passwd"} <= named
    assert pl.read_parquet(out / "groups.parquet")["server"].is_in(["@SUM(A1)"]).any()  # data, not a spreadsheet
    for path in (out / "applications.graphml", *out.glob("*.svg")):
        assert not any("script" in element.tag for element in ElementTree.parse(path).iter())


def test_the_graph_is_what_the_table_says(once: Path) -> None:
    import networkx as nx

    graph = nx.read_graphml(once / "applications.graphml")
    rows = table(once / "application_dependencies.csv")
    assert {(row["consumer"], row["provider"]) for row in rows} == set(graph.edges)
    inner = {row["application_group"] for row in table(once / "groups.csv")}
    assert inner == {name for name, facts in graph.nodes.items() if not facts["external"]}


def test_neighbourhoods_are_drawn_for_who_is_asked_for(flows: Path, tmp_path: Path, door: Door) -> None:
    out = tmp_path / "out"
    door(flows, "--out", out)
    first = table(out / "groups.csv")[0]
    words = ("--application", first["application_group"], "--group", first["move_group"])
    assert door(flows, "--out", out, *words)[0] == 0
    drawn = sorted(path.name for path in out.glob("neighbourhood-*.svg"))
    assert len(drawn) == 2
    shown = " ".join(element.text or "" for element in ElementTree.parse(out / drawn[0]).iter("{http://www.w3.org/2000/svg}text"))
    assert first["application_group"] in shown
    assert door(flows, "--out", out)[0] == 0
    assert set(contents(out)) == FILES  # those of the run before are gone
    code, _, told = door(flows, "--out", out, "--application", first["application_group"] + "x")
    assert (code, first["application_group"] in told) == (2, True)
    assert set(contents(out)) == FILES


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--off", "scaner"), "scanner"),
        (("--time-zone", "Mars/Olympus"), "time_zone"),
        (("--engine", "abacus"), "engine"),
        (("--request", "nowhere.toml"), "nowhere.toml"),
        (("nowhere.csv",), "nowhere.csv"),
    ],
)
def test_a_mistake_is_one_sentence(words: tuple[str, ...], said: str, flows: Path, tmp_path: Path, door: Door) -> None:
    code, out, told = door(flows, *words, "--out", tmp_path / "out")
    assert (code, out) == (2, "")
    assert told.startswith("migrate: ")
    assert said in told
    assert not (tmp_path / "out").exists()


def test_nothing_named_and_nothing_found_are_told(tmp_path: Path, door: Door) -> None:
    assert door("--out", tmp_path / "out")[0] == 2
    rows = edge("224.0.0.5", "224.0.0.6", 443)
    assert door(written(tmp_path / "flows.csv", rows), "--out", tmp_path / "out")[0] == 2


def test_neither_a_plan_nor_an_input_is_written_over(flows: Path, tmp_path: Path, door: Door) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "plan.json").write_text("{}", encoding="utf-8")
    assert door(flows, "--out", out)[0] == 2
    mine = shutil.copy(flows, tmp_path / "dependencies.csv")
    before = Path(mine).read_bytes()
    assert door(mine, "--out", tmp_path)[0] == 2
    assert Path(mine).read_bytes() == before


def test_what_was_written_is_not_read_again(tmp_path: Path, door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    written(tmp_path / "flows.csv", shop("billing"))
    monkeypatch.chdir(tmp_path)
    assert door(".")[0] == 0
    before = contents(tmp_path / "discovered")
    assert door(".")[0] == 0
    assert contents(tmp_path / "discovered") == before


def test_an_interrupted_run_leaves_what_was_there(
    flows: Path, tmp_path: Path, door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    door(flows, "--out", out)
    before = contents(out)

    def interrupted(*_: object) -> Path:
        raise KeyboardInterrupt

    monkeypatch.setattr("migrate.reports.discovery_files.write_graphml", interrupted)
    assert door(written(tmp_path / "other.csv", shop("other")), "--out", out)[0] == 130
    assert contents(out) == before

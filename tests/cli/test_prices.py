"""The price book from the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from migrate.targets import choose_targets
from tests.cli.test_cli import run
from tests.factories import make_plan
from tests.targets.estates import discovered, server, spec
from tests.targets.prices.books import load, small_book
from tests.targets.prices.estate_of_prices import ec2
from tests.targets.prices.offer_files import as_json

Patch = pytest.MonkeyPatch
Caught = pytest.CaptureFixture[str]


def test_rates_are_listed_as_json_with_source_and_date(monkeypatch: Patch, capsys: Caught) -> None:
    code, out, _ = run(monkeypatch, capsys, "prices", "show", "--service", "ec2", "--region", "us-east-1", "--json")
    rows = json.loads(out)
    assert code == 0
    assert {"instance_type", "os", "term", "usd_h", "source", "date"} <= set(rows[0])
    assert {row["term"] for row in rows} == {"on_demand", "reserved_1y", "reserved_3y"}
    assert all(row["usd_h"] > 0 for row in rows)
    (price,) = [row["usd_h"] for row in rows if (row["instance_type"], row["term"]) == ("m5.xlarge", "on_demand")]
    assert price == 0.192


def test_rates_are_listed_as_a_table_with_their_sources(tmp_path: Path, monkeypatch: Patch, capsys: Caught) -> None:
    load(tmp_path, small_book())
    book = ("--book", str(tmp_path / "book.json"))
    code, out, _ = run(monkeypatch, capsys, "prices", "show", "--service", "transfer", *book)
    assert code == 0
    assert "0.05" in out
    assert "Source: A list, 2026-01-31, https://example.org/list." in out
    assert run(monkeypatch, capsys, "prices", "show", "--service", "ebs", "--region", "r-two", *book)[1] == (
        "The price book has no rate of ebs there; it has them in r-one.\n"
    )
    code, out, _ = run(monkeypatch, capsys, "prices", "show", *book)
    assert all(word in out for word in ("aws small of 2026-01-31", "odd", "Odds, 2025-01-31"))
    code, out, _ = run(monkeypatch, capsys, "prices", "show", "--json", *book)
    assert [row["service"] for row in json.loads(out)["services"]] == ["ebs", "ec2", "odd", "rds", "transfer", "windows"]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--service", "ec3"), "Nearest: ec2"),
        (("--service", "ec2", "--region", "us-east-9"), "us-east-1"),
        (("--region", "us-east-1"), "--service"),
        (("--book", "nowhere.json"), "cannot be read"),
    ],
)
def test_a_wrong_name_is_one_sentence(words: tuple[str, ...], told: str, monkeypatch: Patch, capsys: Caught) -> None:
    code, out, err = run(monkeypatch, capsys, "prices", "show", *words)
    assert (code, out) == (2, "")
    assert told in err


def test_two_books_are_compared(tmp_path: Path, monkeypatch: Patch, capsys: Caught) -> None:
    old, new = small_book(), small_book()
    new["hourly"][0]["table"]["rates"]["m9"]["r-one"]["on_demand"] = [0.06, 4]
    load(tmp_path, old, "old.json")
    load(tmp_path, new, "new.json")
    files = (str(tmp_path / "old.json"), str(tmp_path / "new.json"))
    code, out, _ = run(monkeypatch, capsys, "prices", "diff", *files)
    assert code == 0
    assert "11 rates are the same, 0 added, 0 gone, 2 changed." in out
    assert "+20.00" in out
    code, out, _ = run(monkeypatch, capsys, "prices", "diff", *files, "--json")
    found = json.loads(out)
    assert [row["usd_after"] for row in found["rates"]] == [0.12, 0.24]
    assert found["by"][0]["changed"] == 2
    assert "0 changed." in run(monkeypatch, capsys, "prices", "diff", files[0], files[0])[1]


def test_a_book_is_made_from_price_list_files(tmp_path: Path, monkeypatch: Patch, capsys: Caught) -> None:
    (tmp_path / "lists").mkdir()
    (tmp_path / "lists" / "ec2.json").write_text(as_json("AmazonEC2", ec2()), encoding="utf-8")
    book = str(tmp_path / "book.json")
    words = ("prices", "refresh", "--out", book, "--from", str(tmp_path / "lists"))
    code, out, err = run(monkeypatch, capsys, *words)
    assert code == 0
    assert f"Written: {book}" in out
    assert "c5.large in us-east-1" in err
    code, out, err = run(monkeypatch, capsys, *words, "--regions", "eu-west-1", "--json")
    assert (code, err) == (0, "")
    told = json.loads(out)
    assert {row["service"] for row in told["services"]} == {"dedicated-host", "ebs", "ec2", "windows"}
    code, out, _ = run(monkeypatch, capsys, "prices", "show", "--book", book, "--service", "ec2", "--json")
    assert {row["region"] for row in json.loads(out)} == {"eu-west-1"}
    code, out, err = run(monkeypatch, capsys, *words, "--date", "2026-09-01")
    assert (code, out) == (2, "")
    assert "--from" in err


def test_a_plan_is_priced_on_three_clouds(tmp_path: Path, monkeypatch: Patch, capsys: Caught) -> None:
    choice = choose_targets(discovered([server("s"), server("w", os_family="windows")]), spec({"regions": ["us-east-2"]}))
    plan = make_plan()
    ids = {"s": plan.servers[0], "w": plan.servers[1]}
    servers = tuple(s.model_copy(update={"server_id": name, "name": name, "region": "us-east-2"}) for name, s in ids.items())
    priced = plan.model_copy(update={"servers": servers, "sizing": choice.sizing, "clouds": choice.clouds})
    path = tmp_path / "plan.json"
    path.write_text(priced.model_dump_json(), encoding="utf-8")
    code, out, _ = run(monkeypatch, capsys, "prices", "compare", str(path))
    assert code == 0
    assert "2 of 2 running servers are priced on every cloud, term on_demand" in out
    assert "storage not known" in out
    code, out, _ = run(monkeypatch, capsys, "prices", "compare", str(path), "--term", "reserved_3y", "--json")
    told = json.loads(out)
    assert code == 0
    assert (told["term"], told["compared"]) == ("reserved_3y", 2)
    assert [cloud["provider"] for cloud in told["clouds"]] == ["aws", "azure", "google"]
    assert all(sum(cloud["types"].values()) == 2 for cloud in told["clouds"])
    code, _, err = run(monkeypatch, capsys, "prices", "compare", str(path), "--term", "forever")
    assert code == 2
    assert "'forever' is no term" in err


def test_books_of_other_clouds_are_shown(monkeypatch: Patch, capsys: Caught) -> None:
    words = ("prices", "show", "--book", "embedded-azure", "--service", "compute", "--region", "eastus", "--json")
    code, out, _ = run(monkeypatch, capsys, *words)
    (price,) = [r["usd_h"] for r in json.loads(out) if (r["instance_type"], r["term"]) == ("Standard_D2s_v5", "on_demand")]
    assert (code, price) == (0, 0.096)

"""Prices under a request's discounts, from the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.test_cli import run

Patch = pytest.MonkeyPatch
Caught = pytest.CaptureFixture[str]

REQUEST = """
[plan]
start = 2027-01-04
[discounts]
edp_share = 0.05
[[private_rate]]
id = "m5"
service = "ec2"
family = "m5"
share = 0.1
"""


def test_list_prices_are_shown_beside_what_is_left(tmp_path: Path, monkeypatch: Patch, capsys: Caught) -> None:
    request = tmp_path / "plan.toml"
    request.write_text(REQUEST)
    words = ("prices", "show", "--service", "ec2", "--region", "us-east-1", "--overlay", str(request))
    code, out, _ = run(monkeypatch, capsys, *words, "--json")
    rows = {(row["instance_type"], row["term"]): row for row in json.loads(out)}
    assert code == 0
    private, other = rows["m5.xlarge", "on_demand"], rows["r5.large", "on_demand"]
    assert (private["usd_h"], private["private_rate"], private["net_usd_h"]) == (0.192, "m5", pytest.approx(0.1728))
    assert (other["private_rate"], other["net_usd_h"]) == (None, pytest.approx(other["usd_h"] * 0.95))
    code, out, _ = run(monkeypatch, capsys, *words)
    assert "net_usd_h" in out
    assert "0.1728" in out


def test_an_overlay_wants_a_service_and_a_request(tmp_path: Path, monkeypatch: Patch, capsys: Caught) -> None:
    code, _, err = run(monkeypatch, capsys, "prices", "show", "--overlay", str(tmp_path / "plan.toml"))
    assert code == 2
    assert "--overlay wants a --service" in err
    code, _, err = run(monkeypatch, capsys, "prices", "show", "--service", "ec2", "--overlay", str(tmp_path / "no.toml"))
    assert code == 2
    assert "no.toml" in err

"""The stage as a whole: every server accounted for, regions, prices, speed."""

from __future__ import annotations

import dataclasses
import json
import time
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from migrate.errors import RequestError
from migrate.model.estate import Estate
from migrate.model.names import DISPOSITIONS, KINDS, OS_FAMILIES, POWER_STATES
from migrate.model.stages import ApplicationDependencies, Discovery, ServerDependencies, Targets
from migrate.readers import read_inventory
from migrate.targets import choose_targets
from tests.targets.estates import choose_one, chosen, discovered, member, server, spec

WORKBOOK = Path(__file__).parents[2].parent / "shared" / "data" / "rvtools" / "SizingWorkshop-RVTools.xlsx"

_SIZES = st.one_of(st.none(), st.floats(0, 1000))
_SERVERS = st.fixed_dictionaries(
    {
        "vcpu": _SIZES,
        "memory_gib": st.one_of(st.none(), st.floats(0, 40_000)),
        "disk_gib": st.one_of(st.none(), st.floats(0, 200_000)),
        "disk_used_gib": st.one_of(st.none(), st.floats(0, 1000)),
        "kind": st.sampled_from([None, *KINDS]),
        "os_family": st.sampled_from([None, *OS_FAMILIES]),
        "os_name": st.sampled_from([None, "Microsoft Windows Server 2003 (32-bit)", "CentOS 7 (64-bit)", "=cmd()", "AIX 7.1"]),
        "power": st.sampled_from([None, *POWER_STATES]),
    }
)


@given(st.lists(_SERVERS, max_size=8), st.sampled_from(["on_demand", "reserved_1y", "reserved_3y"]))
@settings(max_examples=20, deadline=None)
def test_every_server_has_a_target_or_needs_none_or_a_finding(rows: list[dict[str, object]], term: str) -> None:
    servers = [server(f"s{number}", **row) for number, row in enumerate(rows)]
    discovery = discovered(servers) if servers else _empty()
    choice = choose_targets(discovery, spec({"term": term}))
    Targets.validate(choice.servers)
    assert choice.servers["server_id"].to_list() == sorted(row["server_id"] for row in servers)
    subjects = {finding.subject for finding in choice.findings}
    for row in choice.servers.iter_rows(named=True):
        assert row["disposition"] in DISPOSITIONS
        assert row["target"] or row["disposition"] in ("retire", "retain") or row["server_id"] in subjects
        parts = [row[f"{part}_usd_month"] for part in ("compute", "licence", "storage", "backup", "transfer")]
        if parts[0] is None:
            assert row["cost_usd_month"] is None
        else:
            assert row["cost_usd_month"] == pytest.approx(sum(part for part in parts if part is not None))


def _empty() -> Discovery:
    return Discovery(
        Estate.create_empty(), ServerDependencies.create_empty(), ApplicationDependencies.create_empty(), (), (), 0, {}, []
    )


def test_the_same_inputs_give_the_same_rows_whatever_their_order() -> None:
    servers = [server(f"s{number}", vcpu=float(number % 7 + 1), memory_gib=float(number % 5 + 1)) for number in range(30)]
    first, second = (choose_targets(discovered(rows), spec()) for rows in (servers, servers[::-1]))
    assert first.servers.equals(second.servers)
    assert first.findings == second.findings


def test_recovery_servers_go_to_the_second_region() -> None:
    request = spec({"regions": ["us-east-2", "eu-west-1"]})
    choice = choose_targets(discovered([server("a"), server("b", environment="dr")]), request)
    assert chosen(choice, "a")["region"] == "us-east-2"
    assert chosen(choice, "b")["region"] == "eu-west-1"
    assert choose_one({"environment": "dr"})["region"] == "us-east-1"


def test_an_unknown_region_names_those_that_are_known() -> None:
    with pytest.raises(RequestError, match=r"'mars-north-1'.*us-east-1"):
        choose_targets(discovered([server("s")]), spec({"regions": ["mars-north-1"]}))


def test_a_book_of_another_cloud_prices_no_plan() -> None:
    with pytest.raises(RequestError, match=r"azure list prices .* cannot price a plan"):
        choose_targets(discovered([server("s")]), spec({"prices": "embedded-azure", "regions": ["eastus"]}))


def test_the_plan_can_name_its_price_book() -> None:
    choice = choose_targets(discovered([server("s")]), spec())
    assert "2025-04-04" in choice.price_book
    assert "sha256" in choice.price_book


def test_an_old_book_is_told_and_a_recent_one_is_not() -> None:
    def codes(start: str) -> set[str]:
        request = spec(plan={"start": start})
        return {finding.code for finding in choose_targets(discovered([server("s")]), request).findings}

    assert "price-book-old" in codes("2027-01-04")
    assert "price-book-old" not in codes("2025-05-01")


def test_a_book_of_ones_own_is_used(tmp_path: Path) -> None:
    book = {
        "format": "migrate-price-book/1",
        "provider": "aws",
        "name": "private rates",
        "date": "2026-12-01",
        "currency": "USD",
        "sources": {"deal": {"title": "our contract", "url": "", "date": "2026-12-01"}},
        "hourly": [
            {
                "service": "compute",
                "attributes": {"os": "linux"},
                "source": "deal",
                "table": {"units": {"m7a": {"xlarge": 4}}, "rates": {"m7a": {"x-1": {"on_demand": [0.01, 4]}}}, "exceptions": {}},
            }
        ],
        "items": [],
        "transfer": {"source": "deal", "internet": {}, "inter_region": {}},
    }
    path = tmp_path / "book.json"
    path.write_text(json.dumps(book))
    row = choose_one(request=spec({"prices": str(path), "regions": ["x-1"]}))
    assert row["target"] == "m7a.xlarge"
    assert row["compute_usd_month"] == pytest.approx(0.04 * 730)
    assert row["storage_usd_month"] is None
    assert row["cost_usd_month"] == pytest.approx(0.04 * 730)


def test_a_hundred_thousand_servers_take_seconds() -> None:
    count = 100_000
    base = discovered([server("s")], utilisation=[{"server_id": "s", "cpu_p95_pct": 40.0, "memory_p95_pct": 50.0}])
    servers = pl.concat([base.estate.servers] * count).with_row_index().with_columns(server_id=pl.format("s{}", "index"))
    estate = Estate.cast({**base.estate.to_dict(), "servers": servers.drop("index").lazy()})
    choose_targets(base, spec())
    begin = time.process_time()
    choice = choose_targets(dataclasses.replace(base, estate=estate), spec())
    assert choice.servers.height == count
    assert time.process_time() - begin < 5  # about 1 s


@pytest.mark.skipif(not WORKBOOK.exists(), reason="the real workbook is not there")
def test_a_real_workbook_without_anything_else() -> None:
    inventory = read_inventory([WORKBOOK], ())
    estate = inventory.estate
    discovery = Discovery(estate, ServerDependencies.create_empty(), ApplicationDependencies.create_empty(), (), (), 0, {}, [])
    choice = choose_targets(discovery, spec())
    assert choice.servers.height == estate.servers.height > 700
    needing = choice.servers.filter(~pl.col("disposition").cast(pl.String).is_in(["retire", "retain"]))
    assert needing["target"].null_count() == 0
    assert needing["cost_usd_month"].null_count() == 0
    assert set(choice.servers["disposition"].cast(pl.String)) == {"rehost", "replatform", "retire"}


def test_members_of_two_applications_follow_the_surer_membership() -> None:
    request = spec(disposition=[{"application": "B", "disposition": "retain", "why": "w"}])
    row = choose_one(request=request, memberships=[member("s", "A", confidence=0.4), member("s", "B", confidence=0.9)])
    assert row["disposition"] == "retain"

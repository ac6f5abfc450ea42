"""The same estate on three clouds: cheapest type that fits, regions mapped, coverage, nothing guessed."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from migrate.errors import RequestError
from migrate.model.plan import Cloud
from migrate.targets.cloud_plan import compare_plan
from migrate.targets.cloud_regions import COUNTERPARTS
from migrate.targets.clouds import compare_clouds
from migrate.targets.prices import load_book
from migrate.targets.prices.cloud_figures import cloud_sizes
from tests.factories import make_plan

_SCHEMA = {
    "server_id": pl.String,
    "region": pl.String,
    "need_vcpu": pl.Float64,
    "need_memory_gib": pl.Float64,
    "windows": pl.Boolean,
    "gib": pl.Float64,
    "used_gib": pl.Float64,
}


def _servers(*rows: dict[str, Any]) -> pl.DataFrame:
    plain = {"region": "us-east-2", "need_vcpu": 2.0, "need_memory_gib": 8.0, "windows": False, "gib": 100.0, "used_gib": None}
    return pl.DataFrame([{"server_id": f"s{n}", **plain, **row} for n, row in enumerate(rows)], schema=_SCHEMA)


def _clouds(servers: pl.DataFrame, term: str = "on_demand") -> dict[str, Cloud]:
    found = compare_clouds(servers, load_book("embedded"), term, 1.5)
    assert found is not None
    return {cloud.provider: cloud for cloud in found.clouds}


@given(
    st.lists(
        st.fixed_dictionaries(
            {
                "region": st.sampled_from(["us-east-2", "eu-central-1", "ap-south-1"]),
                "need_vcpu": st.one_of(st.none(), st.floats(0.5, 300)),
                "need_memory_gib": st.one_of(st.none(), st.floats(0.5, 3000)),
                "windows": st.booleans(),
                "gib": st.one_of(st.none(), st.floats(1, 1e4)),
            }
        ),
        min_size=1,
        max_size=8,
    ),
    st.sampled_from(["on_demand", "reserved_1y", "reserved_3y"]),
)
@settings(max_examples=25, deadline=None)
def test_each_server_has_the_cheapest_type_that_fits_or_none(rows: list[dict[str, Any]], term: str) -> None:
    servers = _servers(*rows)
    found = compare_clouds(servers, load_book("embedded"), term, 1.5)
    if found is None:
        assert set(servers["region"]) == {"ap-south-1"}
        return
    known = [True] * servers.height
    for cloud in found.clouds:
        book = load_book({"aws": "embedded"}.get(cloud.provider, f"embedded-{cloud.provider}"))
        for number, row in enumerate(servers.iter_rows(named=True)):
            usd, place = cloud.compute_usd_month[number], cloud.type_of[number]
            known[number] &= usd is not None
            other = cloud.regions[row["region"]]
            if cloud.provider == "aws" or other is None or row["need_vcpu"] is None or row["need_memory_gib"] is None:
                continue
            priced = dict(book.compute(other, term).iter_rows())
            fitting = [
                (price, name)
                for name, price in priced.items()
                if (size := cloud_sizes(name)) and size[0] >= row["need_vcpu"] - 1e-9 and size[1] >= row["need_memory_gib"] - 1e-9
            ]
            best = min(fitting, default=None)
            assert (None if place is None else cloud.types[place]) == (best and best[1])
            assert usd == (best and pytest.approx(best[0] * 730))
    assert found.compared == sum(known)
    for cloud in found.clouds:
        whole = sum(usd for usd, both in zip(cloud.compute_usd_month, known, strict=True) if usd is not None and both)
        assert cloud.compared_usd_month == pytest.approx(whole)


def test_what_a_book_does_not_know_is_missing_and_said() -> None:
    found = compare_clouds(_servers({"windows": True}, {}, {"gib": None}), load_book("embedded"), "on_demand", 1.5)
    assert found is not None
    clouds = {cloud.provider: {part.part: part for part in cloud.parts} for cloud in found.clouds}
    assert clouds["azure"]["storage"].usd_month is None
    assert (clouds["azure"]["storage"].priced, clouds["azure"]["storage"].servers) == (0, 3)
    assert clouds["google"]["licence"].usd_month is None
    assert clouds["azure"]["licence"].usd_month == pytest.approx(2 * 0.046 * 730)
    assert (clouds["google"]["storage"].priced, clouds["google"]["storage"].servers) == (2, 3)
    assert (found.compared, found.compared_with_storage) == (3, 2)
    told = {cloud.provider: cloud.compared_with_storage_usd_month for cloud in found.clouds}
    assert told["azure"] is None
    assert told["google"] is not None
    assert any("azure has no prices of storage, backup" in note for note in found.notes)
    assert any("google has no prices of licence" in note for note in found.notes)


def test_servers_of_a_region_without_counterpart_are_not_compared() -> None:
    found = compare_clouds(_servers({}, {"region": "ap-south-1"}), load_book("embedded"), "on_demand", 1.5)
    assert found is not None
    assert (found.servers, found.compared) == (2, 1)
    assert found.clouds[1].regions == {"ap-south-1": None, "us-east-2": "eastus2"}
    assert any("no counterpart of ap-south-1" in note for note in found.notes)
    assert compare_clouds(_servers({"region": "ap-south-1"}), load_book("embedded"), "on_demand", 1.5) is None
    assert compare_clouds(_servers(), load_book("embedded"), "on_demand", 1.5) is None


def test_every_counterpart_is_a_region_of_its_book() -> None:
    assert set(COUNTERPARTS) == set(load_book("embedded").regions)
    for provider in ("azure", "google"):
        regions = load_book(f"embedded-{provider}").regions
        assert all(other[provider] is None or other[provider] in regions for other in COUNTERPARTS.values())


def test_a_commitment_is_compared_with_a_commitment() -> None:
    servers = _servers({}, {"need_vcpu": 16.0, "need_memory_gib": 64.0})
    for provider, cloud in _clouds(servers, "reserved_3y").items():
        assert cloud.compared_usd_month < _clouds(servers)[provider].compared_usd_month


def test_a_plan_from_before_sizes_were_recorded_says_so() -> None:
    with pytest.raises(RequestError, match="before sizes were recorded"):
        compare_plan(make_plan().model_copy(update={"sizing": None}))

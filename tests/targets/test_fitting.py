"""From tables to the kernel: the same type as a search by hand, with the speed of processors or without."""

from __future__ import annotations

from typing import Any

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from migrate.spec import Target
from migrate.targets.fitting import fit
from migrate.targets.need import DIMENSIONS
from migrate.targets.prices import load_book
from migrate.targets.size import offers

_KINDS = offers(load_book("embedded"), "us-east-2", Target().term, windows=False)
_ROWS = _KINDS.to_dicts()
_SERVER = st.fixed_dictionaries(
    {
        "need_vcpu": st.floats(0.5, 100),
        "need_memory_gib": st.floats(0.5, 700),
        "need_sustained_vcpu": st.floats(0.1, 50),
        "need_network_gbit_s": st.sampled_from([0.0, 0.5, 20.0]),
        "need_ebs_mbyte_s": st.sampled_from([0.0, 900.0]),
        "need_ebs_iops": st.sampled_from([0.0, 30_000.0]),
        "sized": st.booleans(),
        "measured_cpu": st.booleans(),
        "cpu_speed": st.one_of(st.none(), st.sampled_from([0.88, 1.0, 1.2])),
        "allowed": st.sampled_from([1, 3, 5, 7]),
    }
)
_SCHEMA = {
    **dict.fromkeys(DIMENSIONS, pl.Float64),
    "sized": pl.Boolean,
    "measured_cpu": pl.Boolean,
    "cpu_speed": pl.Float64,
    "allowed": pl.UInt8,
}


def _by_hand(row: dict[str, Any], *, by_speed: bool) -> int:
    for place, kind in enumerate(_ROWS):
        known = by_speed and row["measured_cpu"] and row["cpu_speed"] is not None
        factor = row["cpu_speed"] / kind["speed"] if known else 1.0
        fits = [
            kind["vcpu"] >= row["need_vcpu"] * factor - 1e-9,
            kind["memory_gib"] >= row["need_memory_gib"] - 1e-9,
            (kind["sustained_vcpu"] or 0.0) >= row["need_sustained_vcpu"] * factor - 1e-9,
            (kind["network_gbit_s"] or 0.0) >= row["need_network_gbit_s"] - 1e-9,
            (kind["ebs_mbyte_s"] or 0.0) >= row["need_ebs_mbyte_s"] - 1e-9,
            (kind["ebs_iops"] or 0.0) >= row["need_ebs_iops"] - 1e-9,
        ]
        if row["sized"] and all(fits) and not kind["features"] & ~row["allowed"]:
            return place
    return -1


@given(st.lists(_SERVER, min_size=1, max_size=30), st.booleans())
@settings(max_examples=30, deadline=None)
def test_the_first_that_fits_is_found(rows: list[dict[str, Any]], by_speed: bool) -> None:
    found = fit(pl.DataFrame(rows, schema=_SCHEMA), _KINDS, by_speed=by_speed)
    assert found.tolist() == [_by_hand(row, by_speed=by_speed) for row in rows]

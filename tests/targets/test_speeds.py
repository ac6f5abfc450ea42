"""Speeds of processors: models are recognised, generations rest on each other, the unknown stays unknown."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from migrate.targets.instances import load_instances
from migrate.targets.speeds import GENERATIONS, SPEEDS, cpu_speed, family_speed


def _speed(model: str | None) -> float | None:
    value = pl.DataFrame({"m": [model]}, schema={"m": pl.String}).select(cpu_speed("m")).item()
    assert value is None or isinstance(value, float)
    return value


@pytest.mark.parametrize(
    ("model", "generation"),
    [
        ("Intel(R) Xeon(R) CPU           X5690  @ 3.47GHz", "Westmere"),
        ("Intel(R) Xeon(R) CPU E7- 4870  @ 2.40GHz", "Westmere"),
        ("Intel(R) Xeon(R) CPU E5-2680 0 @ 2.70GHz", "Sandy Bridge"),
        ("Intel(R) Xeon(R) CPU E5-2670 v2 @ 2.50GHz", "Ivy Bridge"),
        ("Intel(R) Xeon(R) CPU E5-2667 v3 @ 3.20GHz", "Haswell"),
        ("Intel(R) Xeon(R) CPU E5-2690 v4 @ 2.60GHz", "Broadwell"),
        ("Intel(R) Xeon(R) Gold 6148 CPU @ 2.40GHz", "Skylake"),
        ("Intel(R) Xeon(R) Silver 4214R CPU @ 2.40GHz", "Cascade Lake"),
        ("Intel(R) Xeon(R) Gold 6328H CPU @ 2.80GHz", "Cascade Lake"),
        ("Intel(R) Xeon(R) Gold 6338 CPU @ 2.00GHz", "Ice Lake"),
        ("Intel(R) Xeon(R) Platinum 8480+", "Sapphire Rapids"),
        ("INTEL(R) XEON(R) GOLD 6548Y+", "Sapphire Rapids"),
        ("AMD EPYC 7601 32-Core Processor", "Naples"),
        ("AMD EPYC 7F72 24-Core Processor", "Rome"),
        ("AMD EPYC 7763 64-Core Processor", "Milan"),
        ("AMD EPYC 9554 64-Core Processor", "Genoa"),
        ("AMD EPYC 9755 128-Core Processor", "Turin"),
    ],
)
def test_models_are_recognised(model: str, generation: str) -> None:
    assert _speed(model) == SPEEDS[generation]


@given(st.one_of(st.none(), st.text(max_size=40)))
def test_no_text_is_taken_for_a_speed_that_it_does_not_name(text: str | None) -> None:
    speed = _speed(text)
    assert speed is None or speed in SPEEDS.values()
    if text is None or not any(word in text.lower() for word in ("xeon", "epyc", "gold", "silver", "bronze", "platinum")):
        assert speed is None


def test_generations_rest_on_earlier_ones_and_families_stand_once() -> None:
    names = [each.name for each in GENERATIONS]
    families = [family for each in GENERATIONS for family in each.families]
    assert len(set(names)) == len(names)
    assert len(set(families)) == len(families)
    for place, each in enumerate(GENERATIONS):
        assert (each.before == "") == (place == 0) or each.before in names[:place]
        assert each.source
    types = load_instances().types.with_columns(speed=family_speed("instance_type"))
    usual = types.filter(pl.col("usable") & pl.col("instance_type").str.contains(r"^[mcr][567]"))
    assert usual["speed"].null_count() == 0
    assert set(families) - {"d2"} <= set(types["instance_type"].str.extract(r"^([^.]+)\."))

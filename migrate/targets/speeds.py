"""How fast a thread of a processor is against one of another generation: at equal clock, by what their makers say.

Each generation rests on the one before it. Makers say "up to", so half of each gain is counted (a planning value of this
project). Clock speeds are not compared: those of server processors of all these generations lie between 2 and 3.5 GHz.
An unknown processor has no speed, and counts as fast as the target.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

__all__ = ["GENERATIONS", "Generation", "cpu_speed", "family_speed"]

_COUNTED = 0.5


@dataclass(frozen=True)
class Generation:
    """A generation of processors.

    Attributes
    ----------
    name
        As its maker calls it.
    before
        The generation that `gain` is over; empty for the reference, Haswell.
    gain
        Instructions per clock more than the one before, as a fraction, as published.
    models
        Pattern of models, lower case, without ``(r)``, ``(tm)`` and double blanks; empty: none is recognised.
    families
        Instance families that run on it; of several generations that a family mixes, the slowest.
    source
        Who published the gain.
    """

    name: str
    before: str
    gain: float
    models: str
    families: tuple[str, ...]
    source: str


#: Families: AWS, EC2 instance types guide, "Instance type specifications".
GENERATIONS: tuple[Generation, ...] = (
    Generation("Haswell", "", 0.0, r"xeon e[57]-\d{4}l? v3", ("x1", "x1e", "d2"), "the reference"),
    Generation("Ivy Bridge", "Haswell", -0.1, r"xeon e[57]-\d{4}l? v2", (), "Intel, 2014: Haswell has about 10 % more"),
    Generation(
        "Sandy Bridge", "Ivy Bridge", -0.05, r"xeon e5-\d{4}l?(?: 0)?(?: @|$)", (), "Intel, 2012: Ivy Bridge has about 5 % more"
    ),
    Generation(
        "Westmere", "Sandy Bridge", -0.1, r"xeon(?: cpu)? [xelw]5[56]\d\d|xeon e7-\s?\d{4}l?(?: @|$)", (), "Intel, 2012: 10 %"
    ),
    Generation(
        "Broadwell", "Haswell", 0.055, r"xeon e[57]-\d{4}l? v4", ("t2", "i3", "h1"), "Intel, 2015: about 5.5 % over Haswell"
    ),
    Generation(
        "Skylake",
        "Broadwell",
        0.1,
        r"(?:platinum|gold|silver|bronze) [3-9]1\d\d",
        ("c5", "c5d", "c5n", "m5", "m5d", "m5n", "m5dn", "r5", "r5b", "r5d", "r5n", "r5dn", "t3", "z1d", "i3en"),
        "Intel, 2017-07: about 10 % over Broadwell",
    ),
    Generation(
        "Cascade Lake",
        "Skylake",
        0.0,
        r"(?:platinum|gold|silver|bronze) (?:[3-9]2\d\d|[3-9]3\d\dhl?(?: |$))",
        ("m5zn", "d3", "d3en", "x2iezn"),
        "Intel, 2019-04 and 2020-06: the cores of Skylake",
    ),
    Generation(
        "Ice Lake",
        "Cascade Lake",
        0.2,
        r"(?:platinum|gold|silver|bronze) [3-9]3\d\d",
        ("c6i", "c6id", "c6in", "m6i", "m6id", "m6in", "m6idn", "r6i", "r6id", "r6in", "r6idn", "i4i", "x2idn", "x2iedn"),
        "Intel, 2021-04: 20 % over the generation before",
    ),
    Generation(
        "Sapphire Rapids",
        "Ice Lake",
        0.15,
        r"(?:platinum|gold|silver|bronze) [3-9][45]\d\d",
        ("c7i", "c7i-flex", "m7i", "m7i-flex", "r7i", "r7iz", "i7ie", "i7i"),
        "Intel, 2021-08: Golden Cove has 15 to 19 % over Sunny Cove; Emerald Rapids counts as the same",
    ),
    Generation("Naples", "Haswell", 0.0, r"epyc 7\d\d1", ("m5a", "m5ad", "r5a", "r5ad", "c5a", "c5ad", "t3a"), "as Haswell"),
    Generation("Rome", "Naples", 0.15, r"epyc 7\w\d2", (), "AMD, 2019-08: 15 % over Naples"),
    Generation("Milan", "Rome", 0.19, r"epyc 7\w\d3", ("c6a", "m6a", "r6a"), "AMD, 2021-03: 19 % over Rome"),
    Generation("Genoa", "Milan", 0.14, r"epyc [89]\w\w4", ("c7a", "m7a", "r7a"), "AMD, 2022-11: 14 % over Milan"),
    Generation("Turin", "Genoa", 0.17, r"epyc 9\w\w5", ("c8a", "m8a", "r8a"), "AMD, 2024-10: 17 % over Genoa"),
    Generation(
        "Graviton2",
        "Haswell",
        0.0,
        "",
        ("c6g", "c6gd", "m6g", "m6gd", "r6g", "r6gd", "t4g", "x2gd", "im4gn", "is4gen", "i4g"),
        "as Haswell: nothing is published against known processors without prices in it",
    ),
    Generation(
        "Graviton3",
        "Graviton2",
        0.25,
        "",
        ("c7g", "c7gd", "c7gn", "m7g", "m7gd", "r7g", "r7gd"),
        "AWS, 2022-05: up to 25 % over Graviton2",
    ),
    Generation(
        "Graviton4",
        "Graviton3",
        0.3,
        "",
        ("c8g", "c8gd", "c8gn", "m8g", "m8gd", "r8g", "r8gd", "x8g", "i8g", "i8ge"),
        "AWS, 2024-07: up to 30 % over Graviton3",
    ),
)


def _speeds() -> dict[str, float]:
    speeds: dict[str, float] = {}
    for each in GENERATIONS:
        speeds[each.name] = speeds.get(each.before, 1.0) * (1 + _COUNTED * each.gain)
    return speeds


SPEEDS = _speeds()


def cpu_speed(model: str) -> pl.Expr:
    """Speed of a thread of the processor whose model stands in a column, Haswell = 1; null where it is not recognised."""
    plain = pl.col(model).str.to_lowercase().str.replace_all(r"\((?:r|tm)\)", "").str.replace_all(r"\s+", " ")
    plain = plain.str.replace_all("xeon cpu", "xeon", literal=True)
    return pl.coalesce(pl.when(plain.str.contains(each.models)).then(SPEEDS[each.name]) for each in GENERATIONS if each.models)


def family_speed(instance_type: str) -> pl.Expr:
    """The same of the instance type that stands in a column; null where its family is in no generation."""
    known = {family: SPEEDS[each.name] for each in GENERATIONS for family in each.families}
    return pl.col(instance_type).str.extract(r"^([^.]+)\.").replace_strict(known, default=None, return_dtype=pl.Float64)

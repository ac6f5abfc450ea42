"""Many hourly prices as few figures: within a family, price = units × rate, rounded as the provider rounds.

Providers price a family's sizes in proportion to their vCPUs (burstable ones to their memory) and round the result to
three to nine decimals. So one rate for each family, region and term, with the number of decimals, gives back the published
prices exactly. The few that do not follow are listed one by one, and so are those that are not offered.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, FiniteFloat, model_validator

__all__ = ["Prices", "Proportional", "fit"]

#: (region, type, term) -> USD an hour
Prices = Mapping[tuple[str, str, str], float]

_Positive = Annotated[FiniteFloat, Field(gt=0)]
_Name = Annotated[str, Field(pattern=r"^[^{}]*\{\}[^{}]*$")]
_Rate = tuple[_Positive, Annotated[int, Field(ge=0, le=9)]]
_DECIMALS = (3, 4, 5, 6, 7, 8, 9)
_INSIDE = 1 - 1e-6  # half a unit of the last decimal, less a hair: a price on the very edge could round either way


class Proportional(BaseModel):
    """A table of hourly prices in USD.

    Attributes
    ----------
    units
        family → size → units that it is charged for.
    names
        family → name of a type of it, with ``{}`` for the size, where that is not ``family.{}``. In `exceptions` a type is
        ``family.size`` all the same.
    rates
        family → region → term → (USD an hour and unit, decimals to which the product is rounded).
    exceptions
        type → region → term → USD an hour where the rate does not give it; None where the type is not offered.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    units: dict[str, dict[str, _Positive]]
    rates: dict[str, dict[str, dict[str, _Rate]]]
    exceptions: dict[str, dict[str, dict[str, _Positive | None]]]
    names: dict[str, _Name] = Field(default_factory=dict, exclude_if=lambda value: not value)

    @model_validator(mode="after")
    def _known_families(self) -> Proportional:
        for family in self.rates:
            if family not in self.units:
                raise ValueError(f"the family {family!r} has rates and no units")
        for family in self.names:
            if family not in self.units:
                raise ValueError(f"the family {family!r} has a name and no units")
        for name in self.exceptions:
            family, _, size = name.rpartition(".")
            if size not in self.units.get(family, {}):
                raise ValueError(f"{name!r} is an exception of no known family")
        return self

    def prices(self) -> Iterator[tuple[str, str, str, float, bool]]:
        """Every price, as (region, type, term, USD an hour, whether it is an exception), in the order of the table."""
        for family, regions in self.rates.items():
            native = self.names.get(family, f"{family}.{{}}")
            for region, terms in regions.items():
                for term, (rate, decimals) in terms.items():
                    for size, units in self.units[family].items():
                        name = f"{family}.{size}"
                        listed = self.exceptions.get(name, {}).get(region, {})
                        price = listed[term] if term in listed else round(rate * units, decimals)
                        if price is not None and price > 0:
                            yield region, native.format(size), term, price, term in listed


def fit(prices: Prices, units: Mapping[str, tuple[float, ...]]) -> Proportional:
    """Find the table that gives back `prices`: exactly, with as few exceptions as the family's best unit allows.

    Parameters
    ----------
    prices
        Published prices. 0 is a missing price in every price list known, and refused.
    units
        type → units that may explain its price (vCPU, memory in GiB). A family with a type that is not in there is
        fitted on the ratios of its own prices.

    Raises
    ------
    ValueError
        A price is not above 0.
    """
    groups: dict[str, dict[tuple[str, str], dict[str, float]]] = defaultdict(lambda: defaultdict(dict))
    for (region, name, term), price in sorted(prices.items()):
        if not price > 0:
            raise ValueError(f"{name} in {region} ({term}) has the price {price}: a missing price is left out, never 0")
        groups[name.rpartition(".")[0]][region, term][name] = price
    table = Proportional(units={}, rates={}, exceptions={})
    for family, group in sorted(groups.items()):
        _add_family(table, family, group, units)
    return table


def _add_family(
    table: Proportional,
    family: str,
    group: Mapping[tuple[str, str], Mapping[str, float]],
    units: Mapping[str, tuple[float, ...]],
) -> None:
    names = sorted({name for listed in group.values() for name in listed})
    fits = [(chosen, {key: _rate(listed, chosen) for key, listed in group.items()}) for chosen in _choices(names, group, units)]
    chosen, rates = min(fits, key=lambda option: sum(len(group[key]) - found[2] for key, found in option[1].items()))
    table.units[family] = {name.rpartition(".")[2]: chosen[name] for name in names}
    for (region, term), (rate, decimals, _) in rates.items():
        table.rates.setdefault(family, {}).setdefault(region, {})[term] = (rate, decimals)
        for name in names:
            price = group[region, term].get(name)
            if price is None or round(rate * chosen[name], decimals) != price:
                table.exceptions.setdefault(name, {}).setdefault(region, {})[term] = price


def _choices(
    names: list[str], group: Mapping[tuple[str, str], Mapping[str, float]], units: Mapping[str, tuple[float, ...]]
) -> list[dict[str, float]]:
    """The units to try for a family: those given, then the prices of the region and term that list most types."""
    choices: list[dict[str, float]] = []
    if all(name in units for name in names):
        kinds = min(len(units[name]) for name in names)
        choices += [{name: units[name][kind] for name in names} for kind in range(kinds)]
    fullest = max(group, key=lambda key: (len(group[key]), key))
    if all(name in group[fullest] for name in names):
        choices.append({name: group[fullest][name] for name in names})
    if not choices:  # no place offers all of them: each by its first price, exceptions absorb the rest
        first = {name: price for key in sorted(group, reverse=True) for name, price in group[key].items()}
        choices.append(first)
    return choices


def _rate(listed: Mapping[str, float], units: Mapping[str, float]) -> tuple[float, int, int]:
    """The rate and decimals that give back most of the prices, and how many: the point in most rounding intervals."""
    best = (next(iter(listed.values())) / units[next(iter(listed))], _DECIMALS[-1], 0)
    for decimals in _DECIMALS:
        half = 0.5 * 10**-decimals * _INSIDE
        exact = [(price, units[name]) for name, price in listed.items() if round(price, decimals) == price]
        edges = sorted(edge for p, u in exact for edge in (((p - half) / u, 0), ((p + half) / u, 1)))
        depth = 0
        for index, (place, closes) in enumerate(edges):
            depth += -1 if closes else 1
            if not closes and depth > best[2]:
                best = (_shortest(place, edges[index + 1][0]), decimals, depth)
    return best


def _shortest(low: float, high: float) -> float:
    """The number between the two that is written with the fewest decimals."""
    middle = (low + high) / 2
    for decimals in range(1, 15):
        short = round(middle, decimals)
        if low <= short <= high and short > 0:
            return short
    return middle

"""Why an application moves together with others, and why not with others that should: from the dependencies between them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from pydantic import BaseModel, ConfigDict

from migrate.model.plan import MoveGroup, Plan
from migrate.model.split_price import ROUND_TRIPS

__all__ = ["Tie", "parted", "tied"]


class Tie(BaseModel):
    """One dependency between the application and another, and what it means for both."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    application: str  # the other one
    consumer: str
    provider: str
    through: str | None  # an application that both are held together by; None: this dependency is their own
    because: str
    usd_day: float | None  # what a day apart costs; None: no traffic is known
    round_trips_day: float | None


def tied(plan: Plan, application: str, others: Iterable[str]) -> tuple[Tie, ...]:
    """For each of `others`, the dependency that holds it in the application's move group.

    Where the two have none of their own, it is the last on the shortest way between them, and `through` is the application
    at its near end. Applications that the group's list does not reach, or that a rule put together, are left out.
    """
    held = next((group for group in plan.move_groups if application in group.applications), None)
    found = _ways(held, application) if held is not None else {}
    return tuple(found[name] for name in sorted(others) if name in found)


def _ways(group: MoveGroup, application: str) -> Mapping[str, Tie]:
    near: dict[str, list[tuple[str, int]]] = {}
    for number, edge in enumerate(group.edges):
        near.setdefault(edge.consumer, []).append((edge.provider, number))
        near.setdefault(edge.provider, []).append((edge.consumer, number))
    found: dict[str, Tie] = {}
    ring = [application]
    while ring:
        begun, ring = ring, []
        for here in begun:
            for other, number in near.get(here, ()):
                if other == application or other in found:
                    continue
                edge = group.edges[number]
                found[other] = Tie(
                    application=other,
                    consumer=edge.consumer,
                    provider=edge.provider,
                    through=None if here == application else here,
                    because=f"{edge.because} ({edge.reason})",
                    usd_day=edge.usd_day,
                    round_trips_day=edge.round_trips_day,
                )
                ring.append(other)
    return found


def parted(plan: Plan, application: str) -> tuple[Tie, ...]:
    """The application's severed dependencies, the dearest first."""
    ties = [
        Tie(
            application=item.provider if item.consumer == application else item.consumer,
            consumer=item.consumer,
            provider=item.provider,
            through=None,
            because=f"{item.severed} ({item.reason})",
            usd_day=item.split_usd_day,
            round_trips_day=None if item.split_usd_day is None else round(item.connections_day * ROUND_TRIPS, 1),
        )
        for item in plan.dependencies
        if item.severed is not None and application in (item.consumer, item.provider)
    ]
    return tuple(sorted(ties, key=lambda tie: (-(tie.usd_day or 0.0), tie.application, tie.consumer)))

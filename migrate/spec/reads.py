"""What of a request the stages before the waves read: a stage need not run again where nothing of it has changed."""

from __future__ import annotations

from migrate.spec import Spec

__all__ = ["READS", "read_before_waves", "unchanged"]

#: Keys and tables that each stage reads, in the order of the stages.
READS = {
    "read": ("site", "flows"),
    "discover": (
        "flows",
        "pin",
        "rule",
        "plan.seed",
        "waves.group_share",
        "waves.max_mission_critical",
        "waves.max_servers",
        "waves.unsplittable_round_trips_day",
        "waves.unsplittable_usd_day",
        "weights",
    ),
    "target": ("costs", "discounts", "disposition", "effort", "plan.name", "plan.start", "private_rate", "target"),
    "assess": (
        "crew",
        "effort",
        "link",
        "plan.name",
        "plan.start",
        "risk",
        "staff",
        "waves.change_rate_day",
        "waves.replication_days",
        "window",
    ),
}


def read_before_waves(spec: Spec) -> str:
    """All that the stages before the waves read of a request: the same text, the same results."""
    return repr([(key, _said(spec, key)) for keys in READS.values() for key in keys])


def unchanged(spec: Spec, other: Spec) -> tuple[str, ...]:
    """The stages that give the same for both requests, in order: a stage rests on those before it."""
    same: list[str] = []
    for stage, keys in READS.items():
        if any(_said(spec, key) != _said(other, key) for key in keys):
            break
        same.append(stage)
    return tuple(same)


def _said(spec: Spec, key: str) -> object:
    value: object = spec
    for part in key.split("."):
        value = getattr(value, part)
    return value

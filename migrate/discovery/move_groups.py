"""What cannot be split: applications held together by cycles and by dependencies that would not bear two sites.

Cycles are contracted first, as far as one wave can hold them. Then dependencies that are too chatty or too dear to be split
gather applications, up to a share of a wave, so that the planner keeps room. What is too much for that is parted along the
cheapest cut (`migrate.discovery.cuts`), and what is severed is priced and said.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from migrate.discovery.cuts import Ints, Limits, cheapest_parts
from migrate.discovery.group_findings import cycle_findings, doubtful_cycle_findings, severed_findings
from migrate.discovery.group_records import group_records
from migrate.discovery.holding import Holding, holding
from migrate.findings import Finding
from migrate.model.plan import MoveGroup
from migrate.spec import Spec

__all__ = ["Grouping", "form_groups"]

_APPLICATIONS = 8  # that chatty dependencies may gather into one group: each is one more to be tested that night
_ANY = np.iinfo(np.int64).max


@dataclass(frozen=True)
class Grouping:
    """Move groups, the applications in cycles, what is severed, and findings.

    `severed` has one row for each dependency that should hold two applications together but does not: ``consumer``,
    ``provider``, ``usd_day`` (null where no traffic is known) and ``severed`` (why); the dearest first.
    """

    groups: tuple[MoveGroup, ...]
    cycles: pl.DataFrame  # application, cycle
    severed: pl.DataFrame
    findings: list[Finding]


def form_groups(
    edges: pl.DataFrame, members: pl.DataFrame, shared: Sequence[str], spec: Spec, observed_days: int = 0
) -> Grouping:
    """Put every application into exactly one move group.

    Parameters
    ----------
    edges
        As `application_edges` returns them.
    members
        Columns ``application``, ``servers``, ``confidence`` (mean of its memberships) and ``criticality``: every application.
    shared
        Applications that are kept out of grouping.
    spec
        The request: a group of several applications holds no more servers than one wave may, and nothing that is asked to be
        apart or pinned to different waves; prices of `[weights]`; thresholds of `[waves]`; `plan.seed`.
    observed_days
        Days over which bytes and connections of `edges` were counted; 0 without flow logs.
    """
    members = members.sort("application")
    held = holding(edges, members, shared, observed_days, spec)
    limits = _limits(members, spec)
    label = _grouped(held, members["application"], limits, spec)
    group = pl.DataFrame({"application": members["application"], "group": label})
    ends = held.edges.join(group.rename({"application": "consumer", "group": "one"}), on="consumer", maintain_order="left").join(
        group.rename({"application": "provider", "group": "other"}), on="provider", maintain_order="left"
    )
    severed = _severed(ends.filter(pl.col("one") != pl.col("other")), limits.merged(label), spec)
    groups = group_records(ends.filter(pl.col("one") == pl.col("other")), severed, members, group, held.cycles)
    findings = [
        *cycle_findings(held.cycles, group),
        *doubtful_cycle_findings(held.doubtful),
        *severed_findings(severed),
    ]
    return Grouping(groups, held.cycles, severed.select("consumer", "provider", "usd_day", "severed"), findings)


def _grouped(held: Holding, names: pl.Series, limits: Limits, spec: Spec) -> Ints:
    """Group of each application: cycles first, then what is chatty, with the parts of cycles as nodes."""
    first, second = (names.search_sorted(held.pairs[end]).to_numpy().astype(np.int64) for end in ("consumer", "provider"))
    weight, cycle, chatty = (held.pairs[name].to_numpy() for name in ("weight", "cycle", "chatty"))
    seed = spec.plan.seed
    whole = Limits(limits.load, np.array([spec.waves.max_servers, _ANY, _ANY]), limits.colour)
    part = cheapest_parts(first[cycle], second[cycle], weight[cycle], whole, seed)
    a, b = part[first[chatty]], part[second[chatty]]
    apart = a != b
    ends, pair = np.unique(np.stack([np.minimum(a, b), np.maximum(a, b)])[:, apart], axis=1, return_inverse=True)
    heavy = np.bincount(pair.ravel(), weights=weight[chatty][apart], minlength=ends.shape[1]).astype(np.float64)
    return cheapest_parts(ends[0], ends[1], heavy, limits.merged(part), seed)[part]


def _limits(members: pl.DataFrame, spec: Spec) -> Limits:
    """What chatty dependencies may gather: servers, applications and mission-critical applications; rules and pins as colours."""
    critical = (members["criticality"].cast(pl.String) == "mission-critical").fill_null(value=False)
    servers = members["servers"].to_numpy()
    load = np.stack([servers, np.ones_like(servers), critical.to_numpy().astype(np.int64)], axis=1).astype(np.int64)
    most = spec.waves.max_mission_critical
    capacity = np.array([_gathered(spec), _APPLICATIONS, _ANY if most is None else max(most, 1)], dtype=np.int64)
    asked = [dict.fromkeys(rule.apart) for rule in spec.rule if rule.apart and rule.price_usd is None]
    colours = [{name: number for number, name in enumerate(names)} for names in asked]
    colours.append({pin.application: pin.wave for pin in spec.pin})
    known = [colour for colour in colours if len(set(colour.values())) > 1]
    place = {name.casefold(): number for number, name in enumerate(members["application"])} if known else {}
    colour = np.full((len(servers), len(known)), -1, dtype=np.int64)
    for rule, told in enumerate(known):
        for name, number in told.items():
            if name.casefold() in place:
                colour[place[name.casefold()], rule] = number
    return Limits(load, capacity, colour)


def _gathered(spec: Spec) -> int:
    return int(spec.waves.group_share * spec.waves.max_servers)


def _severed(ends: pl.DataFrame, groups: Limits, spec: Spec) -> pl.DataFrame:
    """`ends` with ``severed``: why the two groups are not one."""
    one, other = ends["one"].to_numpy(), ends["other"].to_numpy()
    colours = groups.colour[one], groups.colour[other]
    ruled = ((colours[0] >= 0) & (colours[1] >= 0) & (colours[0] != colours[1])).any(axis=1)
    total = groups.load[one] + groups.load[other]
    both = "together with what moves with them they would be {}, more than the {}"
    most = pl.when("cycle").then(spec.waves.max_servers).otherwise(_gathered(spec))
    goal = pl.when("cycle").then(pl.lit("of one wave")).otherwise(pl.lit("that such dependencies may gather"))
    told = ends.with_columns(ruled=pl.Series(ruled), servers=pl.Series(total[:, 0]), applications=pl.Series(total[:, 1]))
    return told.with_columns(
        severed=pl.when("ruled")
        .then(pl.lit("a rule or pins keep them apart"))
        .when(pl.col("servers") > most)
        .then(pl.format(both, pl.format("{} servers", "servers"), pl.format("{} {}", most, goal)))
        .when(pl.col("applications") > _APPLICATIONS)
        .then(pl.format(both, pl.format("{} applications", "applications"), pl.lit(f"{_APPLICATIONS} of one group")))
        .otherwise(pl.lit("together with what moves with them they would be too many mission-critical applications for one wave"))
    ).drop("ruled", "servers", "applications")

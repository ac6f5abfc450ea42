"""What the members of a role have in common, in words."""

from __future__ import annotations

import polars as pl

from migrate.discovery.ports import FAN_OUT, port_uses

__all__ = ["described"]

_IN_LABEL = 3  # services that name a role
_IN_REASON = 5  # services that explain it, in each direction
_MANY = 10  # peers on average from which monitoring, backup or management is what a role is for: a planning value
_TYPICAL = 0.5  # share of the members from which a service is one of the role


def described(profile: pl.DataFrame, members: pl.DataFrame) -> pl.DataFrame:
    """Label and reason of each role.

    Parameters
    ----------
    profile
        As `migrate.discovery.role_profiles.profiles` gives it.
    members
        Columns ``server_id`` and ``role`` (number).

    Returns
    -------
    Columns ``role``, ``role_group`` (unique) and ``reason``. Services that most members have, few others have and many
    peers ask for come first; what monitoring, backup and management reach on every server names a role only that typically
    serves and uses nothing else, or that does so with many.
    """
    roles = members.group_by("role").agg(size=pl.len().cast(pl.Int64), smallest=pl.col("server_id").min())
    servers = max(members.height, 1)
    everywhere = profile.group_by("direction", "service").agg(holders=pl.len())
    common = (
        profile.join(members.select("server_id", "role"), on="server_id")
        .group_by("role", "direction", "service")
        .agg(count=pl.len().cast(pl.Int64), peers=pl.col("peers").mean())
        .join(everywhere, on=["direction", "service"])
        .join(roles, on="role")
        .with_columns(share=pl.col("count") / pl.col("size"))
        .with_columns(rank=pl.col("share") * ((servers + 1) / pl.col("holders")).log() * pl.col("peers").log1p())
        .with_columns(typical=pl.col("share") >= _TYPICAL, managed=_managed())
        .sort("role", "direction", pl.col("rank").round(9), "service", descending=[False, False, True, False])
    )
    said = _labels(common, roles)
    return (
        roles.join(said, on="role").join(_reasons(common, roles), on="role").select("role", "role_group", "reason").sort("role")
    )


def _managed() -> pl.Expr:
    """Whether a service is there because servers are watched, backed up and managed, whatever they are for."""
    port = pl.col("service").cast(pl.String).str.extract(r"/(\d+)$").cast(pl.Int64)
    return port_uses(port).is_in(FAN_OUT).fill_null(value=False) & (pl.col("peers") < _MANY)


def _labels(common: pl.DataFrame, roles: pl.DataFrame) -> pl.DataFrame:
    """What its members typically serve, else what they typically use, else the foremost; what all are managed by comes last."""
    kind = pl.when(pl.col("typical")).then(pl.lit(0)).otherwise(pl.lit(2)) + pl.col("managed").cast(pl.Int32)
    first = common.select("role", "direction", "service", kind=kind).sort("role", "kind", "direction", maintain_order=True)
    words = (
        first.filter(
            (pl.col("kind") == pl.col("kind").first().over("role"))
            & (pl.col("direction") == pl.col("direction").first().over("role"))
        )
        .with_columns(place=pl.int_range(pl.len()).over("role"))
        .filter(pl.col("place") < pl.when(pl.col("kind") < 2).then(_IN_LABEL).otherwise(1))
        .group_by("role", maintain_order=True)
        .agg(services=pl.col("service").str.join(", "), direction=pl.col("direction").first())
    )
    named = roles.join(words, on="role").with_columns(label=pl.format("{} {}", "direction", "services")).sort("smallest")
    again = pl.int_range(1, pl.len() + 1).over("label")
    numbered = pl.when(again > 1).then(pl.format("{} ({})", "label", again)).otherwise(pl.col("label"))
    return named.select("role", role_group=numbered)


def _reasons(common: pl.DataFrame, roles: pl.DataFrame) -> pl.DataFrame:
    part = pl.when(pl.col("size") == 1).then(pl.col("service")).otherwise(pl.format("{} ({} of {})", "service", "count", "size"))
    told = (
        common.filter(pl.col("typical") | (pl.col("count") > 1))
        .group_by("role", "direction", maintain_order=True)
        .agg(text=part.head(_IN_REASON).str.join(", "), more=(pl.len().cast(pl.Int64) - _IN_REASON).clip(0))
        .with_columns(
            text=pl.format("{} {}", "direction", "text")
            + pl.when(pl.col("more") > 0).then(pl.format(" and {} more", "more")).otherwise(pl.lit(""))
        )
        .sort("role", "direction")
        .group_by("role", maintain_order=True)
        .agg(text=pl.col("text").str.join("; "))
    )
    alone = pl.when(pl.col("size") == 1).then(pl.lit("like no other: ")).otherwise(pl.format("{} servers alike: ", "size"))
    return roles.join(told, on="role", how="left").select("role", reason=alone + pl.col("text").fill_null("no service in common"))

"""Servers alike in role: database servers, web servers, batch clients, whatever application they belong to."""

from __future__ import annotations

import numpy as np
import polars as pl

from migrate.discovery.role_assignment import roles_of
from migrate.discovery.role_names import described
from migrate.discovery.role_profiles import matrix, profiles
from migrate.model.stages import ServerRoles

__all__ = ["roles"]


def roles(internal: pl.DataFrame) -> pl.DataFrame:
    """Group servers by what they serve and use, and by how many peers they do it with.

    Port numbers are compared and never interpreted. How many roles there are follows from the data: servers are
    together where it is more likely that they are alike than that they are not (`migrate.discovery.role_clusters`).

    Parameters
    ----------
    internal
        Dependencies between servers: ``consumer_id``, ``provider_id``, ``protocol`` (text) and ``port``; what a server
        says to itself does not count, and other columns are not read.

    Returns
    -------
    `ServerRoles`, one row per server with traffic to or from another, sorted. A server that has nothing in common with
    any other is a role by itself. Does not depend on the order of rows.
    """
    profile = profiles(internal)
    if profile.is_empty():
        return ServerRoles.create_empty()
    common = matrix(profile)
    role = roles_of(common)
    alone = np.flatnonzero(np.asarray(common.sum(axis=1)).ravel() == 0)
    role[alone] = len(role) + alone
    servers = profile["server_id"].unique().sort()
    members = pl.DataFrame({"server_id": servers, "role": role})
    told = members.join(described(profile, members), on="role").select("server_id", "role_group", "reason")
    return ServerRoles.cast(told.cast({"server_id": pl.String}).sort("server_id"))

"""Applications that need each other in a circle."""

from __future__ import annotations

import numpy as np
import polars as pl
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

__all__ = ["cycle_numbers"]


def cycle_numbers(edges: pl.DataFrame, applications: pl.Series) -> pl.DataFrame:
    """Strongly connected components of more than one application.

    Parameters
    ----------
    edges
        Columns ``consumer`` and ``provider``, both among `applications`.
    applications
        Sorted names.

    Returns
    -------
    Columns ``application`` and ``cycle``: numbers from 0 in the order of each cycle's first application.
    """
    if edges.is_empty():
        return pl.DataFrame(schema={"application": pl.String, "cycle": pl.Int64})
    rows, columns = (
        applications.search_sorted(edges["consumer"]).to_numpy(),
        applications.search_sorted(edges["provider"]).to_numpy(),
    )
    size = len(applications)
    graph = coo_array((np.ones(len(rows), dtype=np.int8), (rows, columns)), shape=(size, size))
    component = connected_components(graph, directed=True, connection="strong")[1]
    found = pl.DataFrame({"application": applications, "component": component}).filter(pl.len().over("component") > 1)
    order = found.select("component").unique(maintain_order=True).with_row_index("cycle")
    return found.join(order, on="component", maintain_order="left").select("application", pl.col("cycle").cast(pl.Int64))

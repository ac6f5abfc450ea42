"""The hot loop of right-sizing: for each need, the first offer in the order of price that meets it."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

__all__ = ["first_that_fits"]


@njit(cache=True)
def first_that_fits(
    needs: NDArray[np.float64],
    allowed: NDArray[np.uint8],
    offers: NDArray[np.float64],
    features: NDArray[np.uint8],
) -> NDArray[np.int64]:
    """For each row of `needs`, the index of the first row of `offers` that is at least as large in every column.

    Parameters
    ----------
    needs
        Servers × dimensions.
    allowed
        Bits of the features that each server may have.
    offers
        Types × dimensions, cheapest first.
    features
        Bits of the features that each type has; a type with one that is not allowed is passed over.

    Returns
    -------
    An index for each server; -1 where nothing fits.
    """
    found = np.full(needs.shape[0], -1, dtype=np.int64)
    for server in range(needs.shape[0]):
        barred = ~allowed[server]
        for kind in range(offers.shape[0]):
            if features[kind] & barred:
                continue
            fits = True
            for dimension in range(needs.shape[1]):
                if offers[kind, dimension] < needs[server, dimension]:
                    fits = False
                    break
            if fits:
                found[server] = kind
                break
    return found

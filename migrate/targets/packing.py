"""Packing instances on hosts: of few sizes, many of each, none divided, no host over its vCPUs or its memory."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

__all__ = ["Load", "least_hosts", "pack"]

_ROUNDING = 1e-9

Size = tuple[float, float]  # vCPUs, GiB


@dataclass(frozen=True)
class Load:
    """So many hosts that each carry so many instances of each size, in the order of the sizes."""

    hosts: int
    instances: tuple[int, ...]


def pack(sizes: Sequence[Size], counts: Sequence[int], host: Size) -> tuple[Load, ...]:
    """Fill one host after the other with the largest instances that still fit, and repeat a filling as often as it goes.

    The same as first-fit decreasing host by host, at a cost that does not grow with the number of instances. "Largest" is
    by the larger of the shares of the host's vCPUs and memory.

    Raises
    ------
    ValueError
        A size does not fit on an empty host.
    """
    shares = [max(vcpu / host[0], memory / host[1]) for vcpu, memory in sizes]
    for size, share, count in zip(sizes, shares, counts, strict=True):
        if count and not share <= 1 + _ROUNDING:
            raise ValueError(f"an instance of {size} fits on no host of {host}")
    order = sorted(range(len(sizes)), key=lambda place: (-shares[place], sizes[place]))
    left, loads = list(counts), []
    while any(left):
        filling = _fill(sizes, left, order, host)
        times = min(left[place] // number for place, number in enumerate(filling) if number)
        left = [have - times * number for have, number in zip(left, filling, strict=True)]
        loads.append(Load(times, tuple(filling)))
    return tuple(loads)


def _fill(sizes: Sequence[Size], left: Sequence[int], order: Sequence[int], host: Size) -> list[int]:
    vcpu, memory = host[0] * (1 + _ROUNDING), host[1] * (1 + _ROUNDING)
    filling = [0] * len(sizes)
    for place in order:
        each_vcpu, each_memory = sizes[place]
        room = [have / need for have, need in ((vcpu, each_vcpu), (memory, each_memory)) if need > 0]
        number = min([left[place], *(math.floor(times) for times in room)])
        filling[place] = number
        vcpu, memory = vcpu - number * each_vcpu, memory - number * each_memory
    return filling


def least_hosts(sizes: Sequence[Size], counts: Sequence[int], host: Size) -> int:
    """A number of hosts that no packing can do without: the fuller of all vCPUs and all memory."""
    sums = [sum(size[kind] * count for size, count in zip(sizes, counts, strict=True)) for kind in (0, 1)]
    return max(math.ceil(need / have - _ROUNDING) for need, have in zip(sums, host, strict=True))

"""Packing on hosts: nothing is divided, left over or overfilled, and no fewer hosts than the sums allow."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from migrate.targets.packing import least_hosts, pack

_HOST = (96.0, 384.0)
_SIZES = st.lists(st.tuples(st.integers(1, 96), st.integers(1, 384)), min_size=1, max_size=6, unique=True)


@given(_SIZES, st.data())
@settings(max_examples=100, deadline=None)
def test_every_instance_is_placed_and_no_host_overfilled(sizes: list[tuple[int, int]], data: st.DataObject) -> None:
    counts = data.draw(st.lists(st.integers(0, 200), min_size=len(sizes), max_size=len(sizes)))
    loads = pack(sizes, counts, _HOST)
    placed = [sum(load.hosts * load.instances[place] for load in loads) for place in range(len(sizes))]
    assert placed == counts
    for load in loads:
        assert load.hosts >= 1
        assert sum(load.instances) >= 1
        for kind, most in enumerate(_HOST):
            assert sum(size[kind] * number for size, number in zip(sizes, load.instances, strict=True)) <= most
    assert sum(load.hosts for load in loads) >= least_hosts(sizes, counts, _HOST)


@given(_SIZES, st.data())
@settings(max_examples=60, deadline=None)
def test_a_filling_repeated_is_first_fit_decreasing_host_by_host(sizes: list[tuple[int, int]], data: st.DataObject) -> None:
    counts = data.draw(st.lists(st.integers(0, 12), min_size=len(sizes), max_size=len(sizes)))
    shares = {size: max(size[0] / _HOST[0], size[1] / _HOST[1]) for size in sizes}
    each = sorted((size for size, count in zip(sizes, counts, strict=True) for _ in range(count)), key=lambda s: (-shares[s], s))
    hosts = 0
    while each:
        left, vcpu, memory = [], *_HOST
        for size in each:
            if size[0] <= vcpu and size[1] <= memory:
                vcpu, memory = vcpu - size[0], memory - size[1]
            else:
                left.append(size)
        each, hosts = left, hosts + 1
    assert sum(load.hosts for load in pack(sizes, counts, _HOST)) == hosts


def test_millions_of_instances_are_as_quick_as_few() -> None:
    loads = pack([(2.0, 8.0), (4.0, 16.0), (48.0, 192.0)], [3_000_001, 1_000_000, 7], _HOST)
    assert len(loads) < 10
    assert sum(load.hosts for load in loads) == least_hosts(
        [(2.0, 8.0), (4.0, 16.0), (48.0, 192.0)], [3_000_001, 1_000_000, 7], _HOST
    )


def test_what_fits_on_no_host_is_refused() -> None:
    with pytest.raises(ValueError, match="fits on no host"):
        pack([(97.0, 1.0)], [1], _HOST)
    assert pack([(97.0, 1.0)], [0], _HOST) == ()

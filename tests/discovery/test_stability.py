from __future__ import annotations

import polars as pl
import pytest

from migrate.discovery.stability import stability, without_last_day
from migrate.findings import Severity

NOBODY = pl.DataFrame(schema={"server_id": pl.String})


def rows(*edges: tuple[str, str, int, int, int]) -> pl.DataFrame:
    """Consumer, provider, mask of days, connections a day, and connections of the last day."""
    return pl.DataFrame(
        [
            {
                "consumer_id": consumer,
                "provider_id": provider,
                "protocol": "tcp",
                "port": 5432,
                "use": "database",
                "bytes_out": 900 * a_day * days.bit_count(),
                "bytes_in": 100 * a_day * days.bit_count(),
                "packets": 10 * days.bit_count(),
                "records": days.bit_count(),
                "connections": a_day * days.bit_count(),
                "bytes_last_day": 1000 * last,
                "connections_last_day": last,
                "days_0": days,
            }
            for consumer, provider, days, a_day, last in edges
        ]
    )


def cliques(days: int, last: int, count: int = 12) -> list[tuple[str, str, int, int, int]]:
    """Applications of five servers each, each with each."""
    return [
        (f"a{number:02d}-{one}", f"a{number:02d}-{other}", days, 50, last)
        for number in range(count)
        for one in range(5)
        for other in range(5)
        if one != other
    ]


def everyone(internal: pl.DataFrame) -> pl.DataFrame:
    ids = pl.concat([internal["consumer_id"], internal["provider_id"]]).unique().sort()
    return pl.DataFrame({"server_id": ids, "application": ids.str.head(3)})


def test_a_day_less_leaves_out_what_was_seen_on_it() -> None:
    internal = rows(("a", "b", 0b111, 10, 10), ("a", "c", 0b100, 4, 4), ("b", "c", 0b011, 5, 0), ("c", "d", 0, 3, 0))
    left = without_last_day(internal)
    assert left.select("consumer_id", "provider_id", "connections", "bytes_out", "bytes_in", "days_0").rows() == [
        ("a", "b", 20, 18_000, 2_000, 0b011),
        ("b", "c", 10, 9_000, 1_000, 0b011),
        ("c", "d", 0, 0, 0, 0),  # its records have no times, so nothing says that it was seen on that day
    ]


def test_groups_that_hold_without_the_last_day_are_stable() -> None:
    internal = rows(*cliques(0b1111, 50))
    index, (finding,) = stability(internal, NOBODY, everyone(internal))
    assert index == 1.0
    assert finding.severity == Severity.info
    assert finding.message == "Leaving out the last of 4 observed days moves 0 of 60 servers (ARI 1.00)"


def test_groups_that_rest_on_one_day_are_not_and_are_doubted() -> None:
    internal = rows(*cliques(0b11, 50, 4), *((f"n{one}", f"n{one + 1}", 0b10, 50, 50) for one in range(0, 40, 2)))
    index, (finding,) = stability(internal, NOBODY, everyone(internal))
    assert index is not None
    assert index < 0.95
    assert "of 60 servers" in finding.message
    shuffled = internal.sample(fraction=1, shuffle=True, seed=7)
    assert stability(shuffled, NOBODY, everyone(shuffled)) == (index, [finding])


def test_there_is_nothing_to_measure_on_one_day_or_where_nothing_is_inferred() -> None:
    internal = rows(*cliques(0b1, 50))
    assert stability(internal, NOBODY, everyone(internal)) == (None, [])
    assert stability(rows(*cliques(0b11, 50)), NOBODY, everyone(internal.clear())) == (None, [])
    assert stability(internal.clear(), NOBODY, everyone(internal)) == (None, [])


def test_of_many_servers_a_sample_of_applications_is_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("migrate.discovery.stability._SAMPLE", 20)
    internal = rows(*cliques(0b1111, 50))
    index, (finding,) = stability(internal, NOBODY, everyone(internal))
    assert index == 1.0
    assert finding.message.endswith("moves 0 of 20 servers (ARI 1.00), in a sample of one application in 3")

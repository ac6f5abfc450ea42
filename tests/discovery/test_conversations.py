"""Records become conversations: every figure equals what a loop over the records finds."""

from __future__ import annotations

import datetime as dt
import random
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

import ibis
import polars as pl
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from ibis.backends.duckdb import Backend
from polars.testing import assert_frame_equal

from migrate.discovery.accounts import accounted, rows_alike
from migrate.discovery.conversations import conversations, conversations_of_folded, folded_records
from migrate.discovery.leased import LEASE, lease_periods
from migrate.discovery.window import Window, observed_window
from migrate.readers.flow_formats.record import RECORD_COLUMNS
from migrate.readers.flow_formats.record_kinds import ACCEPTED, MALFORMED, REJECTED

START = 1_767_258_000  # 2026-01-01 09:00 UTC
HOUR, DAY = 3_600, 86_400
KEY = ("kind", "client", "server", "protocol", "port")
CLIENT, SERVER, OTHER = "10.0.0.1", "10.0.0.2", "10.0.0.3"
SYN, SYN_ACK = 2, 18

SCHEMA: dict[str, Any] = dict.fromkeys(RECORD_COLUMNS, pl.Int64) | {
    "src": pl.String,
    "dst": pl.String,
    "oriented": pl.Boolean,
    "interface": pl.String,
    "kind": pl.Int8,
}


@pytest.fixture(scope="module")
def engine() -> Iterator[Backend]:
    backend = ibis.duckdb.connect()
    backend.con.execute("SET enable_progress_bar = false")
    yield backend
    backend.disconnect()


def record(src: str, dst: str, srcport: int, dstport: int, **other: Any) -> dict[str, Any]:
    row = {"src": src, "dst": dst, "srcport": srcport, "dstport": dstport, "protocol": 6, "flags": 0, "oriented": False}
    row |= {"packets": 2, "bytes": 100, "packets_back": 0, "bytes_back": 0, "connections": None, "kind": ACCEPTED}
    row |= {"start": START, "end": START + 9, "interface": ""}
    return row | other


def window_of(rows: Sequence[dict[str, Any]], zone: str = "UTC", hours: str = "08:00-18:00") -> Window:
    by_hour: defaultdict[int, int] = defaultdict(int)
    for row in rows:
        if row["start"] is not None and row["kind"] <= REJECTED:
            by_hour[row["start"] // HOUR] += 1
    return observed_window(by_hour, zone, hours)


def found(
    engine: Backend, *sources: Sequence[dict[str, Any]], window: Window | None = None, leases: pl.DataFrame | None = None
) -> pl.DataFrame:
    """Conversations of the records of formats 0, 1, …"""
    window = window or window_of([row for rows in sources for row in rows])
    tables = []
    for number, rows in enumerate(sources):
        engine.con.register(f"records_{number}", pl.DataFrame(rows, schema=SCHEMA).to_arrow())
        tables.append((number, engine.table(f"records_{number}")))
    periods = None
    if leases is not None:
        engine.con.register("periods", lease_periods(leases).to_arrow())
        periods = engine.table("periods")
    whole = answer(engine, conversations(tables, window, periods)).sort(KEY, nulls_last=True)
    folded = folded_records(tables, window, periods)
    alike = rows_alike(answer(engine, accounted(folded)).row(0, named=True), [number for number, _ in tables])
    shortened = answer(engine, conversations_of_folded(folded, window, alike)).sort(KEY, nulls_last=True)
    assert_frame_equal(shortened, whole)  # what is known of the rows changes nothing but the work
    return whole


def answer(engine: Backend, expression: Any) -> pl.DataFrame:
    rows = pl.from_arrow(engine.con.sql(engine.compile(expression)).to_arrow_table())
    assert isinstance(rows, pl.DataFrame)
    return rows


def only(frame: pl.DataFrame) -> dict[str, Any]:
    assert frame.height == 1
    return frame.row(0, named=True)


def test_a_record_of_both_directions_is_turned_with_its_amounts(engine: Backend) -> None:
    rows = [record(SERVER, CLIENT, 443, 50_000, packets=3, bytes=30, packets_back=4, bytes_back=40)]
    row = only(found(engine, rows))
    assert [row[name] for name in ("client", "server", "port")] == [CLIENT, SERVER, 443]
    assert [row[name] for name in ("bytes_out", "bytes_in", "packets_out", "packets_in")] == [40, 30, 4, 3]


def test_a_source_that_knows_the_client_is_believed_against_flags_and_ports(engine: Backend) -> None:
    row = only(found(engine, [record(CLIENT, SERVER, 443, 60_000, oriented=True, flags=SYN_ACK)]))
    assert (row["client"], row["port"]) == (CLIENT, 60_000)


def test_what_a_source_knows_tells_where_servers_listen(engine: Backend) -> None:
    rows = [record(CLIENT, SERVER, 0, 60_000, oriented=True), record(SERVER, OTHER, 60_000, 61_000)]
    assert set(found(engine, rows)["server"]) == {SERVER}


def test_connections_told_are_believed_and_else_counted_by_the_syn_of_the_client_and_else_by_records(engine: Backend) -> None:
    told = [record(CLIENT, SERVER, 50_000, 443, connections=7), record(CLIENT, SERVER, 50_001, 443, connections=0)]
    opened = [record(CLIENT, SERVER, 50_000 + n, 80, flags=SYN * (n < 2)) for n in range(5)]
    silent = [record(CLIENT, SERVER, 50_000, 25)] * 3 + [record(SERVER, CLIENT, 25, 50_000)] * 4
    frame = found(engine, told + opened + silent)
    assert dict(frame.select("port", "connections").iter_rows()) == {443: 7, 80: 2, 25: 4}
    assert dict(frame.select("port", "records").iter_rows()) == {443: 2, 80: 5, 25: 7}


def test_a_flow_seen_at_several_points_counts_once_and_each_day_by_itself(engine: Backend) -> None:
    first = [
        record(CLIENT, SERVER, 50_000, 443, interface="a", bytes=10),
        record(CLIENT, SERVER, 50_000, 443, interface="b", bytes=30),
    ]
    second = [row | {"start": START + DAY, "bytes": 100 - row["bytes"]} for row in first]
    assert only(found(engine, first + second))["bytes_out"] == 30 + 90
    both = only(found(engine, first, [record(CLIENT, SERVER, 0, 443, bytes=25, connections=2, oriented=True)]))
    assert (both["bytes_out"], both["connections"], both["sources"]) == (30, 2, 0b11)


def test_records_that_say_nothing_are_counted_each(engine: Backend) -> None:
    rows = [record("", "", 0, 0, kind=MALFORMED, interface=name) for name in "ab"]
    frame = found(engine, rows, rows)
    assert frame.select("kind", "client", "server", "port", "records").rows() == [(MALFORMED, None, None, 0, 4)]


def test_records_without_a_time_belong_to_no_day(engine: Backend) -> None:
    row = only(found(engine, [record(CLIENT, SERVER, 50_000, 443, start=None, end=None)]))
    assert (row["bytes_out"], row["hours"], row["days_0"], row["bytes_last_day"]) == (100, 0, 0, 0)
    assert (row["first_seen"], row["last_seen"], row["bytes_day_p95"], row["connections_day_p95"]) == (None, None, None, None)


def test_records_outside_the_window_have_sums_but_no_day(engine: Backend) -> None:
    window = Window(first_hour=START // HOUR, days=1, last_day=0)
    row = only(found(engine, [record(CLIENT, SERVER, 50_000, 443, start=START + shift) for shift in (-HOUR, DAY)], window=window))
    assert (row["bytes_out"], row["days_0"], row["bytes_day_p95"]) == (200, 0, None)


@pytest.mark.parametrize(("days", "expected"), [(19, 1_900), (20, 1_900), (21, 2_000), (40, 3_800)])
def test_percentile_is_of_nearest_rank_and_silent_days_count(engine: Backend, days: int, expected: int) -> None:
    rows = [record(CLIENT, SERVER, 50_000, 443, start=START + day * DAY, bytes=100 * (day + 1)) for day in range(days)]
    assert only(found(engine, rows))["bytes_day_p95"] == expected
    quiet = [record(OTHER, SERVER, 50_000, 443)]
    row = found(engine, rows + quiet).filter(pl.col("client") == OTHER).row(0, named=True)
    assert row["bytes_day_p95"] == (100 if days < 20 else 0)


def test_an_address_belongs_to_the_lease_that_covers_the_flows_start(engine: Backend) -> None:
    moments = {"before": -1, "first": 0, "second": DAY, "gap": 3 * DAY, "still": 4 * DAY}
    leases = pl.DataFrame(
        {
            "ip": [CLIENT, CLIENT, SERVER, CLIENT],
            "valid_from": [START, START + DAY, START, START + 4 * DAY],
            "valid_to": [START + 9 * DAY, START + 2 * DAY, START + 1, None],
        }
    ).with_columns(pl.from_epoch("valid_from").dt.replace_time_zone("UTC"), pl.from_epoch("valid_to").dt.replace_time_zone("UTC"))
    rows = [
        record(CLIENT, SERVER, 1, 1_000 + place, start=START + moment, oriented=True)
        for place, moment in enumerate(moments.values())
    ]
    rows += [record(OTHER, CLIENT, 1, 2_000, oriented=True, start=None, end=None)]
    ends = dict(zip(found(engine, rows, leases=leases)["port"], found(engine, rows, leases=leases)["client"], strict=True))
    assert ends == {1_000: CLIENT, 1_001: f"{LEASE}0", 1_002: f"{LEASE}1", 1_003: CLIENT, 1_004: f"{LEASE}3", 2_000: OTHER}
    servers = found(engine, rows, leases=leases).sort("port")["server"].to_list()
    assert servers == [SERVER, f"{LEASE}2", SERVER, SERVER, SERVER, CLIENT]


def test_of_leases_that_overlap_the_newer_counts_and_of_equals_the_first() -> None:
    at = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    leases = pl.DataFrame(
        {"ip": ["a"] * 3, "valid_from": [at, at, at + dt.timedelta(days=1)], "valid_to": [None, None, at + dt.timedelta(days=2)]},
        schema_overrides={"valid_to": pl.Datetime("us", "UTC")},
    )
    periods = lease_periods(leases)
    begin = int(at.timestamp())
    assert periods.select("lease", "valid_from", "valid_to").rows() == [
        (0, begin, begin + DAY),
        (2, begin + DAY, begin + 2 * DAY),
    ]


def brute(rows: Sequence[dict[str, Any]], window: Window) -> pl.DataFrame:
    """The same by loops, for oriented records."""
    points: dict[Any, dict[Any, dict[str, int]]] = defaultdict(lambda: defaultdict(lambda: defaultdict(int)))
    for row in rows:
        hour = row["start"] // HOUR - window.first_hour
        key = (row["kind"], row["src"], row["dst"], row["protocol"], row["dstport"])
        here = points[key][hour // 24, row["interface"]]
        business = row["start"] // HOUR in window.business_hours
        for name, amount in (
            ("bytes_out", "bytes"),
            ("bytes_in", "bytes_back"),
            ("packets_out", "packets"),
            ("packets_in", "packets_back"),
        ):
            here[name] += row[amount]
        here["records"] += 1
        connections = 1 if row["connections"] is None else row["connections"]
        here["connections"] += connections
        here["business_connections"] += connections * business
        here["hours"] |= 1 << row["start"] // HOUR % 24
        here["first_seen"] = min(here["first_seen"] or row["start"], row["start"])
        here["last_seen"] = max(here["last_seen"], row["end"])
    result = []
    for key, seen in points.items():
        days: dict[int, dict[str, int]] = defaultdict(lambda: defaultdict(int))
        for (day, _), sums in seen.items():
            for name, value in sums.items():
                days[day][name] = max(days[day][name], value)
        out: dict[str, Any] = dict(zip(KEY, key, strict=True))
        for name in ("bytes_out", "bytes_in", "packets_out", "packets_in", "records", "connections", "business_connections"):
            out[name] = sum(day[name] for day in days.values())
        for label, names in (("bytes", ("bytes_out", "bytes_in")), ("connections", ("connections",))):
            values = [sum(days[day][name] for name in names) if day in days else 0 for day in days]
            ranked = sorted(values + [0] * (window.days - len(values)))
            out[f"{label}_day_p95"] = ranked[-(-95 * window.days // 100) - 1]
            out[f"{label}_last_day"] = sum(days[window.last_day][name] for name in names) if window.last_day in days else 0
        out["first_seen"] = min(sums["first_seen"] for sums in seen.values())
        out["last_seen"] = max(sums["last_seen"] for sums in seen.values())
        out["hours"] = 0
        for sums in seen.values():
            out["hours"] |= sums["hours"]
        out["days_0"] = sum(1 << day for day in days)
        out["sources"] = 1
        result.append(out)
    return pl.DataFrame(result).sort(KEY)


@settings(max_examples=6, deadline=None, phases=[Phase.explicit, Phase.generate])
@given(
    seed=st.integers(0, 10_000),
    days=st.sampled_from([1, 6, 45]),
    zone=st.sampled_from(["UTC", "America/Chicago", "Asia/Kolkata"]),
    hours=st.sampled_from(["08:00-18:00", "00:00-24:00", "22:00-04:00"]),
)
def test_sums_equal_a_loop_over_the_records_in_any_order(engine: Backend, seed: int, days: int, zone: str, hours: str) -> None:
    rng = random.Random(seed)
    begin = START + rng.randrange(90 * 24) * HOUR  # daylight saving begins on 2026-03-08 in Chicago
    rows = [
        record(
            rng.choice([CLIENT, OTHER]), SERVER, rng.randrange(60_000), rng.choice([443, 40_000]), oriented=True,
            start=(at := begin + rng.randrange(days * DAY)), end=at + rng.randrange(600), interface=rng.choice(["", "a"]),
            bytes=rng.randrange(9_000), packets=rng.randrange(9), bytes_back=rng.randrange(9_000), packets_back=rng.randrange(9),
            connections=rng.choice([None, 1, 5]), kind=rng.choice([ACCEPTED, ACCEPTED, REJECTED]),
        )
        for _ in range(150)
    ]  # fmt: skip
    window = window_of(rows, zone, hours)
    answer = found(engine, rows, window=window)
    expected = brute(rows, window)
    assert_frame_equal(answer.select(expected.columns), expected, check_dtypes=False)
    rng.shuffle(rows)
    assert_frame_equal(found(engine, rows, window=window), answer)


def test_every_amount_is_a_64_bit_number(engine: Backend) -> None:
    frame = found(engine, [record(CLIENT, SERVER, 50_000, 443)])
    others = {name: kind for name, kind in frame.schema.items() if name not in ("kind", "client", "server", "protocol", "port")}
    assert set(others.values()) == {pl.Int64}

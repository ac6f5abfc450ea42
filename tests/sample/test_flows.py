from __future__ import annotations

from pathlib import Path

import polars as pl
import pyarrow.parquet as pq
import pytest

from migrate.sample import SampleSummary

Sample = tuple[SampleSummary, Path]


@pytest.fixture(scope="module")
def flows(sample: Sample) -> pl.DataFrame:
    return pl.read_parquet(sample[1] / "flows" / "*.parquet")


@pytest.fixture(scope="module")
def answered(flows: pl.DataFrame) -> pl.DataFrame:
    return flows.filter((pl.col("log_status") == "OK") & (pl.col("action") == "ACCEPT"))


def applications(folder: Path) -> pl.DataFrame:
    return pl.read_csv(folder / "truth" / "memberships.csv", infer_schema=False).select("ip", "application")


def test_two_weeks_a_file_a_day(sample: Sample) -> None:
    names = [path.stem for path in sorted((sample[1] / "flows").glob("*.parquet"))]
    assert names == [f"2026-10-{day:02d}" for day in range(5, 19)]


def test_strings_are_plain_for_every_reader(sample: Sample) -> None:
    schema = pq.read_schema(sample[1] / "flows" / "2026-10-05.parquet")
    assert {str(schema.field(name).type) for name in ("srcaddr", "action", "interface_id")} == {"string"}
    assert str(schema.field("start").type) == "int64"


def test_accepted_conversations_have_both_directions(answered: pl.DataFrame) -> None:
    ends = ["srcaddr", "dstaddr", "srcport", "dstport", "protocol", "start"]
    there = answered.filter(pl.col("dstport") < pl.col("srcport")).select(ends)
    back = answered.select(
        srcaddr="dstaddr", dstaddr="srcaddr", srcport="dstport", dstport="srcport", protocol="protocol", start="start"
    )
    assert there.join(back, on=ends, how="anti").is_empty()


def test_records_are_possible(flows: pl.DataFrame) -> None:
    seen = flows.filter(pl.col("log_status") == "OK")
    assert seen.filter(
        (pl.col("packets") < 1) | (pl.col("bytes") < 40 * pl.col("packets")) | (pl.col("end") < pl.col("start"))
    ).is_empty()
    assert seen.filter((pl.col("protocol") == 17) & (pl.col("tcp_flags") != 0)).is_empty()
    assert set(seen["tcp_flags"]) == {0, 2, 3, 18, 19}
    silent = flows.filter(pl.col("log_status") != "OK")
    assert silent.height > 0
    assert silent.select(pl.col("srcport", "bytes", "protocol").is_null().all()).row(0) == (True, True, True)
    assert "REJECT" in set(seen["action"])


def test_clients_call_from_ephemeral_ports(answered: pl.DataFrame) -> None:
    asked = answered.filter(pl.col("tcp_flags").is_in([2, 3]))
    assert asked.filter(pl.col("srcport") < 32_768).is_empty()
    assert set(asked.filter(pl.col("dstport") >= 32_768)["dstport"]) <= {47_808, 50_000}  # BACnet, DB2


def test_most_needs_leave_a_trace(sample: Sample, answered: pl.DataFrame) -> None:
    """Every need between applications whose servers run is seen at least in nine of ten cases."""
    names = applications(sample[1])
    pairs = (
        answered.select("srcaddr", "dstaddr")
        .unique()
        .join(names.rename({"ip": "srcaddr", "application": "consumer"}), on="srcaddr")
        .join(names.rename({"ip": "dstaddr", "application": "provider"}), on="dstaddr")
        .select("consumer", "provider")
        .unique()
    )
    needs = pl.read_csv(sample[1] / "truth" / "dependencies.csv").select("consumer", "provider")
    assert needs.join(pairs, on=["consumer", "provider"], how="semi").height >= 0.9 * needs.height


def test_business_rests_on_sunday_and_closes_the_month(sample: Sample, answered: pl.DataFrame) -> None:
    chain = ["Claims Clearinghouse", "Eligibility", "Coding", "Remittance"]
    ips = applications(sample[1]).filter(pl.col("application").is_in(chain))["ip"]
    own = answered.filter(pl.col("srcaddr").is_in(ips.to_list()) & pl.col("dstport").is_in([443, 8443, 1521, 1433]))
    day = own.group_by(((pl.col("start") - 5 * 3600) // 86_400 - 20_731).alias("day")).len().sort("day")
    counts = dict(day.iter_rows())
    monday, next_monday, sunday = counts[0], counts[7], counts[6]
    assert monday > 1.5 * next_monday
    assert sunday < 0.7 * next_monday


def test_outside_addresses_are_in_no_inventory(sample: Sample, answered: pl.DataFrame) -> None:
    known = set(applications(sample[1])["ip"])
    outside = {ip for ip in answered["srcaddr"].unique() if ip not in known}
    assert any(ip.startswith("203.0.113.") for ip in outside)
    assert any(ip.startswith("10.20") for ip in outside)
    assert all(ip.startswith(("10.2", "203.0.113.", "198.51.100.")) for ip in outside)

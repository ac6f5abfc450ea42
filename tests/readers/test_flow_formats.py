"""Every format of flow logs is recognised by its head and brought to the same records."""

from __future__ import annotations

import datetime as dt
import gzip
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from migrate.errors import InputError, RequestError
from migrate.readers import recognise
from migrate.readers.flow_formats import FORMATS
from migrate.readers.flow_formats.record_kinds import ACCEPTED, MALFORMED, REJECTED, SKIPPED
from migrate.readers.flow_formats.vpc import declared_fields
from tests.readers.files import REAL
from tests.readers.flow_driver import claims, records, written

T = 1_791_194_400  # 2026-10-05T10:00:00Z

VPC = "2 123456789010 eni-1 10.0.0.1 10.0.0.2 40000 443 6 20 4249 1791194400 1791194460 ACCEPT OK"
NFDUMP_LONG = "ts,te,td,sa,da,sp,dp,pr,flg,fwd,stos,ipkt,ibyt,opkt,obyt,in,out,ra,eng"
NFDUMP_SHORT = "firstSeen,duration,proto,srcAddr,srcPort,dstAddr,dstPort,packets,bytes,flows"
ARGUS = "StartTime,Dur,Proto,SrcAddr,Sport,Dir,DstAddr,Dport,State,sTos,dTos,TotPkts,TotBytes,SrcBytes,Label"
ZEEK = ("#separator \\x09", "#set_separator\t,", "#empty_field\t(empty)", "#unset_field\t-", "#path\tconn")
ZEEK_FIELDS = "#fields\tts\tuid\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\tproto\tduration\torig_bytes\tresp_bytes\tconn_state\thistory\torig_pkts\torig_ip_bytes\tresp_pkts\tresp_ip_bytes"  # noqa: E501 -- one line of a file
ADS = "agentId,agentAssignedProcessId,sourceIp,sourcePort,destinationIp,destinationPort,transportProtocol,timestamp"
AZURE = "Timeslot,Source server name,Source application,Destination server name,Destination IP,Destination port"

EXAMPLES = {
    "vpc": (VPC,),
    "nfdump": (
        NFDUMP_LONG,
        "2026-10-05 10:00:00,2026-10-05 10:01:00,60.0,10.0.0.1,10.0.0.2,40000,443,TCP,....S.,0,0,20,4249,0,0",
    ),
    "zeek": (*ZEEK, ZEEK_FIELDS, "1791194400.5\tC1\t10.0.0.1\t40000\t10.0.0.2\t443\ttcp\t60\t1\t2\tSF\tSh\t20\t4249\t3\t99"),
    "argus": (ARGUS, "2026/10/05 10:00:00.5,60.0,tcp,10.0.0.1,40000,   ->,10.0.0.2,443,SPA_SPA,0,0,23,4348,4249,x"),
    "ads": (ADS, "a-1,p,10.0.0.1,40000,10.0.0.2,443,TCP,2026-10-05T10:00:00.000Z"),
    "azure": (AZURE, "2026-10-05 10:00,web1,nginx,db1,10.0.0.2,443"),
    "edges": ("client,server,port,protocol,bytes", "web1,db1,443,tcp,4249"),
}


def only(path: Path) -> dict[str, Any]:
    (record,) = records(path)
    return record


@pytest.mark.parametrize("name", EXAMPLES)
def test_one_format_claims_a_file_and_no_other_reader_does(name: str, tmp_path: Path) -> None:
    path = written(tmp_path / "some.txt", *EXAMPLES[name])
    assert [claim for claim, _ in claims(path)] == [name]
    assert [item.reader for item in recognise([path])] == ["flows"]
    packed = tmp_path / "packed"
    packed.write_bytes(gzip.compress(path.read_bytes()))
    assert claims(packed) == claims(path)


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_example_of_each_format_is_one_record(name: str, tmp_path: Path) -> None:
    record = only(written(tmp_path / "some.txt", *EXAMPLES[name]))
    source, target = ("web1", "db1") if name in ("azure", "edges") else ("10.0.0.1", "10.0.0.2")
    assert (record["src"], record["dst"], record["dstport"], record["protocol"]) == (source, target, 443, 6)
    assert record["bytes"] == (0 if name in ("ads", "azure") else 4249)
    assert record["start"] == (None if name == "edges" else T)
    assert record["oriented"] == (name not in ("vpc", "nfdump"))
    assert record["kind"] == ACCEPTED


def test_formats_have_distinct_names_and_a_fixed_order() -> None:
    assert [module.NAME for module in FORMATS] == ["vpc", "nfdump", "zeek", "argus", "ads", "azure", "edges"]


# --- VPC Flow Logs


def test_vpc_with_a_header_in_any_order_shows_the_ends_behind_a_gateway(tmp_path: Path) -> None:
    path = written(
        tmp_path / "flow.log",
        "pkt-dstaddr dstaddr srcaddr pkt-srcaddr dstport protocol srcport tcp-flags bytes packets log-status action start end",
        f"10.9.9.9 10.0.0.7 10.0.0.1 - 443 6 40000 2 100 1 OK REJECT {T} {T + 9}",
        f"- - - - - - - - - - NODATA - {T} {T + 9}",
        "pkt-dstaddr dstaddr srcaddr pkt-srcaddr dstport protocol srcport tcp-flags bytes packets log-status action start end",
    )
    first, *rest = records(path)
    assert (first["src"], first["dst"], first["flags"], first["end"]) == ("10.0.0.1", "10.9.9.9", 2, T + 9)
    assert [first["kind"], *(row["kind"] for row in rest)] == [REJECTED, SKIPPED, SKIPPED]
    assert first["connections"] is None


def test_vpc_without_a_header_needs_the_declared_fields(tmp_path: Path) -> None:
    path = written(tmp_path / "flow.log", f"6 443 10.0.0.2 10.0.0.1 {T}")
    fields = declared_fields("${protocol} ${dstport} ${dstaddr} ${srcaddr} ${start}", "plan.toml")
    assert claims(path) == []
    assert [(row["src"], row["dstport"]) for row in records(path, fields)] == [("10.0.0.1", 443)]
    with pytest.raises(RequestError, match="fields lacks one of"):
        declared_fields("srcaddr dstaddr dstport", "plan.toml")


def test_vpc_exported_from_cloudwatch_has_a_time_before_each_line(tmp_path: Path) -> None:
    assert only(written(tmp_path / "000000", f"2026-10-05T10:00:00.000Z {VPC}"))["bytes"] == 4249


def test_vpc_in_parquet_keeps_its_types(tmp_path: Path) -> None:
    row = {"srcaddr": "10.0.0.1", "dstaddr": "10.0.0.2", "dstport": 443, "protocol": 6, "bytes": 2**44, "start": T * 1000}
    pl.DataFrame([row, row | {"bytes": 2**62}, row | {"bytes": -1}]).write_parquet(tmp_path / "flow.parquet")
    first, *bad = records(tmp_path / "flow.parquet")
    assert (first["bytes"], first["start"], first["interface"]) == (2**44, T, "")
    assert [(row["kind"], row["bytes"]) for row in bad] == [(MALFORMED, 0), (MALFORMED, 0)]


# --- nfdump


def test_nfdump_long_splits_directions_and_passes_over_its_summary(tmp_path: Path) -> None:
    path = written(
        tmp_path / "nf.csv",
        NFDUMP_LONG,
        "2026-10-05 10:00:00,2026-10-05 10:00:03,3.0,10.0.0.2,10.0.0.1,443,40000,TCP  ,...AP.SF,"
        "66,0,  24,1.2 M,9,11214,1,2,10.1.1.1,0",
        "2026-10-05 10:00:00,2026-10-05 10:00:00,0.0,10.0.0.2,10.0.0.1,0,3.3,ICMP,........,130,0,1,56,0,0,1,2,0.0.0.0,0",
        "Summary",
        "flows,bytes,packets,avg_bps,avg_pps,avg_bpp",
        "2,1200056,34,3200,0,35",
    )
    tcp, icmp, *rest = records(path)
    assert (tcp["flags"], tcp["packets"], tcp["bytes"], tcp["packets_back"], tcp["bytes_back"]) == (0, 24, 1_200_000, 9, 11_214)
    assert (tcp["end"], tcp["interface"], tcp["connections"]) == (T + 3, "10.1.1.1/", None)
    assert (icmp["protocol"], icmp["dstport"], icmp["kind"], icmp["interface"]) == (1, 0, REJECTED, "")
    assert [row["kind"] for row in rest] == [SKIPPED] * 3


def test_nfdump_short_tells_flows_where_they_were_aggregated(tmp_path: Path) -> None:
    path = written(
        tmp_path / "nf.csv",
        NFDUMP_SHORT,
        "2026-10-05 10:00:00.250,00:01:00.000,UDP,2001:db8::1,5000,2001:db8::2,53,7,700,7",
        "1791194400.250,2.9,17,2001:db8::1,5000,2001:db8::2,53,1,100,1",
    )
    many, one = records(path)
    assert (many["connections"], many["start"], many["end"], many["protocol"]) == (7, T, T + 60, 17)
    assert (one["connections"], one["end"], one["protocol"]) == (None, T + 3 - 1, 17)


# --- Zeek


def test_zeek_tells_rejected_silent_and_midstream_connections_apart(tmp_path: Path) -> None:
    def line(state: str, proto: str = "tcp", sent: str = "-") -> str:
        return f"{T}.5\tC1\t10.0.0.1\t8\t10.0.0.2\t443\t{proto}\t-\t{sent}\t-\t{state}\tS\t2\t146\t-\t-"

    rows = [line("REJ"), line("S0"), line("S0", sent="9"), line("S0", "udp"), line("OTH"), line("SF", "icmp"), "#close\t2026"]
    found = records(written(tmp_path / "conn.log", *ZEEK, ZEEK_FIELDS, *rows))
    assert [row["kind"] for row in found] == [REJECTED, REJECTED, *([ACCEPTED] * 4)]
    assert [row["oriented"] for row in found] == [True, True, True, True, False, True]
    assert (found[0]["bytes"], found[0]["bytes_back"], found[0]["connections"]) == (146, 0, 1)
    assert (found[-1]["srcport"], found[-1]["dstport"]) == (0, 0)


def test_zeek_logs_of_other_things_are_no_flows(tmp_path: Path) -> None:
    assert claims(written(tmp_path / "dns.log", *ZEEK, "#fields\tts\tuid\tquery", "1\tC\tx")) == []
    assert claims(written(tmp_path / "dns.json", '{"ts":1,"query":"x"}', '{"ts":2,"query":"y"}')) == []


@pytest.mark.parametrize(("file", "rows", "timed"), [("slips-test9-mixed-conn.log", 576, 0), ("zat-conn.json.log", 50, 50)])
def test_real_zeek_logs(file: str, rows: int, timed: int) -> None:
    path = REAL / "zeek" / file
    if not path.exists():
        pytest.skip("the real logs are not here")
    found = records(path)
    assert len(found) == rows
    assert {row["kind"] for row in found} <= {ACCEPTED, REJECTED}
    assert sum(row["start"] is not None for row in found) == timed  # the other log counts seconds from its own beginning
    assert {row["protocol"] for row in found} <= {1, 6, 17, 58}


# --- Argus


def test_argus_turns_arrows_and_splits_totals(tmp_path: Path) -> None:
    path = written(
        tmp_path / "capture.binetflow",
        ARGUS,
        "2026/10/05 10:00:00.607825,1.0,tcp,10.0.0.2,https,  <-,10.0.0.1,0x9c40,SPA_SPA,0,0,10,1000,900,x",
        "2026/10/05 10:00:00,1.0,tcp,10.0.0.1,40000,  <?>,10.0.0.2,443,PA_PA,0,0,10,1000,900,x",
        "2026/10/05 10:00:00,1.0,tcp,10.0.0.1,40000,   ->,10.0.0.2,443,S_RA,0,0,2,120,60,x",
        "2026/10/05 10:00:00,0.0,icmp,10.0.0.1,0x0303,   ->,10.0.0.2,0x55e2,URP,0,,1,60,60,x",
        "2026/10/05 10:00:00,0.0,arp,10.0.0.1,,  who,10.0.0.2,,CON,,,2,120,60,x",
        "2026/10/05 10:00:00,0.0,udp,10.0.0.1,40000,  <->,10.0.0.2,53,CON,0,0,2,50,60,x",
    )
    turned, doubtful, refused, icmp, arp, absurd = records(path)
    assert (turned["src"], turned["srcport"], turned["dstport"], turned["bytes"], turned["bytes_back"]) == (
        *("10.0.0.1", 40_000, 443),
        *(100, 900),
    )
    assert [row["oriented"] for row in (turned, doubtful, refused, icmp)] == [True, False, True, True]
    assert [row["kind"] for row in (turned, doubtful, refused, icmp, arp, absurd)] == [
        *(ACCEPTED, ACCEPTED, REJECTED, ACCEPTED),
        *(SKIPPED, MALFORMED),
    ]
    assert (icmp["srcport"], icmp["dstport"]) == (0, 0)


# --- ADS, Azure


def test_ads_rows_of_athena_and_of_other_things(tmp_path: Path) -> None:
    path = written(
        tmp_path / "inbound.csv",
        '"agent_id","source_ip","destination_ip","destination_port","ip_version"',
        '"a-1","10.0.0.1","10.0.0.2","1433","IPv4"',
        '"a-1","","","",""',
    )
    first, other = records(path)
    assert (first["dstport"], first["protocol"], first["connections"], first["interface"]) == (1433, -1, 1, "a-1")
    assert (first["start"], other["kind"]) == (None, SKIPPED)


def test_azure_names_a_destination_by_its_address_where_it_has_no_name(tmp_path: Path) -> None:
    path = written(
        tmp_path / "dep.csv", AZURE, "2026-10-05 10:00,web1,nginx,,10.0.0.2,443", '2026-10-05 10:00,"web1, old",x,-,,443'
    )
    first, second = records(path)
    assert (first["dst"], first["kind"]) == ("10.0.0.2", ACCEPTED)
    assert (second["src"], second["kind"]) == ("web1, old", MALFORMED)


def test_the_real_azure_export() -> None:
    path = REAL / "azure_migrate" / "dependency-export-sample.csv"
    if not path.exists():
        pytest.skip("the real export is not here")
    found = records(path)
    assert [row["dstport"] for row in found] == [443, 1433, 8080, 8080, 3389]
    assert {row["start"] for row in found} == {int(dt.datetime(2025, 6, 14, tzinfo=dt.UTC).timestamp())}


# --- edges, and what is hostile in any format


def test_edges_with_numbers_for_names_stay_texts(tmp_path: Path) -> None:
    rows = {"Client": [1, 2], "Server": [7, 8], "Port": [443.0, float("nan")], "Protocol": [17, None]}
    pl.DataFrame(rows).write_parquet(tmp_path / "edges.parquet")
    first, second = records(tmp_path / "edges.parquet")
    assert (first["src"], first["dst"], first["dstport"], first["protocol"], first["connections"]) == ("1", "7", 443, 17, None)
    assert (second["protocol"], second["kind"]) == (-1, MALFORMED)


@pytest.mark.parametrize(("delimiter", "begin"), [(";", ()), ("\t", ()), (";", ("sep=;",)), (",", ("", "  "))])
def test_edges_may_be_delimited_otherwise(delimiter: str, begin: tuple[str, ...], tmp_path: Path) -> None:
    lines = [delimiter.join(row) for row in (("server", "client", "port", "proto"), ("db", "web", "5432", "TCP"))]
    record = only(written(tmp_path / "e.txt", *begin, *lines))
    assert (record["src"], record["dst"], record["dstport"], record["protocol"]) == ("web", "db", 5432, 6)


def test_hostile_cells_make_malformed_records_or_unknown_values_never_errors(tmp_path: Path) -> None:
    head = "client,server,port,protocol,bytes,connections,start"
    good = (
        "a,b,443,tcp,1e3,2,2026-10-05T12:00:00+02:00",
        "<img src=x>,=cmd(),0x,,-,,2026-13-99 99:99:99",
        "a,b,1,sctp,12.6,,1e400",
    )
    bad = (
        *(
            "a,b,443,tcp,1e30,,",
            "a,b,443,tcp,NaN,,",
            "a,b,443,tcp,-5,,",
            "a,b,99999,tcp,1,,",
            "a,b,-1,tcp,1,,",
            "a,b,443,300,1,,",
        ),
        *(
            ",b,443,tcp,1,,",
            "a, ,443,tcp,1,,",
            f"{'n' * 300},b,443,tcp,1,,",
            "a,b,443,tcp,99999999999999999999,,",
            "a,b,443,tcp,1,-3,",
        ),
        *("a", "a,b,inf,tcp,1,,", "a,b,443.5,tcp,1,,"),
    )
    found = records(written(tmp_path / "e.csv", head, *good, *bad))
    assert [row["kind"] for row in found] == [ACCEPTED, MALFORMED, ACCEPTED, *([MALFORMED] * len(bad))]
    assert (found[0]["bytes"], found[0]["connections"], found[0]["start"]) == (1_000, 2, T)
    assert found[1]["src"] == "<img src=x>"
    assert (found[2]["bytes"], found[2]["protocol"], found[2]["start"]) == (13, 132, None)
    assert {row["bytes"] for row in found[3:]} == {0}


@pytest.mark.parametrize(
    ("port", "protocol", "expected"),
    [
        *(("0x1f90", "", 8080), ("https", "-", 443), ("443.0", "tcp", 443), ("5432", "gibberish", 5432), ("", "tcp", 0)),
        *(("0303", "icmp", 0), ("443.5", "tcp", None), ("nonesuch", "tcp", None)),
    ],
)
def test_ports_of_edges_are_numbers_or_names_also_without_a_protocol(
    port: str, protocol: str, expected: int | None, tmp_path: Path
) -> None:
    record = only(written(tmp_path / "e.csv", "client,server,port,protocol", f"a,b,{port},{protocol}"))
    assert record["dstport" if expected is not None else "kind"] == (MALFORMED if expected is None else expected)


def test_only_a_syn_without_an_ack_tells_the_client_where_flags_are_added_up(tmp_path: Path) -> None:
    rows = [
        f"2026-10-05 10:00:00,2026-10-05 10:00:00,0,a,b,1,2,TCP,{flags},0,0,1,60,0,0" for flags in ("...AP.SF", "....S.", "27")
    ]
    assert [row["flags"] for row in records(written(tmp_path / "nf.csv", NFDUMP_LONG, *rows))] == [0, 2, 0]


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        *(("1791194400", T), ("1791194400999", T), ("1791194400999999", T), ("1791194400.999", T), ("2026-10-05 10:00", T)),
        *(
            ("2026/10/05 10:00:00.123456", T),
            ("2026-10-05T10:00:00Z", T),
            ("2026-10-05T05:30:00-0430", T),
            ("2026-10-05", T - 36_000),
        ),
        *(("2024-02-29 00:00:00", 1_709_164_800), ("22.3", None), ("tomorrow", None), ("", None), ("9999-12-31 00:00:00", None)),
        *(
            ("2026-10-05 10:00 PM", None),
            ("2026-02-31 10:00", None),
            ("2026-10-05 10:00:00.5 UTC", T),
            ("05.10.2026 10:00", None),
        ),
    ],
)
def test_times_are_utc_seconds_or_unknown(text: str, seconds: int | None, tmp_path: Path) -> None:
    assert only(written(tmp_path / "e.csv", "client,server,port,start", f"a,b,1,{text}"))["start"] == seconds


def test_utf16_is_refused_with_the_remedy(tmp_path: Path) -> None:
    (tmp_path / "e.csv").write_text("client,server,port\na,b,1\n", encoding="utf-16")
    with pytest.raises(InputError, match="UTF-16"):
        recognise([tmp_path / "e.csv"])

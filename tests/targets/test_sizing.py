"""What the record of sizes says beside the alternatives: percentiles, waste, licences by core, hosts, storage."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from migrate.model.plan import Sizing
from migrate.model.stages import TargetChoice
from migrate.targets import choose_targets
from migrate.targets.instances import load_instances
from migrate.targets.prices import load_book
from migrate.targets.prices.book import Items
from migrate.targets.prices.build import book_text
from tests.targets.estates import choose_one, discovered, server, spec

_WINDOWS = {"os_family": "windows", "os_name": "Microsoft Windows Server 2022"}
_TYPES = {row["instance_type"]: row for row in load_instances().types.iter_rows(named=True)}


def _use(name: str = "s", **fields: float) -> dict[str, Any]:
    return {"server_id": name, "observed_days": 30.0, **fields}


def _choice(*servers: dict[str, Any], target: dict[str, Any] | None = None, **tables: Any) -> TargetChoice:
    return choose_targets(discovered(list(servers), **tables), spec(target))


def _sizing(choice: TargetChoice) -> Sizing:
    assert choice.sizing is not None
    return choice.sizing


def _codes(choice: TargetChoice) -> dict[str, str]:
    return {finding.code: finding.message for finding in choice.findings}


@pytest.mark.parametrize(("percentile", "vcpu"), [(90, 2.0), (95, 4.0), (99, 8.0), (100, 12.0)])
def test_the_percentile_asked_for_decides(percentile: int, vcpu: float) -> None:
    use = _use(cpu_p90_pct=10.0, cpu_p95_pct=20.0, cpu_p99_pct=40.0, cpu_max_pct=60.0)
    choice = _choice(server("s", vcpu=16.0), target={"percentile": percentile}, utilisation=[use])
    assert _sizing(choice).servers.need_vcpu == (vcpu,)
    words = "at its maximum" if percentile == 100 else f"at the {percentile}th percentile"
    assert words in choice.servers["target_reason"][0]
    assert "percentile-not-measured" not in _codes(choice)


def test_without_that_percentile_the_next_higher_one_counts_and_it_is_said() -> None:
    use = [_use("a", cpu_p95_pct=20.0), _use("b", cpu_p95_pct=20.0, cpu_max_pct=50.0)]
    both = [server("a", vcpu=16.0), server("b", vcpu=16.0)]
    choice = _choice(*both, target={"percentile": 99}, utilisation=use)
    assert _sizing(choice).servers.need_vcpu == (16.0, 10.0)
    assert _sizing(choice).evidence == {"allocated": 1, "cpu measured": 1}
    assert "2 servers is known, but not at percentile 99" in _codes(choice)["percentile-not-measured"]
    assert _sizing(_choice(*both, target={"percentile": 90}, utilisation=use)).servers.need_vcpu == (4.0, 4.0)


def test_idle_oversized_and_switched_off_servers_are_found_with_their_money() -> None:
    rows = [server(name, vcpu=8.0, memory_gib=32.0) for name in ("busy", "idle", "large")] + [server("off", power="off")]
    rows.append(server("standby", environment="dr"))
    uses = [
        _use("busy", cpu_p95_pct=70.0, memory_p95_pct=70.0),
        _use("idle", cpu_p95_pct=1.0, memory_p95_pct=70.0),
        _use("standby", cpu_p95_pct=1.0, memory_p95_pct=70.0),
        _use("large", cpu_p95_pct=20.0, memory_p95_pct=20.0),
    ]
    choice = _choice(*rows, utilisation=uses, connected=[("off", "busy"), ("idle", "busy")], observed_days=14)
    sizing = _sizing(choice)
    assert dict(zip(sizing.servers.server_ids, sizing.servers.waste, strict=True)) == {
        "busy": None, "idle": "idle", "large": "oversized", "off": "switched-off", "standby": None
    }  # fmt: skip
    usd = {way.key: dict(zip(sizing.servers.server_ids, way.usd_month, strict=True)) for way in sizing.alternatives}
    stakes = {each.kind: each for each in sizing.waste}
    assert stakes["idle"].usd_month == pytest.approx(usd["planned"]["idle"], abs=1e-4)
    assert stakes["oversized"].usd_month == pytest.approx(
        (usd["as-allocated"]["large"] or 0) - (usd["right-sized"]["large"] or 0)
    )
    assert stakes["switched-off"].dearest == ("off",)
    assert "1 server is idle and moves" in _codes(choice)["servers-idle"]
    assert "servers-oversized" in _codes(choice)


def test_licences_by_core_are_counted_with_their_least_and_cores_switched_off() -> None:
    engine = [{"server_id": "s", "database": "d", "engine": "sqlserver"}]
    fields = {"vcpu": 2.0, "memory_gib": 64.0, **_WINDOWS}
    choice = _choice(server("s", **fields), databases=engine)
    (row,) = _sizing(choice).licences
    planned = _TYPES[choice.servers["target"][0]]
    assert (row.engine, row.servers, row.source_vcpu) == ("sqlserver", 1, 4.0)
    assert row.target_vcpu == planned["vcpu"] > 4
    assert row.optimised_vcpu == 4
    assert row.fewest_vcpu <= row.target_vcpu
    assert "4 are needed" in _codes(choice)["core-licences-spared"]
    assert _sizing(choice).servers.licensed_vcpu == (4,)


def test_a_price_of_core_licences_prefers_fewer_vcpus() -> None:
    engine = [{"server_id": "s", "database": "d", "engine": "oracle"}]
    fields = {"vcpu": 2.0, "memory_gib": 64.0}
    free = choose_one(fields, databases=engine)
    dear = choose_one(fields, spec({"oracle_usd_vcpu_month": 2_000.0}), databases=engine)
    other = choose_one(fields, spec({"sqlserver_usd_vcpu_month": 2_000.0}), databases=engine)
    assert _TYPES[dear["target"]]["vcpu"] < _TYPES[free["target"]]["vcpu"]
    assert dear["cost_usd_month"] > free["cost_usd_month"]
    assert other["target"] == free["target"]
    (row,) = _sizing(_choice(server("s", **fields), databases=engine)).licences
    assert row.fewest_vcpu == _TYPES[dear["target"]]["vcpu"]
    assert row.break_even_usd_vcpu_month is not None
    cheaper = spec({"oracle_usd_vcpu_month": row.break_even_usd_vcpu_month * 0.9})
    assert _TYPES[choose_one(fields, cheaper, databases=engine)["target"]]["vcpu"] > row.fewest_vcpu


@given(st.lists(st.tuples(st.floats(0.5, 100), st.floats(1, 700)), min_size=1, max_size=8))
@settings(max_examples=15, deadline=None)
def test_hosts_hold_what_is_placed_on_them(sizes: list[tuple[float, float]]) -> None:
    rows = [server(f"s{n}", vcpu=vcpu, memory_gib=memory, **_WINDOWS) for n, (vcpu, memory) in enumerate(sizes)]
    for hosts in _sizing(_choice(*rows)).hosts:
        assert hosts.servers + hosts.unplaced == len(rows)
        assert 1 <= hosts.least_hosts <= hosts.hosts <= hosts.servers
        assert 0 < max(hosts.vcpu_share, hosts.memory_share) <= 1
        assert hosts.cores == hosts.hosts * max(
            kind["cores"] for name, kind in _TYPES.items() if name.startswith(f"{hosts.family}.")
        )
        assert hosts.usd_month is None
        assert hosts.break_even_host_usd_h == pytest.approx(hosts.shared_usd_month / hosts.hosts / 730)


def test_a_price_of_hosts_in_the_book_is_used(tmp_path: Path) -> None:
    embedded = load_book("embedded")
    more = Items(source="ec2", usd={"dedicated_host_m5_h": {"us-east-1": 5.0}})
    book = embedded.model_copy(update={"items": (*embedded.items, more)})
    (tmp_path / "book.json").write_text(book_text(book), encoding="utf-8")
    rows = [server(f"s{n}", vcpu=4.0, memory_gib=16.0, **_WINDOWS) for n in range(30)]
    hosts = {row.family: row for row in _sizing(_choice(*rows, target={"prices": str(tmp_path / "book.json")})).hosts}
    assert hosts["m5"].hosts == 2
    assert hosts["m5"].usd_month == pytest.approx(2 * 5.0 * 730)
    assert all(row.usd_month is None for family, row in hosts.items() if family != "m5")


def test_licences_brought_along_on_shared_hosts_are_a_finding_and_linux_needs_no_hosts() -> None:
    assert "windows-byol-needs-dedicated-hosts" in _codes(_choice(server("s", **_WINDOWS), target={"windows_licence": "byol"}))
    assert "windows-byol-needs-dedicated-hosts" not in _codes(_choice(server("s", **_WINDOWS)))
    assert _sizing(_choice(server("s"))).hosts == ()


def test_more_load_than_gp3_gives_asks_for_io2_whose_price_is_not_known() -> None:
    slow, fast = (
        _choice(server("s", vcpu=96.0, memory_gib=384.0), utilisation=[_use(disk_iops_p95=iops)]) for iops in (60_000.0, 80_000.0)
    )
    (gp3,), (io2,) = _sizing(slow).storage, _sizing(fast).storage
    assert (gp3.storage_class, gp3.extra_iops, gp3.priced) == ("gp3", 60_000 * 1.25 - 3_000, 1)
    assert (io2.storage_class, io2.extra_iops, io2.priced) == ("io2", 100_000.0, 0)
    assert fast.servers["storage_usd_month"][0] is None
    assert fast.servers["cost_usd_month"][0] is not None
    assert any("no price of io2" in note for note in _sizing(fast).notes)

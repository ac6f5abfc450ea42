"""The business case as a whole, against an independent day-by-day account and by its invariants."""

from __future__ import annotations

import datetime as dt
import math
from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from migrate.finance import business_case
from migrate.findings import Finding
from migrate.model.plan import Month, MonthlyCost, PlannedServer
from migrate.spec import Spec
from tests.factories import DATES, make_server, make_servers, make_spec
from tests.finance.builders import WAVES, compute, moving, server_lists

_CENTS = 0.1  # every line of a month is rounded to cents

_PARTNER: dict[str, Any] = {"staff": {"transfer_date": dt.date(2027, 4, 16)}, "costs": {"partner_usd_month": 30_000.55}}


def _findings(servers: Sequence[PlannedServer], spec: Spec) -> dict[str, Finding]:
    return {finding.code: finding for finding in business_case(servers, (), WAVES, spec, "embedded")[1]}


@settings(max_examples=30, deadline=None)
@given(servers=server_lists, years=st.integers(1, 3))
def test_every_server_is_accounted_for_in_every_month(servers: list[PlannedServer], years: int) -> None:
    spec = make_spec(plan={"start": dt.date(2027, 1, 4), "horizon_years": years})
    case = compute(servers, spec)
    retired = sum(s.disposition == "retire" for s in servers)
    for month in case.months:
        there = month.servers_source + month.servers_both + month.servers_target
        assert len(servers) - retired - 1e-6 <= there <= len(servers) + 1e-6
        parts = month.source_run + month.site_fixed + month.target_run + month.target_operations + month.one_off + month.partner
        assert month.total == pytest.approx(parts, abs=0.005)
        stay = month.stay_run + month.stay_site_fixed + month.stay_refresh + month.stay_partner
        assert month.stay_total == pytest.approx(stay, abs=0.005)
        assert month.double_run <= month.target_run + month.target_operations + 0.005
    assert len(case.months) == 12 * years
    assert case.npv_range.low <= case.npv_usd <= case.npv_range.high
    saved = sum(month.stay_site_fixed - month.site_fixed for month in case.months)
    assert sum(site.saved_usd for site in case.site_exits) == pytest.approx(saved, abs=1.0)


@settings(max_examples=30, deadline=None)
@given(servers=server_lists)
def test_lines_add_up_to_the_months_to_the_cent(servers: list[PlannedServer]) -> None:
    case = compute(servers, make_spec(plan={"start": dt.date(2027, 1, 4), "horizon_years": 2}, **_PARTNER))
    assert len({line.key for line in case.lines}) == len(case.lines)
    for k, month in enumerate(case.months):
        sums: dict[str, Decimal] = defaultdict(Decimal)
        for line in case.lines:
            amount = Decimal(str(line.amount_usd[k]))
            factors = math.prod(each.value if each.how == "times" else 1 / each.value for each in line.factors)
            of = sum(other.amount_usd[k] for other in case.lines if other.key in line.of)
            quantity = of if line.of else line.quantity[k]
            assert line.quantity[k] == pytest.approx(quantity, abs=1e-6)
            assert float(amount) == pytest.approx(quantity * (line.rate if line.rate is not None else 1) * factors, abs=0.006)
            sums[line.group] += amount
            if line.side == "both":
                sums[f"stay_{line.group}"] += amount
            if line.side != "memo":
                sums["total"] += amount * (line.side != "staying")
                sums["stay_total"] += amount * (line.side != "moving")
        for field in Month.model_fields:
            if field != "month" and not field.startswith("servers_"):
                assert Decimal(str(getattr(month, field))) == sums[field], field


@settings(max_examples=15, deadline=None)
@given(servers=server_lists)
def test_equals_an_account_by_the_day(servers: list[PlannedServer]) -> None:
    spec = make_spec(plan={"start": dt.date(2027, 1, 4), "horizon_years": 1})
    case = compute(servers, spec)
    payroll = min([2, *(s.wave for s in servers if s.application and s.wave)])
    for month in case.months:
        following = (month.month + dt.timedelta(days=31)).replace(day=1)
        days = [month.month + dt.timedelta(days=k) for k in range((following - month.month).days)]
        source = bill = operations = both = 0.0
        for server in servers:
            wave = next((w for w in WAVES if w.wave == server.wave), None)
            leave = wave.decommission_date if wave else None
            if server.disposition == "retire":
                start = dt.date(2027, 1, 4) + dt.timedelta(days=60)
                leave = WAVES[payroll - 1].decommission_date if server.application else start
                beside = {s.wave for s in servers if s.site == server.site and s.wave}
                leave = min([leave, *([WAVES[max(beside) - 1].decommission_date] if beside else [])])
            if wave and server.cost_usd_month is None:
                continue
            for day in days:
                if leave is None or day < leave:
                    source += (server.source_cost_usd_month or 0.0) / len(days)
                if wave and server.cost_usd_month is not None:
                    paid = server.cost_usd_month * 1.03 / len(days) * (day >= wave.replication_start)
                    operated = 45.0 / len(days) * (day >= wave.date)
                    bill, operations = bill + paid, operations + operated
                    both += (paid + operated) * (day < wave.decommission_date)
        assert month.source_run == pytest.approx(source, abs=_CENTS)
        assert month.target_run == pytest.approx(bill, abs=_CENTS)
        assert month.target_operations == pytest.approx(operations, abs=_CENTS)
        assert month.double_run == pytest.approx(both, abs=_CENTS)


def test_npv_and_payback_equal_their_closed_forms() -> None:
    case = compute(make_servers(), make_spec(plan={"start": dt.date(2027, 1, 4), "discount_rate": 0.08}))
    saving = [month.stay_total - month.total for month in case.months]
    monthly = 1.08 ** (1 / 12) - 1
    assert case.npv_usd == pytest.approx(sum(s / (1 + monthly) ** k for k, s in enumerate(saving, start=1)), abs=0.01)
    cumulated = [sum(saving[: k + 1]) for k in range(len(saving))]
    payback = next(k for k in range(len(saving)) if all(c > 0 for c in cumulated[k:]))
    assert case.payback_month == case.months[payback].month
    assert cumulated[payback - 1] <= 0


def test_one_off_costs_at_their_dates() -> None:
    spec = make_spec(
        costs={"landing_zone_usd": 6_000, "training_usd": 0, "programme_usd_month": 0, "decommission_usd_server": 10}
    )
    case = compute([moving("nth-1", wave=1)], spec, WAVES[:1])
    january, february, march = (month.one_off for month in case.months[:3])
    assert january == pytest.approx(6_000 * 28 / 60, abs=0.01)
    assert february == pytest.approx(6_000 * 28 / 60, abs=0.01)
    labour = (12 + 4 + 4 + 32) * 95.0
    assert march == pytest.approx(6_000 * 4 / 60 + labour + 10, abs=0.01)
    assert case.one_off_usd == pytest.approx(6_000 + labour + 10, abs=0.02)


def test_programme_runs_from_start_to_last_decommission() -> None:
    quiet = {"landing_zone_usd": 0, "training_usd": 0, "decommission_usd_server": 0}
    spec = make_spec(costs={**quiet, "programme_usd_month": 31_000}, effort={"hour_usd": 0})
    case = compute([moving("nth-1", wave=3)], spec)
    assert [month.one_off for month in case.months[:5]] == [28_000.0, 31_000.0, 31_000.0, 16_533.33, 0.0]


def test_without_waves_moving_is_staying() -> None:
    servers = [make_server("nth-1", disposition="retain"), make_server("nth-2", disposition=None)]
    case = compute(servers, make_spec(), ())
    assert all(month.total == month.stay_total for month in case.months)
    assert (case.npv_usd, case.payback_month, case.peak_bubble_month, case.one_off_usd) == (0.0, None, None, 0.0)


def test_site_is_left_by_its_last_server_and_houses_the_retained() -> None:
    servers = [moving("nth-1", 1), moving("nth-2", 3), make_server("nth-mf", disposition="retain", wave=None)]
    case = compute(servers, make_spec())
    north = case.site_exits[0]
    assert (north.last_cutover, north.exit_date, north.blocked_by) == (DATES[3], WAVES[2].decommission_date, ())
    assert case.months[2].site_fixed == 370_000.0
    assert case.months[3].site_fixed == pytest.approx(160_000 + 210_000 * 16 / 30 + 9_000 * 14 / 30, abs=0.01)
    assert case.months[4].site_fixed == 169_000.0


def test_a_retired_server_keeps_no_site_open() -> None:
    servers = [moving("sth-1", 3, application="Payroll"), moving("nth-1", 1)]
    retired = make_server("nth-2", application="Claims Clearinghouse", disposition="retire")
    north = compute([*servers, retired], make_spec()).site_exits[0]
    assert north.exit_date == WAVES[0].decommission_date


def test_retained_servers_without_colocation_keep_the_site_open() -> None:
    servers = [moving("sth-1"), make_server("sth-mf", application="Ledger", disposition="retain")]
    case = compute(servers, make_spec())
    south = case.site_exits[1]
    assert (south.exit_date, south.blocked_by, south.saved_usd) == (None, ("Ledger",), 0.0)
    assert "colocation_usd_month" in _findings(servers, make_spec())["site-blocked"].remedy


def test_undecided_servers_keep_the_site_open_even_with_colocation() -> None:
    servers = [moving("nth-1"), *(make_server(f"nth-{k}", disposition=None) for k in range(10, 40))]
    north = compute(servers, make_spec()).site_exits[0]
    assert north.exit_date is None
    assert north.blocked_by[-1] == "and 10 more"


def test_site_is_known_by_its_other_names() -> None:
    site = {"name": "North", "match": ["dc-north"], "fixed_cost_usd_month": 1000}
    case = compute([moving("nth-1")], make_spec(site=[site]))
    assert case.site_exits[0].exit_date == WAVES[0].decommission_date


def test_site_without_servers_is_never_left() -> None:
    spec = make_spec()
    found = _findings([moving("nth-1")], spec)
    assert found["site-without-servers"].subject == "DC-South"
    assert compute([moving("nth-1")], spec).site_exits[1].exit_date is None


def test_exit_after_the_lease_is_an_error() -> None:
    site = {"name": "DC-North", "lease_end": dt.date(2027, 3, 10), "fixed_cost_usd_month": 1000}
    finding = _findings([moving("nth-1")], make_spec(site=[site]))["exit-after-lease"]
    assert (finding.severity, finding.subject) == ("error", "DC-North")
    assert "3 days after" in finding.message


def test_unknown_target_cost_is_no_saving() -> None:
    known = compute([moving("nth-1")], make_spec())
    servers = [moving("nth-1"), moving("nth-2", cost_usd_month=None)]
    case = compute(servers, make_spec())
    assert (case.priced_servers, case.moving_servers) == (1, 2)
    assert [m.stay_run for m in case.months] == [m.stay_run for m in known.months]
    assert [m.source_run for m in case.months] == [m.source_run for m in known.months]
    assert "1 of 2 moving servers" in _findings(servers, make_spec())["target-cost-unknown"].message


def test_unknown_source_cost_understates_the_saving() -> None:
    servers = [moving("nth-1", source_cost_usd_month=None), moving("nth-2")]
    case = compute(servers, make_spec())
    assert case.months[-1].target_run == pytest.approx(2 * 96.08 * 1.03, abs=0.01)
    assert case.months[0].stay_run == pytest.approx(164.6)
    assert "1 of 2 servers" in _findings(servers, make_spec())["source-cost-unknown"].message


def test_refresh_is_for_servers_that_leave_and_run() -> None:
    servers = [moving("nth-1"), moving("nth-2", power="off"), make_server("nth-3", disposition="retain")]
    case = compute(servers, make_spec(costs={"refresh_usd_server": 6_000, "refresh_every_years": 5}))
    assert {month.stay_refresh for month in case.months} == {100.0}


def test_nobody_is_paid_to_operate_a_server_that_is_switched_off() -> None:
    running, off, suspended = (moving(f"nth-{n}", power=power) for n, power in enumerate(("on", "off", "suspended")))
    alone, together = compute([running], make_spec()), compute([running, off, suspended], make_spec())
    assert [m.target_operations for m in together.months] == [m.target_operations for m in alone.months]
    assert together.months[-1].target_operations > 0
    bills = together.run_cost_after_usd_month - alone.run_cost_after_usd_month
    assert bills == pytest.approx(2 * 96.08 * 1.03, abs=0.01)


def test_partner_is_paid_from_the_transfer_on_either_side() -> None:
    spec = make_spec(staff={"transfer_date": dt.date(2027, 4, 16)}, costs={"partner_usd_month": 30_000})
    case = compute([moving("nth-1")], spec)
    assert [month.partner for month in case.months[2:5]] == [0.0, 15_000.0, 30_000.0]
    assert [month.stay_partner for month in case.months] == [month.partner for month in case.months]


def test_run_cost_before_and_after() -> None:
    servers = [moving("nth-1"), moving("nth-2", 3), make_server("nth-3", disposition="retain")]
    case = compute(servers, make_spec(site=[{"name": "DC-North", "fixed_cost_usd_month": 1000, "colocation_usd_month": 200}]))
    assert case.run_cost_before_usd_month == pytest.approx(3 * 164.6 + 1000)
    assert case.run_cost_after_usd_month == pytest.approx(164.6 + 2 * (96.08 * 1.03 + 45) + 200, abs=0.01)
    last = case.months[-1]
    assert last.source_run + last.site_fixed + last.target_run + last.target_operations == pytest.approx(
        case.run_cost_after_usd_month, abs=0.01
    )


def test_range_answers_to_its_inputs() -> None:
    case = compute(make_servers(), make_spec())
    assert case.npv_range.low < case.npv_range.likely == case.npv_usd < case.npv_range.high
    assert "three months late" in case.npv_range.reason


def test_waves_after_the_horizon_are_told() -> None:
    late = WAVES[0].model_copy(
        update={
            "date": dt.date(2028, 2, 5),
            "replication_start": dt.date(2028, 1, 20),
            "decommission_date": dt.date(2028, 2, 12),
        }
    )
    spec = make_spec(plan={"start": dt.date(2027, 1, 4), "horizon_years": 1})
    case, findings = business_case([moving("nth-1")], (), (late,), spec, "embedded")
    assert {"wave-beyond-horizon", "never-pays-back"} <= {finding.code for finding in findings}
    assert case.months[-1].servers_source == 1.0
    assert case.run_cost_after_usd_month < case.run_cost_before_usd_month


def test_assumptions_say_who_gave_them() -> None:
    case = compute([moving("nth-1")], make_spec(costs={"support_share": 0.1}))
    by_key = {assumption.key: assumption for assumption in case.assumptions}
    assert (by_key["costs.support_share"].value, by_key["costs.support_share"].source) == ("0.1", "plan.toml")
    assert by_key["costs.training_usd"].source.startswith("default")
    assert by_key["price_book"].value == "embedded 2027-01-01"
    assert by_key["site[1].colocation_usd_month"].value == "not given"
    assert len(by_key) == len(case.assumptions)


def test_figures_in_whose_place_another_is_read_say_so_and_do_not_count() -> None:
    spec = make_spec(costs={"operations_usd_year": 2_060_000.0}, support={"plan": "enterprise"})
    by_key = {assumption.key: assumption for assumption in compute([moving("nth-1")], spec).assumptions}
    for key, instead in (("costs.operations_usd_month", "costs.operations_usd_year"), ("costs.support_share", "support.plan")):
        assert by_key[key].source == f"not used: {instead} stands in its place"
        assert not by_key[key].counts
    used = by_key["costs.operations_usd_year"]
    assert (used.value, used.source, used.counts) == ("2060000", "plan.toml", True)
    assert by_key["commitments.in_case"].value == "no"
    assert by_key["discounts.edp_applies_to"].value.startswith("compute, ")
    assert not by_key["site[1].colocation_usd_month"].counts
    plain = {assumption.key: assumption for assumption in compute([moving("nth-1")], make_spec()).assumptions}
    assert plain["costs.support_share"].counts
    assert plain["costs.operations_usd_month"].counts
    lump = compute([moving("nth-1")], make_spec(costs={"vcpu_usd_month": 9.0})).assumptions
    assert {a.key for a in lump if "vcpu_usd_month stands" in a.source} >= {"costs.power_usd_kwh", "costs.space_usd_vcpu_month"}


@pytest.mark.parametrize("table", ["costs", "effort", "risk", "weights"])
def test_every_figure_of_the_request_is_an_assumption(table: str) -> None:
    section = getattr(make_spec(), table)
    keys = {f"{table}.{key}" for key in type(section).model_fields}
    switches = {"risk.off", "weights.split", "weights.double_run", "weights.site_exit", "weights.risk", "weights.wave_overhead"}
    assert keys - switches <= {assumption.key for assumption in compute([], make_spec(), ()).assumptions}


def test_replication_before_the_axis_counts_from_its_first_day() -> None:
    early = WAVES[0].model_copy(update={"replication_start": dt.date(2026, 12, 20), "date": dt.date(2027, 1, 16)})
    case = compute([moving("nth-1")], make_spec(), (early,))
    assert case.months[0].servers_both == 1.0
    assert case.months[0].target_run == pytest.approx(96.08 * 1.03, abs=0.01)


def test_no_servers_is_a_case_of_sites_alone() -> None:
    case = compute([], make_spec(), ())
    assert case.run_cost_before_usd_month == 370_000.0
    assert case.months[0].total == 370_000.0


_unknown = st.none() | st.floats(0, 1_000)


@settings(max_examples=30, deadline=None)
@given(
    rows=st.lists(
        st.tuples(_unknown, _unknown, _unknown, _unknown, st.sampled_from(["on", "off", None]), _unknown, _unknown), max_size=6
    )
)
def test_what_is_unknown_blanks_no_total_and_is_covered(rows: list[tuple[Any, ...]]) -> None:
    servers = []
    for number, (vcpu, memory, disk, used, power, compute_usd, storage_usd) in enumerate(rows):
        known = [part for part in (compute_usd, storage_usd) if part is not None]
        cost = MonthlyCost(compute=compute_usd, storage=storage_usd)
        facts = {"vcpu": vcpu, "memory_gib": memory, "disk_gib": disk, "disk_used_gib": used, "power": power, "cost": cost}
        total = sum(known) if compute_usd is not None else None
        servers.append(moving(f"nth-{number}", cost_usd_month=total, source_cost_usd_month=10.0 * bool(vcpu), **facts))
    case = compute(servers, make_spec(plan={"start": dt.date(2027, 1, 4), "horizon_years": 1}))
    assert all(math.isfinite(value) for month in case.months for name, value in month if name != "month")
    assert case.priced_servers == sum(server.cost_usd_month is not None for server in servers)
    by_key = {each.key: each for each in case.lines}
    for each in case.lines:
        assert (each.known is None) == (each.concerned is None)
        assert each.known is None or each.concerned is None or 0 <= each.known <= each.concerned <= len(servers)
    if "target.storage" in by_key:
        counted = [server for server in servers if server.cost_usd_month is not None]
        assert by_key["target.storage"].known == sum(server.cost.storage is not None for server in counted)
        assert by_key["target.storage"].concerned == len(servers)
    if "stay.maintenance" in by_key:
        concerned = [server for server in servers if server.power != "off"]
        assert by_key["stay.maintenance"].concerned == len(concerned)

"""Small hand-made records for tests: a plan of six applications, thirteen servers and three waves.

Every function takes overrides, so a test states only what it is about.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from migrate.findings import Finding, Severity
from migrate.model.plan import (
    Assumption,
    BusinessCase,
    Candidate,
    InputFile,
    Month,
    MonthlyCost,
    MoveGroup,
    ObjectiveTerms,
    Plan,
    PlannedApplication,
    PlannedDependency,
    PlannedServer,
    PlannedWave,
    Range,
    RiskHit,
    SiteExit,
    Solution,
)
from migrate.spec import Spec

DATES = {1: dt.date(2027, 3, 6), 2: dt.date(2027, 3, 20), 3: dt.date(2027, 4, 10)}

# application: domain, criticality, data class, wave, tiers as (name, os family, engine, disposition, target)
_APPLICATIONS: dict[str, tuple[str, str, str | None, int | None, list[tuple[str, str, str | None, str, str | None]]]] = {
    "Active Directory": ("foundation", "high", None, 1, [("nth-dc-01", "windows", None, "rehost", "m6i.large")]),
    "Library": (
        "research",
        "low",
        None,
        1,
        [("nth-lib-web-01", "linux", None, "rehost", "t3.medium"), ("nth-lib-db-01", "linux", "mysql", "rehost", "m6i.large")],
    ),
    "Claims Clearinghouse": (
        "revenue-cycle",
        "mission-critical",
        "PHI",
        3,
        [
            ("nth-clm-web-01", "linux", None, "rehost", "m6i.large"),
            ("nth-clm-app-01", "linux", None, "rehost", "m6i.xlarge"),
            ("nth-clm-db-01", "windows", "sqlserver", "rehost", "r6i.2xlarge"),
        ],
    ),
    "Remittance": (
        "revenue-cycle",
        "high",
        "PHI",
        3,
        [
            ("nth-rem-app-01", "linux", None, "rehost", "m6i.large"),
            ("nth-rem-db-01", "linux", "postgresql", "replatform", "rds:db.m6i.large"),
        ],
    ),
    "Payroll": (
        "back-office",
        "medium",
        "internal",
        2,
        [
            ("sth-pay-app-01", "windows", None, "rehost", "m6i.large"),
            ("sth-pay-db-01", "windows", "sqlserver", "rehost", "r6i.large"),
            ("sth-pay-old-01", "windows", None, "retire", None),
        ],
    ),
    "Mainframe Ledger": (
        "back-office",
        "mission-critical",
        "internal",
        None,
        [("nth-mf-01", "zos", None, "retain", None), ("nth-mf-02", "zos", None, "retain", None)],
    ),
}


def make_spec(**sections: Any) -> Spec:
    """A request with two sites, a link, crews, a window and a month-end freeze."""
    given: dict[str, Any] = {
        "plan": {"name": "small", "start": dt.date(2027, 1, 4)},
        "target": {"regions": ["us-east-2", "us-west-2"]},
        "site": [
            {
                "name": "DC-North",
                "lease_end": dt.date(2028, 6, 30),
                "fixed_cost_usd_month": 210_000,
                "colocation_usd_month": 9_000,
            },
            {"name": "DC-South", "lease_end": dt.date(2029, 3, 31), "fixed_cost_usd_month": 160_000},
        ],
        "link": [{"from": "DC-North", "bandwidth_mbit_s": 10_000}, {"from": "DC-South", "bandwidth_mbit_s": 10_000}],
        "crew": [{"skill": "windows", "hours_week": 160}, {"skill": "linux", "hours_week": 160}],
        "window": [{"id": "weekend", "days": ["sat"], "hours": "22:00-06:00", "time_zone": "America/Chicago"}],
        "freeze": [
            {
                "id": "month-end",
                "domains": ["revenue-cycle"],
                "rule": "last 4 and first 3 business days of each month",
            }
        ],
    }
    return Spec.model_validate({**given, **sections})


def make_server(name: str = "nth-x-01", **fields: Any) -> PlannedServer:
    """A priced, rehosted Linux server at DC-North."""
    given: dict[str, Any] = {
        "server_id": name,
        "name": name,
        "site": "DC-South" if name.startswith("sth") else "DC-North",
        "application": None,
        "membership_confidence": 1.0,
        "environment": "production",
        "kind": "virtual",
        "power": "on",
        "os_family": "linux",
        "os_name": "Red Hat Enterprise Linux 8 (64-bit)",
        "vcpu": 4.0,
        "memory_gib": 16.0,
        "disk_gib": 200.0,
        "disk_used_gib": 120.0,
        "addresses": (),
        "database_engine": None,
        "disposition": "rehost",
        "disposition_reason": "no reason to change it while it moves",
        "disposition_confidence": 0.8,
        "target": "m6i.large",
        "target_reason": "95th percentile of CPU and memory with 25 % headroom",
        "region": "us-east-2",
        "volumes_gib": (200.0,),
        "cost": MonthlyCost(compute=70.08, licence=0.0, storage=16.0, backup=9.0, transfer=1.0),
        "cost_usd_month": 96.08,
        "source_cost_usd_month": 164.6,
        "wave": None,
        "cutover_date": None,
        "source": f"rvtools-north.xlsx!vInfo:{abs(sum(map(ord, name))) % 900 + 2}",
    }
    return PlannedServer.model_validate({**given, **fields})


def make_servers() -> tuple[PlannedServer, ...]:
    """The servers of the small plan, sorted by id."""
    servers = []
    number = 10
    for application, (_, _, _, wave, tiers) in _APPLICATIONS.items():
        for name, family, engine, disposition, target in tiers:
            number += 1
            moves = disposition not in {"retire", "retain"}
            servers.append(
                make_server(
                    name,
                    application=application,
                    os_family=family,
                    kind="mainframe" if family == "zos" else "virtual",
                    os_name={"zos": "z/OS 2.4", "windows": "Microsoft Windows Server 2016 (64-bit)"}.get(
                        family, "Red Hat Enterprise Linux 8 (64-bit)"
                    ),
                    addresses=(f"10.20.0.{number}",),
                    database_engine=engine,
                    disposition=disposition,
                    target=target,
                    region="us-east-2" if moves else None,
                    volumes_gib=(200.0,) if moves else (),
                    cost=MonthlyCost(compute=70.08, licence=0.0, storage=16.0, backup=9.0, transfer=1.0)
                    if moves
                    else MonthlyCost(),
                    cost_usd_month=96.08 if moves else None,
                    wave=wave if moves else None,
                    cutover_date=DATES[wave] if moves and wave else None,
                )
            )
    return tuple(sorted(servers, key=lambda server: server.server_id))


def make_application(name: str = "X", **fields: Any) -> PlannedApplication:
    """A declared application of medium criticality with one server."""
    given: dict[str, Any] = {
        "application": name,
        "declared": True,
        "domain": "back-office",
        "owner": "Pat Doe",
        "criticality": "medium",
        "data_class": "internal",
        "rto_h": 8.0,
        "rpo_h": 4.0,
        "site": "DC-North",
        "shared_service": False,
        "move_group": name,
        "disposition": "rehost",
        "servers": 1,
        "moving_servers": 1,
        "data_gib": 120.0,
        "crew_h": {"linux": 4.0, "network": 2.0, "application": 16.0},
        "cost_usd_month": 96.08,
        "source_cost_usd_month": 164.6,
        "priced_servers": 1,
        "risk_score": 20.0,
        "risk_maximum": 100.0,
        "confidence": 0.9,
        "failure_probability": 0.05,
        "outage_usd_h": 4000.0,
        "risks": (),
        "wave": None,
        "cutover_date": None,
        "source": "applications.csv:2",
    }
    return PlannedApplication.model_validate({**given, **fields})


def make_applications() -> tuple[PlannedApplication, ...]:
    """The applications of the small plan, sorted by name."""
    made = []
    outage = {"mission-critical": 120_000.0, "high": 25_000.0, "medium": 4_000.0, "low": 500.0}
    for row, (name, (domain, criticality, data_class, wave, tiers)) in enumerate(_APPLICATIONS.items(), start=2):
        moving = [tier for tier in tiers if tier[3] not in {"retire", "retain"}]
        windows = sum(4.0 for tier in moving if tier[1] == "windows")
        linux = sum(4.0 for tier in moving if tier[1] == "linux")
        made.append(
            make_application(
                name,
                domain=domain,
                criticality=criticality,
                data_class=data_class,
                shared_service=name == "Active Directory",
                site="DC-South" if name == "Payroll" else "DC-North",
                move_group="Claims Clearinghouse" if name == "Remittance" else name,
                disposition=moving[0][3] if moving else "retain",
                servers=len(tiers),
                moving_servers=len(moving),
                priced_servers=len(moving),
                data_gib=120.0 * len(moving),
                crew_h={"application": 16.0, "linux": linux, "network": 2.0, "windows": windows} if moving else {},
                cost_usd_month=96.08 * len(moving) if moving else None,
                source_cost_usd_month=164.6 * len(tiers),
                outage_usd_h=outage[criticality],
                risk_score={"mission-critical": 64.0, "high": 41.0}.get(criticality, 18.0),
                risks=(RiskHit(rule="end-of-support", points=8.0, detail="1 of 3 servers"),) if "db" in str(tiers) else (),
                wave=wave,
                cutover_date=DATES[wave] if wave else None,
                source=f"applications.csv:{row}",
            )
        )
    return tuple(sorted(made, key=lambda application: application.application))


def make_dependency(consumer: str, provider: str, **fields: Any) -> PlannedDependency:
    """An observed hard dependency on a database port."""
    given: dict[str, Any] = {
        "consumer": consumer,
        "provider": provider,
        "external": False,
        "ports": ("tcp/1433",),
        "gb_day": 2.5,
        "connections_day": 12_000.0,
        "active_days": 14,
        "observed_days": 14,
        "strength": "hard",
        "reason": "synchronous protocol on every observed day",
        "origin": "observed",
        "in_cycle": False,
    }
    return PlannedDependency.model_validate({**given, **fields})


def make_dependencies() -> tuple[PlannedDependency, ...]:
    """The dependencies of the small plan, sorted by consumer and provider."""
    directory = [
        make_dependency(name, "Active Directory", ports=("tcp/389", "tcp/88"), gb_day=0.05, strength="soft")
        for name in ("Claims Clearinghouse", "Library", "Payroll", "Remittance")
    ]
    made = [
        *directory,
        make_dependency("Claims Clearinghouse", "Mainframe Ledger", ports=("tcp/1414",), gb_day=0.8, origin="confirmed"),
        make_dependency("Claims Clearinghouse", "external 203.0.113.0/24", external=True, ports=("tcp/443",), gb_day=4.0),
        make_dependency("Claims Clearinghouse", "Remittance", ports=("tcp/5432",), in_cycle=True),
        make_dependency("Payroll", "Mainframe Ledger", ports=("tcp/1414",), gb_day=0.2, origin="declared", active_days=0),
        make_dependency("Remittance", "Claims Clearinghouse", ports=("tcp/8443",), gb_day=6.0, in_cycle=True),
    ]
    return tuple(sorted(made, key=lambda dependency: (dependency.consumer, dependency.provider)))


def make_wave(wave: int, **fields: Any) -> PlannedWave:
    """One wave of the small plan."""
    members = [application for application in make_applications() if application.wave == wave]
    date = DATES[wave]
    given: dict[str, Any] = {
        "wave": wave,
        "date": date,
        "window": "weekend",
        "starts": "22:00 America/Chicago",
        "duration_h": 8.0,
        "pathfinder": wave == 1,
        "applications": tuple(application.application for application in members),
        "servers": sum(application.moving_servers for application in members),
        "data_gib": sum(application.data_gib for application in members),
        "crew_h": {"linux": 12.0, "windows": 4.0, "network": 4.0, "application": 32.0},
        "crew_available_h": {"linux": 320.0, "windows": 320.0},
        "link_days": {"DC-North": 0.02},
        "replication_start": date - dt.timedelta(days=14),
        "decommission_date": date + dt.timedelta(days=7),
        "risk_score": max(application.risk_score for application in members),
        "risk_maximum": 100.0,
        "confidence": 0.9,
        "expected_loss_usd": Range(low=4_000.0, likely=12_000.0, high=60_000.0, reason="failure probability ± half"),
        "cost_usd_month": sum(application.cost_usd_month or 0.0 for application in members),
    }
    return PlannedWave.model_validate({**given, **fields})


def make_month(index: int) -> Month:
    """Month `index` from January 2027: the estate moves over in the first half year."""
    month = dt.date(2027 + index // 12, index % 12 + 1, 1)
    moved = min(index / 6.0, 1.0)
    both = 4.0 if 1 <= index <= 4 else 0.0
    source, target = 1_500.0 * (1 - moved) + 600.0, 960.0 * moved
    fixed = 370_000.0 if index < 12 else 0.0
    one_off = 40_000.0 if index < 6 else 0.0
    return Month(
        month=month,
        servers_source=10.0 * (1 - moved),
        servers_both=both,
        servers_target=10.0 * moved,
        source_run=source,
        site_fixed=fixed,
        target_run=target,
        target_operations=45.0 * 10 * moved,
        one_off=one_off,
        partner=0.0,
        total=source + fixed + target + 450.0 * moved + one_off,
        stay_run=2_100.0,
        stay_site_fixed=370_000.0,
        stay_refresh=520.0,
        stay_partner=0.0,
        stay_total=372_620.0,
        double_run=both * 96.08,
    )


def make_plan(**fields: Any) -> Plan:
    """The small plan."""
    months = tuple(make_month(index) for index in range(36))
    terms = ObjectiveTerms(
        split=18_400.0,
        double_run=41_000.0,
        site_exit=2_220_000.0,
        risk=64_000.0,
        wave_overhead=54_000.0,
        soft_rules=0.0,
        total=2_397_400.0,
    )
    given: dict[str, Any] = {
        "made_by": "migrate 0.1.0",
        "price_book": "embedded 2025-04-04",
        "spec": make_spec(),
        "inputs": (
            InputFile(
                file="rvtools-north.xlsx",
                reader="rvtools",
                sha256="0" * 64,
                size_bytes=120_000,
                rows_read=14,
                rows_quarantined=1,
            ),
        ),
        "servers": make_servers(),
        "applications": make_applications(),
        "dependencies": make_dependencies(),
        "move_groups": tuple(
            MoveGroup(
                move_group=name,
                applications=(name, "Remittance") if name == "Claims Clearinghouse" else (name,),
                servers=len(_APPLICATIONS[name][4]) + (2 if name == "Claims Clearinghouse" else 0),
                reason="cycle of hard dependencies" if name == "Claims Clearinghouse" else "alone",
                confidence=0.9,
            )
            for name in sorted(_APPLICATIONS)
            if name != "Remittance"
        ),
        "candidates": tuple(
            Candidate(
                date=date,
                window="weekend",
                closed_domains=("revenue-cycle",) if wave == 1 else (),
                closed_applications=(),
            )
            for wave, date in DATES.items()
        ),
        "waves": tuple(make_wave(wave) for wave in DATES),
        "solution": Solution(
            objective=terms,
            first_fit=terms.model_copy(update={"split": 96_000.0, "total": 2_475_000.0}),
            bound=None,
            gap=None,
            bound_reason="No useful lower bound was found for this problem.",
            iterations=100_000,
            seed=1,
        ),
        "business_case": BusinessCase(
            months=months,
            npv_usd=7_900_000.0,
            npv_range=Range(low=5_100_000.0, likely=7_900_000.0, high=9_600_000.0, reason="source cost ± 20 %"),
            payback_month=dt.date(2028, 1, 1),
            one_off_usd=240_000.0,
            peak_bubble_usd_month=384.32,
            peak_bubble_month=dt.date(2027, 2, 1),
            run_cost_before_usd_month=372_100.0,
            run_cost_after_usd_month=2_010.0,
            priced_servers=10,
            moving_servers=10,
            site_exits=(
                SiteExit(
                    site="DC-North",
                    last_cutover=DATES[3],
                    exit_date=dt.date(2027, 12, 31),
                    lease_end=dt.date(2028, 6, 30),
                    blocked_by=(),
                    saved_usd=5_000_000.0,
                ),
                SiteExit(
                    site="DC-South",
                    last_cutover=DATES[2],
                    exit_date=None,
                    lease_end=dt.date(2029, 3, 31),
                    blocked_by=("Mainframe Ledger",),
                    saved_usd=0.0,
                ),
            ),
            assumptions=(
                Assumption(key="target.headroom", value="0.25", unit="fraction", source="plan.toml"),
                Assumption(key="ec2/m6i.large/us-east-2/on_demand", value="0.096", unit="USD/h", source="price book"),
            ),
        ),
        "findings": (
            Finding(
                code="template-excluded",
                severity=Severity.info,
                subject="tpl-rhel8",
                source="rvtools-north.xlsx!vInfo:9",
                message="A template is not a server and is not planned",
                remedy="Nothing to do.",
            ),
        ),
    }
    return Plan.model_validate({**given, **fields})

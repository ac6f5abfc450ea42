from __future__ import annotations

import subprocess
import sys

import pytest

from migrate.errors import RequestError
from migrate.rehearsal import FaultKind, rehearse, rehearse_all
from tests.factories import make_dependency, make_plan
from tests.rehearsal.plans import make_wide_plan, with_server


def test_a_wave_is_launched_checked_switched_and_taken_back() -> None:
    report = rehearse(make_plan(), 3)
    assert report.passed
    assert report.rollback_verified
    assert (report.servers_planned, report.servers_rehearsed) == (5, 5)
    assert report.created["instance"] == 4
    assert report.created["database"] == 1
    assert report.missing == ()
    assert report.mismatches == report.checks_failed == ()
    phases = list(dict.fromkeys(step.phase for step in report.steps))
    assert phases == ["landing zone", "before", "target", "check", "switch", "verify", "return"]
    assert [step.n for step in report.steps] == list(range(1, len(report.steps) + 1))


def test_the_target_is_kept_until_names_lead_to_the_source() -> None:
    kinds = [step.kind for step in rehearse(make_plan(), 3).steps if step.phase == "return"]
    assert list(dict.fromkeys(kinds))[:4] == ["stop", "names", "terminate", "delete database"]


def test_the_landing_zone_is_wave_0_and_stays() -> None:
    report = rehearse(make_plan(), 0)
    assert report.passed
    assert report.rollback_verified is None
    assert report.created["security group"] == 5
    assert report.outcome == "The landing zone of all 3 waves stands as planned."
    assert "instance" not in report.created


def test_every_wave_is_rehearsed() -> None:
    reports = list(rehearse_all(make_plan()))
    assert [report.wave for report in reports] == [0, 1, 2, 3]
    assert all(report.passed for report in reports)
    assert sum(report.servers_rehearsed for report in reports) == 10


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        ("launch:nth-clm-web-01", "InvalidAMIID"),
        ("volume:nth-clm-web-01", "volumes encrypted with the planned key is 0, planned is 1"),
        ("stop:nth-rem-app-01", "state is stopped, planned is running"),
        ("database:nth-rem-db-01", "no-such-engine"),
        ("security:Claims Clearinghouse", "inbound rules that nobody needs is 1"),
        ("dns:Remittance", "not permitted in zone"),
    ],
)
def test_a_fault_is_noticed_and_the_way_back_works(fault: str, reason: str) -> None:
    report = rehearse(make_plan(), 3, fault=fault)
    assert not report.passed
    assert reason in report.outcome
    assert report.rollback_verified
    assert report.fault == fault
    assert f"fault {fault} was injected and noticed" in report.outcome
    assert report.steps[-1].phase == "return"


def test_every_kind_of_fault_is_tried_above() -> None:
    mark = next(mark for mark in test_a_fault_is_noticed_and_the_way_back_works.pytestmark if mark.name == "parametrize")  # type: ignore[attr-defined]
    assert {fault.partition(":")[0] for fault, _ in mark.args[1]} == {kind.value for kind in FaultKind}


@pytest.mark.parametrize("fault", ["explode:nth-clm-web-01", "launch", "launch:", "launch:nobody", "dns:nth-clm-web-01"])
def test_a_fault_that_cannot_be_is_a_wrong_request(fault: str) -> None:
    with pytest.raises(RequestError):
        rehearse(make_plan(), 3, fault=fault)


def test_an_unknown_wave_names_those_there_are() -> None:
    with pytest.raises(RequestError, match=r"no wave 9.*0, 1, 2, 3"):
        rehearse(make_plan(), 9)


def test_an_instance_type_that_aws_does_not_have_fails() -> None:
    report = rehearse(with_server(make_plan(), "nth-clm-web-01", target="m99.huge"), 3)
    assert not report.passed
    assert "InvalidInstanceType" in report.outcome
    assert report.rollback_verified
    assert "nth-clm-web-01" in report.missing


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"disposition": "repurchase", "target": None}, "bought service"),
        ({"target": None}, "no target"),
        ({"target": "fsx:windows"}, "does not build it"),
        ({"target": "rds:db.r6i.large", "database_engine": "db2"}, "no engine db2"),
        ({"volumes_gib": (1e9,)}, "the most that gp3 holds"),
    ],
)
def test_what_cannot_be_rehearsed_is_said(fields: dict[str, object], reason: str) -> None:
    report = rehearse(with_server(make_plan(), "sth-pay-app-01", **fields), 2)
    assert report.passed
    assert (report.servers_planned, report.servers_rehearsed) == (2, 1)
    assert [(item.server, reason in item.reason) for item in report.unrehearsed] == [("sth-pay-app-01", True)]


def test_retired_servers_are_no_part_of_a_rehearsal() -> None:
    report = rehearse(make_plan(), 2)
    assert not any("sth-pay-old-01" in step.subject for step in report.steps)


def test_names_without_a_source_address_are_removed_again() -> None:
    report = rehearse(with_server(make_plan(), "nth-rem-db-01", addresses=()), 3)
    assert report.passed
    assert report.created["record"] == 4


def test_unknown_volumes_are_noted() -> None:
    report = rehearse(with_server(make_plan(), "nth-lib-web-01", volumes_gib=()), 1)
    assert report.passed
    assert "nth-lib-web-01" in report.notes[0]


def test_hostile_names_are_only_text() -> None:
    plan = make_plan()
    for server, hostile in (("sth-pay-app-01", "../../etc/passwd"), ("sth-pay-db-01", "=cmd|'/c calc'!A0")):
        plan = with_server(plan, server, name=hostile)
    assert rehearse(plan, 2).passed


def test_servers_of_one_name_have_names_of_their_own() -> None:
    plan = with_server(make_plan(), "nth-lib-web-01", name="twin")
    assert rehearse(with_server(plan, "nth-lib-db-01", name="TWIN"), 1).passed


def test_a_group_with_too_many_rules_is_widened_and_noted() -> None:
    parties = [make_dependency(f"198.51.{n}.0/24", "Payroll", external=True, ports=("tcp/443",)) for n in range(100)]
    report = rehearse(make_plan(dependencies=tuple(parties)), 2)
    assert report.passed
    assert "Payroll in us-east-2/DC-South/1: 100 inbound rules" in report.notes[0]


def test_protocols_without_ports_get_rules() -> None:
    needs = (make_dependency("198.51.100.0/24", "Payroll", external=True, ports=("icmp/0", "47/0", "udp/53")),)
    report = rehearse(make_plan(dependencies=needs), 2)
    assert report.passed
    assert report.created["rule"] == 3


def test_two_rehearsals_report_the_same() -> None:
    assert rehearse(make_plan(), 3) == rehearse(make_plan(), 3)


def test_progress_runs_to_the_end() -> None:
    told: list[tuple[str, float]] = []
    rehearse(make_plan(), 1, progress=lambda text, share: told.append((text, share)))
    assert told
    assert all(0 <= share <= 1 for _, share in told)
    assert [share for _, share in told] == sorted(share for _, share in told)


def test_a_wave_that_fills_its_subnets_fits() -> None:
    report = rehearse(make_wide_plan(60, 3), 1)
    assert report.passed
    assert report.created["volume"] == 120


def test_importing_the_rehearsal_does_not_import_boto_or_moto() -> None:
    code = "import sys, migrate.rehearsal; sys.exit(bool({'boto3', 'botocore', 'moto'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0

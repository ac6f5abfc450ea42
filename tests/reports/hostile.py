"""Names as an attacker, or a careless export, would write them."""

from __future__ import annotations

from migrate.model.plan import Plan
from tests.factories import make_application, make_applications, make_dependency, make_plan, make_server, make_servers, make_spec

NAMES = (
    "<script>alert(1)</script>",
    "</script><img src=x onerror=alert(1)>",
    '" onmouseover="alert(1)',
    "=cmd|' /c calc'!A0",
    "+1+1",
    "-2+3",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    'quote " and, comma\nand line',
    "{{ 7 * 7 }}{% raw %}",
    "&amp; \\N \\l <B>",
    "_x0041_",
    "A" * 300,
    "\u202eevil\x00\x07\ufffe",
    "مستشفى 🚑",
    "../../etc/passwd",
)


def make_hostile_plan() -> Plan:
    """The small plan with one more application and server for each name, a spec of that kind and a few dependencies."""
    wave = {"wave": 2, "cutover_date": make_plan().waves[1].date}
    applications = [make_application(name, owner=name, domain=name, site=name, **wave) for name in NAMES]
    servers = [
        make_server(name, server_id=f"h-{at}", application=name, site=name, source=name, **wave) for at, name in enumerate(NAMES)
    ]
    dependencies = [make_dependency(name, "Payroll", ports=(name,), reason=name) for name in NAMES]
    names = ("plan", {"name": "</script><script>alert(2)</script>", "start": "2027-01-04"})
    return make_plan(
        spec=make_spec(**dict([names])),
        applications=tuple(sorted([*make_applications(), *applications], key=lambda a: a.application)),
        servers=tuple(sorted([*make_servers(), *servers], key=lambda s: s.server_id)),
        dependencies=tuple(sorted(dependencies, key=lambda d: d.consumer)),
    )

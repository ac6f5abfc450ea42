"""Business cases of small hand-made plans."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from hypothesis import strategies as st

from migrate.finance import business_case
from migrate.model.plan import BusinessCase, CostLine, PlannedServer, PlannedWave
from migrate.spec import Spec
from tests.factories import DATES, make_applications, make_server, make_wave

WAVES = tuple(make_wave(wave) for wave in DATES)


def compute(servers: Sequence[PlannedServer], spec: Spec, waves: Sequence[PlannedWave] = WAVES, **more: Any) -> BusinessCase:
    """The case of servers that are in the waves of the small plan."""
    return business_case(servers, make_applications(), waves, spec, "embedded 2027-01-01", **more)[0]


def moving(name: str, wave: int = 1, **fields: Any) -> PlannedServer:
    """A server of a wave."""
    return make_server(name, wave=wave, cutover_date=DATES[wave], **fields)


def line(case: BusinessCase, key: str) -> CostLine:
    """A line by its key."""
    return next(each for each in case.lines if each.key == key)


server_lists = st.lists(
    st.builds(
        lambda number, wave, disposition, source, target, site: make_server(
            f"s{number}",
            site=site,
            application="Payroll" if number % 2 else None,
            disposition=disposition,
            wave=wave if disposition not in {"retain", "retire", None} else None,
            source_cost_usd_month=source,
            cost_usd_month=target,
        ),
        number=st.integers(0, 10_000),
        wave=st.sampled_from([1, 2, 3, None]),
        disposition=st.sampled_from(["rehost", "replatform", "retire", "retain", None]),
        source=st.none() | st.floats(0, 5000),
        target=st.none() | st.floats(0, 5000),
        site=st.sampled_from(["DC-North", "DC-South", "elsewhere", None]),
    ),
    max_size=12,
)

"""Cases and uncertainty of the business case: what a request may say of them."""

from __future__ import annotations

import pytest

from migrate.errors import RequestError
from migrate.spec.case_settings import case_spec
from migrate.spec.load import parse_spec

_HEAD = '[plan]\nstart = 2027-01-04\n[[site]]\nname = "DC-North"\nfixed_cost_usd_month = 10\n'


def _case(*lines: str) -> str:
    return f'{_HEAD}[[case]]\nname = "other"\nset = [{", ".join(repr(line) for line in lines)}]\n'


def test_a_case_sets_keys_of_money() -> None:
    spec = parse_spec(_case("costs.support_share = 0.1", "site[DC-North].fixed_cost_usd_month=0", "plan.discount_rate = 0.05"))
    changed = case_spec(spec, spec.case[0])
    assert (changed.costs.support_share, changed.site[0].fixed_cost_usd_month, changed.plan.discount_rate) == (0.1, 0.0, 0.05)
    assert spec.costs.support_share == 0.03


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("waves.max_servers = 10", "no figure of the business case"),
        ("costs.suport_share = 0.1", "no key `suport_share`"),
        ("costs.support_share = 0.5", "less than or equal to 0.2"),
        ("costs.support_share = 0.1, 0.2", "several values"),
        ("costs.support_share", "no setting"),
    ],
)
def test_what_a_case_cannot_set_is_told_with_its_line(line: str, said: str) -> None:
    with pytest.raises(RequestError) as caught:
        parse_spec(_case(line), where="plan.toml")
    assert said in caught.value.message
    assert caught.value.where == "plan.toml:8"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[uncertainty]\ncloud = [0.1, 0.2]", "from below 0 to above it"),
        ("[uncertainty]\ndelay_days = [10, 5, 20]", "do not rise"),
        ('[[contract]]\nname = "array"\nusd_month = 1\nends = 2028-01-01\nsite = "DC-Nrth"', "no [[site]]"),
        ("[costs]\nvcpu_usd_month = 14\npower_usd_year = 1_000", "contains what `power_usd_year` says"),
    ],
)
def test_contradictions_are_refused(text: str, said: str) -> None:
    with pytest.raises(RequestError) as caught:
        parse_spec(_HEAD + text)
    assert said in caught.value.message

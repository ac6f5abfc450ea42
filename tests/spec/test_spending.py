"""What a request may not say of discounts, support, currency and private rates."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from migrate.errors import RequestError
from migrate.spec.load import load_spec

_HEAD = "[plan]\nstart = 2027-01-04\n"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('[currency]\ncode = "EUR"', "needs `per_usd`, `date` and `source`"),
        ("[currency]\nper_usd = 0.9", "rate for USD itself"),
        ('[currency]\ncode = "euro"', "three capital letters"),
        ("[discounts]\nedp_share = 1.0", "edp_share"),
        ('[discounts]\nedp_applies_to = ["support"]', "edp_applies_to"),
        ('[support]\nplan = "own"', "that plan without tiers"),
        ("[support]\ntiers = [{ share = 0.1 }]", "has `tiers` without"),
        ('[support]\nplan = "own"\ntiers = [{ share = 0.1 }, { up_to_usd = 5, share = 0.1 }]', "do not ascend"),
        (
            '[support]\nplan = "own"\ntiers = [{ up_to_usd = 9, share = 0.1 }, { up_to_usd = 5, share = 0.1 }, { share = 0 }]',
            "ascend",
        ),
        ('[[private_rate]]\nid = "a"\nservice = "ebs"\nfamily = "m5"\nshare = 0.1', "ebs knows none"),
        ('[[private_rate]]\nid = "a"\nservice = "ec2"\nshare = 0.0', "share"),
        ('[[private_rate]]\nid = "a"\nservice = "ec2"\nshare = 0.1\n' * 2, "used twice"),
    ],
)
def test_contradictions_are_told_in_one_sentence(text: str, told: str, tmp_path: Path) -> None:
    path = tmp_path / "plan.toml"
    path.write_text(_HEAD + text)
    with pytest.raises(RequestError, match=re.escape(told)):
        load_spec(path)


def test_a_request_with_all_of_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "plan.toml"
    path.write_text(
        _HEAD + '[currency]\ncode = "EUR"\nper_usd = 0.92\ndate = 2026-11-20\nsource = "ECB"\n'
        '[support]\nplan = "own"\ntiers = [{ up_to_usd = 10000, share = 0.1 }, { share = 0.03 }]\nminimum_usd_month = 29\n'
        '[[private_rate]]\nid = "a"\nservice = "ec2"\nfamily = "m7i"\nshare = 0.1\n'
    )
    spec = load_spec(path)
    assert (spec.currency.code, spec.currency.factor) == ("EUR", 0.92)
    assert [tier.share for tier in spec.support.tiers] == [0.1, 0.03]

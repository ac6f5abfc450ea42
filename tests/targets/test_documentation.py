"""docs/targets.md and docs/prices.md list what there is: rules, speeds, alternatives, counterparts of regions."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path
from typing import get_args

from migrate.model.plan import Alternative
from migrate.targets.cloud_regions import COUNTERPARTS
from migrate.targets.dispositions import rules
from migrate.targets.speeds import SPEEDS

_DOCS = Path(__file__).parents[2] / "docs"
TARGETS = (_DOCS / "targets.md").read_text(encoding="utf-8")
PRICES = (_DOCS / "prices.md").read_text(encoding="utf-8")


def test_every_rule_is_in_the_documentation_in_its_order() -> None:
    assert re.findall(r"^\| `([\w-]+)` \|", TARGETS, re.MULTILINE) == [rule.id for rule in rules(dt.date(2027, 1, 4), 14)]


def test_every_generation_of_processors_is_in_the_documentation_with_its_speed() -> None:
    told = {}
    for names, speed in re.findall(r"^\| ([A-Z][\w ,]+) \|.*\| (\d(?:\.\d{3})?) \|$", TARGETS, re.MULTILINE):
        told.update({name.strip(): speed for name in names.split(",")})
    assert {name: told[name] for name in SPEEDS} == {name: f"{speed:.3f}".removesuffix(".000") for name, speed in SPEEDS.items()}


def test_every_alternative_is_in_the_documentation_in_its_order() -> None:
    table = TARGETS.partition("| key | need | candidates |")[2].partition("\n\n")[0]
    keys = get_args(Alternative.model_fields["key"].annotation)
    assert re.findall(r"^\| ([a-z][\w-]+) \|", table, re.MULTILINE) == list(keys)


def test_every_counterpart_of_a_region_is_in_the_documentation() -> None:
    table = PRICES.partition("| AWS | Azure | Google Cloud |")[2].partition("\n\n")[0]
    rows = re.findall(r"^\| (\S+) \| (\S+) \| (\S+) \|$", table, re.MULTILINE)
    told = {aws: (azure, google) for aws, azure, google in rows if not aws.startswith("-")}
    assert told == {aws: (other["azure"] or "none", other["google"] or "none") for aws, other in COUNTERPARTS.items()}

"""What types and bounds cannot say about a request: whether its time zones exist and its rules can be read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from zoneinfo import ZoneInfo

from migrate.spec import Spec
from migrate.spec.flows import Flows
from migrate.spec.freeze_rule import ACCEPTED, parse_freeze_rule
from migrate.spec.places import Place

__all__ = ["mistakes"]

_HOURS = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)-([01]?\d|2[0-3]):([0-5]\d)", re.ASCII)
#: Without these fields a VPC Flow Log does not say who talked to whom, and on what port.
_NEEDED_FIELDS = ("srcaddr", "dstaddr", "dstport", "protocol")


def mistakes(spec: Spec) -> Iterator[tuple[Place, str, str]]:
    """Each mistake's place, what is wrong with it, and the remedy."""
    for index, window in enumerate(spec.window):
        if not _is_zone(window.time_zone):
            yield ("window", index, "time_zone"), "is no time zone", 'Write an IANA name such as "America/Chicago".'
    for index, freeze in enumerate(spec.freeze):
        if freeze.rule is not None and parse_freeze_rule(freeze.rule) is None:
            yield ("freeze", index, "rule"), "is no rule of a freeze", f"Write {ACCEPTED}."
        if "country" in freeze.model_fields_set and not _is_country(freeze.country):
            remedy = "Write an ISO 3166 code that the holidays library knows, such as `US`, `US-IL` or `DE-BY`."
            yield ("freeze", index, "country"), "is no country or subdivision whose holidays are known", remedy
    sites = {name.casefold() for site in spec.site for name in (site.name, *site.match)}
    for index, contract in enumerate(spec.contract):
        if contract.site is not None and contract.site.casefold() not in sites:
            yield ("contract", index, "site"), "is no [[site]] of the request", "Name one, or leave it out."
    yield from _of_flows(spec.flows)


def _of_flows(flows: Flows) -> Iterator[tuple[Place, str, str]]:
    if not _is_zone(flows.time_zone):
        yield ("flows", "time_zone"), "is no time zone", 'Write an IANA name such as "America/Chicago".'
    hours = _HOURS.fullmatch(flows.business_hours.strip())
    if hours is None:
        yield ("flows", "business_hours"), "are no hours of a day", "Write them as `08:00-18:00`, up to `23:59`."
    elif (int(hours[1]), hours[2]) == (int(hours[3]), hours[4]):
        yield ("flows", "business_hours"), "end when they begin", "Write `00:00-23:59` for the whole day."
    fields = re.sub(r"[${},]", " ", flows.fields).lower().replace("_", "-").split()
    names = {name.removeprefix("pkt-") for name in fields}
    if lacking := [name for name in _NEEDED_FIELDS if fields and name not in names]:
        yield (
            ("flows", "fields"),
            f"lacks {', '.join(lacking)}",
            "Write the log format as it was declared, or log these fields too.",
        )
    if twice := sorted({name for name in fields if fields.count(name) > 1}):
        yield ("flows", "fields"), f"names {', '.join(twice)} twice", "Write each field once, in the order of the log."
    if not flows.engine.strip():
        yield ("flows", "engine"), "names no engine", "Write `duckdb`, `spark` or the URL of an ibis backend."


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return False
    return True


def _is_country(code: str) -> bool:
    import holidays  # noqa: PLC0415 -- half a second that only requests with such a freeze pay

    country, _, subdivision = code.partition("-")
    known = holidays.list_supported_countries(include_aliases=True)
    return country in known and (not subdivision or subdivision in known[country])

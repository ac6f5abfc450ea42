"""What a ``[[case]]`` of a request changes: the request as that case has it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from migrate.errors import RequestError
from migrate.spec import Case, Spec
from migrate.spec.places import Place
from migrate.spec.settings import Setting, parse_sweep, with_settings

__all__ = ["case_mistakes", "case_spec"]

_MONEY = re.compile(
    r"plan\.(discount_rate|finance_rate|reinvest_rate)|effort\.hour_usd|weights\.transfer_usd_gb|staff\.transfer_date"
    r"|(costs|discounts|support)\.\w+|crew\[[^\]]+\]\.hour_usd|(contract|private_rate)\[[^\]]+\]\.\w+"
    r"|site\[[^\]]+\]\.(fixed_cost_usd_month|colocation_usd_month|lease_owed_share|overstay_usd_month)"
)
_REMEDY = (
    "Write `key = value` with a key of [costs], [discounts], [support], [[contract]], a cost of a [[site]], `plan.discount_rate` "
    "or `effort.hour_usd`; what changes the waves is a matter of `migrate scenario`."
)


def case_spec(spec: Spec, case: Case) -> Spec:
    """The request with the keys of a case set.

    Raises
    ------
    RequestError
        A key is not there or not of money, a value cannot be one, or there are several values.
    """
    settings = []
    for text in case.set:
        sweep = parse_sweep(text)
        key = sweep.key.strip()
        if not _MONEY.fullmatch(key):
            raise RequestError(f"`{key[:60]}` is no figure of the business case", where="case", remedy=_REMEDY)
        if len(sweep.values) != 1:
            raise RequestError(f"`{key}` is given several values", where="case", remedy="Give one; write a case for each.")
        settings.append(Setting(key, sweep.values[0]))
    return with_settings(spec, settings) if settings else spec


def case_mistakes(spec: Spec) -> Iterator[tuple[Place, str, str]]:
    """Each case that cannot be computed: its place in the request, what is wrong, and the remedy."""
    for index, case in enumerate(spec.case):
        try:
            case_spec(spec, case)
        except RequestError as error:
            yield ("case", index, "set"), f"cannot be set: {error.message}", error.remedy

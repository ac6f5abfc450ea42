"""What would help against the rules that leave no plan: the keys of plan.toml that they themselves have."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from migrate.spec import Rule, Spec

__all__ = ["open_dates", "raise_days"]


def open_dates(spec: Spec, closing: Sequence[str]) -> str:
    """What to change where the rules of these ids close every date; it names only what there is.

    Parameters
    ----------
    spec
        The request.
    closing
        Ids of freezes, dated rules, pins and leases, and ``windows`` for the want of a window.
    """
    ids = set(closing)
    freezes = [freeze.id for freeze in spec.freeze if freeze.id in ids]
    rules = [rule for rule in spec.rule if rule.id in ids]
    ways = [f"shorten the freeze {' or '.join(freezes)}"] if freezes else []
    if freezes or "windows" in ids:
        ways.append("add a [[window]]")
    if any(name.startswith("pin ") for name in ids):
        ways.append("move the pin")
    if any(rule.of is not None for rule in rules):
        ways.append("move the date of the rule")
    ways += [f"raise {key} of {rule.id}" for rule in rules if (key := _days(rule))]
    ways += [f"lower `lag_days` of {rule.id}" for rule in rules if rule.lag_days]
    if any(rule.of is None for rule in rules):
        ways.append("move the `on` of the [[disposition]]")
    if any(name.startswith("site ") for name in ids):
        ways.append("move the lease end")
    ways += ["make the rule soft with price_usd"] if rules else []
    if freezes or "windows" in ids or any(rule.earliest is not None or rule.before is not None for rule in rules):
        ways.append("raise [waves] max_waves")
    ways = ways or ["move a date", "raise [waves] max_waves"]
    text = f"{', '.join(ways[:-1])}, or {ways[-1]}." if len(ways) > 1 else f"{ways[0]}."
    return text[:1].upper() + text[1:]


def raise_days(spec: Spec, rules: Collection[str]) -> str:
    """What to change in those of the rules that allow a number of days; empty where none does."""
    found = [f"{key} of {rule.id}" for rule in spec.rule if rule.id in rules and (key := _days(rule))]
    if not found:
        return ""
    return f"Raise {' or '.join(found)}, or make {'it' if len(found) == 1 else 'one of them'} soft with price_usd."


def _days(rule: Rule) -> str:
    """The key of a rule that allows a number of days; empty where it has none."""
    if rule.within is not None:
        return "`days`"
    return "`within_days`" if rule.within_days is not None else ""

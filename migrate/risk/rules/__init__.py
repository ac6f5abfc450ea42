"""Every risk rule: the `RULE` of each module in this folder, by id. A new rule is a new file, and nothing else."""

from __future__ import annotations

import importlib
import pkgutil

from migrate.risk.rule import RiskRule

__all__ = ["RULES"]


def _collect() -> tuple[RiskRule, ...]:
    names = sorted(module.name for module in pkgutil.iter_modules(__path__))
    rules = [importlib.import_module(f"{__name__}.{name}").RULE for name in names]
    return tuple(sorted(rules, key=lambda rule: rule.id))


RULES: tuple[RiskRule, ...] = _collect()

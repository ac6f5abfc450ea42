"""From words that name an environment to the four that are known here. Only explicit words count, never a guess."""

from __future__ import annotations

import polars as pl

__all__ = ["environment_in_name", "environment_of"]

# words of ServiceNow's `environment`, `used_for` and `classification` choices, and of people, separated by commas
_WORDS = {
    "production": "production,prod,prd,live,produktion",
    "dr": "dr,disaster recovery,disaster-recovery,standby,recovery,bcp",
    "test": "test,testing,tst,uat,qa,qas,quality,quality assurance,sit,staging,stage,stg,preprod,pre-prod,preproduction,"
    "pre-production,acceptance,training,trn,user acceptance test,user acceptance testing",
    "development": "development,dev,develop,sandbox,sbx,lab,poc,demonstration,demo",
}
_BY_WORD = {word: environment for environment, words in _WORDS.items() for word in words.split(",")}
# in a server's name or a folder only words that mean nothing else: "live", "lab" (a hospital has one) or "stage" do not count
_IN_NAMES = {
    "production": "production|prod|prd",
    "test": "testing|test|tst|uat|preprod|staging",
    "development": "development|dev",
}


def environment_of(value: pl.Expr) -> pl.Expr:
    """The environment that a field for it names; null when the word is not known."""
    return value.str.to_lowercase().str.strip_chars().replace_strict(_BY_WORD, default=None, return_dtype=pl.String)


def environment_in_name(value: pl.Expr) -> pl.Expr:
    """The environment that stands as a word of its own in a name or folder, such as ``web-prd-01`` or ``/Test/SQL``.

    Null when there is none, or when two contradict each other.
    """
    text = value.str.to_lowercase()
    found = {
        name: text.str.contains(rf"(^|[^a-z0-9])({words})([^a-z]|$)").fill_null(value=False) for name, words in _IN_NAMES.items()
    }
    count = pl.sum_horizontal(expr.cast(pl.Int8) for expr in found.values())
    return pl.when(count == 1).then(pl.coalesce(pl.when(expr).then(pl.lit(name)) for name, expr in found.items()))

"""What a server's name says about its application, when conventions differ from house to house.

Numbers, environment words and role words are taken off; what remains is compared, never interpreted.
"""

from __future__ import annotations

import polars as pl

from migrate.discovery.addresses import ADDRESS

__all__ = ["name_keys", "sensible_label"]

_ENVIRONMENTS = (
    "production|prod|prd|preprod|nonprod|development|develop|devel|devl|dev|testing|test|tst|uat|sqa|qa|staging|stage|stg|"
    "sandbox|sndbx|sbx|training|train|trn|demo|poc|dr|old|new|bkp|backup|copy|template|temp|tmp|clone"
)
_ROLES = (
    "website|web|www|frontend|backend|application|apps|app|api|database|dbs|db|sql|mssql|mysql|ora|oracle|pg|server|srv|svr|svc|"
    "iis|was|as|ws|batch|cache|queue|mq|node|vm|host|win|lin|linux|x"
)
_LEAST = 3  # characters that must remain
_ROUNDS = 3
_SITE_SHARE = 0.1  # a first word on so many of all names is a site or company, not an application
_SITE_LEAST = 20
_PREFIX = 5  # longest prefix that is looked for
_TIER_LETTERS = "[awdxs]"
#: Names that say nothing.
_EMPTY = (
    r"^(?:vm|srv|server|host|node|localhost|computer|win|linux|ubuntu|centos|rhel|windows|virtual|machine|new|copy|template|"
    r"test|ip|ec2)?$"
)


def name_keys(servers: pl.DataFrame) -> pl.DataFrame:
    """Keys of each server's name, from specific to general; null where too little remains.

    Parameters
    ----------
    servers
        Columns ``server_id`` and ``name``.

    Returns
    -------
    Columns ``server_id``, ``stem`` (without number and environment: ``ehr-db``), ``core`` (without role: ``ehr``) and
    ``trunk`` (the core without its last letter, for conventions that end in one letter for the tier).
    """
    plain = (
        pl.col("name")
        .str.to_lowercase()
        .str.replace(r"^([^.]+)\.[^.]+\..*$", "$1")  # a full DNS name: the first label
        .str.replace_all(r"[^\p{L}\p{N}]+", "-")
        .str.strip_chars("-")
    )
    plain = pl.when(~pl.col("name").str.contains(ADDRESS)).then(plain)  # addresses are no names
    frame = _without_site(servers.select("server_id", text=plain))
    stem = _strip(pl.col("text"), _ENVIRONMENTS)
    frame = frame.with_columns(stem=_words_off(stem, _ENVIRONMENTS))
    frame = frame.with_columns(core=_words_off(_strip(pl.col("stem"), _ROLES), _ROLES))
    frame = frame.with_columns(core=pl.when(_opens_many(frame)).then("stem").otherwise("core"))
    frame = frame.with_columns(trunk=pl.col("core").str.replace(f"{_TIER_LETTERS}$", "").str.strip_chars("-"))
    return frame.select("server_id", *(_meaning(pl.col(key)).alias(key) for key in ("stem", "core", "trunk")))


def _without_site(frame: pl.DataFrame) -> pl.DataFrame:
    """Take off the first of several words where it is on many names."""
    text = pl.col("text")
    first = text.str.extract(r"^(\p{L}+\d{0,2})-\p{L}")
    counts = frame.select(first=first)["first"].drop_nulls().value_counts()
    common = counts.filter(pl.col("count") >= max(_SITE_SHARE * frame.height, _SITE_LEAST))["first"].sort()
    return frame.with_columns(text=pl.when(first.is_in(common.implode())).then(text.str.replace(r"^[^-]+-", "")).otherwise(text))


def _opens_many(frame: pl.DataFrame) -> pl.Expr:
    """Whether a short core is only what very many names begin with: a company's prefix, not an application."""
    least = max(_SITE_SHARE * frame.height, _SITE_LEAST)
    common = [
        start
        for length in range(1, _PREFIX + 1)
        for start, number in frame["text"].drop_nulls().str.slice(0, length).value_counts().sort("text").iter_rows()
        if number >= least
    ]
    return pl.col("core").is_in(common)


def _strip(text: pl.Expr, words: str) -> pl.Expr:
    """Take off trailing numbers (with one letter after them) and words, as long as enough remains."""
    for _ in range(_ROUNDS):
        text = text.str.replace(rf"^(.{{{_LEAST},}}?)-*\d+[a-z]?$", "$1").str.replace(rf"^(.{{{_LEAST},}}?)-*(?:{words})$", "$1")
    return text.str.strip_chars("-")


def _words_off(text: pl.Expr, words: str) -> pl.Expr:
    """Take off whole words of the list between separators, wherever they stand, and numbers after them."""
    doubled = pl.concat_str(pl.lit("-"), text.str.replace_all("-", "--"), pl.lit("-"))
    rest = doubled.str.replace_all(rf"-(?:{words})\d*-", "").str.replace_all(r"-+", "-").str.strip_chars("-")
    return pl.when(rest.str.len_chars() >= _LEAST).then(rest).otherwise(text)


def _meaning(key: pl.Expr) -> pl.Expr:
    letters = key.str.replace_all(r"[^\p{L}]", "")
    return pl.when((letters.str.len_chars() >= _LEAST - 1) & ~letters.str.contains(_EMPTY)).then(key)


def sensible_label(text: pl.Expr) -> pl.Expr:
    """A name for a person: control characters and outer blanks gone, at most 60 characters."""
    return (
        text.str.replace_all(r"[\p{C}]+", " ").str.replace_all(r"\s+", " ").str.strip_chars().str.slice(0, 60).str.strip_chars()
    )

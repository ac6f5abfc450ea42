"""From an operating system as people and tools write it to its family."""

from __future__ import annotations

import polars as pl

__all__ = ["os_family"]

# in this order: the first that is found decides; words are those of vSphere's guest names, ServiceNow's `os` choices
# and of people
_FAMILIES = (
    ("zos", r"\bz/?os\b|\bz/?vm\b|\bz/?vse\b|\bos/?390\b|\bmvs\b|mainframe"),
    (
        "unix",
        r"\baix\b|solaris|sun\s?os|hp[-/ ]?ux|\bunix\b|freebsd|openbsd|netbsd|\bos/?400\b|\bas/?400\b|ibm i\b|unixware"
        r"|openserver|tru64|\birix\b|openvms|tandem|nonstop",
    ),
    (
        "linux",
        r"linux|red ?hat|\brhel|centos|ubuntu|debian|\bsuse\b|\bsles\b|\bsled\b|opensuse|oracle (enterprise )?linux"
        r"|\bol ?[5-9]\b|rocky|alma|fedora|photon|coreos|amazon linux|gentoo",
    ),
    ("windows", r"windows|\bwin ?(2k|20\d\d|nt|xp|7|8|10|11)|microsoft|\bw2k"),
    ("other", r"\S"),
)


def os_family(name: pl.Expr) -> pl.Expr:
    """The family (`migrate.model.names.OS_FAMILIES`) of a column of operating-system names.

    Null stays null. Something that is none of the known families is ``other``: appliances, ESXi, NetWare, macOS.
    """
    text = name.str.to_lowercase()
    return pl.coalesce(pl.when(text.str.contains(pattern)).then(pl.lit(word)) for word, pattern in _FAMILIES)

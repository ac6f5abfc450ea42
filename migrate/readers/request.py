"""The beginning of a plan.toml for files that a person has: recognised, with sites found, defaults said, the rest as comments."""

from __future__ import annotations

import datetime as dt
import glob
import json
import os
import re
from collections.abc import Sequence
from pathlib import Path

from migrate.readers.inventory import read_inventory, recognise

__all__ = ["request_text"]

_WAVES = 50  # in about a year of weekends
_SERVERS = 150  # the default of waves.max_servers
_MOST_SITES = 50
_MANY = 3  # Parquet files in a folder that are named by a pattern


def request_text(folder: Path, files: Sequence[Path], start: dt.date) -> str:
    """Write a commented plan.toml that plans these files with conservative defaults.

    Parameters
    ----------
    folder
        Where plan.toml will be: paths in it are relative to that, unless they share nothing with it.
    files
        Inventory files. Those that no reader knows are named in a comment.
    start
        First day of the programme.

    Raises
    ------
    InputError
        As `read_inventory`.
    """
    recognised = recognise(files)
    servers = read_inventory(files, ()).estate.servers
    taken = [item.path for item in recognised if item.reader]
    left = sorted(item.label for item in recognised if not item.reader)
    per_site = servers["site"].drop_nulls().value_counts().sort(["count", "site"], descending=[True, False])
    sites = [(str(name), int(count)) for name, count in per_site.head(_MOST_SITES).iter_rows()]
    parts = [
        _head(folder, start),
        _inventory(folder, taken, left),
        _TARGET,
        _sites(sites, per_site.height, servers["site"].null_count()),
        _WINDOW,
        _waves(servers.height),
        _LATER,
    ]
    return "\n".join(parts)


def _head(folder: Path, start: dt.date) -> str:
    name = re.sub(r"\s+", " ", re.sub(r"[^\w .-]", " ", folder.absolute().name)).strip()[:80] or "plan"
    return f"""\
# What is asked of the plan. Every table but [plan] may be left out; docs/plan-toml.md describes each key.

[plan]
name = {_quoted(name)}
start = {start.isoformat()}          # first day of the programme; cutovers come after it
horizon_years = 10          # of the business case
discount_rate = 0.08        # a year
"""


def _inventory(folder: Path, taken: Sequence[Path], left: Sequence[str]) -> str:
    lines = "".join(f"  {_quoted(path)},\n" for path in _paths(folder, taken))
    comment = "".join(f"#   {_quoted(name)}\n" for name in left)
    note = f"# Not recognised, and so not named here:\n{comment}" if left else ""
    return f"""\
[inventory]                 # paths and patterns, relative to this file
files = [
{lines}]
{note}"""


_TARGET = """\
[target]
regions = ["us-east-1"]     # first: home; a second: recovery
prices = "embedded"         # list prices that came with the program
term = "on_demand"          # or reserved_1y, reserved_3y: the strongest lever on cost
headroom = 0.25             # spare capacity over the measured load
"""


def _sites(sites: Sequence[tuple[str, int]], all_sites: int, without: int) -> str:
    if not sites:
        return """\
# No site was found in the inventory. Name the data centers to plan their exit:
# [[site]]
# name = "DC-1"
# lease_end = 2028-06-30
# fixed_cost_usd_month = 100_000
"""
    tables = "".join(
        f"""\
[[site]]                    # {count:,} servers
name = {_quoted(name)}
# match = ["…"]             # other names that inventories have for it
# lease_end = 2028-06-30    # no cutover is planned after it
# fixed_cost_usd_month = 100_000   # runs until the last server has left

"""
        for name, count in sites
    )
    more = f"# {all_sites - len(sites):,} smaller sites are not listed.\n" if all_sites > len(sites) else ""
    unknown = f"# The site of {without:,} servers is not known.\n" if without else ""
    return f"# Data centers, as the inventory calls them.\n{more}{unknown}{tables}".rstrip("\n") + "\n"


_WINDOW = """\
[[window]]                  # when cutovers may happen
id = "weekend-nights"
days = ["sat", "sun"]
hours = "22:00-06:00"
time_zone = "UTC"
"""


def _waves(servers: int) -> str:
    most = max(_SERVERS, -(-servers // (_WAVES * 10)) * 10)
    why = (
        f"{servers:,} servers in about {_WAVES} waves; {_SERVERS} would need {-(-servers // _SERVERS)}"
        if most > _SERVERS
        else "that one wave may cut over"
    )
    return f"""\
[waves]
max_servers = {most}{" " * max(1, 14 - len(str(most)))}# {why}
min_days_between = 7
first_after_days = 60       # from the start to the first wave: the landing zone is built
pathfinders = 1             # first waves that are kept small
# max_mission_critical = 1  # applications a wave; without it 1, or as many as the waves need
"""


_LATER = """\
# What staying costs, and what a site costs until it is left, are most of the business case: replace the defaults of
# [costs], and give every [[site]] its lease_end and fixed_cost_usd_month.
#
# Some of what can be said besides:
#
# [[link]]                  # the line over which a site's data is replicated; needs a [[site]] of that name
# from = "DC-1"
# bandwidth_mbit_s = 10_000
#
# [[crew]]                  # without crews, hours are counted but limit nothing
# skill = "windows"         # or linux, database, network, application
# hours_week = 160
#
# [[freeze]]
# id = "month-end"
# rule = "last 4 and first 3 business days of each month"
#
# [[rule]]
# id = "directory-first"
# before = { first = "Active Directory", then = "*" }
#
# [[pin]]
# application = "…"
# wave = 3
# why = "…"
#
# [[disposition]]
# application = "…"
# disposition = "retain"
# why = "…"
"""


def _paths(folder: Path, files: Sequence[Path]) -> list[str]:
    """Paths as plan.toml names them; a folder of many Parquet files by a pattern."""
    by_folder: dict[Path, list[Path]] = {}
    for file in files:
        by_folder.setdefault(file.parent, []).append(file)
    named: list[str] = []
    for parent in sorted(by_folder):
        group = sorted(by_folder[parent])
        parquet = [file for file in group if file.suffix == ".parquet"]
        if len(parquet) >= _MANY and len(parquet) == sum(1 for _ in parent.glob("*.parquet")):
            group = [file for file in group if file.suffix != ".parquet"]
            named.append(glob.escape(_relative(folder, parent)) + "/*.parquet")
        named += [_relative(folder, file) for file in group]
    return [_writable(path) for path in sorted(named)]


def _relative(folder: Path, path: Path) -> str:
    target, base = os.path.abspath(path), os.path.abspath(folder)  # noqa: PTH100 -- resolve() would follow links
    if os.path.commonpath([target, base]) == os.path.sep:
        return target
    return Path(os.path.relpath(target, base)).as_posix()


def _writable(path: str) -> str:
    """A name whose bytes are no text becomes a pattern that matches it."""
    if path.isprintable() or not re.search(r"[\ud800-\udfff]", path):
        return path
    return re.sub(r"[\ud800-\udfff]", "?", glob.escape(path))


def _quoted(text: str) -> str:
    """A TOML basic string: JSON's escapes are TOML's, but for DEL and for halves of surrogate pairs."""
    quoted = json.dumps(text.encode("utf-8", errors="replace").decode(), ensure_ascii=False)
    return re.sub(r"[\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]", lambda match: f"\\u{ord(match[0]):04x}", quoted)

"""Keys of a request set from outside, as ``waves.max_servers=100,150`` on a command line: one key, several values.

A place is written with dots, and an item of a list of tables by its name in brackets: ``crew[windows].hours_week``,
``site[DC-North].lease_end``, ``rule[portal-before-enrolment].price_usd``. Values are written as in TOML; text needs no quotes,
and ``none`` takes a key away.
"""

from __future__ import annotations

import difflib
import itertools
import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from migrate.errors import RequestError
from migrate.spec import Spec
from migrate.spec.meaning import mistakes
from migrate.spec.places import Place

__all__ = ["Setting", "Sweep", "parse_sweep", "settings_of", "with_settings"]

_PLACE = "--set"
_PART = re.compile(r"([A-Za-z_][\w-]*)(?:\[([^\]]+)\])?")
_NAMES = ("id", "name", "skill", "from", "application")
_LONGEST = 10_000


@dataclass(frozen=True)
class Setting:
    """One key and the value that it gets. None: it is taken away."""

    key: str
    value: Any


@dataclass(frozen=True)
class Sweep:
    """One key and the values that it gets, one scenario for each."""

    key: str
    values: tuple[Any, ...]


def parse_sweep(text: str) -> Sweep:
    """Read ``key=value,value,…``.

    Raises
    ------
    RequestError
        There is no key or no value.

    Examples
    --------
    >>> parse_sweep("waves.max_servers=100,150").values, parse_sweep("target.term=on_demand,reserved_3y").values
    ((100, 150), ('on_demand', 'reserved_3y'))
    """
    key, equals, rest = text.partition("=")
    if not equals or not key.strip() or not rest.strip() or len(text) > _LONGEST or not text.isprintable():
        raise RequestError(
            f"{text[:60]!r} is no setting", where=_PLACE, remedy="Write a key and its values: waves.max_servers=100,150."
        )
    values = _values(rest)
    if len(values) > len({repr(value) for value in values}):
        raise RequestError(f"`{key.strip()}` is given a value twice", where=_PLACE, remedy="Give each value once.")
    return Sweep(key.strip(), values)


def settings_of(sweeps: Sequence[Sweep]) -> Iterator[tuple[Setting, ...]]:
    """Every combination of the values, the last key changing fastest."""
    for chosen in itertools.product(*(sweep.values for sweep in sweeps)):
        yield tuple(Setting(sweep.key, value) for sweep, value in zip(sweeps, chosen, strict=True))


def with_settings(spec: Spec, settings: Sequence[Setting]) -> Spec:
    """The request with keys set.

    Raises
    ------
    RequestError
        A key is not there (the nearest is named), or a value cannot be one.
    """
    data = spec.model_dump(by_alias=True, exclude={"lines"})
    for setting in settings:
        _set(data, setting)
    keys = ", ".join(f"{setting.key}={_told(setting.value)}" for setting in settings)
    try:
        made = Spec.model_validate(data)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = _named(first["loc"], data)
        message = first["msg"].removeprefix("Value error, ")
        raise RequestError(
            f"`{place}` {message[:1].lower()}{message[1:]} (set: {keys})",
            where=_PLACE,
            remedy="Correct the value; docs/plan-toml.md describes it.",
        ) from None
    for mistake in mistakes(made):
        place = _named(mistake[0], data)
        raise RequestError(f"`{place}` {mistake[1]} (set: {keys})", where=_PLACE, remedy=mistake[2])
    return made.model_copy(update={"lines": spec.lines})


def _named(place: Place, data: Any) -> str:
    """A place as it is written here: an item of a list of tables by its name, where it has one."""
    text = ""
    for part in place:
        try:
            data = data[part]
        except (KeyError, IndexError, TypeError):  # what is missing, or stands in a value that is no table
            data = None
        name = next((str(data[what]) for what in _NAMES if data.get(what)), None) if isinstance(data, dict) else None
        if isinstance(part, int) and name is not None:
            text += f"[{name}]"
        else:
            text += f".{part}" if text else str(part)
    return text


def _values(text: str) -> tuple[Any, ...]:
    try:
        values = tomllib.loads(f"x = [{text}]")["x"]
    except (tomllib.TOMLDecodeError, RecursionError):
        values = [_value(part.strip()) for part in text.split(",") if part.strip()]
    return tuple(values)


def _value(text: str) -> Any:
    if text.casefold() == "none":
        return None
    try:
        return tomllib.loads(f"x = {text}")["x"]
    except (tomllib.TOMLDecodeError, RecursionError):
        return text


def _set(data: dict[str, Any], setting: Setting) -> None:
    parts = _parts(setting.key)
    table: Any = data
    for number, (name, item) in enumerate(parts):
        last = number == len(parts) - 1
        if not isinstance(table, dict) or name not in table:
            raise _unknown(setting.key, name, table)
        if last and item is None:
            if setting.value is None:
                del table[name]
            else:
                table[name] = setting.value
            return
        table = table[name] if item is None else _item(setting.key, name, item, table[name])
    raise RequestError(
        f"`{setting.key}` is a table, not a key", where=_PLACE, remedy="Name one of its keys, with a dot before it."
    )


def _parts(key: str) -> list[tuple[str, str | None]]:
    parts, at = [], 0
    while match := _PART.match(key, at):
        parts.append((match[1], match[2]))
        at = match.end() + 1
        if key[match.end() : at] != ".":
            break
    if not parts or at <= len(key):
        raise RequestError(
            f"{key[:60]!r} is no key", where=_PLACE, remedy="Write it as waves.max_servers or crew[windows].hours_week."
        )
    return parts


def _item(key: str, name: str, item: str, items: Any) -> dict[str, Any]:
    named = {}
    for table in items if isinstance(items, list | tuple) else ():
        if isinstance(table, dict):
            named.update({str(table[what]): table for what in _NAMES if table.get(what)})
    if item not in named:
        remedy = f"There are: {', '.join(sorted(named)[:20])}." if named else f"The request has no [[{name}]] of a name."
        raise RequestError(f"`{key}` names no [[{name}]]", where=_PLACE, remedy=remedy)
    found: dict[str, Any] = named[item]
    return found


def _unknown(key: str, name: str, table: Any) -> RequestError:
    known = sorted(table) if isinstance(table, dict) else []
    near = difflib.get_close_matches(name, known, n=1, cutoff=0.5)
    if isinstance(table, list | tuple):
        remedy = "Name one of the list in brackets, such as crew[windows]."
    else:
        remedy = f"Did you mean `{near[0]}`?" if near else f"Known keys here: {', '.join(known[:30])}."
    return RequestError(f"there is no key `{name}` in `{key}`", where=_PLACE, remedy=remedy)


def _told(value: Any) -> str:
    return "none" if value is None else str(value)[:60]

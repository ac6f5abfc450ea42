"""Read plan.toml. Every mistake becomes one sentence with its file, its line and what to write instead."""

from __future__ import annotations

import datetime as dt
import difflib
import re
import stat
import tomllib
from collections.abc import Mapping
from itertools import chain
from pathlib import Path
from types import UnionType
from typing import Any, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError

from migrate.errors import RequestError
from migrate.spec import Spec
from migrate.spec.calendar_file import read_periods
from migrate.spec.case_settings import case_mistakes
from migrate.spec.lines import rule_lines
from migrate.spec.meaning import mistakes
from migrate.spec.places import Place, lines_of

__all__ = ["load_spec", "parse_spec"]

_LARGEST = 1_000_000  # bytes; a request is written by people
_SHOWN = 60  # characters of a value that an error repeats
_LONGEST = 400  # characters of what an error says
_PART = r"""(?:[\w-]++|"[^"\n]*+"|'[^'\n]*+')[ \t]*+"""
_LONG_KEY = re.compile(rf"""(?<![\w"'-]){_PART}(?:\.[ \t]*+{_PART}){{32,}}""")  # the parser takes square time over them
_LONG_NUMBER = re.compile(r"(?<![0-9_])[0-9_]{4300,}+")


def load_spec(path: Path) -> Spec:
    """Read and check a plan.toml.

    Raises
    ------
    RequestError
        The file is missing or not TOML, a key is unknown (the nearest is named), or a value is out of range.
    """
    where = _plain(str(path), _LONGEST)
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise RequestError("is not a regular file", where=where, remedy="Name a plan.toml.")
        with path.open("rb") as stream:
            content = stream.read(_LARGEST + 1)
        if len(content) > _LARGEST:
            raise RequestError("is over 1 MB, too large for a request", where=where, remedy="Name a plan.toml.")
        text = content.decode("utf-8-sig").replace("\r\n", "\n")
    except FileNotFoundError:
        raise RequestError("no such file", where=where, remedy="Make one with `migrate init DIR --inventory FILE…`.") from None
    except (OSError, ValueError) as error:
        unnamed = "it is not UTF-8 text" if isinstance(error, UnicodeDecodeError) else "its name is no path"
        reason = error.strerror if isinstance(error, OSError) else unnamed
        raise RequestError(f"cannot be read: {reason}", where=where, remedy="Name a plan.toml.") from None
    return _with_calendars(parse_spec(text, where=where), path, where)


def _with_calendars(spec: Spec, path: Path, where: str) -> Spec:
    """The request with the events of the calendar files that its freezes name."""
    if not any(freeze.calendar for freeze in spec.freeze):
        return spec
    last = spec.plan.start + dt.timedelta(days=366 * spec.plan.horizon_years)
    freezes = []
    for freeze in spec.freeze:
        if freeze.calendar is not None:
            place = f"{where}:{spec.lines[freeze.id]}"
            periods = read_periods(path.parent / freeze.calendar, place, spec.plan.start, last)
            freeze = freeze.model_copy(update={"periods": (*freeze.periods, *periods)})  # noqa: PLW2901
        freezes.append(freeze)
    return spec.model_copy(update={"freeze": tuple(freezes)})


def parse_spec(text: str, where: str = "plan.toml") -> Spec:
    """`load_spec` for a text that is already in memory; `where` stands in the errors."""
    data = _parsed(text, where)
    if "lines" in data:
        remedy = f"Known keys here: {', '.join(_known_keys(()))}."
        raise RequestError("unknown key `lines`", where=_where(("lines",), text, where), remedy=remedy)
    try:
        spec = Spec.model_validate(data)
    except ValidationError as error:
        raise _as_request_error(error, text, where) from None
    for place, wrong, remedy in chain(mistakes(spec), case_mistakes(spec)):
        given: Any = data
        for part in place:
            given = given[part]
        message = f"`{_path(place)}` {wrong} (it says {_value(given)})"
        raise RequestError(message, where=_where(place, text, where), remedy=remedy)
    return spec.model_copy(update={"lines": rule_lines(spec, lines_of(text))})


def _parsed(text: str, where: str) -> dict[str, Any]:
    if long := _LONG_KEY.search(text):
        line = text.count("\n", 0, long.start()) + 1
        raise RequestError("a key has over 32 parts", where=f"{where}:{line}", remedy="Correct that line.")
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        told = re.search(r"at line (\d+)", str(error))
        place = f"{where}:{told[1]}" if told else where
        message = f"is not valid TOML: {_plain(str(error), _LONGEST)}"
        raise RequestError(message, where=place, remedy="Correct that line.") from None
    except RecursionError:
        raise RequestError("is nested too deep", where=where, remedy="Take out some of the brackets.") from None
    except ValueError:  # an integer that Python refuses to read
        digits = _LONG_NUMBER.search(text)
        place = f"{where}:{text.count(chr(10), 0, digits.start()) + 1}" if digits else where
        message = "is not valid TOML: a number has thousands of digits"
        raise RequestError(message, where=place, remedy="Correct that line.") from None


def _as_request_error(error: ValidationError, text: str, where: str) -> RequestError:
    errors = error.errors(include_url=False)
    first = min(errors, key=lambda item: item["type"] != "extra_forbidden")
    context = first.get("ctx", {})
    location: Place = context["place"] if first["type"] == "used_twice" else tuple(first["loc"])
    place = _where(location, text, where)
    shown = _path(location)
    more = f" (and {len(errors) - 1} more)" if len(errors) > 1 else ""
    if first["type"] == "extra_forbidden":
        known = _known_keys(location[:-1])
        near = difflib.get_close_matches(str(location[-1])[:_SHOWN], known, n=1, cutoff=0.5)
        remedy = f"Did you mean `{near[0]}`?" if near else f"Known keys here: {', '.join(known)}."
        return RequestError(f"unknown key `{shown}`{more}", where=place, remedy=remedy)
    if first["type"] == "missing":
        return RequestError(
            f"`{shown}` is missing{more}", where=place, remedy=f"Add `{location[-1]}`; docs/plan-toml.md describes it."
        )
    message = _plain(_in_toml(first["type"], location, context) or first["msg"].removeprefix("Value error, "), _LONGEST)
    if first["type"] == "used_twice":
        return RequestError(f"{message}{more}", where=place, remedy="Remove one of the two, or name it differently.")
    given = first.get("input")
    says = f" (it says {_value(given)})" if isinstance(given, str | int | float | dt.date) else ""
    return RequestError(f"`{shown}` {_lower(message)}{says}{more}", where=place, remedy="Correct the value.")


def _in_toml(kind: str, location: Place, context: Mapping[str, Any]) -> str | None:
    """What a wrong kind of value means to who writes TOML; None: what the validation says will do."""
    if kind in ("tuple_type", "list_type"):
        return f"is repeated: write [[{location[0]}]]" if len(location) == 1 else "is a list: write it in brackets"
    if kind in ("model_type", "dict_type", "model_attributes_type"):
        return (
            "is a table of keys, such as { first = …, then = … }" if len(location) > 1 else f"is a table: write [{location[0]}]"
        )
    if kind == "too_short":
        return f"takes {context.get('min_length')} items or more"
    return None


def _where(location: Place, text: str, where: str) -> str:
    """The file with the line of the deepest part of `location` that stands in it."""
    try:
        places = lines_of(text)
    except RecursionError:
        return where
    line = next((places[location[:depth]] for depth in range(len(location), 0, -1) if location[:depth] in places), None)
    return f"{where}:{line}" if line else where


def _path(location: Place) -> str:
    return _plain(".".join(_plain(str(part), _SHOWN) for part in location), _LONGEST) or "the request"


def _value(given: object) -> str:
    """A value as an error repeats it."""
    if isinstance(given, int) and given.bit_length() > 256:
        return "a number of over 70 digits"
    if isinstance(given, dt.date | float | int):
        return str(given).lower() if isinstance(given, bool) else str(given)
    return f"'{_plain(str(given), _SHOWN)}'"


def _plain(text: str, most: int) -> str:
    """One line without control characters, cut."""
    cut = text if len(text) <= most else f"{text[:most]}…"
    return "".join(letter if letter.isprintable() else letter.encode("unicode_escape").decode() for letter in cut)


def _lower(message: str) -> str:
    return message[:1].lower() + message[1:]


def _known_keys(location: tuple[Any, ...]) -> list[str]:
    """The keys that the table at `location` may have."""
    model: Any = Spec
    for part in location:
        if isinstance(part, int):
            continue
        fields = {field.alias or name: field for name, field in model.model_fields.items()}
        model = _model_in(fields[part].annotation) if part in fields else None
        if model is None:
            return []
    names = sorted(field.alias or name for name, field in model.model_fields.items())
    return [name for name in names if location or name != "lines"]


def _model_in(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    if get_origin(annotation) in (tuple, Union, UnionType):
        return next((found for part in get_args(annotation) if (found := _model_in(part))), None)
    return None

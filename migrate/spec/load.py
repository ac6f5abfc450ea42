"""Read plan.toml. Every mistake becomes one sentence with its file, its line and what to write instead."""

from __future__ import annotations

import difflib
import re
import tomllib
from pathlib import Path
from types import UnionType
from typing import Any, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError

from migrate.errors import RequestError
from migrate.spec import Spec

__all__ = ["load_spec", "parse_spec"]

_LARGEST = 10_000_000  # bytes; a request is written by people


def load_spec(path: Path) -> Spec:
    """Read and check a plan.toml.

    Raises
    ------
    RequestError
        The file is missing or not TOML, a key is unknown (the nearest is named), or a value is out of range.
    """
    try:
        if path.stat().st_size > _LARGEST:
            raise RequestError("is over 10 MB, too large for a request", where=str(path), remedy="Name a plan.toml.")
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise RequestError(
            "no such file", where=str(path), remedy="Make one with `migrate init DIR --inventory FILE…`."
        ) from None
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        raise RequestError(f"cannot be read: {reason}", where=str(path), remedy="Name a plan.toml.") from None
    return parse_spec(text, where=str(path))


def parse_spec(text: str, where: str = "plan.toml") -> Spec:
    """`load_spec` for a text that is already in memory; `where` stands in the errors."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        place = re.search(r"at line (\d+)", str(error))
        line = f":{place[1]}" if place else ""
        raise RequestError(f"is not valid TOML: {error}", where=f"{where}{line}", remedy="Correct that line.") from None
    try:
        return Spec.model_validate(data)
    except ValidationError as error:
        raise _as_request_error(error, text, where) from None


def _as_request_error(error: ValidationError, text: str, where: str) -> RequestError:
    first = min(error.errors(include_url=False), key=lambda item: item["type"] != "extra_forbidden")
    location = tuple(part for part in first["loc"])
    line = _line_of(location, text)
    place = f"{where}:{line}" if line else where
    shown = ".".join(str(part) for part in location) or "the request"
    more = len(error.errors()) - 1
    also = f" (and {more} more)" if more else ""
    if first["type"] == "extra_forbidden":
        key = str(location[-1])
        known = _known_keys(location[:-1])
        near = difflib.get_close_matches(key, known, n=1, cutoff=0.5)
        remedy = f"Did you mean `{near[0]}`?" if near else f"Known keys here: {', '.join(known)}."
        return RequestError(f"unknown key `{shown}`{also}", where=place, remedy=remedy)
    if first["type"] == "missing":
        return RequestError(
            f"`{shown}` is missing{also}", where=place, remedy=f"Add `{location[-1]}`; docs/plan-toml.md describes it."
        )
    message = first["msg"].removeprefix("Value error, ")
    given = first.get("input")
    shown_value = f" (it says {given!r})" if isinstance(given, str | int | float) else ""
    return RequestError(f"`{shown}` {_lower(message)}{shown_value}{also}", where=place, remedy="Correct the value.")


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
    return sorted(field.alias or name for name, field in model.model_fields.items())


def _model_in(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    if get_origin(annotation) in (tuple, Union, UnionType):
        return next((found for part in get_args(annotation) if (found := _model_in(part))), None)
    return None


def _line_of(location: tuple[Any, ...], text: str) -> int | None:
    """The line of the deepest part of `location` that can be found in the text."""
    lines = text.splitlines()
    start, found = 0, None
    for depth, part in enumerate(location):
        if isinstance(part, int):
            continue
        index = location[depth + 1] if depth + 1 < len(location) and isinstance(location[depth + 1], int) else 0
        header = re.compile(rf"^\s*\[{{1,2}}\s*\"?{re.escape(str(part))}\"?\s*\]{{1,2}}")
        hits = [number for number, line in enumerate(lines) if header.match(line)]
        if depth == 0 and index < len(hits):
            start = hits[index]
            found = start
            continue
        key = re.compile(rf"(^|[\s{{,.])\"?{re.escape(str(part))}\"?\s*[=.]")
        for number in range(start, len(lines)):
            if number > start and re.match(r"^\s*\[", lines[number]) and depth > 0:
                break
            if key.search(lines[number].split("#")[0]):
                found, start = number, number
                break
    return None if found is None else found + 1

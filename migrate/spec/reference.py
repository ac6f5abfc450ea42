"""The reference of plan.toml, written from the request's own model so that it cannot fall behind."""

from __future__ import annotations

import datetime as dt
import types
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from migrate.spec import Spec

__all__ = ["reference"]

_HEAD = """# plan.toml

What a person asks for, kept in git and reviewed like code. Every table is optional but `[plan]`, every key but
`plan.start` has a conservative default, and an unknown key is an error that names the nearest one. Units stand in the
keys. Paths are relative to the file. `[[double brackets]]` mark tables that may be repeated.

This page is written from the program (`python -m migrate.spec.reference > docs/plan-toml.md`); a test keeps it true.
`migrate schema request` prints the same as JSON Schema, for editors.

Selectors name applications: by their name, or `domain:X`, `owner:X`, `criticality:X`, `data:X`, `site:X`, or
`*` for all.

Money and effort defaults are planning values of this project, chosen in the middle of what public business cases
assume; they are there so that a first plan can be made, and every one of them appears among the plan's assumptions.
Replace them by your own figures before anyone signs.
"""


def reference() -> str:
    """The Markdown of docs/plan-toml.md."""
    parts = [_HEAD]
    for name, field in Spec.model_fields.items():
        if name == "lines":
            continue
        section, repeated = _section(field.annotation)
        brackets = f"[[{name}]]" if repeated else f"[{name}]"
        text = _inner(section.__doc__ or "")
        parts.append(f"## `{brackets}`\n\n{text}\n\n{_table(section)}")
    return "\n".join(parts)


def _section(annotation: Any) -> tuple[type[BaseModel], bool]:
    if get_origin(annotation) is tuple:
        return get_args(annotation)[0], True
    return annotation, False


def _inner(doc: str) -> str:
    """A docstring without the part that repeats the heading."""
    text = " ".join(doc.split())
    head, _, rest = text.partition(": ")
    sentence = rest if head.startswith("``[") else text
    return (sentence[:1].upper() + sentence[1:]).replace("``", "`")


def _table(section: type[BaseModel]) -> str:
    rows = ["| key | value | default | meaning |", "|---|---|---|---|"]
    for name, field in section.model_fields.items():
        key = field.alias or name
        meaning = (field.description or "").replace("|", "\\|")
        rows.append(f"| `{key}` | {_kind(field)} | {_default(field)} | {meaning} |")
    return "\n".join(rows) + "\n"


_WORDS = {str: "text", int: "whole number", float: "number", bool: "true/false", dt.date: "date"}


def _kind(field: FieldInfo) -> str:
    limits = []
    for item in field.metadata:
        for attribute, sign in (("ge", "≥"), ("gt", ">"), ("le", "≤"), ("lt", "<")):
            bound = getattr(item, attribute, None)
            if bound is not None:
                limits.append(f"{sign} {bound:,}" if isinstance(bound, int | float) else f"{sign} {bound}")
    text = _type_words(field.annotation)
    return f"{text}, {' and '.join(limits)}" if limits else text


def _type_words(annotation: Any) -> str:
    if annotation in _WORDS:
        return _WORDS[annotation]
    origin, inner = get_origin(annotation), get_args(annotation)
    if origin is Literal:
        return " \\| ".join(f"`{value}`" for value in inner)
    if origin is Annotated:
        return _type_words(inner[0])
    if origin is tuple:
        number = "" if inner[-1] is Ellipsis else f"{len(inner)} × "
        return f"list of {number}{_type_words(inner[0])}"
    if origin in (Union, types.UnionType):
        return _type_words(next(part for part in inner if part is not type(None)))
    keys = ", ".join(f"`{item.alias or name}`" for name, item in annotation.model_fields.items())
    return f"table with {keys}"


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "**required**"
    value = field.default
    if value is None or value in ((), ""):
        return "–"
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    if isinstance(value, tuple):
        return "`[" + ", ".join(str(item) if isinstance(item, int | float) else f'"{item}"' for item in value) + "]`"
    return f'`"{value}"`' if isinstance(value, str) else f"`{value}`"


if __name__ == "__main__":
    print(reference(), end="")  # noqa: T201 -- this module is a command

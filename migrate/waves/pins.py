"""Pins in plan.toml: edits of a person become constraints there, where everyone sees them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from migrate.errors import RequestError
from migrate.files import write_text
from migrate.findings import Finding, Severity
from migrate.model.plan import Earlier
from migrate.spec import Pin, Spec
from migrate.spec.load import parse_spec
from migrate.spec.places import lines_of
from migrate.waves.edits import Edit

__all__ = ["pins_of", "with_pins", "write_pins"]

_WAVE_LINE = re.compile(r"^(\s*wave\s*=\s*)\d+")


def pins_of(edits: Sequence[Edit], earlier: Earlier, label: str) -> tuple[tuple[Pin, ...], list[Finding]]:
    """The pins that edits ask for; an edit that cannot be one is told.

    Parameters
    ----------
    edits
        Against the earlier plan.
    earlier
        What is done or committed can no longer be pinned elsewhere.
    label
        Name of the edited file, for pins without a reason.
    """
    fixed = {item.application: item.state for item in earlier.applications if item.state != "planned"}
    pins, findings = [], []
    for edit in edits:
        if edit.application in fixed:
            text = f"It is {fixed[edit.application]} in wave {edit.before}, so the edit to wave {edit.after} came too late"
            findings.append(_not_pinned(edit, text, "If it was not cut over, name it with --not-done."))
        elif edit.after is None:
            text = "Its wave was taken away, which no pin can say"
            findings.append(_not_pinned(edit, text, 'Add a [[disposition]] "retain" to plan.toml if it is to stay.'))
        else:
            pins.append(Pin(application=edit.application, wave=edit.after, why=edit.why or f"edited in {label}"))
    return tuple(pins), findings


def with_pins(spec: Spec, pins: Sequence[Pin]) -> Spec:
    """The request with pins, each in the place of one that it has for the same application."""
    named = {pin.application.casefold() for pin in pins}
    return spec.model_copy(update={"pin": (*(pin for pin in spec.pin if pin.application.casefold() not in named), *pins)})


def write_pins(path: Path, pins: Sequence[Pin]) -> None:
    """Write pins into a plan.toml: the wave of a pin that is there is changed, others are added at the end.

    Raises
    ------
    RequestError
        A pin that is there is written in a way that cannot be changed line by line.
    """
    content = path.read_bytes().decode("utf-8-sig")
    text, ends = content.replace("\r\n", "\n"), "\r\n" if "\r\n" in content else "\n"
    spec = parse_spec(text, where=str(path))
    places, lines = lines_of(text), text.split("\n")
    known = {pin.application.casefold(): index for index, pin in enumerate(spec.pin)}
    added = []
    for pin in pins:
        index = known.get(pin.application.casefold())
        if index is None:
            added.append(f"\n[[pin]]\napplication = {_quoted(pin.application)}\nwave = {pin.wave}\nwhy = {_quoted(pin.why)}\n")
            continue
        line = places.get(("pin", index, "wave"), 0) - 1
        if line < 0 or not _WAVE_LINE.match(lines[line]):
            raise RequestError(
                f"the pin of {pin.application!r} is not written as a [[pin]] with a line `wave = …`",
                where=str(path),
                remedy=f"Change its wave to {pin.wave} yourself.",
            )
        lines[line] = _WAVE_LINE.sub(rf"\g<1>{pin.wave}", lines[line])
    changed = "\n".join(lines).rstrip("\n") + "\n" + "".join(added)
    written = {pin.application.casefold(): pin.wave for pin in parse_spec(changed, where=str(path)).pin}
    if any(written.get(pin.application.casefold()) != pin.wave for pin in pins):
        raise RequestError("the pins could not be written", where=str(path), remedy="Add them yourself.")
    write_text(path, changed.replace("\n", ends))


def _quoted(text: str) -> str:
    """A basic string of TOML."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(letter if letter.isprintable() else f"\\U{ord(letter):08X}" for letter in escaped) + '"'


def _not_pinned(edit: Edit, message: str, remedy: str) -> Finding:
    return Finding(
        code="edit-not-pinned",
        severity=Severity.warning,
        subject=edit.application,
        source=edit.source,
        message=message,
        remedy=remedy,
    )

"""The short run: from flow logs, with or without inventories, to dependencies and groups; no plan is made.

`migrate.pipeline` shows the whole run.
"""

from __future__ import annotations

import datetime as dt
import difflib
import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from migrate.errors import InputError, RequestError
from migrate.files import publishing
from migrate.findings import ordered
from migrate.model.stages import Discovery
from migrate.spec import Spec
from migrate.spec.flows import FLOW_RULES, Flows
from migrate.spec.load import load_spec
from migrate.spec.meaning import mistakes
from migrate.watching import Stages

__all__ = ["check_folder", "discover_files", "write_discovery"]

_LAST = "groups.csv"  # whoever finds a new one finds the files that belong to it
_UNDATED = dt.date(2000, 1, 1)  # a request needs a start; nothing here depends on it


def discover_files(
    files: Sequence[Path | str] = (),
    *,
    request: Path | str | None = None,
    out: Path | str | None = None,
    stages: Stages | None = None,
    **flows: Any,
) -> Discovery:
    """Find out from files what needs what.

    Parameters
    ----------
    files
        Flow logs and inventories, folders or patterns of them, in any order. Without an inventory, the hosts of the flow logs
        are the servers. Without any file, those of the request are read.
    request
        A plan.toml: its ``[flows]``, ``[waves]``, ``[[site]]``, ``[[rule]]`` and ``[[pin]]`` hold, and its inventory where no
        file is named.
    out
        Folder of an earlier run: what `write_discovery` wrote there is passed over where a folder or pattern finds it.
    stages
        Watches the run.
    flows
        Keys of ``[flows]`` (`migrate.spec.Flows`), which go before those of the request: ``time_zone="America/Chicago"``,
        ``rules_off=("scanner",)``.

    Returns
    -------
    Findings are those of reading and of discovery, worst first.

    Raises
    ------
    RequestError
        The request or a key of ``[flows]`` is wrong, or nothing is named that could be read.
    InputError
        A file cannot be used, or there is no server in any of them.

    Examples
    --------
    >>> found = migrate.discover_files(["flows/", "rvtools.xlsx"])  # doctest: +SKIP
    >>> found.server_dependencies  # doctest: +SKIP
    """
    from migrate import discovery, readers  # noqa: PLC0415 -- polars and readers are slow to import, help is not
    from migrate.model.estate import build_estate  # noqa: PLC0415
    from migrate.model.stages import FlowFiles, Inventory  # noqa: PLC0415

    run = stages or Stages()
    spec, paths = _asked(files, request, flows)
    paths = paths if out is None else _without_results(paths, files, Path(out))
    with discovery.listening(spec.flows) as ears:
        with run.stage("read"):
            if paths:
                inventory = readers.read_inventory(paths, spec.site, run.advanced, spec.flows.fields, on_flows=ears.begin)
            else:
                inventory = Inventory(build_estate({})[0], FlowFiles(), (), [])
        with run.stage("discover"):
            found = discovery.discover(inventory.estate, inventory.flows, spec, ears.heard())
    if found.estate.servers.is_empty():
        from migrate.discovery.rows_told import why_silent  # noqa: PLC0415 -- as above

        raise InputError(
            f"no server was found: neither an inventory nor a flow record between two hosts{why_silent(found.findings)}",
            where=", ".join(path.name for path in paths[:5]) or spec.flows.table,
            remedy="Run `migrate inspect FILE…` to see what was recognised.",
        )
    return replace(found, findings=list(ordered([*inventory.findings, *found.findings])), inputs=inventory.inputs)


def write_discovery(
    discovery: Discovery,
    out: Path | str,
    *,
    applications: Sequence[str] = (),
    groups: Sequence[str] = (),
    inputs: Sequence[Path | str] = (),
    stages: Stages | None = None,
) -> tuple[str, ...]:
    """Write what was discovered into `out`: tables, graph, overview, and the neighbourhoods that are asked for.

    Files are made in a hidden folder inside `out` and renamed into place, groups.csv last; an interrupted run leaves the
    old ones.

    Parameters
    ----------
    applications, groups
        Applications and move groups whose neighbourhood is drawn.
    inputs
        Files that were read: none of them is written over.

    Returns
    -------
    Sentences about what was left out.

    Raises
    ------
    RequestError
        `check_folder` refuses `out`; or an application or group that is asked for is not there, after everything else was
        written.
    """
    from migrate.reports.discovery_files import DISCOVERY_FILES, write_discovery_files  # noqa: PLC0415

    folder = Path(out)
    check_folder(folder, inputs)
    run = stages or Stages()
    with run.stage("write"), publishing(folder, last=_LAST, ours=DISCOVERY_FILES) as staging:
        notes = write_discovery_files(discovery, staging, progress=lambda text: run.advanced(text, 0.0))
        unknown = _draw(discovery, staging, folder, applications, groups)
    if unknown is not None:
        raise unknown
    return notes


def _draw(discovery: Discovery, out: Path, told: Path, applications: Sequence[str], groups: Sequence[str]) -> RequestError | None:
    """Draw neighbourhoods; the error that a name is not there waits until everything else is in place."""
    from migrate.reports.discovery_files import write_neighbourhoods  # noqa: PLC0415

    try:
        write_neighbourhoods(discovery, out, applications=applications, groups=groups, told=told)
    except RequestError as error:
        return error
    return None


def _asked(files: Sequence[Path | str], request: Path | str | None, flows: dict[str, Any]) -> tuple[Spec, tuple[Path, ...]]:
    """The request with its keys of ``[flows]`` replaced, and the files to read."""
    from migrate.readers import resolve_files  # noqa: PLC0415

    spec = load_spec(Path(request)) if request is not None else Spec.model_validate({"plan": {"start": _UNDATED}})
    if flows:
        spec = spec.model_copy(update={"flows": _flows({**spec.flows.model_dump(), **flows})})
        for place, wrong, remedy in mistakes(spec):
            raise RequestError(f"`{'.'.join(map(str, place))}` {wrong}", where="the command line", remedy=remedy)
    named, base, where = [str(file) for file in files], Path(), "the command line"
    if not named and request is not None:
        named, base, where = list(spec.inventory.files), Path(request).parent, str(request)
    if not named and not spec.flows.table:
        raise RequestError("nothing is named to be read", where=where, remedy="Name flow logs, or a table of the engine.")
    return spec, resolve_files(named, base, where) if named else ()


def _without_results(paths: tuple[Path, ...], named: Sequence[Path | str], out: Path) -> tuple[Path, ...]:
    """The files but for those of an earlier run in `out` that nobody named."""
    from migrate.reports.discovery_files import DISCOVERY_FILES  # noqa: PLC0415

    if not _earlier_run(out):
        return paths
    results = {_absolute(path) for pattern in DISCOVERY_FILES for path in out.glob(pattern)} - {_absolute(path) for path in named}
    return tuple(path for path in paths if _absolute(path) not in results)


def _flows(given: dict[str, Any]) -> Flows:
    try:
        return Flows.model_validate(given)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        key = first["loc"][0] if first["loc"] else "flows"
        said = str(first.get("input"))[:60]
        if key == "rules_off":
            near = difflib.get_close_matches(said, FLOW_RULES, n=1)
            remedy = f"Did you mean `{near[0]}`?" if near else f"Rules there are: {', '.join(FLOW_RULES)}."
            raise RequestError(f"there is no rule {said!r} to switch off", where="the command line", remedy=remedy) from None
        message = first["msg"].removeprefix("Value error, ")
        raise RequestError(
            f"`flows.{key}`: {message[:1].lower()}{message[1:]} (it says {said!r})",
            where="the command line",
            remedy="Correct the value; docs/plan-toml.md describes it.",
        ) from None


def check_folder(out: Path | str, inputs: Sequence[Path | str] = ()) -> None:
    """See whether `write_discovery` may write into `out`.

    Raises
    ------
    RequestError
        It is no folder, or may not be written to; it holds a plan, one of `inputs` under a name that would be written, or
        files of such names that are not of an earlier run.
    """
    from migrate.reports.discovery_files import DISCOVERY_FILES  # noqa: PLC0415

    folder = Path(out)
    nearest = next((path for path in (folder, *folder.parents) if path.exists()), folder)
    if not nearest.is_dir():
        raise RequestError("is a file, not a folder", where=str(nearest), remedy="Name a folder with --out.")
    if not os.access(nearest, os.W_OK):
        raise RequestError("may not be written to", where=str(nearest), remedy="Name another folder with --out.")
    if (folder / "plan.json").exists():
        raise RequestError("holds a plan, whose tables would be overwritten", where=str(folder), remedy="Name another folder.")
    given = {_absolute(path) for path in inputs}
    for path in sorted(path for pattern in DISCOVERY_FILES for path in folder.glob(pattern)):
        if _absolute(path) in given or not _earlier_run(folder):
            what = "was read" if _absolute(path) in given else "was not written by an earlier run"
            raise RequestError(f"{what}, and would be overwritten", where=str(path), remedy="Name another folder with --out.")


def _earlier_run(folder: Path) -> bool:
    return all((folder / name).is_file() for name in ("groups.csv", "groups.parquet"))


def _absolute(path: Path | str) -> str:
    return os.path.normpath(Path(path).absolute())

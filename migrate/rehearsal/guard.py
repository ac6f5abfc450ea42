"""The guard: within `mocked_session` nothing reaches AWS, or anything else beyond this machine.

Four layers, each enough alone for the usual accident:

1. The environment: every ``AWS_*``, ``BOTO*``, ``MOTO_*`` and proxy variable is taken away for the time being, the files
   of profiles and credentials are replaced by an empty one, the metadata service is switched off, and invented
   credentials are set. So no profile, endpoint, role or key of the user is even read.
2. moto answers every request to AWS in this process, with pass-through switched off.
3. A hook in each client refuses every host but those that moto answers for, and the place where botocore hands a
   request to the network refuses whatever comes that far, also from clients that were made elsewhere.
4. Sockets: a connection or datagram to an address that is not this machine, and looking up a name, raises
   `migrate.errors.GuardError`, whoever tries it in this process.
"""

from __future__ import annotations

import ipaddress
import os
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any
from unittest.mock import patch
from urllib.parse import urlsplit

from migrate.errors import GuardError
from migrate.rehearsal.quick_mock import quick_lookups

if TYPE_CHECKING:
    import boto3
    from moto.core.config import DefaultConfig

__all__ = ["MockedSession", "mocked_session", "require_mocked"]

ACCOUNT = "123456789012"  # moto's

_TAKEN_AWAY = ("AWS_", "BOTO", "MOTO_", "TEST_SERVER_MODE", "TEST_PROXY_MODE", "INITIAL_NO_AUTH_ACTION_COUNT")
_ANSWERED = (".amazonaws.com", ".amazonaws.com.cn")
_PROXIES = ("http_proxy", "https_proxy", "all_proxy", "no_proxy")
_SET = {
    "AWS_ACCESS_KEY_ID": "REHEARSAL",
    "AWS_SECRET_ACCESS_KEY": "rehearsal",
    "AWS_SESSION_TOKEN": "rehearsal",
    "AWS_DEFAULT_REGION": "us-east-1",
    "AWS_CONFIG_FILE": os.devnull,
    "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    "AWS_EC2_METADATA_DISABLED": "true",
    "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "true",
    "MOTO_EC2_LOAD_DEFAULT_AMIS": "false",  # only images that the rehearsal registers are there, and half the time is saved
}
_ONE_AT_A_TIME = threading.Lock()
_KEY = object()  # known to this module only: what tells our sessions from others


@dataclass(frozen=True)
class MockedSession:
    """A boto3 session that `mocked_session` made. It is dead once that block ends."""

    session: boto3.Session
    _key: object = field(repr=False)
    _alive: threading.Event = field(repr=False)

    def client(self, service: str, region: str) -> Any:
        """A client of a service, such as ``ec2``, in a region.

        Raises
        ------
        GuardError
            The block in which the session was made has ended.
        """
        require_mocked(self)
        return self.session.client(service, region_name=region)  # type: ignore[call-overload]


def require_mocked(session: object) -> MockedSession:
    """Return `session` if `mocked_session` made it and its block still runs.

    Raises
    ------
    GuardError
        It is any other session, or a dead one.
    """
    if not isinstance(session, MockedSession) or session._key is not _KEY:
        raise GuardError(
            f"a rehearsal refuses a {type(session).__name__} that it did not make",
            remedy="Use `with mocked_session() as session:`.",
        )
    if not session._alive.is_set():
        raise GuardError("the mocked session has ended", remedy="Use it within its `with mocked_session()` block.")
    return session


@contextmanager
def mocked_session() -> Iterator[MockedSession]:
    """Give a session whose every call stays in this process; on leaving, everything is put back as it was.

    Raises
    ------
    GuardError
        Another mocked session is open in this process: environment and sockets are shared by all threads.
    """
    if not _ONE_AT_A_TIME.acquire(blocking=False):
        raise GuardError("another rehearsal runs in this process", remedy="Run rehearsals one after another.")
    alive = threading.Event()
    try:
        with ExitStack() as stack:
            stack.enter_context(_environment())
            stack.enter_context(_moto())
            stack.enter_context(_sockets())
            alive.set()
            yield MockedSession(_session(), _KEY, alive)
    finally:
        alive.clear()
        _ONE_AT_A_TIME.release()


@contextmanager
def _environment() -> Iterator[None]:
    kept = {name: value for name, value in os.environ.items() if not _is_taken_away(name)}
    with patch.dict(os.environ, {**kept, **_SET}, clear=True):
        yield


def _is_taken_away(name: str) -> bool:
    return name.upper().startswith(_TAKEN_AWAY) or name.lower() in _PROXIES


@contextmanager
def _moto() -> Iterator[None]:
    from botocore.httpsession import URLLib3Session  # noqa: PLC0415
    from moto import mock_aws, settings  # noqa: PLC0415 -- a second of import, for rehearsals only

    if settings.TEST_SERVER_MODE or settings.is_test_proxy_mode():
        raise GuardError(
            "moto was imported in server or proxy mode, which sends requests to an address",
            remedy="Start again without TEST_SERVER_MODE and TEST_PROXY_MODE in the environment.",
        )
    closed: DefaultConfig = {
        "core": {
            "mock_credentials": False,
            "passthrough": {"urls": [], "services": []},
            "reset_boto3_session": True,
            "service_whitelist": None,
        }
    }
    with (
        patch.object(settings, "ENABLE_AMI_VALIDATION", True),
        patch.object(settings, "EC2_ENABLE_INSTANCE_TYPE_VALIDATION", True),
        patch.object(URLLib3Session, "send", _refuse_to_send),
        mock_aws(config=closed),
        quick_lookups(),
    ):
        yield


def _session() -> boto3.Session:
    import boto3  # noqa: PLC0415
    import botocore.session  # noqa: PLC0415

    core = botocore.session.Session()
    core.register_component("data_loader", _loader())
    core.set_credentials(_SET["AWS_ACCESS_KEY_ID"], _SET["AWS_SECRET_ACCESS_KEY"], _SET["AWS_SESSION_TOKEN"])
    core.register("before-send", _refuse_other_hosts)
    return boto3.Session(botocore_session=core, region_name=_SET["AWS_DEFAULT_REGION"])


@cache
def _loader() -> Any:
    """AWS's service descriptions, read once a process instead of once a session."""
    from botocore.loaders import create_loader  # noqa: PLC0415

    return create_loader()


def _refuse_other_hosts(**event: Any) -> None:
    """Runs beside moto's own handler, which answers for these hosts, and with 404 where it knows no such service."""
    host = urlsplit(event["request"].url).hostname or ""
    if not host.endswith(_ANSWERED):
        raise _refusal(event["request"])


def _refuse_to_send(_: object, request: Any) -> None:
    raise _refusal(request)


def _refusal(request: Any) -> GuardError:
    return GuardError(
        f"a rehearsal tried to send {request.method} {str(request.url).partition('?')[0]}",
        remedy="Nothing was sent. Name no endpoint of your own, and use clients of the mocked session only.",
    )


@contextmanager
def _sockets() -> Iterator[None]:
    with ExitStack() as stack:
        for name in ("connect", "connect_ex", "sendto", "sendmsg"):
            if hasattr(socket.socket, name):
                stack.enter_context(patch.object(socket.socket, name, _local_only(getattr(socket.socket, name), name)))
        for name in ("getaddrinfo", "gethostbyname", "gethostbyname_ex"):
            stack.enter_context(patch.object(socket, name, _no_lookup(getattr(socket, name))))
        yield


def _local_only(original: Callable[..., Any], name: str) -> Callable[..., Any]:
    def guarded(self: socket.socket, *arguments: Any, **named: Any) -> Any:
        address = _address(name, arguments)
        if address is not None and self.family in (socket.AF_INET, socket.AF_INET6) and not _is_local(str(address[0])):
            raise GuardError(
                f"a connection to {address[0]} was attempted during a rehearsal",
                remedy="Nothing was sent. Run other work outside of the rehearsal.",
            )
        return original(self, *arguments, **named)

    return guarded


def _address(name: str, arguments: tuple[Any, ...]) -> tuple[Any, ...] | None:
    """The destination among the arguments of a socket's method; None when it is the connected one."""
    places = {"connect": 0, "connect_ex": 0, "sendmsg": 3}
    place = places.get(name, len(arguments) - 1 if len(arguments) > 1 else 99)
    found = arguments[place] if place < len(arguments) else None
    return found if isinstance(found, tuple) else None


def _no_lookup(original: Callable[..., Any]) -> Callable[..., Any]:
    def guarded(host: Any, *arguments: Any, **named: Any) -> Any:
        name = host.decode(errors="replace") if isinstance(host, bytes) else host
        if name is not None and not _is_local(str(name)):
            raise GuardError(
                f"the name {name} was looked up during a rehearsal", remedy="Run other work outside of the rehearsal."
            )
        return original(host, *arguments, **named)

    return guarded


def _is_local(host: str) -> bool:
    if host.casefold() in ("", "localhost"):
        return True
    try:
        return ipaddress.ip_address(host.partition("%")[0]).is_loopback
    except ValueError:
        return False

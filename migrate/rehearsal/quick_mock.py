"""Two look-ups of moto, answered by key instead of by search, so that a large wave is rehearsed in seconds.

moto 5.2.5 finds the tags of one resource by matching a pattern against every tag there is, and an instance by copying
the list of all: with 600 servers that is most of the time. The answers are the same; whatever is asked in another way
goes to moto's own code.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any
from unittest.mock import patch

__all__ = ["quick_lookups"]


@contextmanager
def quick_lookups() -> Iterator[None]:
    """Put the two look-ups in place for a while."""
    from moto.ec2.models.instances import InstanceBackend  # noqa: PLC0415
    from moto.ec2.models.tags import TagBackend  # noqa: PLC0415

    with ExitStack() as stack:
        stack.enter_context(patch.object(TagBackend, "describe_tags", _describe_tags(TagBackend.describe_tags)))
        stack.enter_context(patch.object(InstanceBackend, "get_instance", _get_instance(InstanceBackend.get_instance)))
        yield


def _describe_tags(original: Callable[..., Any]) -> Callable[..., Any]:
    from moto.ec2.utils import EC2_PREFIX_TO_RESOURCE, get_prefix  # noqa: PLC0415

    def describe_tags(self: Any, filters: dict[str, list[str]] | None = None) -> Any:
        wanted = filters.get("resource-id", []) if filters and len(filters) == 1 else []
        if len(wanted) != 1 or not wanted[0].replace("-", "").isalnum():
            return original(self, filters)
        kind = EC2_PREFIX_TO_RESOURCE.get(get_prefix(wanted[0]), "")
        found = self.tags.get(wanted[0], {})
        return [{"resource_id": wanted[0], "key": key, "value": value, "resource_type": kind} for key, value in found.items()]

    return describe_tags


def _get_instance(original: Callable[..., Any]) -> Callable[..., Any]:
    def get_instance(self: Any, instance_id: str) -> Any:
        for reservation in reversed(self.reservations.values()):
            for instance in reservation.instances:
                if instance.id == instance_id:
                    return instance
        return original(self, instance_id)

    return get_instance

"""What AWS says when it gives no prices, as one sentence with its remedy."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from migrate.errors import MigrateError

__all__ = ["REMEDY", "told_by_aws"]

REMEDY = "Check the credentials, their permissions and the network, or give a folder of price list files with --from."


@contextmanager
def told_by_aws(what: str) -> Iterator[None]:
    """Turn errors of boto3 and of the network into a MigrateError that names what was asked for."""
    from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415 -- reading a book should not pay for it

    try:
        yield
    except (BotoCoreError, ClientError, OSError) as error:
        raise MigrateError(f"{what} cannot be fetched: {str(error)[:300]}", remedy=REMEDY) from None

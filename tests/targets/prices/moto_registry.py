"""How a backend of ours stands beside moto's own, which has none for the service."""

from __future__ import annotations

import importlib
import re
import sys

import moto.backend_index

__all__ = ["register"]


def register(service: str, host: str, package: str) -> None:
    """Let `moto.mock_aws` find the backend of a package for the hosts that match; to call it again does nothing."""
    if f"moto.{service}" in sys.modules:
        return
    for part in ("", ".models", ".responses", ".urls"):
        sys.modules[f"moto.{service}{part}"] = importlib.import_module(f"{package}{part}")
    moto.backend_index.backend_url_patterns.append((service, re.compile(host)))

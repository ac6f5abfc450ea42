"""A small price book to change in tests."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from migrate.targets.prices import PriceBook, load_book


def small_book() -> dict[str, Any]:
    """Two instance types, one database class, items, and traffic in two tiers."""
    compute = {
        "units": {"m9": {"large": 2.0, "xlarge": 4.0}},
        "rates": {"m9": {"r-one": {"on_demand": [0.05, 4], "reserved_1y": [0.03, 4]}, "r-two": {"on_demand": [0.06, 4]}}},
        "exceptions": {"m9.xlarge": {"r-two": {"on_demand": None}}},
    }
    database = {"units": {"db.m9": {"large": 1.0}}, "rates": {"db.m9": {"r-one": {"on_demand": [0.2, 3]}}}, "exceptions": {}}
    source = {"title": "A list", "url": "https://example.org/list", "date": "2026-01-31"}
    return {
        "format": "migrate-price-book/1",
        "provider": "aws",
        "name": "small",
        "date": "2026-01-31",
        "currency": "USD",
        "sources": {"list": source, "odd": {**source, "title": "Odds", "date": "2025-01-31"}},
        "hourly": [
            {"service": "compute", "attributes": {"os": "linux"}, "source": "list", "table": compute},
            {
                "service": "database",
                "attributes": {"engine": "mysql", "deployment": "single-az"},
                "source": "list",
                "table": database,
            },
        ],
        "items": [
            {"source": "list", "usd": {"gp3_gib_month": {"r-one": 0.08}, "windows_vcpu_h": {"*": 0.046, "r-two": 0.05}}},
            {"source": "odd", "usd": {"floppy_disk": {"r-one": 9.5}}},
        ],
        "transfer": {
            "source": "list",
            "internet": {"r-one": [{"up_to_gb": 100.0, "usd_gb": 0.09}, {"up_to_gb": None, "usd_gb": 0.05}]},
            "inter_region": {"r-one": 0.02},
        },
    }


def load(folder: Path, content: dict[str, Any], name: str = "book.json") -> PriceBook:
    """Write it as a file, and load that."""
    (folder / name).write_text(json.dumps(content), encoding="utf-8")
    return load_book(name, folder)

from __future__ import annotations

from pathlib import Path

import pytest

from migrate.sample import SampleSummary, write_sample

SERVERS, SEED = 300, 7


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> tuple[SampleSummary, Path]:
    out = tmp_path_factory.mktemp("sample")
    return write_sample(SERVERS, SEED, out), out

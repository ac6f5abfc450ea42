"""A sample estate that feels real: the files that a nonprofit health system of any size would have."""

from migrate.sample.write import SampleSummary, write_sample

__all__ = ["SampleSummary", "write_sample"]

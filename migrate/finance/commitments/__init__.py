"""What to commit to, and when: the cheapest mix of on demand, reservations and savings plans over the plan's own ramp."""

from migrate.finance.commitments.told import commitments, difference_usd

__all__ = ["commitments", "difference_usd"]

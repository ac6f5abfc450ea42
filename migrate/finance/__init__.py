"""Is it worth it? Cash flow by month of moving against staying, driven by the waves."""

from migrate.finance.case import business_case
from migrate.finance.spending import spending
from migrate.finance.worth import net_present_value, payback_month

__all__ = ["business_case", "net_present_value", "payback_month", "spending"]

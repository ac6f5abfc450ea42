"""What stands behind a figure: formula, inputs, rows and prices, as a tree."""

from migrate.reports.trace.figures import figure_names, list_figures, trace
from migrate.reports.trace.node import Traced

__all__ = ["Traced", "figure_names", "list_figures", "trace"]

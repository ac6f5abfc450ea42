"""What the page shows, section by section: plain values for the templates, computed from a plan."""

from migrate.reports.html.story import Story, tell

__all__ = ["Story", "tell"]

"""When is each task done? Tasks of every application, their dates, float and critical path, and how sure the dates are."""

from migrate.waves.schedule.project import Project, check_schedule
from migrate.waves.schedule.search import Schedule, lower_bound, search
from migrate.waves.schedule.timetable import Timetable, timetable

__all__ = ["Project", "Schedule", "Timetable", "check_schedule", "lower_bound", "search", "timetable"]

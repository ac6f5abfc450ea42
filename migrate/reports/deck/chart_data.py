"""Data of a native chart with a workbook of ours behind it: names are text, and no clock is read.

python-pptx writes the workbook behind a chart with xlsxwriter's defaults, which make a formula of a name that begins
with ``=`` and stamp the time of day.
"""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Sequence
from functools import cached_property

import xlsxwriter
from pptx.chart.data import CategoryChartData

__all__ = ["SafeChartData"]

_CREATED = dt.datetime(1980, 1, 1)  # noqa: DTZ001 - a workbook's date has no zone, and this one says "no date"


class SafeChartData(CategoryChartData):
    """Categories and series, as python-pptx wants them."""

    def __init__(self, categories: Sequence[object], number_format: str = "General") -> None:
        super().__init__(number_format=number_format)
        self.categories = categories

    @cached_property
    def xlsx_blob(self) -> bytes:
        """The workbook: categories in the first column from the second row, a series in each column after it."""
        packed = io.BytesIO()
        book = xlsxwriter.Workbook(packed, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
        book.set_properties({"created": _CREATED})
        sheet = book.add_worksheet()
        dates = book.add_format({"num_format": "yyyy-mm-dd"})
        for row, category in enumerate(self.categories, start=1):
            label = category.label
            if isinstance(label, dt.date):
                sheet.write_datetime(row, 0, label, dates)
            else:
                sheet.write_string(row, 0, str(label))
        for column, series in enumerate(self, start=1):
            sheet.write_string(0, column, series.name)
            for row, value in enumerate(series.values, start=1):
                if value is not None:
                    sheet.write_number(row, column, value)
        book.close()
        return packed.getvalue()

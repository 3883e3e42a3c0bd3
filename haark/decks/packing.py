"""Office files packed so that the same content gives the same bytes: entries bear no date, workbooks no moment."""

from __future__ import annotations

import io
import re
import zipfile

from pptx.chart.data import CategoryChartData

FIRST = (1980, 1, 1, 0, 0, 0)
"""The earliest date that a zip entry can bear."""
MADE = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*")
SOME_DAY = rb"\g<1>2000-01-01T00:00:00Z"


def stable(packed: bytes, *, dateless: bool = False) -> bytes:
    """The same entries in the same order, each dated 1980; `dateless` also takes the dates out of the properties."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(packed)) as before, zipfile.ZipFile(out, "w") as after:
        for entry in before.infolist():
            content = before.read(entry)
            if dateless and entry.filename == "docProps/core.xml":
                content = MADE.sub(SOME_DAY, content)
            plain = zipfile.ZipInfo(entry.filename, FIRST)
            plain.external_attr = 0o600 << 16
            after.writestr(plain, content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


class ChartData(CategoryChartData):
    """A chart's categories and series, whose workbook does not say when it was made."""

    @property
    def xlsx_blob(self) -> bytes:
        """The workbook that PowerPoint opens to edit the data."""
        return stable(super().xlsx_blob, dateless=True)

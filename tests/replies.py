"""What tests read in replies of the service: problems, and tables."""

from __future__ import annotations

import csv
import io
from typing import Any

from httpx2 import Response


def problem_of(response: Response) -> tuple[int, str]:
    """Return the status of a reply and the kind of its problem, "" where it is none."""
    kind = response.json()["type"].rpartition(":")[2] if response.content else ""
    return response.status_code, kind


def rows_of(response: Response) -> list[dict[str, Any]]:
    """Return the rows of a CSV file by its columns."""
    text = response.content.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text), delimiter=";"))

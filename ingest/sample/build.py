"""Build the sample PDFs and their truth: ``python -m ingest.sample.build [--check]``.

The same sources give the same bytes. With ``--check`` nothing is written; the exit
code is 1 where a stored file differs from what the sources give.
"""

from __future__ import annotations

import argparse
import json
import sys

from ingest.sample.goals_pdf import build_goals
from ingest.sample.layout import register_fonts
from ingest.sample.model import SAMPLE, load_report, read_toml
from ingest.sample.report_pdf import build_report
from ingest.sample.truth import goals_truth, report_truth, texts_truth


def build_all() -> dict[str, bytes]:
    """Return the contents of every built file by name."""
    register_fonts()
    report, goals = load_report(), read_toml("goals.toml")
    built_report, built_goals = build_report(report), build_goals(goals)
    truth = {
        "notice": "Beispieldaten – erfundener Kreis",
        "report": report_truth(report, built_report),
        "goals": goals_truth(goals, built_goals),
        "texts": texts_truth(),
    }
    text = json.dumps(truth, ensure_ascii=False, indent=1) + "\n"
    return {
        report.frame["file"]: built_report.data,
        goals["file"]: built_goals.data,
        "truth.json": text.encode(),
    }


def main() -> int:
    """Write the files, or compare them with the stored ones."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="compare, write nothing")
    check = parser.parse_args().check
    stale = []
    for name, data in build_all().items():
        path = SAMPLE / name
        if path.exists() and path.read_bytes() == data:
            continue
        stale.append(name)
        if not check:
            path.write_bytes(data)
    sys.stdout.write("changed: " + (", ".join(stale) or "nothing") + "\n")
    return 1 if check and stale else 0


if __name__ == "__main__":
    raise SystemExit(main())

"""What is known about the sample documents, for tests: derived from the sources."""

from __future__ import annotations

from collections import Counter
from typing import Any

from ingest.sample.model import (
    SAMPLE,
    STATUSES,
    Goal,
    Project,
    Report,
    Theme,
    read_toml,
)
from ingest.sample.report_pdf import Built, contents

_ALL_MUNICIPALITIES = ("alle Kommunen", "aller Kommunen")


def report_truth(report: Report, built: Built) -> dict[str, Any]:
    """Return all that tests may expect of the report."""
    frame, projects = report.frame, report.projects()
    counts = Counter(project.status for project in projects)
    return {
        "id": frame["id"],
        "file": frame["file"],
        "as_of": frame["stand"].removeprefix("Stand: "),
        "pages": built.total,
        "municipalities": frame["municipalities"],
        "counts": {
            "theme": len(report.themes),
            "goal": sum(len(theme.goals) for theme in report.themes),
            "project": len(projects),
            "archived": len(frame["archive"]),
            "by_status": {status: counts[status] for status in STATUSES},
        },
        "themes": [_theme(theme, built) for theme in report.themes],
        "goals": [_goal(goal, theme, built) for theme in report.themes for goal in theme.goals],
        "projects": [
            _project(project, goal, theme, report, built)
            for theme in report.themes
            for goal in theme.goals
            for project in goal.projects
        ],
        "table_rows": [_table_row(project) for project in projects],
        "archive": frame["archive"],
        "introduction": [section["heading"] for section in frame["introduction"]],
        "contents": [
            {"key": key, "title": title, "printed_page": page} for key, title, page in contents(report, built.pages)
        ],
        "conflicts": _conflicts(report, built),
    }


def _place(key: str, built: Built) -> dict[str, Any]:
    page = built.pages[key]
    return {"page": page, "page_label": str(page - 1)}


def _theme(theme: Theme, built: Built) -> dict[str, Any]:
    counts = Counter(project.status for project in theme.projects())
    return {
        "ref": theme.number,
        "title": theme.title,
        "goals": len(theme.goals),
        "projects": {status: counts[status] for status in STATUSES},
        **_place(theme.number, built),
    }


def _goal(goal: Goal, theme: Theme, built: Built) -> dict[str, Any]:
    empty = [status for status in STATUSES if not goal.group(status)]
    return {
        "ref": goal.number,
        "theme": theme.number,
        "sentence": goal.sentence,
        "empty_groups": empty,
        **_place(goal.number, built),
    }


def _project(project: Project, goal: Goal, theme: Theme, report: Report, built: Built) -> dict[str, Any]:
    names = report.frame["municipalities"]
    text = " ".join([project.title, *project.description, *project.state])
    everyone = any(words in project.cooperation for words in _ALL_MUNICIPALITIES)
    return {
        "ref": project.number,
        "title": project.title,
        "status": project.status,
        "theme": theme.number,
        "goal": goal.number,
        "responsible_printed": project.responsible,
        "responsible": _units(project.responsible),
        "cooperation": project.cooperation,
        "municipalities": _named(project.cooperation, names),
        "municipalities_in_text": _named(text, names),
        "all_municipalities": everyone,
        "description": " ".join(project.description),
        "state": " ".join(project.state),
        **_place(project.number, built),
    }


def _units(printed: str) -> list[str]:
    units = [unit.strip() for unit in printed.split(",") if unit.strip()]
    return [unit.replace("Dez.3", "Dez. 3") for unit in units]


def _named(text: str, names: list[str]) -> list[str]:
    """Return the municipalities that a text names; the county is not one of them."""
    for county in ("Kreis Lauterfeld", "Kreises Lauterfeld", "Wirtschaftsagentur Lauterfeld"):
        text = text.replace(county, "")
    return [name for name in names if name in text]


def _table_row(project: Project) -> dict[str, str]:
    return {
        "number": project.table_number,
        "title": project.table_title,
        "status": project.table_status,
        "cooperation": project.cooperation,
        "responsible": project.responsible,
        "project": project.number,
    }


def _conflicts(report: Report, built: Built) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    numbers = Counter(project.table_number for project in report.projects())
    for project in report.projects():
        for name in ("number", "status", "title"):
            text, table = getattr(project, name), getattr(project, f"table_{name}")
            if text != table:
                doubled = name == "number" and numbers[table] > 1
                kind = "number_twice_in_table" if doubled else name
                found.append(_conflict(kind, project.number, text, table))
        digit = STATUSES[int(project.number.split(".")[2]) - 1]
        if digit != project.status:
            found.append(_conflict("third_digit", project.number, project.status, digit))
        if not project.responsible:
            found.append(_conflict("no_responsible", project.number, "", ""))
    wrong = report.frame["wrong_toc"]
    key = wrong["entry"].rstrip(".")
    right = built.pages[key] - 1
    printed = str(right + wrong["offset"])
    return [*found, _conflict("contents_page", key, str(right), printed)]


def _conflict(kind: str, ref: str, text: str, other: str) -> dict[str, str]:
    return {"kind": kind, "ref": ref, "text": text, "other": other}


def goals_truth(source: dict[str, Any], built: Built) -> dict[str, Any]:
    """Return the principles, goals and bullets of the strategic goals."""
    sections: list[dict[str, Any]] = []
    for part in source["parts"]:
        for section in part["sections"]:
            key = f"{part['letter']}.{section['numeral']}"
            bullets = [text for b in section["blocks"] for text in b.get("bullets", [])]
            sections.append(
                {
                    "ref": key,
                    "kind": "principle" if part["letter"] == "A" else "goal",
                    "title": section["title"],
                    "labels": [b["label"] for b in section["blocks"] if "label" in b],
                    "page": built.pages[key],
                    "bullets": [
                        {"ref": f"{key}.{position}", "text": text} for position, text in enumerate(bullets, start=1)
                    ],
                }
            )
    counts = Counter(section["kind"] for section in sections)
    counts["measure"] = sum(len(section["bullets"]) for section in sections)
    return {
        "id": source["id"],
        "file": source["file"],
        "as_of": source["stand"].removeprefix("Stand "),
        "pages": built.total,
        "counts": dict(counts),
        "items": sections,
    }


def texts_truth() -> list[dict[str, Any]]:
    """Return the items of the documents written as text, checked against them."""
    documents: list[dict[str, Any]] = read_toml("texts.toml")["documents"]
    for document in documents:
        text = (SAMPLE / document["file"]).read_text(encoding="utf-8")
        for item in document["items"]:
            wanted = [item[name] for name in ("title", "subtitle", "contains") if name in item]
            missing = [words for words in wanted if words not in text]
            if missing:
                raise ValueError(f"{document['file']}: not found: {missing}")
    return documents

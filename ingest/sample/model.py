"""The report of the invented county as data, read from ``source/*.toml``."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

SAMPLE = Path(__file__).parent
SOURCE = SAMPLE / "source"
STATUSES = ("implemented", "in_progress", "planned", "idea")


@dataclass(frozen=True)
class Project:
    """A project as the text prints it, and what the project list says otherwise."""

    number: str
    title: str
    status: str
    description: list[str]
    state: list[str]
    cooperation: str
    responsible: str
    table_number: str
    table_title: str
    table_status: str


@dataclass(frozen=True)
class Goal:
    """A strategic goal with its projects, in the order of the groups."""

    number: str
    sentence: str
    projects: list[Project]

    def group(self, status: str) -> list[Project]:
        """Return the projects that stand under one group heading."""
        return [project for project in self.projects if project.status == status]


@dataclass(frozen=True)
class Theme:
    """A theme with its goals.

    ``lead`` is its paragraph in the introduction, ``gap`` the space above its heading:
    chosen so that pages end in the middle of sentences.
    """

    number: str
    title: str
    lead: str
    gap: float
    goals: list[Goal]

    def projects(self) -> list[Project]:
        """Return all projects in the order of the text."""
        return [project for goal in self.goals for project in goal.projects]


@dataclass(frozen=True)
class Report:
    """The whole report; ``frame`` is ``report.toml`` as it stands."""

    frame: dict[str, Any]
    themes: list[Theme] = field(default_factory=list)

    def projects(self) -> list[Project]:
        """Return all projects in the order of the text."""
        return [project for theme in self.themes for project in theme.projects()]


def paragraphs(text: str) -> list[str]:
    """Split at blank lines and join the lines of each paragraph."""
    return [" ".join(part.split()) for part in text.strip().split("\n\n")]


def read_toml(name: str) -> dict[str, Any]:
    """Read one source file."""
    return tomllib.loads((SOURCE / name).read_text(encoding="utf-8"))


def load_report() -> Report:
    """Read the frame and all themes."""
    names = sorted(path.name for path in SOURCE.glob("theme-*.toml"))
    themes = [_theme(read_toml(name)) for name in names]
    return Report(frame=read_toml("report.toml"), themes=themes)


def _theme(data: dict[str, Any]) -> Theme:
    number = str(data["number"])
    goals = [_goal(f"{number}.{position}", goal) for position, goal in enumerate(data["goals"], start=1)]
    lead = " ".join(data["lead"].split())
    gap = float(data["gap"])
    return Theme(number=number, title=data["title"], lead=lead, gap=gap, goals=goals)


def _goal(number: str, data: dict[str, Any]) -> Goal:
    projects = []
    for digit, status in enumerate(STATUSES, start=1):
        group = [item for item in data["projects"] if item["status"] == status]
        for position, item in enumerate(group, start=1):
            projects.append(_project(f"{number}.{digit}.{position}", item))
    return Goal(number=number, sentence=data["sentence"], projects=projects)


def _project(counted: str, data: dict[str, Any]) -> Project:
    number = data.get("number", counted)
    return Project(
        number=number,
        title=data["title"],
        status=data["status"],
        description=paragraphs(data["description"]),
        state=paragraphs(data["state"]),
        cooperation=data["cooperation"],
        responsible=data["responsible"],
        table_number=data.get("table_number", number),
        table_title=data.get("table_title", data["title"]),
        table_status=data.get("table_status", data["status"]),
    )

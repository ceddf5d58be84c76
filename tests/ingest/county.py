"""Reports of counties that do not exist, made by chance, with everything that is true of them."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from random import Random

from tests.ingest.setting import Paper, Piece

_SYLLABLES = [
    "bra", "dor", "fel", "gam", "hol", "kor", "lin", "mar", "nau", "ost", "pel", "quo", "ras", "sal", "tev", "ulm",
    "wes", "zir",
]  # fmt: skip
_NOUNS = [
    "Radverkehr", "Schulhof", "Kläranlage", "Bibliothek", "Ladepunkt", "Hebammenzentrale", "Wiesenpflege",
    "Bürgerbüro", "Stadtwald", "Dorfladen", "Energieberatung", "Musikschule", "Impfaktion", "Seniorenlotse",
    "Datenportal", "Gründerwerkstatt", "Kulturbus", "Trinkwasserbrunnen", "Moorschutz", "Jugendparlament",
    "Pflegestützpunkt", "Fahrgastbeirat", "Solarkataster", "Waldkindergarten",
]  # fmt: skip
_VERBS = [
    "Ausbau", "Aufbau", "Stärkung", "Erneuerung", "Förderung", "Einführung", "Vernetzung", "Erprobung",
    "Sanierung",
]  # fmt: skip
_PLACES = [
    "im Norden", "für Familien", "in den Schulen", "auf dem Land", "mit Vereinen", "am Wasser", "bis zum Winter",
    "im Verbund",
]  # fmt: skip
_GROUPS = (
    {"implemented": "umgesetzte Projekte", "in_progress": "Projekte in Bearbeitung", "planned": "Projekte in Planung",
     "idea": "Ideenspeicher"},
    {"idea": "Projektideen", "planned": "geplante Projekte", "in_progress": "laufende Projekte",
     "implemented": "abgeschlossene Projekte"},
    {"planned": "Maßnahmen in Vorbereitung", "in_progress": "Maßnahmen in Umsetzung",
     "implemented": "realisierte Maßnahmen", "idea": "Vorschläge"},
)  # fmt: skip
_COLUMNS = {"idea": "Ideenspeicher", "planned": "Planung", "in_progress": "Bearbeitung", "implemented": "Umgesetzt"}
_WIDTHS = (38.0, 140.0, 38.0, 38.0, 38.0, 38.0, 95.0, 50.0)


@dataclass(frozen=True)
class TrueProject:
    """What is true of one project."""

    ref: str
    title: str
    status: str
    theme: str
    goal: str
    units: tuple[str, ...]
    cooperation: str
    municipalities: tuple[str, ...]
    description: str
    state: str
    table_ref: str = ""
    table_title: str = ""
    table_status: str = ""


@dataclass
class County:
    """A generated report: its paper, and the truth about it."""

    name: str
    paper: Paper
    themes: dict[str, str] = field(default_factory=dict)
    goals: dict[str, str] = field(default_factory=dict)
    projects: list[TrueProject] = field(default_factory=list)
    archive: list[tuple[str, str, str]] = field(default_factory=list)


class _Maker:
    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self.county = County(self.name().capitalize() + "tal", Paper())
        self.towns = sorted(
            {self.name().capitalize() + self.random.choice(("hausen", "feld", "bach")) for _ in range(9)}
        )
        self.towns[0] = "Bad " + self.towns[0]
        self.groups = self.random.choice(_GROUPS)
        self.used: set[str] = set()

    def name(self) -> str:
        return "".join(self.random.choices(_SYLLABLES, k=2))

    def title(self) -> str:
        while True:
            parts = [self.random.choice(_VERBS), self.random.choice(_NOUNS), self.random.choice(_PLACES)]
            title = (
                f"{parts[0]} {parts[1]} {parts[2]}"
                if self.random.random() < 0.7
                else f"{parts[1]} {self.name().capitalize()}"
            )
            if title not in self.used:
                self.used.add(title)
                return title

    def prose(self, sentences: int) -> str:
        made = []
        for _ in range(sentences):
            noun, place = self.random.choice(_NOUNS), self.random.choice(_PLACES)
            made.append(
                f"Der Kreis {self.county.name} arbeitet seit {self.random.randint(2019, 2026)} an dem Vorhaben {noun} "
                f"{place} und stimmt die nächsten Schritte gemeinsam mit den beteiligten Stellen regelmäßig ab."
            )
        return " ".join(made)

    def cooperation(self) -> tuple[str, tuple[str, ...]]:
        kind = self.random.random()
        if kind < 0.45:
            return "", ()
        if kind < 0.6:
            return "alle Kommunen des Kreises", ()
        if kind < 0.7:
            return "Austausch mit den Schulleitungen", ()
        towns = tuple(self.random.sample(self.towns, self.random.randint(2, 4)))
        return ", ".join(towns), towns

    def units(self) -> tuple[str, ...]:
        pool = ["10", "40", "51.00", "61", "66", "70.02", "80.01", "wfg", "Dez. 06"]
        return tuple(self.random.sample(pool, self.random.randint(1, 2)))

    def make(self) -> County:
        county, paper = self.county, self.county.paper
        paper.header = f"Nachhaltigkeitsbericht Kreis {county.name}"
        paper.legend = tuple(self.groups.values())
        paper.add("p", "Nachhaltigkeitsbericht")
        paper.add("p", f"Kreis {county.name}")
        paper.add("p", "Stand: 01.03.2026")
        county.themes = {str(n): self.title() for n in range(1, self.random.randint(3, 5))}
        self._contents()
        self._introduction()
        for ref, title in county.themes.items():
            self._theme(ref, title)
        self._conflicts()
        self._lists()
        self._archive()
        return county

    def _contents(self) -> None:
        paper = self.county.paper
        paper.add("p", "Inhaltsverzeichnis")
        entries = ["Einleitung", *(f"{n}. {t}" for n, t in self.county.themes.items()), "Projektlisten", "Archiv"]
        for number, entry in enumerate(entries):
            paper.add("contents", f"{entry}\t{4 + 3 * number}")

    def _introduction(self) -> None:
        paper = self.county.paper
        paper.add("p", "Einleitung")
        paper.add("p", self.prose(4))
        paper.add("p", "Wie der Bericht entstand")
        paper.add("p", self.prose(3))
        for ref, title in self.county.themes.items():
            paper.add("p", f"{ref}. {title}")
            paper.add("p", self.prose(2))

    def _theme(self, ref: str, title: str) -> None:
        paper = self.county.paper
        paper.add("h1", f"{ref}. {title.upper()}")
        for number in range(1, self.random.randint(3, 5)):
            goal = f"{ref}.{number}"
            sentence = f"Bis {self.random.randint(2027, 2035)} wird das Thema {self.title()} spürbar gestärkt."
            self.county.goals[goal] = sentence
            paper.add("h2", f"{goal} Strategisches Ziel {number}")
            paper.add("p", sentence)
            for digit, (status, words) in enumerate(self.groups.items(), start=1):
                self._group(ref, goal, f"{goal}.{digit}", status, words)

    def _group(self, theme: str, goal: str, group: str, status: str, words: str) -> None:
        paper = self.county.paper
        paper.add("h3", f"{group} {words}")
        count = self.random.choice((0, 1, 1, 2, 3))
        if not count:
            paper.add("p", "derzeit keine Projekte vorhanden")
        for number in range(1, count + 1):
            title, (cooperation, towns) = self.title(), self.cooperation()
            project = TrueProject(
                f"{group}.{number}", title, status, theme, goal, self.units(), cooperation, towns,
                self.prose(self.random.randint(1, 4)), self.prose(self.random.randint(1, 3)),
                f"{group}.{number}", title, status,
            )  # fmt: skip
            self.county.projects.append(project)
            paper.add("h3", f"{project.ref} {project.title}")
            paper.add("label", "Projektbeschreibung:")
            paper.add("p", project.description)
            paper.add("label", "Sachstand:")
            paper.add("p", project.state)

    def _conflicts(self) -> None:
        """Let one row have another status, one another number, and shorten a title."""
        projects = self.county.projects
        one, two, three = self.random.sample(range(len(projects)), 3)
        other = next(status for status in self.groups if status != projects[one].status)
        projects[one] = replace(projects[one], table_status=other)
        projects[two] = replace(projects[two], table_ref=projects[two].ref[:-1] + "9")
        projects[three] = replace(projects[three], table_title=projects[three].title.rsplit(" ", 1)[0])

    def _lists(self) -> None:
        paper = self.county.paper
        paper.add("h2", "Projektlisten")
        columns = list(_COLUMNS.values())
        heads = (
            (
                "Nr. Textteil",
                "Projekt",
                "Projektstatus",
                "",
                "",
                "",
                "Zusammenarbeit mit Kommunen",
                "Verantwortlichkeit",
            ),
            ("", "", *columns, "", ""),
        )
        for theme, title in self.county.themes.items():
            paper.add("p", f"Projektliste „{title}“")
            rows = [self._row(project) for project in self.county.projects if project.theme == theme]
            paper.pieces.append(Piece("table", rows=(*heads, *rows), heads=2, widths=_WIDTHS))

    def _row(self, project: TrueProject) -> tuple[str, ...]:
        marks = ["x" if status == project.table_status else "" for status in _COLUMNS]
        return (project.table_ref, project.table_title, *marks, project.cooperation, ", ".join(project.units))

    def _archive(self) -> None:
        paper = self.county.paper
        paper.add("h2", "Archiv")
        paper.add("p", "der umgesetzten Projekte, die nicht mehr im Bericht enthalten sind")
        titles = list(self.county.themes.values())
        self.county.archive = [(self.random.choice(titles), self.title(), f"1.1.1.{n}") for n in range(1, 6)]
        rows = [(theme, title, "01.03.2025", ref) for theme, title, ref in self.county.archive]
        heads = (("Themenfelder", "Projekte", "Report", "Nummer"),)
        paper.pieces.append(Piece("table", rows=(*heads, *rows), heads=1, widths=(130.0, 190.0, 70.0, 60.0)))


def make_county(seed: int) -> County:
    """Make a county's report; equal seeds give equal reports."""
    return _Maker(seed).make()

"""The columns of a case table: a case as the cells of a row, and back; every case gives the same case again."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from evals.cases import Case, CountProof
from evals.cases.cell_fields import (
    CellError,
    read_count,
    read_facts,
    read_history,
    read_overview,
    read_proof,
    read_refs,
    read_texts,
    shown,
    shown_text,
    write_facts,
    write_history,
    write_overview,
    write_proof,
    write_refs,
    write_texts,
)
from evals.cases.cell_text import bare, escaped, guarded, plain, unguarded
from evals.cases.errors import message


@dataclass(frozen=True, slots=True)
class Column:
    """One column: what stands in its cells, and how they are written and read; `place` is the field of a case."""

    name: str
    place: tuple[str, ...]
    explained: str
    example: str
    write: Callable[[Any], str]
    read: Callable[[str], Any]
    required: bool = False


def row_of(case: Case) -> list[str]:
    """The cells of a case in the order of COLUMNS."""
    return [guarded(one.write(_at(case, one.place))) for one in COLUMNS]


def case_of(cells: Mapping[str, str]) -> tuple[Case | None, list[tuple[str, str]]]:
    """The case of a row given by column name, or (column, what is wrong) for every cell that is not in form."""
    raw: dict[str, Any] = {"expect": {}}
    problems: list[tuple[str, str]] = []
    for column in COLUMNS:
        text = unguarded(cells.get(column.name, ""))
        if not text.strip() and not (column.name == "note" and text):
            problems.extend([(column.name, "fehlt")] if column.required else [])
            continue
        try:
            (raw["expect"] if column.place[0] == "expect" else raw)[column.place[-1]] = column.read(text)
        except CellError as error:
            problems.append((column.name, str(error)))
    if problems:
        return None, problems
    try:
        return Case.model_validate(raw), []
    except ValidationError as error:
        return None, [_told(dict(one)) for one in error.errors(include_url=False)]


def _at(case: Case, place: tuple[str, ...]) -> Any:
    value: Any = case
    for name in place:
        value = getattr(value, name)
    return value


def _told(one: dict[str, Any]) -> tuple[str, str]:
    """Column and German sentence of one thing that is wrong with the whole case."""
    location = one["loc"]
    places = [column.name for column in COLUMNS if location[: len(column.place)] == column.place]
    name = places[0] if places else "behavior" if location else "proof"
    said = message(one)
    column = next((column for column in COLUMNS if column.name == name), COLUMNS[0])
    inside = [f"{part + 1}. Eintrag" if isinstance(part, int) else part for part in location[len(column.place) :]]
    return name, " ".join([*inside[:2], said])


COLUMNS = (
    Column("id", ("id",), "Kennung des Falls, in allen Dateien nur einmal", "ld-001", escaped, bare, True),
    Column("type", ("type",), "Art der Frage; danach werden Ergebnisse gruppiert", "single_fact", escaped, bare, True),
    Column("question", ("question",), "Die Frage, höchstens 500 Zeichen", "Was kostet …?", escaped, bare, True),
    Column("language", ("language",), "Sprache der Frage; leer heißt de", "de", escaped, bare),
    Column(
        "history",
        ("history",),
        "Gespräch vor der Frage, ein Beitrag je Zeile, mit „Person:“ oder „Assistent:“ am Anfang",
        "Person: Wer ist zuständig?\nAssistent: Der Fachdienst 53.",
        write_history,
        read_history,
    ),
    Column(
        "behavior",
        ("expect", "behavior"),
        "answer: es gibt eine Antwort; abstain: jede Antwort wäre falsch; about_service: Frage an den Dienst selbst",
        "answer",
        escaped,
        bare,
        True,
    ),
    Column(
        "citations_any",
        ("expect", "citations_any"),
        "Richtige Einträge als dokument:nummer, mit Semikolon getrennt; einer davon genügt",
        "bericht:5.1; bericht:5.1.2.1",
        write_refs,
        read_refs,
    ),
    Column(
        "citations_all",
        ("expect", "citations_all"),
        "Einträge, die alle belegt sein müssen (Listen, Vergleiche), geschrieben wie citations_any",
        "bericht:5.1.4.1; bericht:5.3.4.1",
        write_refs,
        read_refs,
    ),
    Column(
        "facts",
        ("expect", "facts"),
        "Was die Antwort sagen muss; Fakten mit Semikolon, erlaubte Schreibweisen eines Fakts mit | getrennt",
        "zwölf Minuten | 12 Minuten; 95 Prozent",
        write_facts,
        read_facts,
    ),
    Column(
        "forbidden",
        ("expect", "forbidden"),
        "Was die Antwort nicht sagen darf, mit Semikolon getrennt",
        "in Bearbeitung; umgesetzt",
        write_texts,
        read_texts,
    ),
    Column("count", ("expect", "count"), "Die genaue Anzahl, wo nach einer gefragt ist", "15", shown, read_count),
    Column(
        "distance",
        ("distance",),
        "Nur bei abstain: near (nah an etwas, das in den Dokumenten steht) oder far (fern von allem)",
        "near",
        shown,
        bare,
    ),
    Column("note", ("note",), "Wo es bewiesen ist, in eigenen Worten", "Tabelle nennt 5.1.2.4", escaped, plain),
    Column(
        "proof",
        ("proof",),
        "Welche Einträge gezählt oder aufgelistet sind, damit nachgerechnet werden kann: feld=wert mit Semikolon; "
        f"Felder: {', '.join(CountProof.model_fields)}; mehrere Status mit |",
        "kind=project; status=planned | idea; theme=5",
        write_proof,
        read_proof,
    ),
    Column(
        "corpus",
        ("corpus",),
        "Papier oder Gruppe von Papieren, über die gefragt wird; leer heißt: alle des Registers",
        "beispielstadt-klimaplan-2030",
        shown_text,
        bare,
    ),
    Column(
        "overview",
        ("expect", "overview"),
        "Überblick über ein breites Thema, eine Zeile je Teil: core (was vorn stehen darf), topic (was dazugehört), "
        "at_least (wie viele mindestens, 2 bis 5)",
        "core: bericht:5\ntopic: bericht:5; bericht:5.1\nat_least: 3",
        write_overview,
        read_overview,
    ),
    Column(
        "verdict",
        ("expect", "verdict"),
        "Womit die Antwort beginnt: yes, no, idea, planned, in_progress, implemented",
        "yes",
        shown,
        bare,
    ),
)

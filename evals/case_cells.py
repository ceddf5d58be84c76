"""The columns of a case table: a case as the cells of a row, and back; every case gives the same case again."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from evals.case_errors import message
from evals.cases import Case, CaseTurn, CountProof, Overview
from evals.cell_text import bare, entries, escaped, guarded, one_line, plain, split, unguarded

SPEAKERS = {"user": "Person", "assistant": "Assistent"}
_WHOLE = re.compile(r"[+-]?\d{1,99}", re.ASCII)


class CellError(ValueError):
    """A cell is not in form; the message is German."""


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


def _write_refs(refs: tuple[tuple[str, str], ...]) -> str:
    return "; ".join(f"{one_line(document, ';:')}:{one_line(ref, ';')}" for document, ref in refs)


def _read_refs(text: str) -> list[tuple[str, str]]:
    found = []
    for entry in entries(text):
        parts = re.fullmatch(r"((?:\\.|[^\\:])*):(.*)", entry, re.DOTALL)
        if parts is None:
            raise CellError(f"„{entry}“ braucht einen Doppelpunkt zwischen Dokument und Eintrag")
        found.append((bare(parts[1]), bare(parts[2])))
    return found


def _write_overview(overview: Overview | None) -> str:
    if overview is None:
        return ""
    return f"core: {_write_refs(overview.core)}\ntopic: {_write_refs(overview.topic)}\nat_least: {overview.at_least}"


def _read_overview(text: str) -> dict[str, object]:
    found: dict[str, object] = {}
    for line in (line for line in text.split("\n") if line.strip()):
        name, _, value = line.strip().partition(":")
        if name not in Overview.model_fields or name in found:
            raise CellError(f"„{line.strip()}“ beginnt nicht mit {', '.join(Overview.model_fields)} und Doppelpunkt")
        found[name] = _read_count(value) if name == "at_least" else _read_refs(value)
    return found


def _write_facts(facts: tuple[tuple[str, ...], ...]) -> str:
    return "; ".join(" | ".join(one_line(one, ";|") for one in fact) for fact in facts)


def _read_facts(text: str) -> list[list[str]]:
    return [[plain(one) for one in split(entry, "|")] for entry in entries(text)]


def _write_texts(texts: tuple[str, ...]) -> str:
    return "; ".join(one_line(one, ";") for one in texts)


def _read_texts(text: str) -> list[str]:
    return [plain(entry) for entry in entries(text)]


def _write_history(turns: tuple[CaseTurn, ...]) -> str:
    return "\n".join(f"{SPEAKERS[one.role]}: {one_line(one.content)}" for one in turns)


def _read_history(text: str) -> list[dict[str, str]]:
    roles = {name: role for role, name in SPEAKERS.items()}
    found = []
    for number, line in enumerate((line for line in text.split("\n") if line.strip()), start=1):
        name, _, content = line.strip().partition(":")
        if name not in roles:
            raise CellError(f"Beitrag {number} beginnt weder mit „Person:“ noch mit „Assistent:“")
        found.append({"role": roles[name], "content": bare(content)})
    return found


def _write_proof(proof: CountProof | None) -> str:
    if proof is None:
        return ""
    values = {name: value for name, value in proof.model_dump().items() if value}
    lists = {name: value if isinstance(value, tuple) else (value,) for name, value in values.items()}
    return "; ".join(f"{name}={' | '.join(one_line(one, ';|') for one in value)}" for name, value in lists.items())


def _read_proof(text: str) -> dict[str, object]:
    found: dict[str, object] = {}
    for entry in entries(text):
        name, sign, value = entry.partition("=")
        name = name.strip()
        if not sign or name not in CountProof.model_fields or name in found:
            raise CellError(f"„{entry}“ hat nicht die Form feld=wert mit {', '.join(CountProof.model_fields)}")
        values = [plain(one) for one in split(value, "|")]
        if name != "status" and len(values) > 1:
            raise CellError(f"{name} kann nur einen Wert haben")
        found[name] = values if name == "status" else values[0]
    return found


def _read_count(text: str) -> int:
    if not _WHOLE.fullmatch(text.strip()):
        raise CellError("muss eine ganze Zahl sein")
    return int(text)


def _shown(value: object) -> str:
    return "" if value is None else str(value)


def _shown_text(value: str | None) -> str:
    return "" if value is None else escaped(value)


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
        _write_history,
        _read_history,
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
        _write_refs,
        _read_refs,
    ),
    Column(
        "citations_all",
        ("expect", "citations_all"),
        "Einträge, die alle belegt sein müssen (Listen, Vergleiche), geschrieben wie citations_any",
        "bericht:5.1.4.1; bericht:5.3.4.1",
        _write_refs,
        _read_refs,
    ),
    Column(
        "facts",
        ("expect", "facts"),
        "Was die Antwort sagen muss; Fakten mit Semikolon, erlaubte Schreibweisen eines Fakts mit | getrennt",
        "zwölf Minuten | 12 Minuten; 95 Prozent",
        _write_facts,
        _read_facts,
    ),
    Column(
        "forbidden",
        ("expect", "forbidden"),
        "Was die Antwort nicht sagen darf, mit Semikolon getrennt",
        "in Bearbeitung; umgesetzt",
        _write_texts,
        _read_texts,
    ),
    Column("count", ("expect", "count"), "Die genaue Anzahl, wo nach einer gefragt ist", "15", _shown, _read_count),
    Column(
        "distance",
        ("distance",),
        "Nur bei abstain: near (nah an etwas, das in den Dokumenten steht) oder far (fern von allem)",
        "near",
        _shown,
        bare,
    ),
    Column("note", ("note",), "Wo es bewiesen ist, in eigenen Worten", "Tabelle nennt 5.1.2.4", escaped, plain),
    Column(
        "proof",
        ("proof",),
        "Welche Einträge gezählt oder aufgelistet sind, damit nachgerechnet werden kann: feld=wert mit Semikolon; "
        f"Felder: {', '.join(CountProof.model_fields)}; mehrere Status mit |",
        "kind=project; status=planned | idea; theme=5",
        _write_proof,
        _read_proof,
    ),
    Column(
        "corpus",
        ("corpus",),
        "Papier oder Gruppe von Papieren, über die gefragt wird; leer heißt: alle des Registers",
        "beispielstadt-klimaplan-2030",
        _shown_text,
        bare,
    ),
    Column(
        "overview",
        ("expect", "overview"),
        "Überblick über ein breites Thema, eine Zeile je Teil: core (was vorn stehen darf), topic (was dazugehört), "
        "at_least (wie viele mindestens, 2 bis 5)",
        "core: bericht:5\ntopic: bericht:5; bericht:5.1\nat_least: 3",
        _write_overview,
        _read_overview,
    ),
    Column(
        "verdict",
        ("expect", "verdict"),
        "Womit die Antwort beginnt: yes, no, idea, planned, in_progress, implemented",
        "yes",
        _shown,
        bare,
    ),
)

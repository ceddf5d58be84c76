"""The cells of a case table that hold more than one text: how each is written, and read again."""

from __future__ import annotations

import re

from evals.cases import CaseTurn, CountProof, Overview
from evals.cases.cell_text import bare, entries, escaped, one_line, plain, split

SPEAKERS = {"user": "Person", "assistant": "Assistent"}
_WHOLE = re.compile(r"[+-]?\d{1,99}", re.ASCII)


class CellError(ValueError):
    """A cell is not in form; the message is German."""


def write_refs(refs: tuple[tuple[str, str], ...]) -> str:
    """Return items as "document:number; ..."."""
    return "; ".join(f"{one_line(document, ';:')}:{one_line(ref, ';')}" for document, ref in refs)


def read_refs(text: str) -> list[tuple[str, str]]:
    """Return the items of a cell; raises CellError where one has no colon."""
    found = []
    for entry in entries(text):
        parts = re.fullmatch(r"((?:\\.|[^\\:])*):(.*)", entry, re.DOTALL)
        if parts is None:
            raise CellError(f"„{entry}“ braucht einen Doppelpunkt zwischen Dokument und Eintrag")
        found.append((bare(parts[1]), bare(parts[2])))
    return found


def write_overview(overview: Overview | None) -> str:
    """Return an overview as three lines, "" for none."""
    if overview is None:
        return ""
    return f"core: {write_refs(overview.core)}\ntopic: {write_refs(overview.topic)}\nat_least: {overview.at_least}"


def read_overview(text: str) -> dict[str, object]:
    """Return the parts of an overview; raises CellError for a line that is none."""
    found: dict[str, object] = {}
    for line in (line for line in text.split("\n") if line.strip()):
        name, _, value = line.strip().partition(":")
        if name not in Overview.model_fields or name in found:
            raise CellError(f"„{line.strip()}“ beginnt nicht mit {', '.join(Overview.model_fields)} und Doppelpunkt")
        found[name] = read_count(value) if name == "at_least" else read_refs(value)
    return found


def write_facts(facts: tuple[tuple[str, ...], ...]) -> str:
    """Return facts, their spellings separated by "|"."""
    return "; ".join(" | ".join(one_line(one, ";|") for one in fact) for fact in facts)


def read_facts(text: str) -> list[list[str]]:
    """Return the facts of a cell, each as its spellings."""
    return [[plain(one) for one in split(entry, "|")] for entry in entries(text)]


def write_texts(texts: tuple[str, ...]) -> str:
    """Return texts separated by semicolons."""
    return "; ".join(one_line(one, ";") for one in texts)


def read_texts(text: str) -> list[str]:
    """Return the texts of a cell."""
    return [plain(entry) for entry in entries(text)]


def write_history(turns: tuple[CaseTurn, ...]) -> str:
    """Return a turn per line, with who speaks."""
    return "\n".join(f"{SPEAKERS[one.role]}: {one_line(one.content)}" for one in turns)


def read_history(text: str) -> list[dict[str, str]]:
    """Return the turns of a cell; raises CellError where nobody is named."""
    roles = {name: role for role, name in SPEAKERS.items()}
    found = []
    for number, line in enumerate((line for line in text.split("\n") if line.strip()), start=1):
        name, _, content = line.strip().partition(":")
        if name not in roles:
            raise CellError(f"Beitrag {number} beginnt weder mit „Person:“ noch mit „Assistent:“")
        found.append({"role": roles[name], "content": bare(content)})
    return found


def write_proof(proof: CountProof | None) -> str:
    """Return a proof as "field=value; ...", "" for none."""
    if proof is None:
        return ""
    values = {name: value for name, value in proof.model_dump().items() if value}
    lists = {name: value if isinstance(value, tuple) else (value,) for name, value in values.items()}
    return "; ".join(f"{name}={' | '.join(one_line(one, ';|') for one in value)}" for name, value in lists.items())


def read_proof(text: str) -> dict[str, object]:
    """Return the fields of a proof; raises CellError for one that is none."""
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


def read_count(text: str) -> int:
    """Return a whole number; raises CellError for another text."""
    if not _WHOLE.fullmatch(text.strip()):
        raise CellError("muss eine ganze Zahl sein")
    return int(text)


def shown(value: object) -> str:
    """Return a value as text, "" for none."""
    return "" if value is None else str(value)


def shown_text(value: str | None) -> str:
    """Return a text with what tables use escaped, "" for none."""
    return "" if value is None else escaped(value)

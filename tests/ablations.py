"""What each part of answering moves: cases are asked with one part switched off at a time.

    python -m tests.ablations DATA=CASES.jsonl,CASES.jsonl [DATA=CASES …] [--only NAME,NAME]

DATA is a data folder with an edition. Prints a Markdown table: of how many cases the answer
changes, and how many are shown, useful and misleading more and less than with all parts. A part
that moves nothing on documents that nothing learned from goes.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

from evals.asking import ask_case, in_process
from evals.case_files import Case, load_cases
from service import load_settings
from service.answering import Intent

MEASURES = ("shown", "useful", "misled")
_ANSWERING = "service.answering."


@dataclass(frozen=True, slots=True)
class Part:
    """An attribute of a module, or of a class in it ("reading.matcher:Matcher"), and what stands
    in its place where the part is off.
    """

    where: str
    name: str
    off: Any

    @property
    def owner(self) -> Any:
        """The module or class that has the attribute."""
        module, _, inner = self.where.partition(":")
        found = import_module(_ANSWERING + module)
        return getattr(found, inner) if inner else found

    @contextmanager
    def switched_off(self) -> Iterator[None]:
        """Have the part off for a while."""
        owner = self.owner
        before = vars(owner)[self.name]
        setattr(owner, self.name, self.off)
        try:
            yield
        finally:
            setattr(owner, self.name, before)


def always(value: Any) -> Callable[..., Any]:
    """A function that returns the same for all arguments."""
    return lambda *_, **__: value


_PASSAGES, _SENTENCES = "composing.passages", "retrieval.sentences"
_FINDER, _MATCHER = "retrieval.passages", "reading.matcher:Matcher"
_READER = "reading.question_reader"
PARTS: Mapping[str, Part] = {
    "passages far below the best are left out": Part(_PASSAGES, "_CLOSE", 0.0),
    "the best of each named paper first": Part(_PASSAGES, "_named_groups", always({})),
    "passages with the fact that is asked for first": Part(
        _PASSAGES, "_weight_by_fact", always(1.0)
    ),
    "no bare title pages": Part(_PASSAGES, "is_bare_title", always(False)),
    "no claim that only repeats a title": Part(_PASSAGES, "_only_repeats_title", always(False)),
    "no claim without a word of the topic": Part(_PASSAGES, "_lacks_topic", always(False)),
    "passages with words that nothing took": Part(_PASSAGES, "find_with_words", always([])),
    "a passage lies where the chunk was found": Part(_FINDER, "_OVERLAP", 0.0),
    "a passage has the fact that is asked for": Part(_FINDER, "_FACT", 0.0),
    "sentences with the question's words": Part(_SENTENCES, "_WORDS_WEIGHT", 0.0),
    "sentences with the fact that is asked for": Part(_SENTENCES, "_FACT_WEIGHT", 0.0),
    "sentences of a field that states the fact": Part(_SENTENCES, "_MEANING_WEIGHT", 0.0),
    "a record that is called what is asked about": Part(
        "composing.record", "_is_called_so", always(False)
    ),
    "fields that the question names": Part("reading.intents", "find_named_field", always(None)),
    "facts that papers print of themselves": Part(
        "reading.intents", "find_paper_facts", always(())
    ),
    "the unit or the municipalities of a named record": Part(
        "reading.intents", "_field_of_record", always(None)
    ),
    "a list or a field in place of a search": Part(
        "reading.intents", "_replace_search", always(Intent.SEARCH)
    ),
    "nouns for a paper's metadata are no topic": Part(_READER, "_OF_METADATA", frozenset()),
    "a motion is told whole": Part("pipeline", "_names_one_motion", always(False)),
    "a verb is no topic of a paper": Part(
        "pipeline", "_names_topic", lambda query: bool(query.conditions.topic)
    ),
    "records with a capital are a paper's name": Part(
        "reading.documents", "_capitalized_words", always("")
    ),
    "number words": Part("reading.values", "NUMBER_WORDS", {}),
    "nouns beside a unit's name": Part("reading.units", "_names_beside", always(set())),
    "a passage that says what failed": Part(_FINDER, "_SETBACK", 0.0),
    "the fact of a motion that does not repeat its subject": Part(
        _PASSAGES, "_hits_of_motions", always([])
    ),
    "sums": Part(_READER, "asks_for_sum", always(False)),
    "contacts by name": Part(_READER, "names_contact", always(False)),
    "themes": Part(_MATCHER, "find_theme", always(None)),
    "columns": Part("reading.columns:Columns", "find", always(None)),
    "places": Part(_MATCHER, "_find_place", always("")),
    "titles": Part(_MATCHER, "_find_titled", always(())),
    "attributes of nouns": Part(_MATCHER, "attributes", always(())),
    "spelling": Part("retrieval.terms", "_correct_spelling", lambda word, _: word),
    "n-grams": Part("retrieval.search", "weigh_ngrams", always({})),
    "concepts of the vocabulary": Part("retrieval.expansion:Expansion", "concepts", always([])),
    "words that frame a question weigh less": Part(
        "retrieval.terms", "frame_probability", always(0.0)
    ),
}
Asked = dict[tuple[str, str], tuple[str, dict[str, float]]]


def ask_all(cases: Mapping[Path, Sequence[Case]]) -> Asked:
    """Return each case's answer and what was measured of it, by data folder and case."""
    asked: Asked = {}
    for folder, of_folder in cases.items():
        with in_process(load_settings(data_dir=folder)) as target:
            for case in of_folder:
                scored = ask_case(target, case)
                ratios = scored.judgement.ratios
                figures = {name: ratios[name][0] for name in MEASURES if name in ratios}
                asked[str(folder), case.id] = str(scored.answer["answer"]), figures
    return asked


def compare(name: str, whole: Asked, without: Asked) -> str:
    """Return the row of a part: answers that change, and gains and losses of each measure."""
    changed = sum(without[key][0] != whole[key][0] for key in whole)
    cells = [name, str(changed)]
    for measure in MEASURES:
        differences = []
        for key, (_, figures) in whole.items():
            if measure in figures:
                differences.append(without[key][1].get(measure, 0.0) - figures[measure])
        more = sum(difference > 0 for difference in differences)
        less = sum(difference < 0 for difference in differences)
        cells.append(f"+{more} −{less}" if more or less else "0")
    return f"| {' | '.join(cells)} |"


def say(row: str) -> None:
    """Print a row of the table as soon as it is known."""
    sys.stdout.write(f"{row}\n")
    sys.stdout.flush()


def read_arguments(arguments: Sequence[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("over", nargs="+", help="DATA=CASES.jsonl,CASES.jsonl")
    parser.add_argument("--only", default="", help="names of parts, parted by commas")
    return parser.parse_args(arguments)


def main(arguments: Sequence[str] | None = None) -> None:
    """Ask all cases with all parts, then without each, and print the table row by row."""
    options = read_arguments(arguments)
    cases: dict[Path, list[Case]] = {}
    for over in options.over:
        folder, _, files = over.partition("=")
        cases[Path(folder)] = load_cases(*map(Path, files.split(",")))
    chosen = options.only.split(",") if options.only else list(PARTS)
    whole = ask_all(cases)
    say(f"| without, of {len(whole)} | answers changed | {' | '.join(MEASURES)} |")
    say("|---|---:|---|---|---|")
    for name in chosen:
        with PARTS[name].switched_off():
            say(compare(name, whole, ask_all(cases)))


if __name__ == "__main__":
    main()

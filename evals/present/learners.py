"""The six things that are learned today, as `evals.train` calls them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from evals.present.material import Material, load_material
from evals.present.questions import shipped
from evals.train import Learner, Source


def learners() -> tuple[Learner, ...]:
    """In the order in which they are learned: what costs little comes last."""
    return (
        Learner("sentences", "Welche Sätze gesagt werden", _sentences),
        Learner("ranking", "Wie Funde geordnet werden", _ranking),
        Learner("judgement", "Ab wann ein Fund antwortet", _judgement),
        Learner("changes", "Welche Fragen nach Änderungen fragen", _changes),
        Learner("questions", "Wie Fragen gelesen werden", _questions),
    )


def _material(source: Source) -> Material:
    return load_material(_files(source))


def _files(source: Source) -> list[Path]:
    return [*shipped(), *source.files]


def _sentences(source: Source) -> Iterator[str]:
    from evals.present.examples import examples_over
    from evals.present.sentences import told_by
    from evals.present.writing import write_teller
    from service.answering.trained.sentences import teller

    learned = examples_over(_material(source).cases, source.corpora)
    found, before = write_teller(learned, source.folder), told_by(teller(), learned)
    yield f"{found.cases} Fälle; gemessen an Dokumenten, die beim Lernen fehlten:"
    for name, one in (("gelernt", found), ("mitgeliefert", before)):
        yield f"{name:12} erster Satz {one.first:.3f}, alle Tatsachen {one.told:.3f}, {one.characters:.0f} Zeichen"


def _ranking(source: Source) -> Iterator[str]:
    from evals.present.examples import targets
    from evals.present.ranking import GROUPS, examples
    from evals.present.writing import write_ranking

    cases = _material(source).cases
    learned = [one for mine, of in targets(cases, source.corpora) for one in examples(mine, of)]
    found = write_ranking(learned, source.folder)
    yield f"{found.cases} Fälle; gemessen an Dokumenten, die beim Lernen fehlten:"
    for way, figures in (("gelernt", found.told), ("von Hand", found.told_by_hand)):
        for written, one in figures.items():
            told = f"richtiger Eintrag als erster {one.first:.3f}, unter drei {one.first_three:.3f}"
            yield f"{way:10} {told} ({GROUPS[written]}, {one.cases})"
    yield f"Geschrieben sind die Gewichte, die {'gelernt' if found.is_learned else 'von Hand gewählt'} sind."


def _judgement(source: Source) -> Iterator[str]:
    from evals.present.examples import targets
    from evals.present.judgement import examples_over
    from evals.present.writing import write_judgement

    cases = _material(source).cases
    learned = [one for mine, of in targets(cases, source.corpora) for one in examples_over(cases, of, mine)]
    found = write_judgement(learned, source.folder)
    yield f"{found.cases} Antworten; gemessen an Dokumenten, die beim Lernen fehlten:"
    yield f"Kalibrierungsfehler {found.calibration:.3f}, Fläche unter der Kurve {found.area:.3f}"
    for one in found.shown:
        through = f"{one.right:.3f} der richtigen Antworten, {one.wrong:.3f} der falschen"
        chosen = "gewählt" if one == found.chosen else ""
        yield f"{chosen:8} Schwelle {one.threshold:.2f}: {through}, {one.unanswerable:.3f} auf Fragen ohne Antwort"


def _changes(source: Source) -> Iterator[str]:
    from evals.present.changes import load_examples
    from evals.present.writing import write_changes

    examples = load_examples(_files(source))
    told = write_changes(examples, source.folder, source.show)
    yield f"{len(examples)} Fragen; gemessen an Dateien, die beim Lernen fehlten:"
    yield (
        f"{told.recognised} von {told.asking} Fragen nach Änderungen erkannt, {told.exact} mit genau ihrer Art; dafür "
        f"gehalten {told.wrong} von {told.ordinary} gewöhnlichen, {told.wrong_near} von {told.near} ähnlichen"
    )


def _questions(source: Source) -> Iterator[str]:
    from evals.present.writing import write_reader

    questions = _material(source).questions
    told = write_reader(questions, source.folder, source.show)
    yield f"{len(questions)} Fragen; gemessen an Urhebern, die beim Lernen fehlten:"
    for name, head in told.items():
        yield (
            f"{name:10} richtig {head.accuracy:.3f}, je Klasse {head.mean_recall:.3f},"
            f" Kalibrierungsfehler {head.calibration:.3f} ({head.questions} Fragen)"
        )

"""Training of the choice of families of records, with whole papers left out.

Each proposal of a paper with known records is an example. A family is one of records if most of its
numbers (or titles) are known; its lines are the titles if most titles are known too. The signs of
all weights are given: a field speaks for records, never against.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import chain
from math import sqrt
from random import Random
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz

from ingest.readers.family_choice import FamilyModel, choose, rate
from ingest.readers.family_features import RECORD_FEATURES, TITLE_FEATURES, FamilyFeatures
from ingest.readers.family_reader import FamilyReader
from ingest.readers.line_features import number_family
from ingest.readers.looks import Look, RecordExample
from ingest.readers.numbers import parse_number
from ingest.readers.proposals import Proposal
from ingest.readers.titles import normalize_title
from vectorstore.language import fold_ref

FAMILIES_FILE = "families.json"
FEATURE_SIGNS = {
    "size": 1,
    "fields": 1,
    "roles": 1,
    "header": 1,
    "word": 1,
    "code": 1,
    "plain": -1,
    "bare": -1,
    "loose": -1,
    "distinct": 1,
    "length": -1,
    "capital": 1,
    "sentence": -1,
}
PENALTY = 0.3  # on squared weights; of .1 to .5 with most right at 1 % false on papers left out
MIN_SIMILARITY = 90  # similarity of titles, 0 to 100, from which they are the same
# share of known records from which a family is one of records, and up to which it is none
LEAST_KNOWN = 0.8
MOST_UNKNOWN = 0.3
ASKED = 4  # proposals that are asked of a paper
ALONE = "itself"  # the name, in the stored outcomes, of a reading without help by people
LEAST = 3  # records of a family of which examples are drawn
SEED = 5  # of the lot by which examples are drawn
# Sure: of .5 to .8 most records right at 1 % false, on papers left out. What is likely enough to be
# asked, and whether the lines are titles, were set by hand.
SURE = 0.61
LIKELY = 0.3
TITLED = 0.45
Numbers = NDArray[np.float64]


class PublishedRecord(Protocol):
    """A record as it is known: its number and title, all right readings of both, its pages."""

    @property
    def ref(self) -> str | None:
        """The number as printed, None without one."""

    @property
    def title(self) -> str:
        """The title as printed."""

    @property
    def pages(self) -> tuple[int, ...]:
        """The pages of its sheet, from 1; empty if unknown."""

    @property
    def refs(self) -> tuple[str, ...]:
        """All right readings of the number."""

    @property
    def titles(self) -> tuple[str, ...]:
        """All right wordings of the title."""


@dataclass(frozen=True, slots=True)
class TrainingPaper:
    """A paper with its known records, the reader of its families, and its described proposals;
    papers of one `group` are left out together.
    """

    name: str
    group: str
    known: Sequence[PublishedRecord]
    reader: FamilyReader
    proposals: Sequence[tuple[Proposal, FamilyFeatures]]


@dataclass(frozen=True, slots=True)
class PaperOutcome:
    """What was read of a paper that was left out: right and false records, and the known ones.

    `help` says what people gave: `ALONE` nothing, "question" an answer, "1 example" and so on.
    """

    name: str
    help: str
    right: int
    false: int
    known: int


@dataclass(frozen=True, slots=True)
class TrainedFamilies:
    """The model and its outcomes on papers left out."""

    model: FamilyModel
    outcomes: tuple[PaperOutcome, ...]

    @property
    def content(self) -> str:
        """The model as JSON."""
        values = asdict(self.model)
        return json.dumps({name: _rounded(value) for name, value in values.items()}) + "\n"


def train_families(papers: Sequence[TrainingPaper]) -> TrainedFamilies:
    """Return the model trained on all papers, with its outcomes on papers left out.

    For the outcomes each group of papers is read by a model trained on the other groups, so that no
    model is measured on a paper that it has seen, or on one like it.
    """
    examples = list(chain.from_iterable(map(make_examples, papers)))
    outcomes: list[PaperOutcome] = []
    for model, paper in _cross_validate(papers, examples, FEATURE_SIGNS):
        outcomes += measure(model, paper)
    return TrainedFamilies(fit(examples), tuple(outcomes))


def _cross_validate(
    papers: Sequence[TrainingPaper],
    examples: Sequence[LabelledProposal],
    features: Mapping[str, int],
) -> Iterator[tuple[FamilyModel, TrainingPaper]]:
    """Yield each paper with a model that was trained on the examples of the other groups."""
    for group in dict.fromkeys(paper.group for paper in papers):
        model = fit([example for example in examples if example.group != group], features)
        yield from ((model, paper) for paper in papers if paper.group == group)


def evaluate_without(papers: Sequence[TrainingPaper], feature: str) -> tuple[int, int]:
    """Return how many records are right and how many are false if models do without a feature.

    Each paper is read by a model that was trained on the other groups, without help by people.
    """
    features = {name: sign for name, sign in FEATURE_SIGNS.items() if name != feature}
    examples = list(chain.from_iterable(map(make_examples, papers)))
    right = false = 0
    for model, paper in _cross_validate(papers, examples, features):
        chosen = choose(rate(model, paper.proposals), model.sure, model.titled)
        outcome = _outcome(paper, ALONE, chosen)
        right += outcome.right
        false += outcome.false
    return right, false


def fit(
    examples: Sequence[LabelledProposal], features: Mapping[str, int] = FEATURE_SIGNS
) -> FamilyModel:
    """Return the model trained on these examples.

    `features` has the sign of each feature that may have a weight; all other weights are zero.
    Whether lines are titles is learned only from families of records: the lines of others are
    titles of something else, which is no mistake.
    """
    records = _fit(examples, RECORD_FEATURES, features, lambda candidate: candidate.of_records)
    titled = [
        candidate for candidate in examples if candidate.of_records == 1 or candidate.titled == 1
    ]
    titles = _fit(titled, TITLE_FEATURES, features, lambda candidate: candidate.titled)
    return FamilyModel(*records, *titles, SURE, LIKELY, TITLED)


def measure(model: FamilyModel, paper: TrainingPaper) -> Iterator[PaperOutcome]:
    """Yield how many records of a paper are right and false, once for each sort of help.

    First without help by people. Then as if people had answered the question on likely families,
    from the known records. Then as if they had named one, two and three examples of each family.
    """
    rated = rate(model, paper.proposals)
    sure = choose(rated, model.sure, model.titled)
    yield _outcome(paper, ALONE, sure)
    likely = choose(rated, model.likely, model.titled, sure)[:ASKED]
    confirmed = [candidate for candidate in likely if _share_known(paper, candidate) >= LEAST_KNOWN]
    yield _outcome(paper, "question", [*sure, *confirmed])
    for count in (1, 2, 3):
        looks = _looks(paper, count)
        named = [family.proposal for family in paper.reader.find_looks(looks).families]
        further = choose(rated, model.sure, model.titled, named)
        yield _outcome(paper, f"{count} examples", [*named, *further])


def _looks(paper: TrainingPaper, count: int) -> list[Look]:
    """Return what people would say who know the records: a look for each family of known numbers.

    The examples of a look are `count` records of the family, drawn by lot, always the same ones.
    Records without a number are one family (`None`). A family of fewer than `LEAST` records has no
    look.
    """
    families: dict[object, list[PublishedRecord]] = {}
    for record in paper.known:
        number, key = parse_number(record.ref or ""), None
        if number is not None:
            key = number_family(number)
        families.setdefault(key, []).append(record)
    lot = Random(SEED)
    looks = []
    for records in families.values():
        if len(records) < LEAST:
            continue
        examples = []
        for record in lot.sample(records, min(count, len(records))):
            name, page = f"{record.ref or ''} {record.title}", next(iter(record.pages), None)
            examples.append(RecordExample(name=name, page=page))
        looks.append(Look(kind="measure", examples=tuple(examples)))
    return looks


def _outcome(paper: TrainingPaper, help: str, chosen: Sequence[Proposal]) -> PaperOutcome:
    """Return the outcome of choosing some proposals of a paper.

    Right are the known records that a proposal has with number and title. False are the records of
    proposals that have neither the number nor the title of a known one; with one of both, a record
    was only read with an error.
    """
    pairs: list[tuple[str, str]] = []
    for proposal in chosen:
        titled = zip(proposal.heads, proposal.titles, strict=True)
        pairs += ((head.ref, title.text) for head, title in titled)
    right = false = 0
    for known in paper.known:
        right += any(_is_record(known, *pair) for pair in pairs)
    for pair in pairs:
        false += not any(_is_of_record(known, *pair) for known in paper.known)
    return PaperOutcome(paper.name, help, right, false, len(paper.known))


def _share_known(paper: TrainingPaper, proposal: Proposal) -> float:
    """Return the share of the records of a proposal that are known (see `_is_record`)."""
    known = 0
    for head, title in zip(proposal.heads, proposal.titles, strict=True):
        known += any(_is_record(record, head.ref, title.text) for record in paper.known)
    return known / len(proposal.heads)


@dataclass(frozen=True, slots=True)
class LabelledProposal:
    """A proposal with its features and classes: 1 for yes, 0 for no, 0.5 for neither."""

    group: str
    features: FamilyFeatures
    of_records: float
    titled: float


def make_examples(paper: TrainingPaper) -> Iterator[LabelledProposal]:
    """Yield each proposal of a paper as an example.

    Its classes follow from the share of its records that are known by title and number; whether it
    is one of records also from the share that are known by number alone, if that is higher.
    """
    refs = set(map(fold_ref, chain.from_iterable(record.refs for record in paper.known)))
    for proposal, features in paper.proposals:
        count = len(proposal.heads)
        numbered = sum(head.ref in refs for head in proposal.heads if head.ref) / count
        titled = _share_known(paper, proposal)
        share = max(numbered, titled)
        yield LabelledProposal(paper.group, features, _class_of(share), _class_of(titled))


def _class_of(share: float) -> float:
    """Return 1 for a share of at least `LEAST_KNOWN`, and 0 for one of at most `MOST_UNKNOWN`.

    Between them it is 0.5: such an example is left out of the training.
    """
    if share >= LEAST_KNOWN:
        return 1.0
    if share <= MOST_UNKNOWN:
        return 0.0
    return 0.5


def _is_record(known: PublishedRecord, ref: str, title: str) -> bool:
    """True if number and title are those of a known record.

    The number does not count if the record has none, or if `ref`, which is folded, is "".
    """
    refs = {fold_ref(other) for other in known.refs}
    return (not refs or not ref or ref in refs) and any(
        _same_title(title, other) for other in known.titles
    )


def _is_of_record(known: PublishedRecord, ref: str, title: str) -> bool:
    """True if the number or the title is that of a known record."""
    refs = {fold_ref(other) for other in known.refs}
    return (bool(ref) and ref in refs) or any(_same_title(title, other) for other in known.titles)


def _same_title(title: str, other: str) -> bool:
    return fuzz.ratio(normalize_title(title), normalize_title(other)) >= MIN_SIMILARITY


def _fit(
    examples: Sequence[LabelledProposal],
    names: Sequence[str],
    signs: Mapping[str, int],
    target_of: Callable[[LabelledProposal], float],
) -> tuple[tuple[float, ...], float]:
    """Return weights and constant of a logistic regression on the features with these `names`.

    `signs` says which weights must not be negative (1), not be positive (-1), or are zero. Examples
    whose target is 0.5 are left out. Both classes have the same total weight, and in a class each
    group weighs by the square root of its size: a paper with many proposals should not decide
    alone. The weights are learned on features scaled to equal spread, and returned for unscaled
    ones.
    """
    clear = [example for example in examples if target_of(example) != 0.5]
    vectors = np.array([example.features.vector(names) for example in clear])
    targets = np.array([target_of(example) for example in clear])
    sizes = Counter((example.group, target_of(example)) for example in clear)
    weights = np.array([1 / sqrt(sizes[example.group, target_of(example)]) for example in clear])
    for target in (0.0, 1.0):
        weights[targets == target] *= 0.5 / weights[targets == target].sum()
    mean, scale = vectors.mean(axis=0), vectors.std(axis=0) + 1e-6
    scaled = (vectors - mean) / scale
    from scipy.optimize import minimize  # imported here: only the extra `eval` brings it

    def loss(parameters: Numbers) -> tuple[float, Numbers]:
        scores = scaled @ parameters[:-1] + parameters[-1]
        errors = weights * (1 / (1 + np.exp(-scores)) - targets)
        losses = weights * np.logaddexp(0, np.where(targets > 0, -scores, scores))
        penalty = PENALTY * parameters[:-1]
        gradient = np.append(scaled.T @ errors + penalty, errors.sum())
        return float(losses.sum() + 0.5 * (penalty * parameters[:-1]).sum()), gradient

    bounds = [_bounds(signs.get(name, 0)) for name in names]
    start = np.zeros(len(names) + 1)
    solved = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=[*bounds, (None, None)]).x
    unscaled = solved[:-1] / scale
    return tuple(map(float, unscaled)), float(solved[-1] - unscaled @ mean)


def _bounds(sign: int) -> tuple[float | None, float | None]:
    """Return the least and greatest weight of a feature by its sign, None for no limit; without a
    sign the weight is 0.
    """
    if sign > 0:
        return 0.0, None
    if sign < 0:
        return (None, 0.0)
    return (0.0, 0.0)


def _rounded(value: object) -> object:
    """Return numbers, alone or in a list, with four decimals, and anything else as it is."""
    if isinstance(value, (list, tuple)):
        return [round(number, 4) for number in value]
    if isinstance(value, float):
        return round(value, 4)
    return value

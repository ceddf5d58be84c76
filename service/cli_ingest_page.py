"""How what a run read comes onto the page on which people decide; part of the composition root."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, replace
from typing import TYPE_CHECKING

from service.settings import Settings

if TYPE_CHECKING:
    from ingest.report.report import IngestReport
    from ingest.report.review import ReadPaper, Review
    from service.ingest_page.drawing import Pictures
    from service.ingest_page.paper import Paper


@dataclass(slots=True)
class IngestPage:
    """Takes what was read while the files are there, and makes the page when the outcome of the run is known."""

    settings: Settings
    _review: Review | None = None
    _papers: tuple[Paper, ...] = ()
    _pictures: Pictures = field(default_factory=dict)

    def take(self, review: Review) -> None:
        """Keep what was read, and draw the pages of the examples."""
        from service.ingest_page.drawing import drawn
        from service.pictures.painter import Limits

        limits = Limits(seconds=self.settings.picture_seconds, megabytes=self.settings.picture_megabytes)
        self._review = review
        self._papers = tuple(_paper(one, review) for one in review.papers)
        self._pictures = drawn(self._papers, limits)

    def page(self, report: IngestReport) -> str:
        """Return the page of the run."""
        from ingest.notices import is_of_pages
        from service.ingest_page.page import page
        from service.ingest_page.paper import Run

        told = {file.id: file.warnings for file in report.files if not file.is_rejected}
        loose = {file.id: asdict(file.loose) for file in report.files if file.loose is not None}
        papers = tuple(
            replace(
                one,
                page_doubts=tuple(filter(is_of_pages, told.get(one.document.id, ()))),
                warnings=tuple(text for text in told.get(one.document.id, ()) if not is_of_pages(text)),
                loose=loose.get(one.document.id, {}),
            )
            for one in self._papers
        )
        before = self._review.before if self._review else {}
        titles = {name: one.document.title for name, one in before.items()}
        return page(
            Run(
                papers,
                report.as_dict(),
                self._review.edition if self._review else None,
                kept=tuple(titles.get(name, name) for name in (self._review.kept if self._review else ())),
                gone=tuple(titles.get(name, name) for name in report.going),
            ),
            self._pictures,
        )


def _paper(read: ReadPaper, review: Review) -> Paper:
    from ingest.plan.check import labels_in_words, places_in_words
    from ingest.plan.form import load_plan
    from service.ingest_page.paper import Paper

    plan = load_plan(read.parsed.document.plan or "")
    return Paper(
        read.parsed,
        before=review.before.get(read.parsed.document.id),
        original=read.original,
        places=places_in_words(plan),
        plan=tuple(labels_in_words(plan)),
    )

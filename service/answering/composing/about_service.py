"""What the service says of itself: greetings, what it can do and knows, whether it is a machine, data, contact."""

from __future__ import annotations

from prompts import text
from service.answering.draft import Draft, sentence
from service.answering.wording import day
from service.models import AnswerStatus
from service.settings import Settings
from vectorstore.edition import Edition

_TITLES = 6
_PRIVACY = "about/privacy"


def about_service(name: str, language: str, edition: Edition, settings: Settings) -> Draft:
    """The fixed text `name` ("about/greeting"), with what this service and its edition are called."""
    german = language != "en"
    papers = list(edition.catalogue.in_force.documents.values())
    titled = [f"„{one.title}“" if german else f"“{one.title}”" for one in papers[:_TITLES]]
    dated = [
        f"{title} ({'Stand' if german else 'as of'} {day(one.as_of)})" if one.as_of else title
        for title, one in zip(titled, papers, strict=False)
    ]
    more = len(papers) - _TITLES
    rest = [f"{more} weitere Papiere" if german else f"{more} more papers"] if more > 0 else []
    if name == _PRIVACY and settings.keep_questions:
        name = f"{_PRIVACY}_kept"
    said = text(f"{language}/{name}").format(
        name=settings.name,
        papers=_strung(list(dict.fromkeys(one.publisher for one in papers)) or [settings.name], german),
        documents=_strung([*dated, *rest], german) or ("noch kein Papier" if german else "no paper yet"),
        edition=edition.name,
        contact=settings.contact,
        privacy=settings.privacy_url or "",
        days=settings.keep_questions_days,
    )
    return Draft(AnswerStatus.ABOUT_SERVICE, None, (sentence(said.strip()),))


def _strung(parts: list[str], german: bool) -> str:
    """The parts with commas, the last behind "und"."""
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} {'und' if german else 'and'} {parts[-1]}"

"""A question without what names a person: details by notation, names by their form.

Names are told by their form alone: behind a salutation, a title, kin or an introduction, and where letters are signed.
A name without any such form is not told from other words.
"""

from __future__ import annotations

import re

from service.masking.notation import mask_details

_NAME = r"[A-ZÄÖÜ][\w'’-]+"
_NOBLE = r"(?:von|van|zu|de|der|den|dem)\s+"
_TITLES = rf"(?:(?:Dr|Prof|Dipl)\.?(?:-\w+\.?)?\s+|{_NOBLE})*"
_PERSON = rf"{_TITLES}(?:[A-ZÄÖÜ]\.\s?)*{_NAME}(?:\s(?:{_NOBLE})*{_NAME})?"
_TWO = rf"{_TITLES}(?:{_NAME}|[A-ZÄÖÜ]\.)\s(?:{_NOBLE})*{_NAME}"
_SMALL = r"[\w'’-]{2,}(?:\s(?!(?:und|oder|aus|in|im|mit|wohne|suche|komme|bin|habe|wer|was|wann|wo|wie)\b)[\w'’-]{2,})?"
_NO_NAME = "und|oder|im|in|am|an|mit|für|als|die|der|das|zu|zur|bei|auf"
_ADDRESSED = (  # whom people greet that is nobody
    r"Damen|Herren|Team\w*|Leute|Zusammen|Alle|Verwaltung\w*|(?:Land)?[Kk]reis\w*|Stadt\w*|Gemeinde\w*|Amt|Rathaus"
    r"|\w*[Bb]ot|\w*[Ll]otse|Kolleg\w+|Mitarbeit\w+|Mitbürger\w*|Bürger\w*|Redaktion|Frau|Herrn?|Familie"
)
_OFFICES = (
    r"(?:Ober)?[Bb]ürgermeister(?:in)?|Landr(?:at|ätin)|Dezernent(?:in)?|Professor(?:in)?|Doktor|Pfarrer(?:in)?"
    r"|Sachbearbeiter(?:in)?|Amtsleiter(?:in)?|Minister(?:in)?|Abgeordneter?|Stadtr(?:at|ätin)|Lehrer(?:in)?"
    r"|Direktor(?:in)?|Kolleg(?:e|in)|Nachbar(?:in|n)?|Hausmeister(?:in)?"
)
_KIN = (
    r"Sohn|Tochter|Mann|Ehemann|Ehefrau|Bruder|Schwester|Vater|Mutter|Enkel(?:in|kind)?|Kind|Partner(?:in)?|Freund(?:in)?"
    r"|Schwager|Schwägerin|Neffe|Nichte"
)
_CLOSINGS = (
    r"(?:gr(?:ü|ue)(?:ß|ss)(?:en|e)?|gru(?:ß|ss)|mfg|[lv]g|herzlichst?|hochachtungsvoll|gez\.|i\.\s?a\.|i\.\s?v\."
    r"|dank(?:e)?(?: (?:schön|im voraus|vorab))?)"
)
_OURS = r"(?:(?:ihre?|eure?|dein|deine)\s+)?"
_NOBODY = r"(?!(?i:ihnen|euch|dir|ihr|ihre[mrn]?|für|im|sehr|schon|allen?|und)\b)"
_BEHIND = r"(?=\s*[.!]*\s*$)"  # the end of what is written
# what stands before a name, which stays; what it names
_NAMED = tuple(
    re.compile(rf"(?P<before>{before})(?P<named>{named})")
    for before, named in (
        (
            rf"(?i:(?<!\w){_CLOSINGS}\s*[,:!–-]*\s*(?:von\s+)?{_OURS})",
            rf"{_NOBODY}{_PERSON}(?:\s{_NAME})?{_BEHIND}",
        ),
        (rf"(?<!\w)(?:mfg|lg|vg|gr(?:ü|ue)(?:ß|ss)e)[,!]?\s+{_OURS}", rf"[\w'’-]+(?:\s[\w'’-]+)?{_BEHIND}"),
        (rf"(?<=[.?!]\s)(?:Ihre?|Eure?|Deine?)\s+(?!(?:{_ADDRESSED})\b)", rf"{_PERSON}{_BEHIND}"),
        (
            r"(?i:^(?:hallo|hi|hey|moin|servus|liebe[rs]?|guten (?:tag|morgen|abend)|grüß gott)\s+)"
            rf"(?!(?i:{_ADDRESSED})\b)",
            rf"{_PERSON}(?=\s*[,!])",
        ),
        (rf"\b(?:Herrn?|Frau|Familie|Eheleuten?|Fr\.|Hr\.)\s+(?:(?:{_OFFICES})\s+)?", _PERSON),
        (rf"\b(?:Dr|Prof)\.\s+|\b(?:{_OFFICES})\s+", _PERSON),
        (rf"(?i:\b(?:mein|unser|dein|ihr)(?:e[nmrs]?|s)?\s+(?:{_KIN})\s+)", _PERSON),
        (r"\b(?:Oma|Opa|Onkel|Tante)\s+", rf"{_NAME}\b(?!\s(?:im|für|zu|bei)\b)"),
        (
            r"(?i:\b(?:ich hei(?:ß|ss)e|mein name(?:\s+(?:ist|lautet)|:)|man nennt mich|namens)\s+)",
            rf"(?:{_PERSON}|{_SMALL})",
        ),
        (r"(?i:\b(?:kind|junge|mädchen|sohn|tochter|er|sie)\s+hei(?:ß|ss)t\s+)", _PERSON),
        (r"(?i:\bich bin(?:'s| es)?,?\s+(?:der\s+|die\s+)?)", _TWO),
        (r"(?i:\bhier (?:ist|spricht|schreibt)(?: ihnen| euch)?\s+)", _TWO),
        (r"(?i:\bwir,\s+)", rf"{_NAME}\s+und\s+{_PERSON}(?=,)"),
        (r"(?i:\b(?:antragsteller(?:in)?|absender(?:in)?|unterschrift|name):\s+)", _TWO),
        (r"^", rf"{_TWO}(?=,\s\[Adresse\])"),
        (rf"(?<![\wäöüß])(?:herrn?|frau)\s+(?!(?:{_NO_NAME})\b)", r"[a-zäöüß'’-]{2,}"),
    )
)
# two or three words alone on the last line
_SIGNED = re.compile(rf"(?<=\n)[ \t]*{_TWO}(?:\s{_NAME})?\s*$")


def mask_question(question: str) -> str:
    """The question with every personal detail that its form tells replaced, white space made equal."""
    text = " ".join(mask_details(_SIGNED.sub("[Name]", question.strip())).split())
    for pattern in _NAMED:
        text = pattern.sub(r"\g<before>[Name]", text)
    return text

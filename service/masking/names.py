"""Masks personal data in a question: details by their notation, names by their context.

Names are recognized after a salutation, a title, a word for a relative or an introduction, and in
the signature of a letter; a name without such a context is not recognized.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from service.masking.notation import mask_details
from vectorstore.language import collapse_spaces

_NAME = r"[A-ZÄÖÜ][\w'’-]+"  # "Muster", "O'Neill"
_PREPOSITION = r"(?:von|van|zu|de|der|den|dem)\s+"
_TITLES = rf"(?:(?:Dr|Prof|Dipl)\.?(?:-\w+\.?)?\s+|{_PREPOSITION})*"  # "Dr. ", "Dipl.-Ing. von "
# "Muster", "Dr. E. von Muster"
_PERSON = rf"{_TITLES}(?:[A-ZÄÖÜ]\.\s?)*{_NAME}(?:\s(?:{_PREPOSITION})*{_NAME})?"
# "Eva Muster", "E. Muster", not "Muster"
_FULL_NAME = rf"{_TITLES}(?:{_NAME}|[A-ZÄÖÜ]\.)\s(?:{_PREPOSITION})*{_NAME}"
_LOWER_CASE = (  # "eva muster" as people type it, "eva" in "eva und suche …"
    r"[\w'’-]{2,}(?:\s(?!(?:und|oder|aus|in|im|mit|wohne|suche|komme|bin|habe|wer|was|wann|wo|wie)\b)[\w'’-]{2,})?"
)
_NOT_A_NAME = "und|oder|im|in|am|an|mit|für|als|die|der|das|zu|zur|bei|auf"
_NOT_A_PERSON = (  # words after a greeting that are no names
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
_POSSESSIVE = r"(?:(?:ihre?|eure?|dein|deine)\s+)?"
_NOT_SIGNED = r"(?!(?i:ihnen|euch|dir|ihr|ihre[mrn]?|für|im|sehr|schon|allen?|und)\b)"
_AT_END = r"(?=\s*[.!]*\s*$)"  # of the question
# the context before a name, which is kept, and the name, which is masked
_NAME_PATTERNS = tuple(
    re.compile(rf"(?P<before>{before})(?P<name>{name})")
    for before, name in (
        (  # "Mit freundlichen Grüßen, Ihre Eva Muster" at the end
            rf"(?i:(?<!\w){_CLOSINGS}\s*[,:!–-]*\s*(?:von\s+)?{_POSSESSIVE})",
            rf"{_NOT_SIGNED}{_PERSON}(?:\s{_NAME})?{_AT_END}",
        ),
        # "lg eva" at the end
        (
            rf"(?<!\w)(?:mfg|lg|vg|gr(?:ü|ue)(?:ß|ss)e)[,!]?\s+{_POSSESSIVE}",
            rf"[\w'’-]+(?:\s[\w'’-]+)?{_AT_END}",
        ),
        # "Wann? Ihre Eva Muster", not "Wann? Ihr Kreis"
        (
            rf"(?<=[.?!]\s)(?:Ihre?|Eure?|Deine?)\s+(?!(?:{_NOT_A_PERSON})\b)",
            rf"{_PERSON}{_AT_END}",
        ),
        (  # "Hallo Eva Muster, …", not "Hallo Team, …"
            r"(?i:^(?:hallo|hi|hey|moin|servus|liebe[rs]?|guten (?:tag|morgen|abend)|grüß gott)\s+)"
            rf"(?!(?i:{_NOT_A_PERSON})\b)",
            rf"{_PERSON}(?=\s*[,!])",
        ),
        # "Frau Landrätin Muster", "Landrätin Muster", "Dr. Muster"
        (rf"\b(?:Herrn?|Frau|Familie|Eheleuten?|Fr\.|Hr\.)\s+(?:(?:{_OFFICES})\s+)?", _PERSON),
        (rf"\b(?:Dr|Prof)\.\s+|\b(?:{_OFFICES})\s+", _PERSON),
        # "mein Sohn Karl", "Oma Erna", not "Oma Erna im Heim"
        (rf"(?i:\b(?:mein|unser|dein|ihr)(?:e[nmrs]?|s)?\s+(?:{_KIN})\s+)", _PERSON),
        (r"\b(?:Oma|Opa|Onkel|Tante)\s+", rf"{_NAME}\b(?!\s(?:im|für|zu|bei)\b)"),
        (  # "Mein Name ist Eva Muster", "ich heiße eva muster"
            r"(?i:\b(?:i(?:ch|ck)? hei(?:ß|ss)e?|my name is|mein name(?:\s+(?:ist|lautet)|:)|"
            r"man nennt mich|namens)\s+)",
            rf"(?:{_PERSON}|{_LOWER_CASE})",
        ),
        # "Nachname: Muster", "der Vorname ist Eva"
        (r"(?i:\b(?:vor|nach|familien|zu)name(?:\s+(?:ist|lautet)|:)?\s+)", _PERSON),
        # "Das Kind heißt Karl", "Ich bin Eva Muster", "Hier spricht Eva Muster"
        (r"(?i:\b(?:kind|junge|mädchen|sohn|tochter|er|sie)\s+hei(?:ß|ss)t\s+)", _PERSON),
        (r"(?i:\bich bin(?:'s| es)?,?\s+(?:der\s+|die\s+)?)", _FULL_NAME),
        (r"(?i:\bhier (?:ist|spricht|schreibt)(?: ihnen| euch)?\s+)", _FULL_NAME),
        # "Wir, Eva und Karl Muster, …", "Absender: Eva Muster", "Eva Muster, [Adresse]", "herr
        # muster"
        (r"(?i:\bwir,\s+)", rf"{_NAME}\s+und\s+{_PERSON}(?=,)"),
        (r"(?i:\b(?:antragsteller(?:in)?|absender(?:in)?|unterschrift|name):\s+)", _FULL_NAME),
        (r"^", rf"{_FULL_NAME}(?=,\s\[Adresse\])"),
        (rf"(?<![\wäöüß])(?:herrn?|frau)\s+(?!(?:{_NOT_A_NAME})\b)", r"[a-zäöüß'’-]{2,}"),
    )
)
# two or three words alone on the last line: "\nEva Muster"
_SIGNATURE = re.compile(rf"(?<=\n)[ \t]*{_FULL_NAME}(?:\s{_NAME})?\s*$")


def find_names(text: str) -> Iterator[str]:
    """Yield the names in a text that their context shows, such as a greeting or a signature.

    A signature is on a line of its own, so it is looked for before the lines are joined.
    """
    for match in _SIGNATURE.finditer(text.strip()):
        yield match[0].strip()
    spaced = collapse_spaces(text)
    for pattern in _NAME_PATTERNS:
        for match in pattern.finditer(spaced):
            yield match["name"]


def mask_question(question: str) -> str:
    """The question with all recognized names and details replaced by their kind ("[Name]"), and
    with single spaces.

    The order matters: a signature needs its own line, and some names are known by a masked detail
    behind them ("Eva Muster, [Adresse]").
    """
    text = collapse_spaces(mask_details(_SIGNATURE.sub("[Name]", question.strip())))
    for pattern in _NAME_PATTERNS:
        text = pattern.sub(r"\g<before>[Name]", text)
    return text

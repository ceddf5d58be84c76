"""How people reach the units that an answer names as responsible: what the administration says, not the papers."""

from __future__ import annotations

from dataclasses import replace

from service.answering.context import Context
from service.answering.draft import Draft, Fragment, Sentence
from vectorstore.amending.form import Organisation
from vectorstore.amending.organisations import Directory

_MOST = 3


def with_contacts(context: Context, draft: Draft) -> Draft:
    """The draft with the contacts of the units that it names; as it is where none is known."""
    directory = Directory(context.corpus.edition.catalogue.amendments.organisations)
    if draft.mode is None or not directory.organisations:
        return draft
    said = " ".join(one.text for one in draft.sentences)
    items = (proof.item for one in draft.sentences for proof in one.proofs)
    units = dict.fromkeys(unit for item in items for unit in item.responsible if unit in said)
    known = dict.fromkeys(one for unit in units if (one := directory.of(unit)) is not None and _ways(context, one))
    return replace(draft, sentences=(*draft.sentences, *(_told(context, one) for one in list(known)[:_MOST])))


def _told(context: Context, one: Organisation) -> Sentence:
    ways = ", ".join(_ways(context, one))
    text = context.say(
        f"Kontakt {one.shown}: {ways} (Angabe der Verwaltung, nicht aus den Dokumenten).",
        f"Contact {one.shown}: {ways} (given by the administration, not by the documents).",
    )
    return Sentence((Fragment(text),), computed=(text,), reservation=True)


def _ways(context: Context, one: Organisation) -> list[str]:
    phone = context.say("Telefon", "phone")
    return [*filter(None, (one.contact_email, f"{phone} {one.phone}" if one.phone else "", one.url))]

"""The mails that the office gets. What people wrote stands in the body; the only header they touch is Reply-To."""

from __future__ import annotations

from email.message import EmailMessage
from email.utils import localtime, make_msgid

from prompts import say
from service.mail.contact_form import ContactMessage
from service.settings import Settings


def contact_mail(contact: ContactMessage, settings: Settings) -> EmailMessage:
    """Return the mail of a filled contact form; an answer to it goes to the person, where an address is given."""
    given = {"Name": contact.name, "E-Mail": contact.email, "Telefon": contact.phone}
    lines = [f"{label}: {value}" for label, value in given.items() if value]
    parts = ["\n".join(lines), contact.message]
    if contact.question:
        parts.insert(1, f"Gestellte Frage: {contact.question}")
    mail = _mail(say("mail.contact_subject"), "\n\n".join(parts), settings)
    if contact.email:
        mail["Reply-To"] = contact.email
    if contact.attachment:
        kind, _, subkind = contact.attachment.media_type.partition("/")
        mail.add_attachment(contact.attachment.content, kind, subkind, filename=contact.attachment.name)
    return mail


def feedback_mail(answer_id: str, rating: str, edition: str, text: str, settings: Settings) -> EmailMessage:
    """Return the mail of a rating's free text."""
    body = f"Bewertung: {rating}\nAntwort: {answer_id}\nAusgabe: {edition}\n\n{text}"
    return _mail(say("mail.feedback_subject"), body, settings)


def _mail(subject: str, body: str, settings: Settings) -> EmailMessage:
    mail = EmailMessage()
    mail["Subject"] = f"{settings.name}: {subject}"
    mail["From"] = settings.mail_from
    mail["To"] = settings.mail_to
    mail["Date"] = localtime()
    mail["Message-ID"] = make_msgid(domain=domain_of(settings))
    sent = say("mail.sent_by", public_url=settings.public_url) if settings.public_url else ""
    mail.set_content(f"{body}{sent}\n")
    return mail


def domain_of(settings: Settings) -> str:
    """Return the domain of the sender, by which we present ourselves: the machine's own name stays unsaid."""
    return (settings.mail_from or "").partition("@")[2] or "localhost"

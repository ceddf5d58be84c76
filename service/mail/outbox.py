"""The mails that the office gets, and how they go out: at once, by SMTP, stored nowhere, only so many in all.

What people wrote stands in the body; the only header they touch is Reply-To.
"""

from __future__ import annotations

import logging
import math
import smtplib
import ssl
from email.message import EmailMessage
from email.utils import localtime, make_msgid
from functools import partial

from anyio import CapacityLimiter, to_thread
from starlette.types import Scope

from prompts import say
from service.http.clients import client_key, is_loopback
from service.http.limits import Turns
from service.http.problems import ProblemError
from service.mail.contact_form import ContactMessage
from service.settings import Settings

MAILS_PER_MINUTE = 5
WORKERS = 4
SMTP_SECONDS = 10.0
TLS_PORT = 465  # where the connection is encrypted from its first byte
MAILS_PER_HOUR = 100  # of all processes together
_ALL = "all"
log = logging.getLogger("strategielotse")


class Outbox:
    """Sends mails through the settings' server and counts them, per client and all together; loopback counts
    only among all."""

    def __init__(self, settings: Settings, per_hour: int = MAILS_PER_HOUR) -> None:
        self._settings = settings
        self._workers = CapacityLimiter(WORKERS)
        self._all, self._told = Turns(math.ceil(per_hour / settings.workers), 3600), Turns(1)
        self._turns = Turns(MAILS_PER_MINUTE) if settings.rate_per_minute else None

    def require_turn(self, scope: Scope) -> None:
        """Raise the problem too-many-requests for a client that has sent too many mails."""
        client = client_key(scope)
        if self._turns and not is_loopback(client) and (wait := self._turns.wait(client)):
            raise ProblemError("too-many-requests", headers={"Retry-After": str(math.ceil(wait))})

    async def send(self, mail: EmailMessage) -> None:
        """Hand a mail over; raises the problems too-many-mails, and mail-refused where the server does not take it."""
        if wait := self._all.wait(_ALL):
            if not self._told.wait(_ALL):
                log.warning(say("mail.too_many"))
            raise ProblemError("too-many-mails", headers={"Retry-After": str(max(1, math.ceil(wait)))})
        deliver = partial(_deliver, mail, self._settings)
        await to_thread.run_sync(deliver, abandon_on_cancel=True, limiter=self._workers)


def _deliver(mail: EmailMessage, settings: Settings) -> None:
    try:
        with _connected(settings) as server:
            if settings.mail_user:
                server.login(settings.mail_user, settings.mail_password.get_secret_value())
            server.send_message(mail, settings.mail_from, [settings.mail_to or ""])
    except (smtplib.SMTPException, OSError) as error:
        log.warning(say("mail.refused"), type(error).__name__)  # its message may name the sender
        raise ProblemError("mail-refused", headers={"Retry-After": "60"}) from None


def _connected(settings: Settings) -> smtplib.SMTP:
    host, port, name = settings.mail_host or "", settings.mail_port, domain_of(settings)
    if port == TLS_PORT:
        return smtplib.SMTP_SSL(host, port, name, timeout=SMTP_SECONDS, context=ssl.create_default_context())
    server = smtplib.SMTP(host, port, name, timeout=SMTP_SECONDS)
    try:
        if settings.mail_starttls:
            server.starttls(context=ssl.create_default_context())
    except BaseException:
        server.close()
        raise
    return server


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

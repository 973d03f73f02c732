"""How mail leaves: by SMTP, or as files in a folder where no mail server is configured."""

import smtplib
import ssl
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from urllib.parse import SplitResult, unquote, urlsplit

from examapp.accounts.models import OutboxMail
from examapp.config import Config

PATIENCE = 15  # seconds to wait for a mail server


class CarrierError(Exception):
    """The mail was not accepted; the message says why, for the administrator."""


class UnreachableError(CarrierError):
    """There is nobody to hand a mail to, so there is no point in trying the next one now."""


def carry(config: Config, mail: OutboxMail, now: datetime) -> None:
    """Hand one mail over. Raises CarrierError."""
    try:
        message = message_of(mail, config.mail_from, now)
        if config.smtp_url:
            send(urlsplit(config.smtp_url), message)
        else:
            keep(config, mail, message)
    except (smtplib.SMTPConnectError, smtplib.SMTPServerDisconnected) as error:
        raise UnreachableError(f"{type(error).__name__}: {error}") from error
    except (smtplib.SMTPException, ValueError) as error:
        raise CarrierError(f"{type(error).__name__}: {error}") from error
    except OSError as error:
        raise UnreachableError(f"{type(error).__name__}: {error}") from error


def message_of(mail: OutboxMail, sender: str, now: datetime) -> EmailMessage:
    message = EmailMessage()
    message["From"] = sender
    message["To"] = mail.recipient
    message["Subject"] = mail.subject
    message["Date"] = format_datetime(now)
    message["Message-ID"] = make_msgid(idstring=str(mail.id), domain=sender.rpartition("@")[2].strip(" >"))
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(mail.body)
    return message


def keep(config: Config, mail: OutboxMail, message: EmailMessage) -> None:
    """Write the mail as an .eml file, which mail programs open."""
    folder = config.instance_path / "outbox"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    (folder / f"{mail.id:06d}.eml").write_bytes(message.as_bytes())


def send(server: SplitResult, message: EmailMessage) -> None:
    """Send through smtp://user:password@host:port (TLS when offered) or smtps://… (TLS from the start)."""
    host, tls = server.hostname or "localhost", ssl.create_default_context()
    if server.scheme == "smtps":
        connection: smtplib.SMTP = smtplib.SMTP_SSL(host, server.port or 465, timeout=PATIENCE, context=tls)
    else:
        connection = smtplib.SMTP(host, server.port or 587, timeout=PATIENCE)
    with connection:
        connection.ehlo()
        if server.scheme == "smtp" and connection.has_extn("starttls"):
            connection.starttls(context=tls)
        elif server.scheme == "smtp" and server.username:
            raise smtplib.SMTPNotSupportedError("The server offers no encryption, so the password was not sent.")
        if server.username:
            connection.login(unquote(server.username), unquote(server.password or ""))
        connection.send_message(message)

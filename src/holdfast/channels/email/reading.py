"""What a stored message says, for people: whatever a stranger's bytes hold, something is shown."""

from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default


def parsed(raw: bytes) -> EmailMessage:
    """The message; never raises."""
    return message_from_bytes(raw, _class=EmailMessage, policy=default)


def attached(message: EmailMessage) -> list[tuple[str, str, int]]:
    """Name, type and size of what hangs on a message, whoever made it."""
    found = []
    for part in message.walk():
        try:
            name = part.get_filename()
            if name is None or part.is_multipart():
                continue
            payload = part.get_payload(decode=True)
        except (LookupError, ValueError, AttributeError, TypeError):
            continue
        size = len(payload) if isinstance(payload, bytes) else 0
        found.append((_one_line(name), part.get_content_type(), size))
    return found


def headers(message: EmailMessage) -> list[tuple[str, str]]:
    """As they stand in the bytes; a header that cannot be parsed is shown raw."""
    return [(name, _one_line(value)) for name, value in message.raw_items()]


def _one_line(value: object) -> str:
    return " ".join(str(value).encode("utf-8", "replace").decode("utf-8").split())


def body(message: EmailMessage) -> str:
    """The text, or else the HTML."""
    try:
        part = message.get_body(("plain", "html"))
        content = part.get_content() if part is not None else message.get_payload()
    except (LookupError, ValueError, AttributeError, TypeError):
        content = message.get_payload()
    text = content if isinstance(content, str) else str(content)
    return text.encode("utf-8", "replace").decode("utf-8")

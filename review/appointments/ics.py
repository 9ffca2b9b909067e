"""The appointment as a calendar's file (RFC 5545): times in UTC, so that every calendar knows them without a zone."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

LINE = 75  # bytes at most, the line's end not counted


def event(
    *, uid: str, sequence: int, starts: datetime, ends: datetime, at: datetime, where: str, words: Iterable[str]
) -> bytes:
    """Return the file. The same `uid` with a higher `sequence` takes the place of the entry before."""
    lines = (
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//NMEC//Portal//ZH",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        "BEGIN:VEVENT",
        f"UID:{uid}",
        f"SEQUENCE:{sequence}",
        f"DTSTAMP:{_utc(at)}",
        f"DTSTART:{_utc(starts)}",
        f"DTEND:{_utc(ends)}",
        "SUMMARY:医师资格考试现场审核",
        f"LOCATION:{_text(where)}",
        f"DESCRIPTION:{_text(chr(10).join(words))}",
        "BEGIN:VALARM",
        "ACTION:DISPLAY",
        "DESCRIPTION:医师资格考试现场审核",
        "TRIGGER:-PT2H",
        "END:VALARM",
        "END:VEVENT",
        "END:VCALENDAR",
    )
    return b"".join(piece for line in lines for piece in _folded(line))


def _utc(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _text(words: str) -> str:
    """Escape what would end a value or a line."""
    for char, written in (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\r\n", "\n"), ("\r", "\n"), ("\n", "\\n")):
        words = words.replace(char, written)
    return words


def _folded(line: str) -> Iterator[bytes]:
    """Cut a line where it is too long: between characters, never within one; what goes on begins with a space."""
    piece, room = b"", LINE
    for char in line:
        code = char.encode()
        if len(piece) + len(code) > room:
            yield piece + b"\r\n"
            piece, room = b" ", LINE
        piece += code
    yield piece + b"\r\n"

"""Mail → its report: the part that holds the most text, cleared of headers, quoted replies and signatures."""

from __future__ import annotations

import email
import email.errors
import email.header
import email.policy
import email.utils
import itertools
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from email.message import Message

from onrecord.errors import FormatError, NoArticle
from onrecord.intake.dates import parse_date
from onrecord.model import Reason

_SUBJECT_PREFIX = re.compile(r"\s*(?:(?:re|fwd?|aw|wg|tr|rv|enc)\s*(?:\[\d+\])?\s*:\s*)+", re.IGNORECASE)
_REPLY_PREFIX = re.compile(r"\s*(?:re|aw)\s*(?:\[\d+\])?\s*:", re.IGNORECASE)
_SEPARATOR = re.compile(
    r"\s*(?:-{2,}\s*(?:(?P<forwarded>forwarded message)|original message|original appointment)\s*-{2,}"
    r"|(?P<begin>begin forwarded message:))\s*",
    re.IGNORECASE,
)
_HEADER_LINE = re.compile(r"\s*\*?(from|date|sent|to|cc|subject|reply-to)\s*:\*?\s*(.*?)\s*", re.IGNORECASE)
_WROTE = re.compile(r"\s*On\b.{6,200}\bwrote:\s*", re.IGNORECASE)
_DEVICE = re.compile(r"\s*(?:Sent from my \w[\w ]{1,30}|Get Outlook for \w.{1,60}|Sent from Mail for .{1,30})\.?\s*")
_NEWSLETTER = re.compile(
    r".{0,100}\b(?:view|read|open) (?:this|it|the)\b.{0,40}\b(?:in (?:your|a|the) (?:web )?browser|online)\b.{0,200}"
    r"|(?:.{0,80}[?!|.] ?)?(?:view|read|open|see) (?:in (?:(?:your|a|the) )?(?:web )?browser|online)\W{0,5}"
    r"|.{0,100}\bunsubscribe\b.{0,100}",
    re.IGNORECASE,
)
_LIST_FOOT = re.compile(r"\s*(?:_{20,}|You received this message because you are subscribed\b.*)\s*")
_LONGEST_LINE = 400  # characters; no header, separator or signature is longer

Pieces = list[tuple[str, Reason | None]]


@dataclass(slots=True)
class MailText:
    """What a mail says.

    Attributes:
        pieces: its lines in order, grouped by the reason for which they are cut, or None.
        title: the subject, without ``Re:`` and ``Fwd:``; of a forwarded mail, that of the original.
        byline: the sender's name, or address; likewise.
        published: when it was sent, ISO 8601; likewise; may be empty.
    """

    pieces: Pieces = field(default_factory=list)
    title: str = ""
    byline: str = ""
    published: str = ""


def decode_mail(
    content: bytes,
    *,
    where: str,
    decode: Callable[[bytes, str], str],
    flatten: Callable[[str], Pieces],
) -> MailText:
    """Read a mail.

    Args:
        content: the mail, headers and all.
        where: the input, for error messages.
        decode: bytes and the character set they declare → text.
        flatten: HTML → its text in pieces, paragraphs separated by blank lines; what it hides has a reason.

    Raises:
        FormatError: it cannot be taken apart, or its text cannot be decoded.
        NoArticle: it has no text.
    """
    try:
        whole = email.message_from_bytes(content.lstrip(b"\r\n"), policy=email.policy.compat32)
        parts = list(_find_texts(whole, whole, decode, flatten))
    except (RecursionError, ValueError, LookupError, TypeError, AttributeError, email.errors.MessageError) as error:
        # the standard library's parser fails in all these ways on mails that were made to break it
        raise FormatError("is a mail that cannot be taken apart", where, "save its text as a text file") from error
    if not parts:
        raise NoArticle("is a mail without text", where, "if the report is attached, save the attachment and read it")
    pieces, envelope = max(parts, key=lambda part: _shown_length(part[0]))
    subject = _header(envelope, "Subject")
    result = MailText(
        title=_SUBJECT_PREFIX.sub("", subject, count=1).strip(),
        byline=_sender(_header(envelope, "From")),
        published=parse_date(_header(envelope, "Date")),
    )
    _Sorter(pieces, result, is_reply=bool(_REPLY_PREFIX.match(subject))).sort()
    return result


def _shown_length(pieces: Pieces) -> int:
    return sum(len(text.strip()) for text, reason in pieces if reason is None)


def _find_texts(
    part: Message, envelope: Message, decode: Callable[[bytes, str], str], flatten: Callable[[str], Pieces]
) -> Iterator[tuple[Pieces, Message]]:
    """Every readable part with the mail whose headers it stands under; of two versions of one text, the better one."""
    if part.get_content_type() == "message/rfc822":
        for inner in _children(part):
            yield from _find_texts(inner, inner, decode, flatten)
    elif part.is_multipart():
        found = [text for child in _children(part) for text in _find_texts(child, envelope, decode, flatten)]
        if part.get_content_type() == "multipart/alternative" and len(found) > 1:
            # Plain text first; but some senders put a stub there ("view this mail in a browser").
            longest = max(_shown_length(pieces) for pieces, _ in found)
            found = [next(pair for pair in found if _shown_length(pair[0]) >= 0.5 * longest)]
        yield from found
    elif part.get_content_disposition() != "attachment" and part.get_content_maintype() == "text":
        raw = part.get_payload(decode=True)
        if not isinstance(raw, bytes) or not raw.strip():
            return
        text = decode(raw, str(part.get_content_charset() or ""))
        if part.get_content_subtype() == "html":
            yield flatten(text), envelope
        elif part.get_content_subtype() == "plain":
            flowed = str(part.get_param("format", "")).lower() == "flowed"
            text = _unflow(text, str(part.get_param("delsp", "")).lower() == "yes") if flowed else text
            yield [(text, None)], envelope


def _children(part: Message) -> list[Message]:
    payload = part.get_payload()
    return [child for child in payload if isinstance(child, Message)] if isinstance(payload, list) else []


def _unflow(text: str, delsp: bool) -> str:
    """Undo the soft line breaks of ``format=flowed`` (RFC 3676), which the sender's program marked by a space."""
    lines: list[list[str]] = []  # of each line its pieces, joined at the end
    flowing = False
    for stuffed in text.splitlines():
        line = stuffed.removeprefix(" ")
        soft = line.endswith(" ") and line != "-- " and not line.startswith(">")
        kept = line[:-1] if soft and delsp else line
        if flowing and not line.startswith(">") and line != "-- ":
            lines[-1].append(kept)
        else:
            lines.append([kept])
        flowing = soft
    return "\n".join("".join(pieces) for pieces in lines)


def _header(message: Message, name: str) -> str:
    """A header as text, on one line; as it stands if its encoding is broken."""
    raw = message.get(name)
    if raw is None:
        return ""
    try:
        text = str(email.header.make_header(email.header.decode_header(raw)))
    except (ValueError, LookupError, email.errors.MessageError):
        text = str(raw)
    return " ".join(text.encode("utf-8", "replace").decode("utf-8").split())


def _sender(value: str) -> str:
    name, address = email.utils.parseaddr(value)
    return name or address or re.sub(r"\s*[<\[(].*", "", value)


@dataclass(slots=True)
class _Block:
    end: int
    headers: dict[str, str]
    is_head: bool
    is_forward: bool
    is_quote: bool


class _Sorter:
    """Groups the lines of a mail into what it says and what is cut; headers of a forwarded mail replace its own.

    Args:
        pieces: the text; what is hidden in it has a reason already.
        result: what is found goes there.
        is_reply: whether the mail answers another one.
    """

    def __init__(self, pieces: Pieces, result: MailText, *, is_reply: bool) -> None:
        self._lines: list[str] = []
        self._hidden: dict[int, Pieces] = {}  # by the line that they stand before
        for text, reason in pieces:
            if reason is None:
                self._lines += [*([""] if self._lines else []), *text.splitlines()]
            else:
                self._hidden.setdefault(len(self._lines), []).append((text, reason))
        sizes = [len(line.strip()) for line in reversed(self._lines)]
        self._below = [*itertools.accumulate(sizes, initial=0)][::-1]  # characters from each line to the end
        self._result = result
        self._is_reply = is_reply
        self._kept: list[str] = []
        self._cut: list[str] = []
        self._note = 0  # characters kept since the last head
        self._begun = 0  # the piece with which they begin

    def sort(self) -> None:
        """Go through the lines."""
        lines = self._lines
        position = 0
        headless = 0  # up to here stand lines like headers that are none; no later beginning makes them a mail's head
        while position < len(lines):
            line = lines[position]
            end = position
            if len(line) <= _LONGEST_LINE:
                block = _forwarded_head(lines, position) if position >= headless else None
                if block and not block.is_head:
                    headless = block.end
                if block and block.is_head:
                    end = self._end_of_forwarded(block)
                elif wrote := _attribution(lines, position):
                    end = wrote
                elif line.startswith(">") or _DEVICE.fullmatch(line) or _NEWSLETTER.fullmatch(line):
                    end = position + 1
                elif line in ("-- ", "--"):
                    end = _signature_end(lines, position)
                elif _LIST_FOOT.fullmatch(line) and len(lines) - position <= 12:
                    end = len(lines)
            is_kept = end == position
            for at in range(position, max(end, position + 1)):
                self._add(at, is_kept=is_kept)
            position = max(end, position + 1)
        self._add_hidden(len(lines))
        self._finish(self._kept, None)
        self._finish(self._cut, Reason.MAIL)

    def _add(self, at: int, *, is_kept: bool) -> None:
        """One more line that is kept or cut, and what is hidden before it."""
        self._add_hidden(at)
        line = self._lines[at]
        if is_kept:
            if line.strip():
                self._finish(self._cut, Reason.MAIL)
            self._kept.append(line)
        else:
            self._finish(self._kept, None)
            self._cut.append(line)

    def _add_hidden(self, at: int) -> None:
        if at in self._hidden:
            self._finish(self._kept, None)
            self._finish(self._cut, Reason.MAIL)
            self._result.pieces += self._hidden[at]

    def _finish(self, group: list[str], reason: Reason | None) -> None:
        if any(line.strip() for line in group):
            self._result.pieces.append(("\n".join(group).strip("\n"), reason))
            self._note += 0 if reason else sum(len(line.strip()) for line in group)
        group.clear()

    def _end_of_forwarded(self, block: _Block) -> int:
        """Where the cut ends that begins with the head of another mail: with the head, or, if that is quoted, nowhere.

        Of a note and the mail that it forwards, the longer one is read; by far most often that is the forwarded one.
        """
        result = self._result
        self._finish(self._kept, None)
        if block.is_quote or (self._is_reply and not block.is_forward) or self._note > self._below[block.end]:
            return len(self._lines)
        self._finish(self._cut, Reason.MAIL)
        result.pieces[self._begun :] = [(text, reason or Reason.MAIL) for text, reason in result.pieces[self._begun :]]
        self._note, self._begun = 0, len(result.pieces)
        result.title = _SUBJECT_PREFIX.sub("", block.headers.get("subject", ""), count=1) or result.title
        result.byline = _sender(block.headers.get("from", "")) or result.byline
        sent = block.headers.get("date") or block.headers.get("sent") or ""
        result.published = parse_date(sent) or result.published
        return block.end


def _forwarded_head(lines: list[str], start: int) -> _Block:
    """The lines like headers that begin on a line, with the rule above them, and whether a mail begins with them."""
    separator = _SEPARATOR.fullmatch(lines[start])
    position = start + 1 if separator else start
    while separator and position < len(lines) and not lines[position].strip():
        position += 1
    headers: dict[str, str] = {}
    while position < len(lines) and len(lines[position]) <= _LONGEST_LINE:
        if found := _HEADER_LINE.fullmatch(lines[position]):
            headers.setdefault(found.group(1).lower(), found.group(2))
        elif not (headers and lines[position].strip() and lines[position][0] in " \t"):
            break
        position += 1
    is_head = "from" in headers and ("subject" in headers or "date" in headers or "sent" in headers)
    is_head = is_head and (separator is not None or len(headers) >= 3)
    is_forward = bool(separator and (separator.group("forwarded") or separator.group("begin")))
    return _Block(position, headers, is_head, is_forward, is_quote=bool(separator) and not is_forward)


def _attribution(lines: list[str], start: int) -> int:
    """The line after ``On … wrote:``, which may be broken in two, if a quotation follows; else 0."""
    for end in (start + 1, start + 2):
        if _WROTE.fullmatch(" ".join(lines[start:end])[: 2 * _LONGEST_LINE]):
            following = next((line for line in lines[end : end + 3] if line.strip()), "")
            return end if following.startswith(">") else 0
    return 0


def _signature_end(lines: list[str], start: int) -> int:
    """A signature ends where a forwarded mail begins, or with the mail."""
    for position in range(start + 1, len(lines)):
        if _SEPARATOR.fullmatch(lines[position][:_LONGEST_LINE]):
            return position
    return len(lines)

from __future__ import annotations

import time
from email.message import EmailMessage

import pytest

from onrecord.errors import FormatError, InputError, NoArticle
from onrecord.intake import decode_documents
from onrecord.model import Document, Reason

REPORT = (
    "The harbour master said on Tuesday that the ferries would sail again from noon.",
    "“Nobody was hurt,” she told reporters at the pier, adding that the damage was small.",
)


def make_mail(text: str, subject: str = "Ferries sail again", **headers: str) -> EmailMessage:
    mail = EmailMessage()
    mail["From"] = "Ann Example <ann@letters.example>"
    mail["Date"] = "Tue, 5 Mar 2024 10:04:00 +0200"
    mail["Subject"] = subject
    for name, value in headers.items():
        mail[name] = value
    mail.set_content(text)
    return mail


def read(content: bytes | EmailMessage) -> Document:
    content = content if isinstance(content, bytes) else content.as_bytes()
    (document,) = decode_documents(content, url="x.eml")
    if isinstance(document, InputError):
        raise document
    return document


def mail_cuts(document: Document) -> list[str]:
    return [cut.text for cut in document.cuts if cut.reason is Reason.MAIL]


def test_the_headers_are_the_metadata() -> None:
    document = read(make_mail("\n\n".join(REPORT)))
    assert document.text == "\n\n".join(REPORT)
    assert (document.title, document.byline) == ("Ferries sail again", "Ann Example")
    assert document.published == "2024-03-05T10:04:00+02:00"


def test_headers_in_other_alphabets_are_decoded_and_broken_ones_do_no_harm() -> None:
    mail = (
        b"From: =?utf-8?b?QW5uIMOJeGFtcGxl?= <ann@letters.example>\nSubject: =?no-such-charset?q?Ferries?=\n"
        b"Date: yesterday\n\n" + "\n\n".join(REPORT).encode()
    )
    document = read(mail)
    assert document.byline == "Ann Éxample"
    assert "Ferries" in document.title
    assert document.published == ""


def test_signature_and_list_foot_are_cut() -> None:
    text = "\n\n".join(REPORT)
    for foot in (
        "-- \nAnn Example\n+1 555 0100",
        "Sent from my phone",
        "_______________________________________________\nHarbour mailing list\nharbour@lists.example",
        "To unsubscribe, click here.",
    ):
        document = read(make_mail(f"{text}\n\n{foot}\n"))
        assert document.text == text
        assert mail_cuts(document) == [foot]
        assert document.cuts[-1].at == len(text)


def test_a_forwarded_report_keeps_its_own_headers() -> None:
    mail = make_mail(
        "For your files.\n\n---------- Forwarded message ---------\nFrom: Harbour Desk <desk@paper.example>\n"
        "Date: Mon, Mar 4, 2024 at 9:00 AM\nSubject: Storm over, ferries sail\nTo: Ann <ann@letters.example>\n\n"
        + "\n\n".join(REPORT),
        subject="Fwd: Re: Storm over, ferries sail",
    )
    document = read(mail)
    assert document.text == "\n\n".join(REPORT)
    assert (document.title, document.byline) == ("Storm over, ferries sail", "Harbour Desk")
    assert document.published == "2024-03-04T09:00"
    note, head = mail_cuts(document)
    assert note == "For your files."
    assert head.startswith("---------- Forwarded message")
    assert [cut.at for cut in document.cuts] == [0, 0]


def test_of_a_report_and_a_short_mail_that_it_forwards_the_report_is_read() -> None:
    forwarded = "---------- Forwarded message ---------\nFrom: Bo\nDate: Mon\nSubject: Ferries\n\nWill they sail?"
    document = read(make_mail("\n\n".join([*REPORT, forwarded]), subject="Fwd: Ferries sail again"))
    assert document.text == "\n\n".join(REPORT)
    assert (document.title, document.byline) == ("Ferries sail again", "Ann Example")
    assert mail_cuts(document) == [forwarded]


def test_what_a_mail_hides_and_its_call_to_the_browser_are_cut() -> None:
    mail = make_mail("x")
    hidden = "<div style='display:none'>Ferries sank, says the harbour.</div>"
    body = "".join(f"<p>{line}</p>" for line in REPORT)
    mail.set_content(f"<html><body>{hidden}<a href=x>View in browser</a>{body}</body></html>", subtype="html")
    document = read(mail)
    assert document.text == "\n\n".join(REPORT)
    assert [(cut.text, cut.reason) for cut in document.cuts] == [
        ("Ferries sank, says the harbour.", Reason.OTHER),
        ("View in browser", Reason.MAIL),
    ]


@pytest.mark.parametrize(
    "quoted",
    [
        "On Mon, 4 Mar 2024 at 09:00, Bo <bo@letters.example> wrote:\n> Will they sail?\n> Asking for a friend.",
        "-----Original Message-----\nFrom: Bo\nSent: Monday\nTo: Ann\nSubject: Ferries\n\nWill they sail?",
        "From: Bo\nSent: Monday\nTo: Ann\nSubject: Ferries\n\nWill they sail?",
    ],
)
def test_what_a_reply_quotes_is_cut(quoted: str) -> None:
    document = read(make_mail("\n\n".join(REPORT) + "\n\n" + quoted, subject="Re: Ferries"))
    assert document.text == "\n\n".join(REPORT)
    assert "\n".join(mail_cuts(document)) == quoted
    assert document.title == "Ferries"


def test_of_two_versions_the_fuller_one_is_read() -> None:
    html = (
        "<html><head><style>p {}</style></head><body>" + "".join(f"<p>{line}</p>" for line in REPORT) + "</body></html>"
    )
    full = make_mail("\n\n".join(REPORT))
    full.add_alternative(html, subtype="html")
    stub = make_mail("See the other version.")
    stub.add_alternative(html, subtype="html")
    assert read(full).text == read(stub).text == "\n\n".join(REPORT)


def test_a_report_sent_along_as_a_mail_is_read_with_its_own_headers() -> None:
    inner = make_mail("\n\n".join(REPORT), subject="The report itself")
    outer = make_mail("See the attached mail.", subject="Look at this")
    outer.add_attachment(inner)
    assert read(outer).title == "The report itself"


def test_soft_line_breaks_are_undone() -> None:
    mail = (
        b"From: ann@letters.example\nSubject: x\nContent-Type: text/plain; format=flowed\n\n"
        b"The harbour master said on Tuesday that \nthe ferries would sail again from noon.\n\n-- \nAnn\n"
    )
    document = read(mail)
    assert document.text == REPORT[0]
    assert mail_cuts(document) == ["-- \nAnn"]


def test_attachments_are_not_read() -> None:
    mail = EmailMessage()
    mail["From"] = "ann@letters.example"
    mail["Subject"] = "Minutes"
    mail.add_attachment("\n\n".join(REPORT), filename="minutes.txt")
    with pytest.raises(NoArticle, match="mail without text"):
        read(mail)


def test_mails_made_to_break_the_parser_are_one_failure() -> None:
    opened = b"--a\nContent-Type: multipart/mixed; boundary=a\n\n"
    with pytest.raises(InputError):
        read(b"From: a@b.example\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=a\n\n" + opened * 5000)
    with pytest.raises(FormatError):
        read(b"From: a@b.example\nSubject: x\n\nzero \0 byte")


def test_lines_like_headers_and_flowed_lines_take_linear_time() -> None:
    count = 30_000
    begun = time.process_time()
    document = read(make_mail("\n".join([*REPORT, *["From: the harbour"] * count])))
    assert document.text.startswith("\n\n".join(REPORT))
    flowed = make_mail("x")
    flowed.set_content(" \n".join([*REPORT, *["on and on"] * count]))
    flowed.set_param("format", "flowed")
    assert read(flowed).text.count("on and on") == count
    heads = "\n\nFrom: Bo\nDate: Mon\nSubject: Ferries\n\nThey sail."
    assert read(make_mail("\n\n".join(REPORT) + heads * count)).text == "They sail."
    assert time.process_time() - begun < 10.0  # quadratic, it takes minutes

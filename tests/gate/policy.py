"""A made-up policy and the pages that tests serve it on."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime

from watcher.extract import extract
from watcher.records import Capture, Document

Section = tuple[str, tuple[str, ...]]

POLICY: tuple[Section, ...] = (
    (
        "Privacy policy",
        (
            "Last updated: 3 May 2025",
            "Oakshelf Ltd makes shelves in Leeds. This policy says which data we collect about you, why we do so, with "
            "whom we share it, and how you can have it deleted.",
        ),
    ),
    (
        "What we collect",
        (
            "When you place an order we collect your name, your address and your telephone number.",
            "When you create an account we also store the e-mail address that you give us and the date on which you "
            "registered.",
            "When you visit our site we record your IP address, the pages that you open and your browser.",
            "We do not collect data about your health, your faith or your political views.",
        ),
    ),
    (
        "Why we use it",
        (
            "We use the data of your order to deliver it, to send you an invoice and to answer your questions.",
            "We use your e-mail address to send you our newsletter if you asked for it.",
            "We use the records of our site to find and repair faults, and to see which shelves people look at.",
        ),
    ),
    (
        "With whom we share it",
        (
            "We share your name, address and telephone number with the carrier that brings your order.",
            "Our site is hosted by Northwind Hosting in Norway, which processes data on our behalf.",
            "We disclose data to courts and authorities where a law obliges us to do so.",
            "We do not sell your data, and we do not share it with advertisers.",
        ),
    ),
    (
        "How long we keep it",
        (
            "We keep invoices for ten years, because tax law asks us to.",
            "We delete your account data six months after you close your account.",
            "We delete the records of our site after thirty days.",
        ),
    ),
    (
        "Your rights",
        (
            "You may ask us at any time which data we hold about you, and we will answer within one month.",
            "You may have wrong data corrected, and you may have your data erased where no law asks us to keep it.",
            "You may withdraw your consent to the newsletter with one click at the end of each issue.",
            "If you think that we break the law, you may complain to the data protection authority of your country.",
        ),
    ),
    (
        "Children",
        ("Our shop is not meant for children under 16, and we do not knowingly collect data about them.",),
    ),
    (
        "Contact",
        (
            "Write to privacy@oakshelf.example, or to Oakshelf Ltd, 1 Mill Lane, Leeds.",
            "Our data protection officer answers every letter.",
        ),
    ),
)


def html(sections: Sequence[Section], *, title: str = "Privacy policy | Oakshelf", lang: str = "en") -> bytes:
    """A page with those sections, in the site's frame."""
    body = "".join(
        f"<h2>{heading}</h2>" + "".join(f"<p>{p}</p>" for p in paragraphs) for heading, paragraphs in sections
    )
    return (
        f"<!doctype html><html lang={lang}><head><meta charset=utf-8><title>{title}</title></head><body>"
        f"<nav><a href=/>Shop</a> <a href=/help>Help</a></nav><main>{body}</main>"
        f"<footer><a href=/terms>Terms</a> <a href=/privacy>Privacy</a></footer></body></html>"
    ).encode()


def capture(body: bytes, *, url: str = "https://oakshelf.example/legal/privacy", final_url: str = "") -> Capture:
    """`body` as it came from `final_url`."""
    return Capture(
        url=url,
        final_url=final_url or url,
        headers=(("content-type", "text/html; charset=utf-8"),),
        fetched_at=datetime(2025, 6, 1, tzinfo=UTC),
        body=body,
        sha256=hashlib.sha256(body).hexdigest(),
    )


def read(body: bytes) -> Document:
    """What extraction makes of a page."""
    return extract(body, content_type="text/html; charset=utf-8")

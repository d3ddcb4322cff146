"""E-mail through a real SMTP server: what arrives, and what each refusal means."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.notify.cast import RETENTION, SHARING, alert
from tests.notify.mailbox import Mailbox
from tests.server import Certificate
from watcher.errors import NotifyError
from watcher.notify.send import send
from watcher.records import Channel

ALICE, BOB = "alice@office.example", "bob@office.example"


def channel(url: str) -> Channel:
    return Channel(id="office", url=url, format="email")


def body(mail: object, kind: str) -> str:
    part = mail.get_body((kind,))  # type: ignore[attr-defined]
    return str(part.get_content())


def test_a_mail_has_a_text_part_and_an_html_part_and_is_no_larger_than_clients_show() -> None:
    with Mailbox() as box:
        answer = send(alert(SHARING, RETENTION), channel(box.url(ALICE)))
    (mail,) = box.received
    assert answer == "1 of 1 recipients accepted"
    assert mail["Subject"] == "Harbour Lamps: New recipient: Brightline Ads (+1 more)"
    assert mail["To"] == ALICE
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail.get_content_type() == "multipart/alternative"
    assert "[24 months]" in body(mail, "plain")
    assert "<ins" in body(mail, "html")
    assert len(bytes(mail)) < 90_000


def test_the_same_alert_always_has_the_same_message_id_and_a_vendor_is_one_thread() -> None:
    with Mailbox() as box:
        for number in (12, 12, 13):
            send(alert(RETENTION, id=number), channel(box.url(ALICE)))
    first, again, other = box.received
    assert first["Message-ID"] == again["Message-ID"] == "<12.harbour.20261122T120600Z@office.example>"
    assert other["Message-ID"] != first["Message-ID"]
    assert first["In-Reply-To"] == other["References"] == "<policy.harbour@office.example>"


def test_problems_are_not_threaded_with_policy_changes() -> None:
    with Mailbox() as box:
        send(alert(type="problem", headline="Harbour Lamps: unreachable", verdict=None), channel(box.url(ALICE)))
    assert box.received[0]["References"] == "<checks.harbour@office.example>"


def test_a_vendors_name_cannot_add_a_header_or_a_line() -> None:
    wicked = "Harbour\r\nBcc: eve@evil.example\r\n\r\nLamps"
    with Mailbox() as box:
        send(alert(RETENTION, vendor=wicked), channel(box.url(ALICE)))
    (mail,) = box.received
    assert mail["Bcc"] is None
    assert mail["Subject"].startswith("Harbour Bcc: eve@evil.example Lamps: ")
    assert box.envelopes[0].rcpt_tos == [ALICE]


def test_a_chinese_mail_arrives_as_it_was_written() -> None:
    with Mailbox() as box:
        send(alert(RETENTION, vendor="港灯"), channel(box.url(ALICE)), language="zh")
    assert box.received[0]["Subject"] == "港灯：Account data的保存期限 6 months → 24 months"
    assert "数据保存期限" in body(box.received[0], "plain")


def test_starttls_and_login_are_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    certificate = Certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate.ca))
    with Mailbox(tls=certificate.context, login=("watcher", "harbour-secret")) as box:
        send(alert(RETENTION), channel(box.url(ALICE, mode="starttls").replace("mailto:", "mailtos:")))
    assert box.secure == [True]


def test_a_certificate_nobody_vouches_for_is_a_passing_failure_that_says_so(tmp_path: Path) -> None:
    with (
        Mailbox(tls=Certificate(tmp_path).context) as box,
        pytest.raises(NotifyError, match="certificate is not trusted") as caught,
    ):
        send(alert(RETENTION), channel(box.url(ALICE, mode="starttls").replace("mailto:", "mailtos:")))
    assert not caught.value.permanent


@pytest.mark.parametrize(("reply", "permanent"), [("535 5.7.8 wrong login", True), ("454 4.7.0 try later", False)])
def test_a_refused_login_stays_or_passes_by_its_code_and_never_shows_the_password(reply: str, permanent: bool) -> None:
    with Mailbox(login=("watcher", "right-password"), login_reply=reply) as box:
        url = box.url(ALICE).replace("right-password", "wrong-password")
        with pytest.raises(NotifyError, match=reply[:3]) as caught:
            send(alert(RETENTION), channel(url))
    assert caught.value.permanent is permanent
    assert "wrong-password" not in str(caught.value)


def test_starttls_that_is_not_offered_stays() -> None:
    with Mailbox() as box, pytest.raises(NotifyError, match="STARTTLS") as caught:
        send(alert(RETENTION), channel(box.url(ALICE, mode="starttls").replace("mailto:", "mailtos:")))
    assert caught.value.permanent


def test_a_greylisting_451_passes() -> None:
    with Mailbox(replies={ALICE: "451 4.7.1 greylisted, come back"}, once=True) as box:
        with pytest.raises(NotifyError, match="greylisted") as caught:
            send(alert(RETENTION), channel(box.url(ALICE)))
        assert not caught.value.permanent
        send(alert(RETENTION), channel(box.url(ALICE)))
    assert len(box.received) == 1


def test_of_two_recipients_one_greylisted_each_gets_exactly_one_mail() -> None:
    with Mailbox(replies={BOB: "451 4.7.1 greylisted"}, once=True) as box:
        with pytest.raises(NotifyError, match=BOB) as caught:
            send(alert(RETENTION), channel(box.url(f"{ALICE},{BOB}")))
        assert not caught.value.permanent
        assert send(alert(RETENTION), channel(box.url(f"{ALICE},{BOB}"))) == "2 of 2 recipients accepted"
    assert [e.rcpt_tos for e in box.envelopes] == [[ALICE], [BOB]]


def test_a_refused_recipient_stays() -> None:
    with (
        Mailbox(replies={ALICE: "550 5.1.1 no such user"}) as box,
        pytest.raises(NotifyError, match="no such user") as caught,
    ):
        send(alert(RETENTION), channel(box.url(ALICE)))
    assert caught.value.permanent


def test_one_refused_recipient_does_not_take_the_channel_from_the_others() -> None:
    with Mailbox(replies={ALICE: "550 5.1.1 no such user"}) as box:
        answer = send(alert(RETENTION), channel(box.url(f"{ALICE},{BOB}")))
    assert answer == f"1 of 2 recipients accepted; refused: {ALICE}: 550 5.1.1 no such user"
    assert box.envelopes[0].rcpt_tos == [BOB]


@pytest.mark.parametrize(("reply", "permanent"), [("554 5.7.1 spam", True), ("452 4.2.2 mailbox full", False)])
def test_a_refused_message_stays_or_passes_by_its_code(reply: str, permanent: bool) -> None:
    with Mailbox(data_reply=reply) as box, pytest.raises(NotifyError, match=reply[:9]) as caught:
        send(alert(RETENTION), channel(box.url(ALICE)))
    assert caught.value.permanent is permanent


def test_a_server_that_hangs_after_the_message_is_given_up_in_time() -> None:
    with Mailbox(data_wait=5) as box, pytest.raises(NotifyError, match="did not answer in time") as caught:
        send(alert(RETENTION), channel(box.url(ALICE, rto="0.3")))
    assert not caught.value.permanent


def test_a_server_that_is_down_passes() -> None:
    with Mailbox() as box:
        url = box.url(ALICE)
    with pytest.raises(NotifyError, match="refuses connections") as caught:
        send(alert(RETENTION), channel(url))
    assert not caught.value.permanent


def test_a_connection_cut_before_the_answer_passes() -> None:
    with Mailbox(data_cut=True) as box, pytest.raises(NotifyError, match="the connection") as caught:
        send(alert(RETENTION), channel(box.url(ALICE)))
    assert not caught.value.permanent


def test_a_slow_server_gets_its_time() -> None:
    with Mailbox(data_wait=0.3) as box:
        send(alert(RETENTION), channel(box.url(ALICE, rto="2")))
    assert len(box.received) == 1


def test_copies_go_to_cc_and_bcc_and_bcc_is_not_shown() -> None:
    with Mailbox() as box:
        send(alert(RETENTION), channel(box.url(ALICE, cc=BOB, bcc="eve@office.example")))
    assert box.envelopes[0].rcpt_tos == [ALICE, BOB, "eve@office.example"]
    assert box.received[0]["Cc"] == BOB
    assert "eve" not in box.received[0].as_string()

"""Slack and JSON webhooks against a real HTTP endpoint: what arrives, and what each fault means.

Apprise holds Slack's addresses as class attributes of its plug-in and takes no other host in a slack:// URL; the tests
set those attributes to a loopback server. The plug-in, its URL forms and its request are the real ones.
"""

from __future__ import annotations

import contextlib
import json
import logging
import threading
import time
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest

from tests.notify.cast import RETENTION, SHARING, alert
from tests.server import Answer, Site
from watcher.errors import NotifyError
from watcher.notify.plugins import SlackCourier
from watcher.notify.render import render
from watcher.notify.send import check, send
from watcher.records import Channel

HOOK = "slack://T0HARBOUR/B0LAMPS/tokensecret123"
BOT = "slack://xoxb-1234-5678-botsecret/#privacy"


@pytest.fixture
def slack(site: Site, monkeypatch: pytest.MonkeyPatch) -> Site:
    """A server that stands where hooks.slack.com and slack.com/api stand."""
    monkeypatch.setattr(SlackCourier, "webhook_url", f"{site.url}/services")
    monkeypatch.setattr(SlackCourier, "api_url", f"{site.url}/api/{{}}")
    site.route("/services/T0HARBOUR/B0LAMPS/tokensecret123", Answer("ok", type="text/plain"))
    site.route("/api/chat.postMessage", Answer('{"ok": true, "channel": "C1", "ts": "1.2"}', type="application/json"))
    return site


def hook(*answers: Answer, slack: Site) -> None:
    slack.route("/services/T0HARBOUR/B0LAMPS/tokensecret123", *answers)


def channel(url: str, form: Any = "slack") -> Channel:
    return Channel(id="ops", url=url, format=form)


def payloads(site: Site) -> list[dict[str, Any]]:
    return [json.loads(hit.body) for hit in site.hits]


def json_channel(site: Site, path: str = "/in", query: str = "") -> Channel:
    return channel(f"json://127.0.0.1:{site.port}{path}{query}", "json")


def test_an_incoming_webhook_gets_text_and_blocks(slack: Site) -> None:
    assert send(alert(SHARING, RETENTION), channel(HOOK)) == "HTTP 200"
    (payload,) = payloads(slack)
    assert payload["text"].startswith("Harbour Lamps: New recipient: Brightline Ads")
    assert payload["blocks"][0]["type"] == "header"
    assert "attachments" not in payload


def test_the_address_that_slack_shows_works_as_it_is(slack: Site) -> None:
    send(alert(RETENTION), channel("https://hooks.slack.com/services/T0HARBOUR/B0LAMPS/tokensecret123"))
    assert len(slack.hits) == 1


def test_a_bot_token_posts_to_each_channel_it_names(slack: Site) -> None:
    send(alert(RETENTION), channel(BOT + "/#legal"))
    assert {p["channel"] for p in payloads(slack)} == {"#privacy", "#legal"}
    assert slack.hits[0].headers["authorization"] == "Bearer xoxb-1234-5678-botsecret"


def test_a_bot_channel_that_has_the_message_gets_no_copy_while_another_is_tried_again(slack: Site) -> None:
    busy = Answer('{"ok": false, "error": "ratelimited"}', status=429, headers={"Retry-After": "30"})
    slack.route("/api/chat.postMessage", Answer('{"ok": true}'), busy, Answer('{"ok": true}'))
    with pytest.raises(NotifyError) as caught:
        send(alert(RETENTION), channel(BOT + "/#legal"))
    assert (caught.value.permanent, caught.value.retry_after) == (False, 30)
    send(alert(RETENTION), channel(BOT + "/#legal"))
    first, second, third = (p["channel"] for p in payloads(slack))
    assert first != second == third


@pytest.mark.parametrize(
    ("error", "permanent"),
    [("channel_not_found", True), ("invalid_auth", True), ("is_archived", True), ("internal_error", False)],
)
def test_an_error_that_slacks_api_wraps_in_a_200_is_told_from_success(slack: Site, error: str, permanent: bool) -> None:
    slack.route("/api/chat.postMessage", Answer(f'{{"ok": false, "error": "{error}"}}'))
    with pytest.raises(NotifyError, match=error) as caught:
        send(alert(RETENTION), channel(BOT))
    assert caught.value.permanent is permanent


def test_blocks_that_slack_refuses_are_sent_again_as_text(slack: Site) -> None:
    hook(Answer("invalid_blocks", status=400), Answer("ok"), slack=slack)
    send(alert(RETENTION), channel(HOOK))
    first, second = payloads(slack)
    assert "blocks" in first
    assert "blocks" not in second
    assert "[24 months]" in second["text"]


def test_a_slack_look_alike_is_reached_by_a_json_url(site: Site) -> None:
    address = site.route("/hook", Answer("ok"))
    send(alert(RETENTION), channel(address.replace("http:", "json:"), "slack"))
    assert payloads(site)[0]["blocks"]


def test_a_json_webhook_gets_the_documented_payload_and_its_key(site: Site) -> None:
    site.route("/in", Answer(status=204))
    assert send(alert(SHARING, RETENTION), json_channel(site)) == "HTTP 204"
    (hit,) = site.hits
    assert json.loads(hit.body) == render(alert(SHARING, RETENTION)).data
    assert hit.headers["idempotency-key"] == "12.harbour.20261122T120600Z"


def test_login_headers_and_query_of_a_json_url_are_used(site: Site) -> None:
    site.route("/in", Answer())
    send(alert(RETENTION), channel(f"json://me:pass@127.0.0.1:{site.port}/in?+X-Token=abc&-team=law", "json"))
    (hit,) = site.hits
    assert hit.headers["authorization"].startswith("Basic ")
    assert hit.headers["x-token"] == "abc"
    assert hit.path == "/in?team=law"


def test_a_plain_text_channel_goes_through_apprises_own_plug_in(site: Site) -> None:
    site.route("/in", Answer())
    send(alert(RETENTION), channel(f"json://127.0.0.1:{site.port}/in", "text"))
    assert "[24 months]" in payloads(site)[0]["message"]


FAULTS = [
    pytest.param(Answer("oops", status=500), False, None, id="500"),
    pytest.param(Answer("later", status=503, headers={"Retry-After": "120"}), False, 120.0, id="503 Retry-After"),
    pytest.param(Answer("slow down", status=429, headers={"Retry-After": "7"}), False, 7.0, id="429 Retry-After"),
    pytest.param(Answer(status=307, headers={"Location": "/elsewhere"}), False, None, id="307"),
    pytest.param(Answer(wait=5), False, None, id="hang"),
    pytest.param(Answer(status=301, headers={"Location": "/elsewhere"}), True, None, id="301"),
    pytest.param(Answer("no_service", status=404), True, None, id="404"),
    pytest.param(Answer("gone", status=410), True, None, id="410"),
    pytest.param(Answer("no", status=401), True, None, id="401"),
    pytest.param(Answer("no", status=403), True, None, id="403"),
]


@pytest.mark.parametrize("form", ["json", "slack", "text"])
@pytest.mark.parametrize(("fault", "permanent", "wait"), FAULTS)
def test_a_fault_passes_or_stays_and_the_next_try_arrives_with_the_same_key(
    site: Site, fault: Answer, permanent: bool, wait: float | None, form: str
) -> None:
    site.route("/in", fault, Answer())
    to = channel(f"json://127.0.0.1:{site.port}/in?rto=0.3", form)
    with pytest.raises(NotifyError) as caught:
        send(alert(RETENTION), to)
    assert caught.value.permanent is permanent
    # For a service without a plug-in of ours, Retry-After stays unknown (docs/decisions/0001).
    assert caught.value.retry_after == (None if form == "text" else wait)
    send(alert(RETENTION), to)
    first, second = site.hits
    assert first.body == second.body
    assert "12.harbour.20261122T120600Z" in str(first.body) + str(first.headers)


def test_a_retry_after_may_be_a_date(site: Site) -> None:
    soon = format_datetime(datetime.now(UTC) + timedelta(seconds=90), usegmt=True)
    site.route("/in", Answer(status=429, headers={"Retry-After": soon}))
    with pytest.raises(NotifyError) as caught:
        send(alert(RETENTION), json_channel(site))
    assert 80 < (caught.value.retry_after or 0) <= 90


def test_a_2xx_counts_even_if_its_body_is_cut_off_or_never_ends(site: Site) -> None:
    site.route("/cut", Answer("thank you", reset_after=2))
    site.route("/drip", Answer("thanks" * 500, drip=0.1))
    assert send(alert(RETENTION), json_channel(site, "/cut")) == "HTTP 200"
    assert send(alert(RETENTION), json_channel(site, "/drip")) == "HTTP 200"


def test_a_server_that_drips_an_error_is_given_up_in_time(site: Site) -> None:
    site.route("/drip", Answer("error" * 500, status=500, drip=0.1))
    with pytest.raises(NotifyError, match="no answer within") as caught:
        send(alert(RETENTION), json_channel(site, "/drip"), timeout=0.5)
    assert not caught.value.permanent


def test_a_server_that_is_down_or_unknown_passes(site: Site) -> None:
    to = json_channel(site)
    site.down()
    with pytest.raises(NotifyError, match="refuses connections") as caught:
        send(alert(RETENTION), to)
    assert not caught.value.permanent
    with pytest.raises(NotifyError, match="cannot be resolved") as caught:
        send(alert(RETENTION), channel("json://nowhere.invalid/in", "json"))
    assert not caught.value.permanent


@pytest.mark.parametrize("url", ["slack://nonsense", "nosuch://x/y", "not a url", "mailto://"])
def test_a_url_that_apprise_cannot_use_stays_and_is_not_quoted(url: str) -> None:
    with pytest.raises(NotifyError, match=r"channel ops: Apprise cannot use its url") as caught:
        check(channel(url + "secretsecret"))
    assert caught.value.permanent
    assert "secretsecret" not in str(caught.value)


def test_no_secret_reaches_a_log_or_an_error(slack: Site, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    hook(Answer("no_service", status=404), slack=slack)
    slack.route("/api/chat.postMessage", Answer('{"ok": false, "error": "invalid_auth"}'))
    errors = []
    urls = (
        HOOK,
        BOT,
        f"json://me:passsecret@127.0.0.1:{slack.port}/pathsecret?+X-Token=headersecret",
        "json://me:passsecret@127.0.0.1:9/pathsecret",
    )
    for url in urls:
        for form in ("json", "slack", "text"):
            with pytest.raises(NotifyError) as caught:
                send(alert(RETENTION), channel(url, form))
            errors.append(str(caught.value))
    assert "secret" not in caplog.text + " ".join(errors)


def test_a_webhook_over_tls_is_verified_unless_its_url_says_otherwise(tls_site: Site) -> None:
    tls_site.route("/in", Answer())
    url = f"jsons://localhost:{tls_site.port}/in"
    with pytest.raises(NotifyError, match="certificate is not trusted") as caught:
        send(alert(RETENTION), channel(url, "json"))
    assert not caught.value.permanent
    assert send(alert(RETENTION), channel(url + "?verify=no", "json")) == "HTTP 200"


def test_a_channel_that_hangs_holds_up_no_other(site: Site) -> None:
    site.route("/hang", Answer(wait=3))
    site.route("/in", Answer())

    def wait() -> None:
        with contextlib.suppress(NotifyError):
            send(alert(RETENTION), json_channel(site, "/hang"))

    hanging = [threading.Thread(target=wait) for _ in range(20)]
    for thread in hanging:
        thread.start()
    site.wait_for(20, "/hang")
    started = time.monotonic()
    assert send(alert(RETENTION), json_channel(site)) == "HTTP 200"
    assert time.monotonic() - started < 1
    site.down()
    for thread in hanging:
        thread.join()


def test_a_plug_in_that_breaks_is_a_passing_failure_and_its_words_stay_unsaid(
    site: Site, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object, **__: object) -> bool:
        raise KeyError(HOOK)

    monkeypatch.setattr(SlackCourier, "send", broken)
    with pytest.raises(NotifyError, match="gave no reason") as caught:
        send(alert(RETENTION), channel(HOOK))
    assert not caught.value.permanent
    assert "KeyError" in caplog.text
    assert "tokensecret123" not in caplog.text

"""What went wrong with a fetch, as a FetchError: in words for a person, with the decision read from types and codes."""

from __future__ import annotations

import os
import ssl
from http import HTTPStatus

import httpx

from watcher.errors import FetchError
from watcher.records import Capture


class StatusError(FetchError):
    """The server answered with an error status; `capture` is the page that came with it, kept as evidence."""

    def __init__(self, message: str, capture: Capture, *, transient: bool, retry_after: float | None) -> None:
        super().__init__(message, transient=transient, reason="status", retry_after=retry_after)
        self.capture = capture


def status_message(capture: Capture, wait: float | None) -> str:
    """One sentence for an error status, and what to do; `wait`: the seconds the server asked for."""
    phrase = HTTPStatus(capture.status).phrase if capture.status in set(HTTPStatus) else ""
    where = capture.url if capture.final_url == capture.url else f"{capture.url} (at {capture.final_url})"
    hints = {
        401: "It wants a login; a policy that is public has another address.",
        403: 'It refuses this program; try `render = "always"`, or ask the vendor.',
        404: "The page is gone; look for its new address on the vendor's site.",
        407: "The proxy wants other credentials; check `proxy` under [fetch].",
        410: "The page is gone for good; look for its new address on the vendor's site.",
        429: "We ask too often; raise the interval." if wait is None else f"We were asked to wait {wait:.0f} s.",
    }
    hint = hints.get(capture.status, "It is tried again later." if capture.status >= 500 else "Check the address.")
    return f"{where} answered {capture.status} {phrase}".rstrip() + f". {hint}"


def redirect_error(url: str, what: str) -> FetchError:
    """`url` redirects `what` ("in a circle: ...")."""
    message = f"{url} redirects {what}. Open it in a browser and watch the address it ends at."
    return FetchError(message, transient=False, reason="redirect")


def transport_error(url: str, error: BaseException, *, proxied: bool = False) -> FetchError:
    """The FetchError for what httpx, the TLS library or the socket raised. `proxied`: a proxy was to connect for us."""
    host = "the proxy" if proxied else "its host"
    chain = _causes(error)
    for cause in chain:
        if isinstance(cause, ssl.SSLCertVerificationError):
            message = f"{url}: its TLS certificate is not valid: {cause.verify_message}. {_certificate_hint(cause)}"
            return FetchError(message, transient=False, reason="tls")
    if tls := next((cause for cause in chain if isinstance(cause, ssl.SSLError)), None):
        words = (tls.reason or str(tls)).replace("_", " ").lower()
        message = f"{url}: no secure connection could be made ({words}). It is tried again at the next check."
        return FetchError(message, transient=True, reason="tls")
    if isinstance(error, httpx.ProxyError):
        message = f"{url}: the proxy did not let us through ({error}). Check `proxy` under [fetch], and its rules."
        return FetchError(message, transient=True, reason="proxy")
    if isinstance(error, httpx.ConnectTimeout):
        message = f"{url}: {host} did not take a connection in time. It is tried again later."
        return FetchError(message, transient=True, reason="connect")
    if isinstance(error, httpx.UnsupportedProtocol | httpx.LocalProtocolError | httpx.InvalidURL):
        return FetchError(f"{url} cannot be asked for: {error}.", transient=False, reason="address")
    detail = next((os.strerror(cause.errno) for cause in chain if isinstance(cause, OSError) and cause.errno), "")
    what = "refused or dropped the connection" if isinstance(error, httpx.ConnectError) else "broke off its answer"
    detail = (detail or str(error) or type(error).__name__).rstrip(".")
    reason = "connect" if isinstance(error, httpx.ConnectError) else "connection"
    return FetchError(f"{url}: {host} {what} ({detail}). It is tried again later.", transient=True, reason=reason)


def _causes(error: BaseException) -> list[BaseException]:
    """An exception and what it was raised from, outermost first."""
    chain = [error]
    while (cause := chain[-1].__cause__ or chain[-1].__context__) is not None and cause not in chain:
        chain.append(cause)
    return chain


def _certificate_hint(error: ssl.SSLCertVerificationError) -> str:
    if error.verify_code == 10:  # X509_V_ERR_CERT_HAS_EXPIRED
        return "The vendor must renew it; until then the page cannot be trusted, so it is not read."
    if error.verify_code == 62:  # X509_V_ERR_HOSTNAME_MISMATCH
        return "The address may be misspelt, or the host serves another site."
    return "If you trust its issuer, name its certificate in the environment variable SSL_CERT_FILE."

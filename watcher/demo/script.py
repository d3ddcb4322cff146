"""What happens in the demo, act by act, and what a person must get of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib.resources import files
from typing import Literal

from watcher.demo.site import Site

Vendor = Literal["pelloria", "qingyu"]
NAMES: dict[Vendor, str] = {"pelloria": "Pelloria Home", "qingyu": "青屿智联"}


@dataclass(frozen=True, slots=True)
class Act:
    """One thing that happens to a vendor's site, and the message that it must lead to."""

    says: str
    vendor: Vendor
    edits: tuple[tuple[str, str], ...] = ()  #: words of the page and what replaces them
    turn: Callable[[Site], None] | None = None  #: what else happens to the site
    expect: tuple[str, ...] = ()  #: words that the one message must hold; empty: nobody is told

    def do(self, site: Site) -> None:
        """Let it happen."""
        if self.edits:
            site.edit(*self.edits)
        if self.turn:
            self.turn(site)


def page(vendor: Vendor) -> str:
    """The vendor's page as it is at first."""
    return (files("watcher.demo") / "pages" / f"{vendor}.html").read_text(encoding="utf8")


def _down(site: Site) -> None:
    site.down()


def _back_with_an_error(site: Site) -> None:
    site.instead = (
        "<!doctype html><html lang='en'><head><meta charset='utf-8'><title>Something went wrong</title></head>"
        "<body><h1>Something went wrong</h1><p>We are working on it. Please try again later.</p></body></html>"
    )
    site.up()


def _back(site: Site) -> None:
    site.instead = ""


ACTS: tuple[Act, ...] = (
    Act(
        "Pelloria Home adds a company to the recipients of its data.",
        "pelloria",
        edits=(
            (
                "<li>Quillpost Mail Ltd.",
                "<li>Brightmetric Analytics, Inc., which measures how the app is used and shows you advertisements;"
                "</li>\n<li>Quillpost Mail Ltd.",
            ),
        ),
        expect=("Pelloria Home", "Brightmetric Analytics"),
    ),
    Act(
        "Pelloria Home changes its banner, cart, blog, footer and cookie bar; the policy stays.",
        "pelloria",
        edits=(
            ("Autumn sale: two lamps for the price of one", "Winter sale: free delivery on all sensors"),
            ("Cart (0)", "Cart (2)"),
            ("1024 views", "1911 views"),
            ("Five ways to light a hallway", "Our lamps at the winter fair"),
            ("© 2025", "© 2026"),
            ("site.3f1c.css", "site.77d0.css"),
            ("c0ffee01", "facade42"),
            ("This site uses cookies that it needs to work.", "We use cookies. Choose which ones."),
            ("<p>You can reach our", '<p class="lead" data-track="x7">You can reach our'),
        ),
    ),
    Act(
        "青屿智联 numbers the headings of its policy in another way; the words stay.",
        "qingyu",
        edits=tuple((f"<h2>{numeral}、", f"<h2>第{numeral}条 ") for numeral in "一二三四五六七八九"),
    ),
    Act(
        "青屿智联 keeps device logs for 24 months instead of 6.",
        "qingyu",
        edits=(("设备日志的保存期限为6个月", "设备日志的保存期限为24个月"),),
        expect=("青屿智联", "6个月", "24个月"),
    ),
    Act("Pelloria Home's server goes down.", "pelloria", turn=_down, expect=("Pelloria Home", "cannot be checked")),
    Act("It answers again, with an error page that says 200 OK.", "pelloria", turn=_back_with_an_error),
    Act("The policy is back, word for word.", "pelloria", turn=_back, expect=("Pelloria Home", "can be checked again")),
)

"""Is this page the policy at all? Named rules, each with its evidence; a rejected capture is never a policy change.

`RULES` is the whole of it, in the order in which the rules are asked; the first that finds evidence speaks. Rules on
the page alone come first, rules that need the last accepted version follow. The words are in [gate] of the language
files; an example of every rule is a page under tests/gate/pages, and there are good pages beside them that talk about
cookies, robots, log-ins and errors and must pass.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from operator import add
from urllib.parse import urlsplit

from watcher.lang import languages, vocabulary
from watcher.lang.asking import asking
from watcher.lang.words import HAN, normal
from watcher.records import Capture, Clause, Document, Rejection

_SHORT = 1800  #: characters of words up to which a page may be nothing but a message or a form
_EMPTY = 30  #: characters below which nothing is said at all
_BRIEF = 160  #: characters up to which a clause can be a message's headline
_FEW = 3  #: statements of practice from which a short page is believed to be a policy
_RATE = 0.6  #: statements of practice in 1000 characters; real policies have 1.3 to 9, terms and shops below 0.5
_DENSE = 2.0  #: statements in 1000 characters that no page has which only mentions data
_HOLES = 0.35  #: share of a version that no vendor takes out without touching a word of the rest
_TAIL = 0.15  #: the same, for an unbroken piece at the end
_END = re.compile("[.!?。！？;；:：…)）\\]】\"'”’»>/]$")
_REMNANT = re.compile(r"\W{0,2}(?:[\[\](<*_]|http)")  #: what half a link or half an emphasis leaves in a text
_SENTENCE = re.compile(r"(?<=[.!?;])\s+|(?<=[。！？；])|\n")
_TITLE_PARTS = re.compile(r"\s+[|–—·•:»-]+\s+|\s*[|_]\s*")

#: Messages in languages that have no file of their own yet; a rule of the same name reads them as its `mentions`.
_ELSEWHERE: dict[str, tuple[str, ...]] = {
    "not_found": (
        "page introuvable", "page n'existe pas", "page non trouvée", "cette page n'est pas disponible",
        "seite nicht gefunden", "seite wurde nicht gefunden", "seite existiert nicht",
        "seite konnte nicht gefunden werden", "página no encontrada", "página no existe",
        "no se encuentra la página", "no se ha encontrado la página", "pagina non trovata", "pagina non esiste",
        "página não encontrada", "página não existe", "pagina niet gevonden", "pagina bestaat niet",
        "strona nie została znaleziona", "nie znaleziono strony", "sidan kunde inte hittas",
        "siden blev ikke fundet", "fant ikke siden", "sivua ei löytynyt", "stránka nenalezena", "sayfa bulunamadı",
        "страница не найдена", "ページが見つかりません", "お探しのページ", "페이지를 찾을 수 없습니다",
        "الصفحة غير موجودة", "頁面不存在", "找不到頁面", "您訪問的頁面",
    ),
    "challenge": (
        "vérifiez que vous êtes humain", "vérification que vous êtes humain", "überprüfen, ob sie ein mensch sind",
        "bestätigen sie, dass sie ein mensch sind", "verifique que usted es un ser humano",
        "verifica di essere umano", "verifique se você é humano", "подтвердите, что вы человек",
        "私はロボットではありません", "로봇이 아닙니다", "驗證您是人類", "un instant…", "einen moment bitte",
        "un momento…",
    ),
    "maintenance": (
        "en maintenance", "maintenance en cours", "wartungsarbeiten", "wartungsmodus", "en mantenimiento",
        "in manutenzione", "em manutenção", "in onderhoud", "техническое обслуживание", "технические работы",
        "メンテナンス中", "점검 중", "系統維護",
    ),
    "error": (
        "une erreur est survenue", "une erreur s'est produite", "ein fehler ist aufgetreten",
        "se ha producido un error", "si è verificato un errore", "ocorreu um erro", "er is een fout opgetreden",
        "произошла ошибка", "エラーが発生しました", "오류가 발생", "伺服器錯誤", "發生錯誤",
    ),
    "consent": (
        "diese website verwendet cookies", "wir verwenden cookies", "wir benötigen ihre zustimmung",
        "wir brauchen ihre zustimmung", "nous utilisons des cookies", "ce site utilise des cookies",
        "votre consentement", "utilizamos cookies", "este sitio utiliza cookies", "su consentimiento",
        "utilizziamo i cookie", "questo sito utilizza", "il tuo consenso", "wij gebruiken cookies",
        "deze website gebruikt cookies", "vi använder cookies", "мы используем файлы cookie", "当サイトでは",
    ),
}  # fmt: skip
#: Words in the titles of documents, in languages that have no file of their own yet.
_TITLES_ELSEWHERE: dict[str, tuple[str, ...]] = {
    "privacy": (
        "datenschutz", "confidentialité", "données personnelles", "vie privée", "privacidad", "protección de datos",
        "privacidade", "riservatezza", "trattamento dei dati", "gegevensbescherming", "privacyverklaring",
        "integritetspolicy", "personvern", "persondata", "tietosuoja", "prywatności", "gizlilik", "конфиденциальност",
        "персональных данных", "プライバシー", "個人情報", "개인정보", "الخصوصية",
    ),
    "terms": (
        "nutzungsbedingungen", "geschäftsbedingungen", "conditions générales", "conditions d'utilisation",
        "términos y condiciones", "condiciones de uso", "termini e condizioni", "termos de uso",
        "algemene voorwaarden", "пользовательское соглашение", "利用規約", "이용약관",
    ),
}  # fmt: skip


# --- what the rules look at ------------------------------------------------------------------------------------------


class Page:
    """A capture, its document and the last accepted one, with the measures that rules share, each taken once."""

    def __init__(self, capture: Capture, document: Document, previous: Document | None) -> None:
        self.capture = capture
        self.document = document
        self.previous = previous

    @cached_property
    def lines(self) -> list[str]:
        """The words of every clause, normalised."""
        return [normal(clause.text) for clause in self.document.clauses]

    @cached_property
    def weight(self) -> float:
        """How much the page says, in characters of Latin text."""
        return weight_of(self.document.clauses)

    @cached_property
    def visible(self) -> str:
        """The normalised words of a short page; where it states no practice, also what extraction set apart."""
        apart = normal(self.document.furniture[: 4 * _SHORT]) if self.statements == 0 else ""
        return "\n".join([normal(self.document.title), *self.lines, apart])

    @cached_property
    def headlines(self) -> list[str]:
        """What may be a message's headline: the title's parts, headings, and short clauses."""
        parts = [normal(part) for part in _TITLE_PARTS.split(self.document.title)]
        return [normal(self.document.title), *parts, *(line for line in self.lines if len(line) <= _BRIEF)]

    @cached_property
    def statements(self) -> int:
        """How many statements of practice the page makes (a practice verb near a noun for data).

        Counting stops at what tells a policy from other pages of its length.
        """
        wanted = 2 * _DENSE if self.weight <= _SHORT else _RATE
        enough = max(_FEW, math.ceil(wanted * self.weight / 1000))
        texts: Iterable[str] = (clause.text for clause in self.document.clauses)
        if self.weight <= 2 * _SHORT:
            texts = (text for text in texts if not asking().search(text))
        return _statements(texts, self.document.language, enough)

    @property
    def rate(self) -> float:
        """Statements of practice in 1000 characters, as far as they were counted."""
        return self.statements * 1000 / self.weight if self.weight else 0.0

    @property
    def speaks_of_data(self) -> bool:
        """Whether what the page says is a policy's sort of thing, however short it is."""
        return (self.statements >= _FEW and self.rate >= _DENSE) or (self.statements > 1 and self.rate >= 2 * _DENSE)

    @cached_property
    def message(self) -> bool:
        """Whether the page is small and silent enough to be nothing but a message.

        In a language without a file of its own the title must do: a practice would not be recognised.
        """
        unread = self.document.language not in {*languages(), "und"} and self.named and self.weight > 400
        return self.weight <= _SHORT and not unread and not self.speaks_of_data

    @cached_property
    def gone(self) -> bool:
        """Whether the policy is plainly not what extraction found: other words than before, or a cookie dialog.

        A dialog may stand under the title of the page that did not come: nothing is said under that, then.
        """
        untold = self.previous is None and self._of_cookies and not self._said_under_title
        return self.dialog or untold or (self.overlap is not None and self.overlap.lost > 0.7)

    @property
    def named(self) -> bool:
        """Whether the title or one of the first headings names a privacy document."""
        headings = [clause.text for clause in self.document.clauses if clause.shape == "heading"]
        return any(sort_of(words) in {"privacy", "cookies"} for words in (self.document.title, *headings[:6]))

    @property
    def listing(self) -> bool:
        """Whether the page is mostly a table, or a list that is named so, as lists of sub-processors and SDKs are."""
        said = [clause for clause in self.document.clauses if clause.shape != "heading"]
        rows = sum(clause.shape in {"row", "term"} for clause in said)
        items = sum(clause.shape == "item" for clause in said) if _lists().search("\n".join(self.headlines)) else 0
        return (rows + items) * 2 > len(said)

    @cached_property
    def titled(self) -> bool:
        """Whether a heading names a privacy document, other than in the words of a consent dialog."""
        headings = [clause.text for clause in self.document.clauses if clause.shape == "heading"]
        return any(
            sort_of(h) in {"privacy", "cookies"} and not _mentions("consent").search(normal(h)) for h in headings
        )

    @cached_property
    def dialog(self) -> bool:
        """Whether a short page speaks of cookies and nothing else, and is no cookie policy by its own headings."""
        return self._of_cookies and not self.titled

    @cached_property
    def _of_cookies(self) -> bool:
        """Whether a short page speaks of cookies and hardly of anything else."""
        if self.weight > 2 * _SHORT:
            return False
        about = sum(len(line) for line in self.lines if "cookie" in line or _mentions("consent").search(line))
        return about >= 0.6 * sum(map(len, self.lines)) > 0

    @property
    def _said_under_title(self) -> bool:
        """Whether a clause other than a heading follows the first one, if that is a heading."""
        return [clause.shape for clause in self.document.clauses[:2]] != ["heading", "heading"]

    @cached_property
    def overlap(self) -> Overlap | None:
        """What the page shares with the last accepted version; None without one."""
        return Overlap.of(self.previous, self.document) if self.previous and self.previous.clauses else None


@dataclass(frozen=True, slots=True)
class Overlap:
    """How much of two documents is word for word the same, in characters, sentence by sentence."""

    old: int  #: characters of the old document
    new: int
    lost_chars: int  #: of the old document's, those that the new one lacks
    added: int  #: of the new document's, those that the old one lacks
    stated: int  #: statements of practice in what was added
    tail: int  #: of the old document's, the unbroken piece near its end that the new one lacks

    @classmethod
    def of(cls, old: Document, new: Document) -> Overlap:
        """Measure two documents. Only clauses that one of them lacks are taken apart."""
        shared = _uneven([clause.hash for clause in old.clauses], [clause.hash for clause in new.clauses])
        before, after = _taken_apart(old.clauses, shared), _taken_apart(new.clauses, shared)
        left = Counter([words for words, _ in after if words is not None])
        added = list((left - Counter([words for words, _ in before if words is not None])).elements())
        gone = [0] * len(before)  # for each piece of the old document: its length if the new one lacks it
        for i, (words, length) in enumerate(before):
            if words is not None:
                gone[i] = 0 if left[words] > 0 else length
                left[words] -= 1
        return cls(
            old=sum([length for _, length in before]),
            new=sum([length for _, length in after]),
            lost_chars=sum(gone),
            added=sum(map(len, added)),
            stated=_statements(added, new.language, 1) if len(added) < 40 else 1,
            tail=_tail(gone, [length for _, length in before]),
        )

    @property
    def lost(self) -> float:
        """The share of the old document that is gone, 0 to 1."""
        return self.lost_chars / self.old if self.old else 0.0

    @property
    def verbatim(self) -> bool:
        """Whether the new document says (nearly) nothing that the old one did not, teasers of other pages apart."""
        return self.added <= (0.03 if self.stated else 0.3) * self.new

    @property
    def prefix(self) -> bool:
        """Whether what is gone is one piece, at the end but for what pages carry there."""
        return self.lost_chars - self.tail <= 0.03 * self.old


def _uneven(old: Sequence[str], new: Sequence[str]) -> dict[str, int]:
    """Of the hashes that do not stand as often in both of two documents, how often they stand in both."""
    before, after = Counter(old), Counter(new)
    shared = {digest: min(count, after[digest]) for digest, count in before.items() if after.get(digest) != count}
    return {**shared, **dict.fromkeys(after.keys() - before.keys(), 0)}


def _taken_apart(clauses: Sequence[Clause], shared: dict[str, int]) -> list[tuple[str | None, int]]:
    """Sentences, normalised, in reading order, each with its length; None for a clause that is one of the shared.

    `shared`: how many are, of the clauses that do not stand as often in the other document.
    """
    pieces: list[tuple[str | None, int]] = [(None, len(clause.text)) for clause in clauses]
    left, apart = shared.copy(), []
    for i in [i for i, clause in enumerate(clauses) if clause.hash in left]:
        if left[clauses[i].hash] > 0:
            left[clauses[i].hash] -= 1
        else:
            apart.append(i)
    for i in reversed(apart):
        pieces[i : i + 1] = [(s, len(s)) for s in _SENTENCE.split(normal(clauses[i].text)) if s.strip()]
    return pieces


def _tail(gone: Sequence[int], lengths: Sequence[int]) -> int:
    """Characters of the last unbroken run of missing sentences, if less than a tenth of the document follows it."""
    if not any(gone):
        return 0
    total, follows, run = sum(lengths), 0, 0
    for missing, length in zip(reversed(gone), reversed(lengths), strict=True):
        if missing:
            run += missing
        elif run > 0.02 * total:
            break
        else:
            follows += length + run
            run = 0
    return run if follows <= 0.1 * total else 0


def _aligned(before: list[str], after: list[str]) -> int:
    """Where in `before` the last of `after` stands, the nth occurrence matched to the nth; the end if nowhere."""
    for i in range(len(after) - 1, max(-1, len(after) - 4), -1):
        places = [k for k, words in enumerate(before) if words == after[i]]
        nth = after[: i + 1].count(after[i])
        if len(places) >= nth:
            return places[nth - 1]
    return len(before)


def weight_of(clauses: Iterable[Clause]) -> float:
    """Characters of all clauses; a Han sign counts as two and a half, for it says about as much."""
    return sum([len(text) if text.isascii() else _weight(text) for text in [clause.text for clause in clauses]])


@lru_cache(4096)
def _weight(text: str) -> float:
    return len(text) + 1.5 * len(HAN.findall(text))


def _statements(texts: Iterable[str], language: str, enough: int) -> int:
    """Statements of practice in texts, counted up to `enough`."""
    counts = [0] * len(_practices(language))
    for text in texts:
        counts = list(map(add, counts, _practice_in(text, language)))
        if max(counts) >= enough:
            break
    return min(max(counts), enough)


@lru_cache(4096)
def _practice_in(text: str, language: str) -> tuple[int, ...]:
    """How many statements of practice one text holds, by the words of each language that may be its own."""
    lower = text.lower()
    return tuple(sum(1 for _ in pattern.finditer(lower)) for pattern in _practices(language))


@cache
def _practices(language: str) -> tuple[re.Pattern[str], ...]:
    """A practice verb and a noun for data in one sentence, either first, in lower case; of all languages if one has no
    file of its own."""
    chosen = [language] if language in languages() else languages()
    patterns = []
    for table in (vocabulary(name)["gate"]["practice"] for name in chosen):
        latin = table["nouns"][0].isascii()
        verb, noun = _either(table["verbs"]), _either(table["nouns"])
        verb, noun = (rf"\b(?:{verb})\w*", rf"\b(?:{noun})\b") if latin else (f"(?:{verb})", f"(?:{noun})")
        gap = f"[^.!?。！？\n]{{0,{table['window']}}}?"
        patterns.append(re.compile(f"{verb}{gap}{noun}|{noun}{gap}{verb}"))
    return tuple(patterns)


def _either(words: Iterable[str]) -> str:
    """A pattern for any of the words that looks at a first letter once: five times as fast as word after word."""
    firsts: dict[str, list[str]] = {}
    for word in words:
        firsts.setdefault(word[0], []).append(re.escape(word[1:]))
    return "|".join(f"{re.escape(first)}(?:{'|'.join(rests)})" for first, rests in firsts.items())


@cache
def _says(topic: str) -> frozenset[str]:
    """Headlines of a topic in all languages, normalised."""
    return frozenset(normal(words) for language in languages() for words in vocabulary(language)["gate"][topic]["says"])


@cache
def _mentions(topic: str) -> re.Pattern[str]:
    """Phrases of a topic in all languages, normalised, longest first."""
    words = [w for language in languages() for w in vocabulary(language)["gate"][topic]["mentions"]]
    phrases = sorted({normal(w) for w in (*words, *_ELSEWHERE.get(topic, ()))}, key=len, reverse=True)
    return re.compile("|".join(rf"(?<!\w){re.escape(p)}(?!\w)" if p.isascii() else re.escape(p) for p in phrases))


@cache
def _lists() -> re.Pattern[str]:
    """Names of lists that belong to a policy: of sub-processors, of SDKs."""
    tables = [vocabulary(language)["gate"]["companions"] for language in languages()]
    return re.compile("|".join(re.escape(normal(w)) for t in tables for w in (*t["subprocessors"], *t["sdk"])))


@cache
def _sorts() -> dict[str, re.Pattern[str]]:
    """Sort of document -> the words in a title that tell it."""
    tables = [vocabulary(language)["gate"]["documents"] for language in languages()]
    return {
        sort: re.compile(
            "|".join(
                re.escape(normal(word))
                for words in (*(table[sort] for table in tables), _TITLES_ELSEWHERE.get(sort, ()))
                for word in words
            )
        )
        for sort in tables[0]
    }


def sort_of(title: str) -> str:
    """Which sort of document a title names: privacy, cookies, terms, imprint, help; "" for none."""
    words = normal(title)
    return next((sort for sort, pattern in _sorts().items() if pattern.search(words)), "")


def _quote(page: Page, words: str) -> str:
    """`words` as the page shows them, with a little around them."""
    for text in (page.document.title, *(c.text for c in page.document.clauses), *page.document.furniture.split("\n")):
        if words in normal(text):
            return text if len(text) <= _BRIEF else f"{text[: _BRIEF - 1]}…"
    return words


def _message(page: Page, topic: str) -> str:
    """The words by which a page that is nothing but a message gives its topic away."""
    if not page.message or _well_known(page):
        return ""
    said = next((line for line in page.headlines if line.rstrip(".!… ") in _plain(topic)), "")
    if not said:
        found = _mentions(topic).search(page.visible)
        said = found[0] if found else ""
    return _quote(page, said) if said else ""


@cache
def _plain(topic: str) -> frozenset[str]:
    """Headlines of a topic without closing signs."""
    return frozenset(words.rstrip(".!… ") for words in _says(topic))


@cache
def _choices() -> frozenset[str]:
    """What a consent dialog offers, in all languages."""
    return frozenset(
        normal(words) for language in languages() for words in vocabulary(language)["furniture"]["choices"]
    )


def _well_known(page: Page) -> bool:
    """Whether most of the page already stood in the last accepted version."""
    return bool(
        page.overlap and page.overlap.new and page.overlap.added <= 0.5 * page.overlap.new and page.overlap.lost < 0.5
    )


# --- the rules: each gives its evidence, "" where it has none ---------------------------------------------------------


def _same_as_before(page: Page) -> bool:
    """The very clauses that were accepted before: nothing new to prove."""
    old = page.previous
    return old is not None and [c.hash for c in old.clauses] == [c.hash for c in page.document.clauses]


def _status(page: Page) -> str:
    return f"HTTP status {page.capture.status}" if page.capture.status >= 400 else ""


def _challenge(page: Page) -> str:
    if page.capture.header("cf-mitigated") == "challenge":
        return "cf-mitigated: challenge"
    said = _message(page, "challenge")
    if said:
        return said
    sign = next((sign for sign in page.document.signs if sign.startswith("captcha:")), "")
    return sign if sign and page.weight < 400 and page.statements == 0 and page.message else ""


def _blocked(page: Page) -> str:
    return _message(page, "blocked") or (_headline_anywhere(page, "blocked") if page.gone else "")


def _not_found(page: Page) -> str:
    return _message(page, "not_found") or _headline_anywhere(page, "not_found")


def _headline_anywhere(page: Page, topic: str) -> str:
    """An error's headline that stands as a clause of its own in any page, and did not before.

    One of several parts of a policy may fail alone, and a failing page may be served inside the site's full frame:
    then its message is among what extraction set apart, where it only counts if the policy itself is gone.
    """
    lines = _lines_of(page.document) if page.gone else (clause.text for clause in page.document.clauses)
    said = [text for text in lines if len(text) <= _BRIEF and _is_headline(text, topic)]
    known = {normal(text) for text in _lines_of(page.previous)} if said and page.previous else set()
    return next((text for text in said if normal(text) not in known), "")


@lru_cache(4096)
def _is_headline(text: str, topic: str) -> bool:
    """Whether a line that is more than one word long is one of a topic's headlines."""
    brief = (len(text) <= _BRIEF and " " in text.strip()) or HAN.search(text)
    return bool(brief) and normal(text).rstrip(".!… ") in _plain(topic)


def _lines_of(document: Document) -> Iterator[str]:
    """Every line of a page, of the policy and around it."""
    yield from (clause.text for clause in document.clauses)
    yield from document.furniture.split("\n")


def _error(page: Page) -> str:
    return _message(page, "error") or (_headline_anywhere(page, "error") if page.gone else "")


def _maintenance(page: Page) -> str:
    return _message(page, "maintenance") or (_headline_anywhere(page, "maintenance") if page.gone else "")


def _parked(page: Page) -> str:
    return _message(page, "parked")


def _age(page: Page) -> str:
    return _message(page, "age")


def _login(page: Page) -> str:
    said = _message(page, "login")
    if said and ("password-field" in page.document.signs or page.statements < 2):
        return said
    address = urlsplit(page.capture.final_url).path.lower()
    if "password-field" in page.document.signs and page.message and not _well_known(page):
        return "a password field" if page.statements == 0 else ""
    if page.message and re.search(r"/(?:log-?in|sign-?in|sso|saml|oauth2?|auth)(?:/|$|\.)", address) and said:
        return page.capture.final_url
    return ""


def _consent(page: Page) -> str:
    """A page of which little is left but a cookie dialog: its question, and its buttons there or set apart."""
    if page.weight > 2 * _SHORT or _well_known(page):
        return ""
    asked = _mentions("consent").search("\n".join(page.lines))
    offered = _plain("consent") | _choices()
    buttons = {line for text in _lines_of(page.document) if (line := normal(text)).rstrip(".!… ") in offered}
    if not asked or not buttons:
        return ""
    if not page.named and len(buttons & _choices()) > 1:
        return _quote(page, asked[0])
    spoken = sum(len(line) for line in page.lines if line not in buttons and not _mentions("consent").search(line))
    return _quote(page, asked[0]) if page.dialog or spoken < (120 if page.titled else 300) else ""


def _shell(page: Page) -> str:
    if page.document.shell:
        return "the page's own markup holds no text"
    return _message(page, "shell")


def _empty(page: Page) -> str:
    bare = page.weight < _EMPTY or (page.weight < 4 * _EMPTY and page.statements == 0)
    return f"{len(page.document.clauses)} clauses, {page.weight:.0f} characters" if bare else ""


def _home(page: Page) -> str:
    """A deep address that was sent on to a site's front page, which does not speak of data."""
    asked, answered = urlsplit(page.capture.url), urlsplit(page.capture.final_url)
    front = re.fullmatch(r"/?(?:index\.\w+|home|[a-z]{2}(?:[-_][a-z]{2})?)?/?", answered.path, re.IGNORECASE)
    moved = asked.path.strip("/") and page.capture.url != page.capture.final_url and asked.path != answered.path
    if not (moved and front and answered.netloc) or answered.fragment:
        return ""
    policy = sort_of(page.document.title) == "privacy" or (page.statements > 1 and page.rate >= _RATE)
    return "" if policy or _well_known(page) else f"{page.capture.url} led to {page.capture.final_url}"


def _language(page: Page) -> str:
    """Most clauses are in another language than most clauses of the last version were."""
    old = page.previous
    new = page.document
    if old is None or new.language == old.language or "und" in {old.language, new.language}:
        return ""
    share = weight_of(c for c in new.clauses if c.language == old.language) / (page.weight or 1)
    before = weight_of(c for c in old.clauses if c.language == new.language) / (weight_of(old.clauses) or 1)
    return f"{old.language} before, {new.language} now" if share < 0.25 and before < 0.35 else ""


def _not_a_policy(page: Page) -> str:
    """Nothing in the title, the headings or the sentences is about people's data. Only where the language is known."""
    if page.previous is None and not page.named and sort_of(page.document.title) == "terms":
        return page.document.title
    if page.document.language not in {*languages(), "und"}:
        return ""
    enough = page.rate >= _RATE if page.statements > 1 else page.statements == 1 and page.weight < 700
    enough = enough and (not page.message or page.named or any("cookie" in line for line in page.headlines))
    if enough or (page.named and page.listing):
        return ""
    count = "none" if page.statements == 0 else f"only {page.statements}"
    return f"{count} of its {len(page.document.clauses)} clauses speak of people's data"


def _other_document(page: Page) -> str:
    """Hardly a sentence of the last version is left, and the title names another sort of document."""
    if page.overlap is None or page.previous is None or page.overlap.lost < 0.7:
        return ""
    before = {sort_of(title) for title in _first_names(page.previous)} - {""}
    now = [sort for title in _first_names(page.document) if (sort := sort_of(title))]
    if before and now and not before & set(now):
        return f"{page.document.title or next(_first_names(page.document))}"
    return ""


def _first_names(document: Document) -> Iterator[str]:
    """The title and the first heading."""
    yield document.title
    yield from (clause.text for clause in document.clauses[:8] if clause.shape == "heading")


def _breaks_off(page: Page) -> str:
    """The page ends inside a clause that the last version finished, or before what it announces; the rest is gone."""
    both, old = page.overlap, page.previous
    if (
        both is None
        or old is None
        or len(page.document.clauses) < 2
        or both.lost < 0.005
        or both.added > 0.3 * both.new
    ):
        return ""
    before, now = old.clauses, page.document.clauses
    at = _aligned([clause.hash for clause in before], [clause.hash for clause in now[:-1]]) + 1
    if at >= len(before):
        return ""
    last, full = normal(now[-1].text), normal(before[at].text)
    shared = next((i for i, (one, other) in enumerate(zip(last, full, strict=False)) if one != other), len(last))
    whole = shared == len(last) or _REMNANT.match(last[shared - 1 :])
    halved = len(last) < len(full) and whole and shared >= max(4, 0.4 * len(last)) and not _END.search(last)
    announced = last == full and (now[-1].shape == "heading" or last.endswith(":"))
    if not (halved or announced):
        return ""
    here = {clause.hash for clause in now}
    rest = [(clause.text, clause.hash in here) for clause in before[at + 1 :]]
    rest += [(full[shared:], False)] if halved else []
    gone = sum(len(text) for text, stays in rest if not stays)
    policy = halved or _statements((text for text, _ in rest), page.document.language, 1) > 0
    if not policy or gone < 40 or gone < 0.9 * sum(len(text) for text, _ in rest):
        return ""
    return f"…{page.document.clauses[-1].text[-60:]}"


def _cut_short(page: Page) -> str:
    """Whole sections are gone while the rest is word for word the same, under the same stated dates.

    Who rewrites a policy changes words in what stays, or at least its date; who captures half a page changes nothing.
    """
    both = page.overlap
    if both is None or both.old < 1200 or not both.verbatim or _newly_dated(page):
        return ""
    if both.lost >= _HOLES or (both.prefix and both.lost >= _TAIL):
        return f"{both.lost:.0%} of the last version is missing, the rest is word for word the same"
    return ""


def _shrunk(page: Page) -> str:
    """Next to nothing is left of a long policy. A rewrite to a third of its length is none of this rule's business."""
    both = page.overlap
    if both is None or both.old < 3000 or both.new >= 0.15 * both.old or _newly_dated(page):
        return ""
    return f"{both.new} characters where the last version had {both.old}"


def _newly_dated(page: Page) -> bool:
    """Whether the page states a date that the last version did not."""
    before = {(date.role, date.value or date.quote) for date in page.previous.dates} if page.previous else set()
    return any((date.role, date.value or date.quote) not in before for date in page.document.dates)


@dataclass(frozen=True, slots=True)
class Rule:
    """One reason to refuse a capture: its name, what is said to people, and how its evidence is found."""

    name: str
    sentence: str  #: completed by the evidence
    evidence: Callable[[Page], str]
    browser_may_help: bool = False


RULES: tuple[Rule, ...] = (
    Rule("status", "The server answered with an error", _status),
    Rule("blocked", "The site refused us access", _blocked),
    Rule("bot-check", "The site asked for proof that we are not a robot", _challenge, browser_may_help=True),
    Rule("not-found", "The page says that it does not exist or is not available", _not_found),
    Rule("maintenance", "The site says that it is under maintenance", _maintenance),
    Rule("error-page", "The page is an error message", _error),
    Rule(
        "script-shell", "The page shows its text only to a browser that runs its scripts", _shell, browser_may_help=True
    ),
    Rule("parked", "The address no longer belongs to the vendor's site", _parked),
    Rule("age-gate", "The site asked for an age before it shows the page", _age),
    Rule("login-wall", "The site asked for a log-in", _login),
    Rule("consent-wall", "The page is a consent dialog", _consent, browser_may_help=True),
    Rule("home-page", "The address now leads to the front page of a site", _home),
    Rule("empty", "The page holds next to no text", _empty, browser_may_help=True),
    Rule("other-language", "The page is in another language than before", _language),
    Rule("not-a-policy", "The page does not read like a privacy document", _not_a_policy),
    Rule("other-document", "The page is another document than before", _other_document),
    Rule("breaks-off", "The capture breaks off in the middle of a sentence", _breaks_off),
    Rule("cut-short", "A large part of the policy is missing from the capture", _cut_short),
    Rule("shrunk", "Next to nothing is left of the policy", _shrunk),
)


def broken_before(capture: Capture, old: Document, new: Document) -> Rejection | None:
    """Whether, of two captures that nobody has accepted yet, the older is the one that was cut short.

    Only plain cuts count here: text that is added at the end of a policy is more often news than a mended capture.
    """
    page = Page(capture, old, new)
    both = page.overlap
    cut = _breaks_off(page) or (_cut_short(page) if both and both.lost >= _HOLES else "")
    sentence = f"The older capture breaks off or lacks a large part of the policy: {cut}."
    return Rejection(rule="older-cut-short", sentence=sentence, evidence=cut) if cut else None


def inspect(capture: Capture, document: Document, previous: Document | None = None) -> Rejection | None:
    """None if `document` may become a version, else why not. `previous`: the last accepted document of the source."""
    page = Page(capture, document, previous)
    if _same_as_before(page):
        return None
    for rule in RULES:
        evidence = rule.evidence(page)
        if evidence:
            return Rejection(
                rule=rule.name,
                sentence=f"{rule.sentence}: {evidence}.".replace("..", "."),
                evidence=evidence,
                browser_may_help=rule.browser_may_help or document.shell,
            )
    return None

"""Names of companies and products, and the keys by which two wordings of the same thing are one subject.

`name_key` folds aliases and company suffixes ("Facebook, Inc." and "Meta" are "meta"); `noun_key` folds a noun phrase
to its content words in the singular ("our trusted service providers" is "service provider").
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import NamedTuple

from watcher.lang import HERE, vocabulary
from watcher.lang.words import HAN, normal
from watcher.lean import late

_TOKEN = re.compile(r"[A-Za-z0-9]+")
_LATIN = re.compile(r"[a-z0-9]+")
_PARENTHESES = re.compile(r"[(（\[][^)）\]]*[)）\]]?")
_WORD = re.compile(r"[a-z0-9][a-z0-9+&'-]*")
_SUFFIX = re.compile(
    r"(?:,?\s+|,)(?:incorporated|inc|l\.?l\.?c|ltd|limited|corporation|corp|co|company|gmbh|ag|bv|b\.v|nv|n\.v|plc|pty|pte"
    r"|s\.?a\.?s?|s\.?r\.?l|s\.?p\.?a|ab|as|a/s|aps|oy|oyj|oü|kk|k\.k|sarl|s\.à\.? ?r\.l|lp|llp|kg|se|pvt|ltda)\b\.?",
    re.IGNORECASE,
)
_UPPER = "A-ZÀ-ÖØ-ÞĀĂĄĆČĎĐĒĘĚĞĢİĪĶĹĻĽŁŃŅŇŌŐŘŚŞŠŢŤŪŮŰŹŻŽ"
#: What ends a company's name, however it is written.
_ENDING = (
    r"(?:,? (?i:Inc|LLC|Ltd|GmbH|Corp|Corporation|Limited|PLC|Pte|Pty|Pvt|Co|LLP|S\.A|B\.V|N\.V|S\.à\.? ?r\.l"
    r"|S\.r\.l|S\.p\.A)\b\.?"
    r"|,? (?:AB|AG|AS|A/S|ApS|SE|SAS|SA|Oy|OÜ|Oyj|KG|BV|NV|SpA|Srl|Sarl)\b(?! [A-Z]))"
)
#: A word that begins a new sentence or cell, though none of the signs between them shows it.
_ANEW = (
    r"(?:We|Our|You|Your|The|This|These|Those|That|If|When|Where|For|To|In|By|With|It|Its|They|Their|As|At|On|See|Click"
    r"|Read|View|Learn|Please|How|What|Who|Is|Are|All|Any|Such|Each|Other|More|Privacy|Policy|Link)\b"
)
_WORDLIKE_SUFFIX = re.compile(r"\b(?:company|co|as|se|ab)\.?$", re.IGNORECASE)
_HAN_SUFFIX = re.compile(r"(?:股份|责任)?有限(?:责任)?公司$|集团(?:公司)?$|\s?sdk$")
_POSSESSIVE = re.compile(r"(?:['’]s?|\sof)$")
_GAPS = re.compile(r"[\s-]+")
_RUN_ON = re.compile(r"^(?:an|in|or|of|to|by|the|our|and|with)(?=[A-Z][a-z])")  #: a word whose blank was lost
#: A capitalised phrase: words that begin with a capital (or CamelCase), joined by blanks, "&" and "of".
_CAPITALISED = re.compile(
    r"(?<![\w@./-])"
    rf"(?:(?:[A-Z]\w+, ){{1,3}}[A-Z]\w+ & [A-Z]\w+(?= (?:LLC|LLP|Ltd|Inc|PC)\b)"
    rf"|[{_UPPER}][\w&'’+-]*|[a-z]{{1,3}}[A-Z]\w+|\d+[A-Z][\w-]+|\d+[a-z]{{3,}}(?= AB\b))"
    r"(?:\.(?i:com|io|ai|net|org|co|ly|me|js|de|is)\b)?"
    rf"(?:(?! (?i:Inc|LLC|Ltd|GmbH|Corp|Corporation|Limited|PLC|Pte|Pty|Pvt|Co|LLP|S\.[aàpr]|[bn]\.v)\b)[ -](?!{_ANEW})"
    rf"(?:& |of (?=[{_UPPER}])|(?:och|und|et|de|du|del|van|von|der) (?=[{_UPPER}]))?"
    rf"(?:[{_UPPER}0-9]|[a-z](?=[A-Z]\w))[\w&'’+-]*"
    rf"(?:\.(?i:com|io|ai|net|org|co|ly|me|js)\b)?){{0,7}}"
    rf"{_ENDING}{{0,3}}"
)
_HAN_COMPANY = late(
    r"[\u3400-\u9fffA-Za-z0-9（）()·]{2,28}?(?:(?:集团|股份)*有限(?:责任)?公司|集团(?:公司)?(?![\u3400-\u9fff]{0,8}有限))"
)
_HAN_EDGE = late(
    r"[由与和及或向给为的是以于从至会将对可、，：:]|在(?!线)|需要|转让|旗下|下属|位于|(?:所有|运营|开发|经营|提供)者"
    r"|(?:运营|服务|供应|提供|开发)商|委托|授权|我们|用户|通过|使用|接入|合作|提供|共享|适用"
)
_LOOSE_BRACKET = re.compile(r"[（(](?![^（()）]*[)）])|^[^（(]*[)）]")  #: one whose partner is not in the name
_HAN_LATIN = late(
    r"(?<![A-Za-z0-9@./-])(?:[A-Z][A-Za-z0-9+&._-]{1,30}(?: [A-Z][A-Za-z0-9+&._-]{1,30}){0,3}"
    r"|[a-z][A-Za-z0-9]{2,30}(?=[- ]?(?:SDK|sdk)))"
)
#: A Chinese name that no company's ending shows: before "SDK", and as the one who does something for us.
_HAN_BARE = late(
    r"([\u3400-\u9fff]{2,24})(?=[ -]?(?:SDK|sdk))"
    r"|(?:委托|[交改]由|(?<![自理事缘交改])由)([\u3400-\u9fff]{2,6}?)(?=为我们|为您|代为|提供|负责|处理)"
)
_HAN_LONGEST = 8  #: signs of such a name
#: Signs of a Chinese noun for anybody of a sort.
_HAN_ANYONE = late(
    r"[您你我其该此本各所受方者人员商院校师长器家局厂会体庭警店号卡端]|公司|企业|机构|单位|部门|客服|团队|银行$"
)
#: What Chinese texts write in Latin letters of a device or an account, no name of anybody.
_HAN_TERM = late(
    r"(?:Android|Bundle|Package|Identifier|Serial|Number|Open|Union|Device|Advertis(?:ing|er)|Build|Token|User|Agent|Region|Model|Version|Cell|Base"
    r"|Station|Local|Storage|Location|Name|Info|Push|Key|Code|Mac|Address|Apk|Beacon|Proxy|I[dD]s?|UUID|SIM|SDK|[ -])+"
)


@dataclass(frozen=True, slots=True)
class Name:
    """A proper name and where it stands in its text."""

    key: str  #: canonical, lower case
    start: int
    end: int
    known: bool  #: from the list of vendors or taught by an operator; False: read off its form


class _Alias(NamedTuple):
    """A way in which a name of the list of vendors is written."""

    alias: str
    folded: str  #: the same, case folded
    key: str
    exact: bool  #: whether its case must match


@cache
def _vendors() -> tuple[dict[str, str], dict[str, list[_Alias]], re.Pattern[str]]:
    """(alias -> key), (first token -> aliases, the longest first), pattern of the Chinese aliases."""
    keys: dict[str, str] = {}
    first: dict[str, list[_Alias]] = {}
    han: list[str] = []
    for line in (HERE / "vendors.txt").read_text(encoding="utf8").splitlines():
        if not line or line.startswith("#"):
            continue
        canonical, *aliases = (part.strip() for part in line.split("|"))
        for alias in (canonical, *aliases):
            keys.setdefault(alias.casefold(), canonical.casefold())
            if HAN.search(alias):
                han.append(alias)
            elif token := _TOKEN.match(alias):
                written = _Alias(alias, alias.casefold(), canonical.casefold(), _ambiguous(alias))
                first.setdefault(token.group().casefold(), []).append(written)
    for entries in first.values():
        entries.sort(key=lambda entry: -len(entry.alias))
    return keys, first, re.compile("|".join(map(re.escape, sorted(han, key=len, reverse=True))))


@cache
def products() -> dict[str, tuple[str, ...]]:
    """The keys of the products of well-known companies, by the company's key."""
    lines = (HERE / "products.txt").read_text(encoding="utf8").splitlines()
    parts = (line.partition(":") for line in lines if not line.startswith("#"))
    return {owner.casefold(): tuple(name.strip().casefold() for name in names.split(",")) for owner, _, names in parts}


def is_listed(key: str) -> bool:
    """Whether the key of a name is that of a company on the list of vendors, or of one of its branches."""
    return name_key(key) in _canonical() or name_key(key.rpartition(" ")[0]) in _canonical()


@cache
def _canonical() -> frozenset[str]:
    return frozenset(_vendors()[0].values())


def _ambiguous(alias: str) -> bool:
    """Whether `alias` is also an ordinary word or very short, so that its capitals must be there."""
    return len(alias) <= 4 or (" " not in alias and alias.casefold() in common_words())


@cache
def common_words() -> frozenset[str]:
    """English words that policies write in lower case."""
    lines = (HERE / "common.txt").read_text(encoding="utf8").splitlines()
    return frozenset(line for line in lines if not line.startswith("#"))


def latin_words(low: str) -> list[tuple[int, str]]:
    """The words of Latin letters and numbers of a text in lower case, each with where it begins."""
    return [(match.start(), match.group()) for match in _LATIN.finditer(low)]


def has_han(text: str) -> bool:
    """Whether `text` holds a Chinese sign."""
    return not text.isascii() and HAN.search(text) is not None


def begins_known_name(word: str) -> bool:
    """Whether a name of the list of vendors begins with `word`, in lower case."""
    return word in _vendors()[1]


@cache
def ordinary_beginnings() -> Mapping[str, frozenset[str]]:
    """Ordinary words that only begin listed names ("the" of "The Trade Desk"), each with the words that then follow."""
    found: dict[str, frozenset[str]] = {}
    for first, entries in _vendors()[1].items():
        names = [_LATIN.findall(e.folded) for e in entries if e.alias.isascii() and "_" not in e.alias]
        if first in common_words() and len(names) == len(entries) and all(len(name) > 1 for name in names):
            found[first] = frozenset(name[1] for name in names)
    return found


def known_names(text: str, tokens: Iterable[tuple[int, str]], taught: Mapping[str, str]) -> Iterator[Name]:
    """Names of the list of vendors, and `taught` ones (alias in lower case -> key), that stand in `text`.

    `tokens`: (start, word) of its words in lower case. The key "-" is of a name that receives nothing (a browser).
    """
    keys, first, han = _vendors()
    end = 0
    for start, word in tokens:
        name = _longest(text, start, first[word]) if word in first and start >= end else None
        if name and _stands_as_name(text, name):
            name = _with_suffix(text, name)
            if _ends_another(text, name):
                continue
            end = name.end
            yield name
    if has_han(text):
        for match in han.finditer(text):
            yield _with_han_suffix(text, Name(keys[match.group().casefold()], match.start(), match.end(), True))
    for alias, key in taught.items():
        at = text.casefold().find(alias)
        if at >= 0:
            yield Name(key, at, at + len(alias), True)


def _longest(text: str, start: int, entries: list[_Alias]) -> Name | None:
    """The longest name that stands at `start`."""
    written = text[start : start + len(entries[0].alias)]
    folded = written.casefold()
    even = len(folded) == len(written)  # no sign of it becomes two
    for alias, low, key, exact in entries:
        end = start + len(alias)
        if exact:
            stands = text.startswith(alias, start)
        else:
            stands = (folded[: len(alias)] if even else text[start:end].casefold()) == low
        if stands and not _goes_on(text, end):
            return Name(key, start, end, True)
    return None


def _goes_on(text: str, at: int) -> bool:
    """Whether the word that ends at `at` goes on; a Chinese sign begins another word."""
    sign = text[at : at + 1]
    return sign.isalnum() and not HAN.match(sign)


_PAGE = re.compile(r"(?:https?://|www\.)\S*$|\S@\S*$", re.IGNORECASE)
_CELL = re.compile(r"(?:^|[^\w\s,.’'-])\s*$")
_TITLE = re.compile(r" [A-Z][a-z]{3,}\b(?! (?:Inc|LLC|Ltd|GmbH))")
_HOUSE_BEFORE = re.compile(r"\b\d{1,4}[a-z]?,? (?:[A-Z][a-z]+ ){1,3}$")
_PARTS = re.compile(r"(?:([A-Z][\w-]+)|[A-Z]\.) $")


def _stands_as_name(text: str, name: Name) -> bool:
    """Whether a listed name is one where it stands: not in an address, not an ordinary word, not the end of another.

    "https://acme.example", "their acme", "P.O. Box" and "Harbour Square" name no Acme, no Box and no Square.
    """
    before = text[max(0, name.start - 120) : name.start]
    if _PAGE.search(before, before.rfind(" ") + 1):
        return False
    found = text[name.start : name.end]
    if found.islower() and found.isalpha() and found not in _lower_names() and not text.islower():
        return _stands_in_lower_case(text, name, before)
    if found.casefold() in _streets() and _HOUSE_BEFORE.search(before):
        return False  # "4 Harbour Square"
    if _ambiguous(found):
        left = _PARTS.search(before)
        if left is not None and left.start() and _TITLE.match(text, name.end):
            return False  # a word of a title: "Health Targeting Acme Notice"
        return left is None or (left[1] is not None and not is_odd(left[1].casefold()))
    return True


#: Words after which a name stands though it is written in lower case, and what then ends it.
_TAKEN = re.compile(r"\b(?:us(?:e|es|ing)|by|via|through|with|on|at|from|such as|like|(?:goes?|sent|passed) to) $")
_LEFT = re.compile(r"\s*(?:$|[.,;:()|]|(?:and|or|to|for|in|which|who|so|as|when|but|because|sdk|pixel|analytics)\b)")
_LISTED = re.compile(r"([a-z]+)(?:\.[a-z]{2,4})?(?:,|,? and|,? or) $")


def _stands_in_lower_case(text: str, name: Name, before: str) -> bool:
    """Whether a listed name without its capital is one: in a cell, with its domain, or where a tool must be named.

    "Hosted on acme and bolt" names both, "to bolt the door" none; a word that is ordinary English never does.
    """
    if _CELL.search(before) or re.match(r"\.[a-z]{2,4}\b", text[name.end : name.end + 5]):
        return True
    if _ambiguous(text[name.start : name.end]) or not _LEFT.match(text, name.end):
        return False
    if _TAKEN.search(before):
        return True
    neighbour = _LISTED.search(before)
    return neighbour is not None and neighbour[1] in _vendors()[1] and neighbour[1] not in common_words()


def _ends_another(text: str, name: Name) -> bool:
    """Whether a short name that is the end of a longer company's name only: the "X" of "Number X Europe Ltd"."""
    word = text[name.start : name.end].partition(" ")[0]
    return (
        len(word) < len(text[name.start : name.end])
        and _ambiguous(word)
        and _BEFORE.search(text, max(0, name.start - 30), name.start) is not None
    )


_BEFORE = re.compile(r"[a-z,] [A-Z][a-z]+ $")  #: a capitalised word that begins no sentence


@cache
def _lower_names() -> frozenset[str]:
    """Names of the list of vendors that are written in lower case."""
    return frozenset(e.alias for entries in _vendors()[1].values() for e in entries if e.alias.islower())


def _with_suffix(text: str, name: Name) -> Name:
    """`name` grown to the company it begins: "Acme" in "Acme Tech Inc." is another company, in "Acme Inc." not."""
    grown = _CAPITALISED.match(text, name.start)
    if grown is None or grown.end() <= name.end or not _SUFFIX.search(text, name.end, grown.end()):
        return name
    phrase = grown.group().rstrip(" -&'’")
    extra = _SUFFIX.sub("", _DOMAIN.sub("", text[name.end : name.start + len(phrase)])).split()
    words = [word.strip(",.").casefold() for word in extra]
    same = all(word in _generic()[1] or word in _BRANCHES for word in words)
    return Name(name.key if same else name_key(phrase), name.start, name.start + len(phrase), True)


_DOMAINS = r"\.(?:com|net|org|io|co|ai|app|is|me|de)"
_DOMAIN = re.compile(rf"^{_DOMAINS}\b", re.IGNORECASE)
_SITE = re.compile(rf"{_DOMAINS}$")
_HAN_GROWN = late(
    r"((?:[\u3400-\u9fff]|[（(][^（()）]{1,6}[）)]){0,14}?)(?:有限责任公司|股份有限公司|有限公司|集团公司|集团|公司)"
)
_HAN_BRANCH = late(
    r"科技|技术|计算机|系统|(?:增值)?服务|(?:第三方)?支付|商务|广告|传媒|文化|智能|信息|网络|软件|通信|通讯|互联网|在线|数据|服务|终端|股份|控股|（[^）]*）|\([^)]*\)|深圳市?|北京市?|上海市?|杭州|广州|中国"
)


def _with_han_suffix(text: str, name: Name) -> Name:
    """`name` grown to the Chinese company that it begins, which is another one if other words stand between."""
    grown = _HAN_GROWN.match(text, name.end)
    if grown is None or _HAN_EDGE.search(grown[1]):
        return name
    phrase = text[name.start : grown.end()]
    same = len(_HAN_BRANCH.sub("", grown[1])) <= len("同欣")
    return Name(name.key if same else name_key(phrase), name.start, grown.end(), True)


#: Words between a company's name and its suffix that make no other company of it.
_BRANCHES = frozenset(
    {
        "platforms",
        "technologies",
        "technology",
        "holdings",
        "group",
        "international",
        "services",
        "global",
        "networks",
        "interactive",
        "media",
        "digital",
        "labs",
        "software",
        "systems",
        "solutions",
        "payments",
        "market",
        "operations",
        "emea",
        "cloud",
        "financial",
        "online",
        "data",
        "analytics",
    }
)


def proper_names(text: str, language: str = "en") -> Iterator[Name]:
    """Capitalised or CamelCase phrases and company names of `text` that no ordinary reading explains."""
    if language == "zh":
        yield from _han_names(text)
        return
    for match in _CAPITALISED.finditer(text):
        start, end = match.span()
        phrase = _without_possessive(text[start:end].rstrip(" -&'’"))
        phrase, start = _without_ordinary_start(phrase, start, text)
        if not phrase or text[end : end + 1] == "@" or not is_name(phrase) or _shouts(phrase):
            continue
        if not _is_address(phrase, text[start + len(phrase) :]):
            yield Name(name_key(phrase), start, start + len(phrase), False)


def _without_possessive(phrase: str) -> str:
    return _POSSESSIVE.sub("", phrase) if phrase.endswith(("s", "'", "’", "of")) else phrase


def _shouts(phrase: str) -> bool:
    """Whether a phrase is a piece of a text in capitals: two words of it or more are ordinary ones, no company's."""
    loud = [word for word in phrase.split() if len(word) > 1 and word.isupper() and not is_odd(word.casefold())]
    return len(loud) > (2 if is_company(phrase) else 1)


def _without_ordinary_start(phrase: str, start: int, text: str) -> tuple[str, int]:
    """Drops a leading ordinary word that is capitalised only because a sentence begins with it ("Our Acme")."""
    first, _, rest = phrase.partition(" ")
    if rest and first.casefold() in _generic()[0]:
        return rest, start + len(first) + 1
    return phrase, start


#: What follows a street and its number.
_TOWN = re.compile(r",? (?:[A-Z]{1,2}[- ])?\d{4,6}\b")
_HOUSE = re.compile(r"(?: \d+\w?)+$")
_STREET_ENDINGS = ("strasse", "straße", "gatan", "vägen", "straat", "allee", "-str")


def _is_address(phrase: str, rest: str) -> bool:
    """Whether a capitalised phrase is part of a postal address ("Suite 20", "Barrow Street"); `rest` follows it."""
    if phrase.endswith(", CO"):
        return True  # Colorado
    if is_company(phrase):
        return False
    if phrase[-1].isdigit() and _TOWN.match(rest):
        return True
    words = _HOUSE.sub("", phrase.casefold()).split()
    return words[0] in _streets() or words[-1] in _streets() or words[-1].endswith(_STREET_ENDINGS)


@cache
def _streets() -> frozenset[str]:
    return frozenset(vocabulary("en")["names"]["streets"])


@cache
def _generic() -> tuple[frozenset[str], frozenset[str]]:
    """(words that never begin a name, words that alone are no name), in lower case."""
    table = vocabulary("en")["names"]
    return frozenset(table["leading"]), frozenset(table["generic"])


@lru_cache(maxsize=4096)
def is_name(phrase: str) -> bool:
    """Whether a capitalised phrase is a name: it has a company suffix, or a word that is not ordinary English.

    What is joined by "_" is a cookie's or a variable's.
    """
    if "_" in phrase:
        return False
    leading = _generic()[0]
    bare = _without_suffix(phrase)
    if bare != phrase.strip(" ,.") and not _WORDLIKE_SUFFIX.search(phrase):
        return any(w.casefold() not in leading | _generic()[1] and len(w) > 1 for w in bare.split())
    if phrase[phrase.rfind(" ") + 1 :].casefold() in _things() and " " in phrase:
        return False  # "Acme Information" is data of Acme's
    words = (_RUN_ON.sub("", w).casefold().rstrip("'’") for w in _GAPS.split(phrase) if not _is_acronym(w))
    return any(is_odd(word) for word in words)


@cache
def _things() -> frozenset[str]:
    return frozenset(vocabulary("en")["names"]["things"])


@lru_cache(maxsize=4096)
def is_odd(word: str) -> bool:
    """Whether a word in lower case is neither ordinary English nor a term, place or law that policies capitalise."""
    common = common_words()
    if word in _generic()[1] or word in common or singular(word) in common or word.endswith(("n't", "n’t")):
        return False
    ending = next((e for e in ("ing", "ed", "ly") if word.endswith(e)), "")
    stem = word.removesuffix(ending)
    return not ending or not {stem, stem + "e"} & common


def _without_suffix(name: str) -> str:
    return (name if name.isalnum() else _SUFFIX.sub("", name)).strip(" ,.")


def is_company(name: str) -> bool:
    """Whether a name carries a company's suffix ("Inc.", "GmbH", "有限公司")."""
    return name.endswith(("公司", "集团")) or _SUFFIX.search(name) is not None


def _is_acronym(word: str) -> bool:
    """Whether a word is too short or too much of an abbreviation to be a name on its own."""
    short = len(word) <= 5 and sum(sign.isupper() for sign in word) >= max(2, len(word) - 1)
    return len(word) < 3 or short or not word[0].isalnum() or word.isdigit()


@cache
def _plain_han() -> re.Pattern[str]:
    """Chinese words that say what something does, not whose it is."""
    return re.compile("|".join(sorted(vocabulary("zh")["names"]["plain"], key=len, reverse=True)))


def is_bare_han_name(phrase: str, least: int = 2) -> bool:
    """Whether a Chinese phrase that no company's ending shows may be a name: short, and more than plain words.

    `least`: signs that must be left without the plain words in it.
    """
    if len(phrase) > _HAN_LONGEST or _HAN_ANYONE.search(phrase):
        return False
    return len(_plain_han().sub("", phrase)) >= least


def _han_names(text: str) -> Iterator[Name]:
    for match in _HAN_COMPANY.finditer(text):
        phrase = _LOOSE_BRACKET.split(_HAN_EDGE.split(match.group())[-1])[-1]
        if len(phrase) < 4:
            continue
        start = match.end() - len(phrase)
        yield Name(name_key(phrase), start, match.end(), False)
    for match in _HAN_BARE.finditer(text):
        phrase = _HAN_EDGE.split(match[match.lastindex or 0])[-1].lstrip("了过于")
        if is_bare_han_name(phrase):
            end = match.end(match.lastindex or 0)
            yield Name(name_key(phrase), end - len(phrase), end, False)
    for match in _HAN_LATIN.finditer(text):
        if text[match.end() : match.end() + 1] == "@":
            continue
        if len(match.group()) >= 3 and is_name(match.group()) and not _HAN_TERM.fullmatch(match.group()):
            yield Name(name_key(match.group()), match.start(), match.end(), False)


@lru_cache(maxsize=4096)
def name_key(name: str) -> str:
    """The canonical key of a proper name: alias folded, company suffix and article dropped, lower case."""
    keys = _vendors()[0]
    plain = normal(name)
    if plain in keys:
        return keys[plain]
    plain = _without_suffix(_HAN_SUFFIX.sub("", plain)).removeprefix("the ")
    return keys.get(plain) or keys.get(_SITE.sub("", plain), plain)


@lru_cache(maxsize=4096)
def noun_key(phrase: str, language: str = "en") -> str:
    """The canonical key of a noun phrase: content words, singular, synonyms folded; "" where nothing is left."""
    plain = normal(_PARENTHESES.sub(" ", phrase))
    if language == "zh" or has_han(plain):
        return _han_key(plain)
    table = vocabulary("en")["nouns"]
    stop, same = _noun_table()
    words = [singular(w.strip("'-").removesuffix("'s")) for w in _WORD.findall(plain)]
    kept = [same.get(w, w) for w in words if w and w not in stop]
    key = " ".join(kept)
    for word, folded in table["phrases"].items():
        if word in key:
            key = key.replace(word, folded)
    return " ".join(key.split())


@cache
def _noun_table() -> tuple[frozenset[str], dict[str, str]]:
    table = vocabulary("en")["nouns"]
    return frozenset(table["drop"]), dict(table["same"])


def _han_key(plain: str) -> str:
    table = vocabulary("zh")["nouns"]
    for word, folded in table["phrases"].items():
        plain = plain.replace(word, folded)
    for _ in range(3):
        for word in table["drop"]:
            plain = plain.removeprefix(word)
        for word in table["tail"]:
            plain = plain.removesuffix(word)
    return plain.strip(" 、，,。；;：:“”\"'*")


def singular(word: str) -> str:
    """An English noun without its plural ending: "parties" is "party", "addresses" is "address"."""
    if len(word) > 3 and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > 4 and word.endswith(("sses", "shes", "ches", "xes")):
        return word[:-2]
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is", "ics")):
        return word[:-1]
    return word


def with_plurals(nouns: Iterable[str]) -> frozenset[str]:
    """`nouns` with their plural forms."""
    singles = list(nouns)
    plurals = [n[:-1] + "ies" if n.endswith("y") and n[-2:-1] not in "aeiou" else n + "s" for n in singles]
    return frozenset((*singles, *plurals, *(n + "es" for n in singles if n.endswith(("s", "sh", "ch", "x")))))

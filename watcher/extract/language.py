"""Which language a text is in, by counting scripts and, for Latin script, frequent small words. No model, no library.

Runs for each clause, because Chinese policies carry English lists of SDKs and English ones Chinese addenda.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from watcher.lean import late

#: Said by what it is not: the compiler goes through the signs that a class names (see `late`).
_BEYOND_LATIN = re.compile("[^\x00-\u036f\u1e00-\u1eff\u2000-\u2e7f\uffdd-\U0010ffff]")
_HAN = late("[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")
_KANA = re.compile("[\u3041-\u30ff]")
_LETTER = re.compile(r"[^\W\d_]")
#: Script -> language, for scripts that (nearly) one language on the web is written in; the finer ones come first.
_SCRIPTS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("ko", late("[\uac00-\ud7af\u1100-\u11ff]")),
    ("uk", re.compile("[іїєґІЇЄҐ]")),
    ("ru", re.compile("[\u0400-\u04ff]")),
    ("fa", re.compile("[پچژگ]")),
    ("ar", re.compile("[\u0600-\u06ff\u0750-\u077f\ufb50-\ufdff\ufe70-\ufeff]")),
    ("he", re.compile("[\u0590-\u05ff]")),
    ("el", re.compile("[\u0370-\u03ff\u1f00-\u1fff]")),
    ("th", re.compile("[\u0e00-\u0e7f]")),
    ("hi", re.compile("[\u0900-\u097f]")),
)
_RARE = {"uk": 0.03, "fa": 0.02}  #: share of its own letters that tells a language from its script's main one
#: Small words of languages in Latin script. Words that two of them share are left out where they would mislead.
_SMALL: dict[str, frozenset[str]] = {
    language: frozenset(words.split())
    for language, words in {
        "en": "the and of to we you your our is are for with this that may from by or when as not have will it on in "
        "at be do does any no all an if can was has who how what which",
        "fr": "le les des et vous nous nos vos pour une est dans sur avec que qui aux du au ou votre notre ces par",
        "de": "der die das in und wir sie ihre ihr unsere für mit ist zu den von auf nicht werden wird ein eine oder",
        "es": "el los las y usted nosotros para una es con que su sus del por nuestro nuestra al como más lo se",
        "it": "il gli di in per con che dei della delle nostro nostri sono una nel alla dati questo può i tuoi tua",
        "pt": "os as você nós para uma com que seus sua do da dos das nosso não por ao são em como",
        "nl": "het in een en wij we uw onze voor met is van op niet worden wordt dat aan te zijn of bij deze",
        "pl": "na do się jest nie oraz przez dla są że danych lub twoje nasze może ich jak",
        "sv": "och vi du din att för med är som på av inte det en eller ditt våra till kan den",
        "da": "og vi du din at for med er som på af ikke det en eller dit vores til kan den der",
        "no": "og vi du din å for med er som på av ikke det en eller ditt våre til kan den",
        "fi": "ja on me voi tai että sekä ovat kun jos ei mukaan jotka tämä sinun",
        "cs": "na je se že pro nebo jsou které jako vaše naše údajů",
        "tr": "ve bir bu için ile olarak veya da de kişisel sizin bizim daha gibi olan",
        "ro": "și în de la pe cu care sau este pentru din să nu ne datele dvs",
        "hu": "az és hogy nem is vagy az egy meg adatok ha mint",
        "id": "dan yang di untuk kami anda dengan atau dari ini dapat adalah pada tidak",
        "vi": "và của các cho chúng tôi bạn là có không được trong với thông tin này",
    }.items()
}
_VOTES = {
    word: tuple(language for language, small in _SMALL.items() if word in small)
    for word in frozenset().union(*_SMALL.values())
}
_SMALL_WORDS = frozenset(_VOTES)
_HAN_SHARE = 0.2  #: a Chinese sentence keeps this share of Han signs even around English names
_ENOUGH = 160  #: characters of Latin text after which more words would not change the vote
_SURE = 2  #: different small words that must be seen before a short Latin text is given a language


def language_of(text: str, fallback: str = "und") -> str:
    """The ISO 639-1 code of `text`'s language; `fallback` where it shows none (a name, a number, two words)."""
    if text.isascii() or not _BEYOND_LATIN.search(text):
        return _latin(text, fallback)
    letters = len(_LETTER.findall(text))
    if not letters:
        return fallback
    if len(_KANA.findall(text)) > letters * 0.1:
        return "ja"
    if len(_HAN.findall(text)) > letters * _HAN_SHARE:
        return "zh"
    for language, script in _SCRIPTS:
        if len(script.findall(text)) > letters * _RARE.get(language, 0.4):
            return language
    return _latin(text, fallback)


def _latin(text: str, fallback: str) -> str:
    """The language with the most small words; the one listed first where two draw."""
    found = _SMALL_WORDS.intersection(text[:_ENOUGH].lower().split())
    if found <= _SMALL["en"]:
        return "en" if len(found) >= _SURE else fallback
    votes: dict[str, int] = {}
    for word in found:
        for language in _VOTES[word]:
            votes[language] = votes.get(language, 0) + 1
    most = max(votes.values(), default=0)
    return next(language for language in _SMALL if votes.get(language) == most) if most >= _SURE else fallback


def main_language(parts: Iterable[tuple[str, str]]) -> str:
    """The language of most of the text, from (language, text) of each part; "und" where no part has one.

    A Han sign says about as much as two and a half Latin letters, and is counted so.
    """
    said = list(parts)
    languages = {language for language, _ in said} - {"und"}
    if len(languages) < 2:
        return "".join(languages) or "und"
    weight: dict[str, int] = {}
    for language, text in said:
        size = int(len(text) * 2.5) if language == "zh" or language == "ja" else len(text)
        weight[language] = weight.get(language, 0) + size
    weight.pop("und", None)
    return max(weight, key=lambda language: weight[language], default="und")

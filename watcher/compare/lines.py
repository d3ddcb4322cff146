"""What a sentence is about, and what sort of line it is where it isn't a plain statement."""

from __future__ import annotations

import re
from functools import lru_cache

from watcher.compare.meaning import READ, governing, kinds, look, nouns, says, titled, wording
from watcher.compare.units import Unit
from watcher.lang.sentences import sentence_spans
from watcher.lang.words import HAN
from watcher.records import Kind

#: Kinds that concern the document more than the data; told only where no other kind speaks.
ASIDE: frozenset[Kind] = frozenset({"contact", "scope", "notice", "date", "controller", "security"})
#: Kinds of which a column of a table, or the label of a row, gives a value.
FIELDS: frozenset[Kind] = frozenset(
    {"sharing", "retention", "collection", "purpose", "transfer", "legal_basis", "controller"}
)
_STATED: tuple[tuple[Kind], ...] = (("retention",), ("legal_basis",))  #: fields that a whole sentence may fill
MENU = 2  #: words; so few without a stop are an entry of a menu ("Contact us"), whatever they say
SPOKEN = 20  #: words beside figures; so many say something of their own
LEVELS = 2  #: headings above an address that may say whom to write to
LABEL = 5  #: words; shorter lines without a verb are labels

#: Between the entries of a menu in one line.
_SEPARATORS = ("·", "|", "•", "»", " - ")
_AIMS = re.compile(
    r"\b(?:to|for|purposes?(?: of)?|reasons?|by)\W*$|(?:目的|用于)\W*$"
)  #: a lead whose last words say what follows
_INFINITIVE = re.compile(r"\bto\W*$")
_GATHERED: tuple[tuple[Kind], ...] = (("collection",), ("tracking",))
_QUESTION = ("?", "？")
_LABELLED = re.compile(r"([^:：.。,，]{3,50})[:：]\s*\S")
_REACHED = re.compile(r"@|\d{4}")  #: an address or a number by which somebody is reached
_POSTAL = re.compile(r"\b\d{4,6}\b[^,]*,|,.*\b\d{4,6}\b")  #: a line of an address: its code, and its parts
_TELEPHONE = re.compile(r"\d{2,4}(?:-\d{3,4}){1,3}|\+\d[\d ()/-]{6,}")
_GROUP = re.compile(r"\d+")
_ASKING = re.compile(
    r"(?:how|what|why|who) [^.,;:!]{3,80}|[^。；，：]{0,12}(?:如何|怎样)[^。；，：]{2,24}", re.IGNORECASE
)
_FIGURE = re.compile(r"\w: ?\d[\d,.]*$")


@lru_cache(maxsize=READ)
def about(unit: Unit) -> tuple[Kind, ...]:
    """What a sentence is about: by its own frames, or first by its list's lead, its columns, its heading."""
    language, clause = unit.clause.language, unit.clause
    if _is_address(unit):
        return ("contact",)
    # A table's row is one statement, however many sentences it has.
    own = kinds(clause.text if clause.shape == "row" else unit.text, language)
    reached = "contact" in own and _REACHED.search(unit.text) is not None
    if _is_short(unit):
        own = tuple(k for k in own if k == "date" or (reached and k == "contact"))
    heading = titled(" ".join(clause.path[-1:]), language)
    fields = fields_of(unit)
    led = fields or _announced(unit.lead, language)
    if not led and clause.shape == "item":
        led = tuple(k for k in heading if k in FIELDS)
    if "retention" in (led or heading) and "retention" not in own and says("duration", unit.text, language):
        return ("retention", *own)
    if led and not reached and (fields[:1] in _STATED or not speaks(unit)):
        return tuple(dict.fromkeys((*led, *own)))
    listed = unit.lead or clause.shape in ("item", "row", "term")
    # An item without a lead that has a verb is a sentence of its own.
    stated = not unit.lead and says("verb", unit.text, language) and len(unit.words) > LABEL
    if own or not listed or stated:
        return own
    return tuple(k for k in led or heading if k not in ASIDE) or _completed(unit)


def _completed(unit: Unit) -> tuple[Kind, ...]:
    """What the lead of a list and its item say together: "You may:" "object to advertising"."""
    if not unit.lead:
        return ()
    start, end = sentence_spans(unit.lead)[-1]
    return kinds(f"{unit.lead[start:end].rstrip(':： ')} {unit.text}", unit.clause.language)


def led_by(unit: Unit) -> tuple[Kind, ...]:
    """The kinds that a list's lead, or the columns of a table, give to an item that is no sentence of its own."""
    return () if speaks(unit) else fields_of(unit) or _announced(unit.lead, unit.clause.language)


def _announced(lead: str, language: str) -> tuple[Kind, ...]:
    """The kinds that the lead of a list, or the name of a column, announces: its last sentence, else all of it."""
    if not lead.strip():
        return ()
    start, end = sentence_spans(lead)[-1]
    return _told(lead[start:end], language) or (_told(lead, language) if start else ())


def _told(lead: str, language: str) -> tuple[Kind, ...]:
    at = len(lead)  # the last words of a lead govern what follows: "we collect your data in order to:"
    last = governing(lead, (at, at), language)[:1] if _AIMS.search(lead) else ()
    if last in _GATHERED and _INFINITIVE.search(lead):
        last = ("purpose",)  # "we collect it to:" leads in what for
    found = dict.fromkeys((*last, *kinds(lead, language), *titled(lead, language)))
    return tuple(k for k in found if k not in ASIDE or k == "controller")


def fields_of(unit: Unit) -> tuple[Kind, ...]:
    """The kinds of the values that a row, or a line with a label, gives: by its columns' names, or its label.

    Beside a recipient, or in a section about recipients, data and purpose tell what it receives and why.
    """
    clause = unit.clause
    found = [k for name in _labels(unit) for k in _announced(name, clause.language)[:1] if k in FIELDS]
    receiving = found and "sharing" in titled(" ".join((*clause.path[-1:], unit.lead)), clause.language)
    if "sharing" in found or receiving:
        kept = [k for k in found if k not in ("collection", "purpose", "sharing")]
        found = kept if len(kept) == len(found) else ["sharing", *kept]
    return tuple(dict.fromkeys(found))


def _labels(unit: Unit) -> list[str]:
    """The names of the columns in which the words stand; of two cells without columns, the first; a line's label."""
    clause = unit.clause
    if len(clause.cells) < 2:
        label = _LABELLED.match(unit.text)
        return [label[1]] if label else []
    if not any(clause.columns):
        return [clause.cells[0]] if len(clause.cells) == 2 else []
    names, at = [], 0
    for name, cell in zip(clause.columns, clause.cells, strict=False):
        start = max(clause.text.find(cell, at), at)
        at = start + len(cell)
        if cell.strip() and start < unit.start + len(unit.text) and unit.start < at:
            names.append(name)
    return names


def speaks(unit: Unit) -> bool:
    """Whether an item is a sentence of its own, which does not end that of its lead."""
    return says("speaks", unit.text, unit.clause.language)


def nature(unit: Unit) -> list[str]:
    """What sort of line it is, where it isn't a plain statement."""
    language, text = unit.clause.language, unit.text
    signals = []
    if unit.clause.shape == "heading" or text.rstrip().endswith(_QUESTION) or _asks(unit):
        signals.append("heading")
    elif _is_furniture(unit) and (about(unit)[:1] != ("date",) or says("relative", text, language)):
        signals.append("furniture")
    if _opens_with("pointer", unit) or says("elsewhere", text, language):
        signals.append("pointer")
    if _opens_with("duty", unit) or (says("duty", text, language) and not says("actor", text, language)):
        signals.append("duty")
    signals += [cue for cue in ("breach", "caveat") if says(cue, text, language)]
    if _opens_with("definition", unit):
        signals.append("definition")
    if _opens_with("preface", unit):
        signals.append("preface")
    if says("statistics", text, language) or _is_figures(unit):
        signals.append("statistics")
    return signals


def _asks(unit: Unit) -> bool:
    """Whether the line is a question without its mark, as tables of contents have them: "How we use your data"."""
    return unit.clause.shape != "row" and not unit.lead and _ASKING.fullmatch(unit.text.strip()) is not None


def _is_furniture(unit: Unit) -> bool:
    """Whether the line belongs to the page: a label, a menu, a counter, small print, or no word of a policy in it."""
    language, text = unit.clause.language, unit.text
    if about(unit)[:1] == ("contact",) and (_REACHED.search(text) or _is_address(unit)):
        return False
    if _is_label(unit) or says("relative", text, language) or says("imprint", text, language):
        return True
    if _is_sentence(unit):
        return False
    spoken = unit.lead or text.rstrip().endswith((".", "。")) or says("verb", text, language)
    if spoken and (says("policy", f"{unit.lead} {text}", language) or nouns(text, language)):
        return False
    return _opens_with("pointer", unit) or not about(unit)


def _is_address(unit: Unit) -> bool:
    """Whether a line without a verb, in a section on whom to write to, names a company or a place."""
    clause, text = unit.clause, unit.text
    named = _POSTAL.search(text) or says("company", text, clause.language)
    if not named or clause.shape == "heading" or any(sign in text for sign in _SEPARATORS):
        return False
    if says("verb", text, clause.language) or says("imprint", text, clause.language):
        return False
    return "contact" in titled(" ".join(clause.path[-LEVELS:]), clause.language)


def _is_sentence(unit: Unit) -> bool:
    """Whether it is a whole sentence about us or the reader."""
    language, text = unit.clause.language, unit.text
    whole = text.rstrip().endswith((".", "。", ";", "；", ":", "：")) and len(unit.words) > LABEL
    return whole and says("person", text, language) and says("verb", text, language)


def _is_label(unit: Unit) -> bool:
    """Whether the line is a label, the name of a document, or a row of them, as menus have them."""
    language, text = unit.clause.language, unit.text
    separators = sum(text.count(sign) for sign in _SEPARATORS)
    if unit.clause.shape != "row" and separators > 2 and separators * 8 > len(unit.words):
        return True
    menu = len(unit.words) <= MENU and not HAN.search(text) and not text.rstrip().endswith((".", ";", ":", ","))
    if not _is_short(unit) and not (menu and unit.clause.shape != "row" and not unit.lead):
        return False
    alone = unit.clause.shape == "paragraph" and not unit.lead
    return alone or says("document", text, language)


def _is_figures(unit: Unit) -> bool:
    """Whether it is a row of figures, or a figure with its name."""
    reached = sum(len(_GROUP.findall(number)) for number in _TELEPHONE.findall(unit.text))
    figures = sum(w[0].isdigit() for w in unit.words) - reached
    listed = figures >= 3 and figures * 4 >= len(unit.words) and len(unit.words) - figures < SPOKEN
    return listed or _FIGURE.search(unit.text) is not None


def _opens_with(cue: str, unit: Unit) -> bool:
    """Whether the cue stands before any practice is stated."""
    table, seen = wording(unit.clause.language), look(unit.text, unit.clause.language)
    found = seen.first(table.patterns.cues[cue])
    if found is None:
        return False
    practices = {kind: frame for kind, frame in table.frames.items() if kind not in ASIDE}
    return found <= min((at for _, at in seen.firsts(practices)), default=found)


def _is_short(unit: Unit) -> bool:
    """Whether the line is too short, and too bare of verbs, to state anything by itself."""
    longest = LABEL * (3 if HAN.search(unit.text) else 1)
    return len(unit.words) < longest and not says("verb", unit.text, unit.clause.language)

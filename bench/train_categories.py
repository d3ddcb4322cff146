"""Train the weights of the clause classifier (watcher/facts/data/categories-*.gz) from texts that may be used.

    python bench/train_categories.py CORPUS [--language en]

CORPUS is a folder of policies in Markdown from the Open Terms Archive (ODC-BY). English is learned from three sources:
segments labelled by hand (`labels_en.tsv`: a segment's hash and its categories, never its text), headings of the corpus
as free labels of the segments below them, and the cue phrases of watcher/lang/en.toml as features. Chinese, of which
the corpus holds hardly any, is learned from clauses that we wrote (`clauses_zh.toml`) and the few labelled segments.
Needs the extra `train` (scikit-learn, SciPy); nothing of it is needed at run time. The same input gives the same bytes.
"""

from __future__ import annotations

import argparse
import math
import random
import re
import tomllib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from watcher.facts.categories import CATEGORIES, features
from watcher.facts.linear import evened, save
from watcher.lang import vocabulary
from watcher.lang.phrases import Line, Phrases
from watcher.lang.words import clause_hash

HERE = Path(__file__).parent
DATA = HERE.parent / "watcher" / "facts" / "data"
LONGEST = 1500  #: characters of a segment that are looked at
SHORT = 40  #: characters of the beginnings that teach what to make of a short item below a heading
RARE = {"en": 4, "zh": 3}  #: an n-gram in fewer segments is left out
KEPT = {"en": 24_000, "zh": 16_000}  #: n-grams that ship, those with the largest weights
HAND, HEADING, WRITTEN = 1.0, 0.12, 0.1  #: what a label by hand, a label by heading and a clause of ours count
PAIRS, PAIR = 2500, 0.3  #: how many pairs of segments are joined to examples with several categories, and their weight
PARAGRAPHS = 40  #: Chinese paragraphs strung together per clause written
INVERSE_PENALTY = 10.0  #: C of the logistic regressions
FUNCTION_WORDS = frozenset(
    re.findall("[a-z]+", "the a an of to and or in on for by with is are be we our us you your that this it as at from")
)


@dataclass(frozen=True)
class Example:
    """A text with its categories and how much it counts."""

    text: str
    heading: str
    labels: tuple[str, ...]
    weight: float


# --- the corpus ------------------------------------------------------------------------------------------------------

_UNDERLINED = re.compile(r"^([^\n#>*|-][^\n]{0,150})\n(=+|-{3,})\s*$", re.M)
_HEADING = re.compile(r"\s*(#{1,6})\s+(.*)")
_ITEM = re.compile(r"^\s*([*+-]|\d+[.)]|\d+\\\.)\s+")
_BOLD_LINE = re.compile(r"(\*\*|__)[^*]{3,90}(\*\*|__):?")
_STOP = frozenset(re.findall("[a-z]+", "the and of to you your we our in for is are with or this that by"))


@dataclass(frozen=True)
class Segment:
    """A paragraph, or a paragraph with the list that it introduces, and the nearest heading above it."""

    text: str
    heading: str

    @property
    def id(self) -> str:
        """What `labels_*.tsv` call it."""
        return clause_hash(self.text)[:12]


def plain(markdown: str) -> str:
    """One line of text without Markdown's signs."""
    text = re.sub(r"!\[[^\]]*\]\([^)]*\)", "", markdown)
    text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", text)
    text = re.sub(r"\\([.\-*_()\[\]+#>&|~`])", r"\1", text)
    text = re.sub(r"[*_`]{1,3}", "", text)
    return re.sub(r"\s+", " ", text.replace("|", " ")).strip(" >#")


def blocks(markdown: str) -> Iterator[tuple[str, str]]:
    """The blocks of a policy as ("heading" | "item" | "paragraph", Markdown), in order."""
    for chunk in re.split(r"\n\s*\n", _UNDERLINED.sub(r"# \1", markdown)):
        kind, lines = "paragraph", list[str]()
        for line in chunk.split("\n"):
            if re.fullmatch(r"\s*\|?[\s:|-]+\|?\s*", line):
                continue
            heading = _HEADING.match(line)
            if heading or _ITEM.match(line) or line.lstrip().startswith("|"):
                if lines:
                    yield kind, " ".join(lines)
                kind, lines = ("item", [_ITEM.sub("", line)]) if not heading else ("paragraph", [])
                if heading:
                    yield "heading", heading[2]
            else:
                lines.append(line)
        if lines:
            yield kind, " ".join(lines)


def segments(markdown: str) -> Iterator[Segment]:
    """The segments of an English policy: paragraphs, each joined by the list items that follow it."""
    heading, text = "", ""
    for kind, block in blocks(markdown):
        words = plain(block)
        if not words:
            continue
        bold = kind == "paragraph" and _BOLD_LINE.fullmatch(block.strip()) and len(words.split()) <= 12
        if kind == "item" and text and len(text) < 1200:
            text += f" - {words}"
            continue
        if text:
            yield Segment(text, heading)
        heading, text = (words, "") if bold or kind == "heading" else (heading, words)
    if text:
        yield Segment(text, heading)


def lines(markdown: str) -> Iterator[Segment]:
    """The segments of a Chinese policy: its lines."""
    heading = ""
    for line in markdown.split("\n"):
        words = plain(line)
        if not re.search("[\u4e00-\u9fff]", words):
            continue
        if line.startswith("#") or (line.strip().startswith("**") and len(words) < 25):
            heading = words
        elif len(words) >= 18:
            yield Segment(words, heading)


def english(text: str) -> bool:
    """Whether a text is in English, by its function words."""
    words = re.findall(r"[a-z']+", text.lower())
    return len(words) >= 8 and sum(word in _STOP for word in words) >= 0.18 * len(words)


def corpus(folder: Path, language: str) -> dict[str, Segment]:
    """Every segment of the corpus in that language, by id; the first of several alike."""
    found: dict[str, Segment] = {}
    for file in sorted(folder.glob("*.md")):
        text = file.read_text(encoding="utf8")
        for segment in segments(text) if language == "en" else lines(text):
            if len(segment.text) >= 18:
                found.setdefault(segment.id, segment)
    return found


_REACH = re.compile(
    r"[\w.]+@[\w.]+|\bcontact us (?:at|by|via|using|here|through)\b|\bwrite to us\b|\bplease contact\b"
    r"|\bby (?:e-?)?mail at\b",
    re.IGNORECASE,
)

# --- the examples ----------------------------------------------------------------------------------------------------


def by_hand(found: dict[str, Segment], language: str) -> Iterator[Example]:
    """The segments labelled by hand: bare, below their heading, with the heading run in, and cut short."""
    for row in (HERE / f"labels_{language}.tsv").read_text(encoding="utf8").splitlines():
        name, _, labels = row.partition("\t")
        if (segment := found.get(name)) is None:
            print(f"labels_{language}.tsv: no segment {name} in this corpus")
            continue
        bare = completed(Example(segment.text, "", tuple(labels.split(",")), HAND))
        yield bare
        if segment.heading:
            yield replace(bare, heading=segment.heading, weight=HAND / 2)
            yield replace(bare, text=f"{segment.heading} {segment.text}", weight=HAND / 2)
            yield replace(bare, text=segment.text[:SHORT], heading=segment.heading, weight=HAND / 2)


def completed(example: Example) -> Example:
    """The example, labelled as contact too where it says how to reach somebody: labellers name only its main point."""
    if "contact" in example.labels or not _REACH.search(example.text):
        return example
    return replace(example, labels=(*example.labels, "contact"))


def joined(hand: Sequence[Example], dice: random.Random) -> Iterator[Example]:
    """Pairs of segments labelled by hand, as one text with the categories of both: real paragraphs mix their topics."""
    bare = [e for e in hand if not e.heading and len(e.text) > SHORT]
    for _ in range(PAIRS):
        one, two = dice.sample(bare, 2)
        if len(one.text) + len(two.text) < LONGEST:
            labels = tuple(dict.fromkeys(one.labels + two.labels))
            yield Example(f"{one.text} {two.text}", "", labels, PAIR)


def by_heading(found: dict[str, Segment], language: str) -> Iterator[Example]:
    """Segments whose heading names one category more clearly than any other."""
    table = vocabulary(language)["categories"]
    cues = Phrases(((phrase, c) for c in CATEGORIES for phrase in table[c]["heading"]), language)
    labelled = {row.split("\t")[0] for row in (HERE / f"labels_{language}.tsv").read_text(encoding="utf8").splitlines()}
    for name, segment in found.items():
        if name in labelled or len(segment.text) < 60 or not english(segment.text):
            continue
        votes = Counter(c for _, c in cues.found(Line(segment.heading, language))).most_common(2)
        if votes and (len(votes) == 1 or votes[0][1] > votes[1][1]):
            yield Example(segment.text, "", (votes[0][0],), HEADING)


def written(language: str, dice: random.Random) -> Iterator[Example]:
    """Paragraphs of one to five clauses that we wrote, slots filled; one in five has a clause of another sort in it."""
    source = tomllib.loads((HERE / f"clauses_{language}.toml").read_text(encoding="utf8"))
    clauses: dict[str, list[str]] = source["clauses"]
    headings = vocabulary(language)["categories"]
    everything = [clause for own in clauses.values() for clause in own]

    def fill(clause: str) -> str:
        return re.sub(r"\{(.+?)\}", lambda slot: dice.choice(source["slots"][slot[1]]), clause)

    for category, own in clauses.items():
        for _ in range(PARAGRAPHS * len(own)):
            chosen = dice.sample(own, min(dice.choice((1, 1, 2, 3, 5)), len(own)))
            if len(chosen) > 1 and dice.random() < 0.2:
                chosen.insert(dice.randrange(len(chosen)), dice.choice(everything))
            heading = dice.choice(headings[category]["heading"]) if dice.random() < 0.5 else ""
            yield Example("".join(map(fill, chosen)), heading, (category,), WRITTEN)


def examples(folder: Path, language: str) -> list[Example]:
    """Everything that one language is learned from."""
    found = corpus(folder, language)
    dice = random.Random(1)
    hand = list(by_hand(found, language))
    more = [*by_heading(found, language), *joined(hand, dice)] if language == "en" else [*written(language, dice)]
    print(f"{language}: {len(hand)} examples by hand, {len(more)} others")
    return hand + more


# --- the weights -----------------------------------------------------------------------------------------------------


def worth_counting(gram: str, language: str) -> bool:
    """Whether an n-gram says anything: English function words alone don't."""
    return language != "en" or not all(word in FUNCTION_WORDS for word in gram.split())


def train(language: str, learned: Sequence[Example], path: Path) -> None:
    """Fit one logistic regression per category and store the weights."""
    seen = [features(e.text[:LONGEST], e.heading, language) for e in learned]
    count = Counter(gram for f in seen for gram in f.grams)
    grams = sorted(g for g, n in count.items() if n >= RARE[language] and worth_counting(g, language))
    idf = np.array([math.log(len(seen) / count[g]) + 1 for g in grams])
    cues = [sign + c for sign in "+~^" for c in CATEGORIES]
    column = {name: i for i, name in enumerate([*grams, *cues])}
    mean = float(idf.mean())
    data, where, ends = list[float](), list[int](), [0]
    for f in seen:
        known = [column[g] for g in f.grams if g in column]
        found = sorted(f.cues.items())  # cues are found in no particular order
        data += [idf[i] / mean * evened(len(known)) for i in known] + [strength for _, strength in found]
        where += known + [column[cue] for cue, _ in found]
        ends.append(len(where))
    matrix = csr_matrix((data, where, ends), shape=(len(seen), len(column)))
    weights, bias = np.zeros((len(column), len(CATEGORIES))), np.zeros(len(CATEGORIES))
    for k, category in enumerate(CATEGORIES):
        model = LogisticRegression(C=INVERSE_PENALTY, solver="liblinear", max_iter=300, random_state=1)
        model.fit(matrix, [category in e.labels for e in learned], sample_weight=[e.weight for e in learned])
        weights[:, k], bias[k] = model.coef_[0], model.intercept_[0]
    store(path, grams, weights[: len(grams)] * (idf / mean)[:, None], cues, weights[len(grams) :], bias, KEPT[language])


def store(
    path: Path,
    grams: Sequence[str],
    weights: np.ndarray,
    cues: Sequence[str],
    cue_weights: np.ndarray,
    bias: np.ndarray,
    kept: int,
) -> None:
    """Keep the n-grams that weigh most, round their weights to a byte, and write the file."""
    strongest = np.sort(np.argsort(-np.abs(weights).max(axis=1), kind="stable")[:kept])
    scale = float(np.quantile(np.abs(weights[strongest]).max(axis=1), 0.995)) / 127
    stored = np.clip(np.rint(weights[strongest] / scale), -127, 127).astype(np.int8)
    path.parent.mkdir(exist_ok=True)
    save(
        path,
        labels=CATEGORIES,
        bias=[round(float(b), 4) for b in bias],
        cues={name: [round(float(w), 4) for w in row] for name, row in zip(cues, cue_weights, strict=True)},
        scale=round(scale, 6),
        grams=[grams[i] for i in strongest],
        rows=stored.tobytes(),
    )
    print(f"{path.name}: {len(strongest)} n-grams, {path.stat().st_size} bytes")


def main() -> None:
    """Train every language and write the weights into the package."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--language", choices=["en", "zh"], action="append")
    arguments = parser.parse_args()
    for language in arguments.language or ["en", "zh"]:
        train(language, examples(arguments.corpus, language), DATA / f"categories-{language}.gz")


if __name__ == "__main__":
    main()

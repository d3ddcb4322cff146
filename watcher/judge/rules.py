"""The rules, in one table: what a change weighs, for whom, and by which law.

Read from the top: the first rule that fits a change speaks. Critical and major are material, minor is minor, cosmetic
is noise. The severities follow WP260 rev.01 §§29-31, the GDPR, PIPL, GB/T 35273, CCPA, CalOPPA, COPPA and the FTC's
cases on silent changes; `why` names the one that decides.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from watcher.records import Action, Change, Direction, Kind, Role, Severity

SEVERITIES: tuple[Severity, ...] = ("cosmetic", "minor", "major", "critical")  #: in rising order

Basis = Literal["fact", "words"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One named rule. Every condition given must hold; an empty one holds always."""

    id: str
    kinds: tuple[Kind, ...] = ()
    actions: tuple[Action, ...] = ()
    basis: Basis | None = None  #: whether a fact or only the wording changed
    all_of: tuple[str, ...] = ()  #: signals that must all be there
    any_of: tuple[str, ...] = ()  #: signals of which one is enough
    none_of: tuple[str, ...] = ()  #: signals that keep the rule silent
    roles: tuple[Role, ...] = ()  #: of the recipient
    severity: Severity
    direction: Direction | Mapping[Action, Direction] = "neutral"
    why: str  #: the legal reason in a phrase
    example: tuple[str, str] = ("", "")  #: old and new text in which this rule speaks: its test

    def fits(self, change: Change) -> bool:
        """Whether the rule speaks on `change`."""
        fact = change.new or change.old
        signals = set(change.signals)
        return (
            (not self.kinds or change.kind in self.kinds)
            and (not self.actions or change.action in self.actions)
            and (self.basis is None or (self.basis == "fact") == (fact is not None))
            and signals.issuperset(self.all_of)
            and (not self.any_of or bool(signals & set(self.any_of)))
            and not signals & set(self.none_of)
            and (not self.roles or (fact is not None and fact.role in self.roles))
        )

    def direction_of(self, change: Change) -> Direction:
        """Whether the change is worse or better for people."""
        return self.direction if isinstance(self.direction, str) else self.direction.get(change.action, "neutral")


WORSE_WHEN_ADDED: Mapping[Action, Direction] = {"added": "expands", "removed": "restricts", "changed": "neutral"}
WORSE_WHEN_REMOVED: Mapping[Action, Direction] = {"added": "restricts", "removed": "expands", "changed": "neutral"}

#: Kinds that say what happens to data or what people can do about it.
PRACTICE: tuple[Kind, ...] = (
    "sharing", "retention", "collection", "purpose", "rights", "transfer", "sale", "children", "tracking", "automated",
)  # fmt: skip
BINDING = ("negation won", "negation lost", "limit won", "limit lost", "will -> may", "may -> will")

RULES: tuple[Rule, ...] = (
    # --- what is not a change of the policy ---
    Rule(id="heading-only", basis="words", any_of=("heading",), severity="cosmetic", why="a heading states nothing"),
    Rule(id="page-furniture", basis="words", any_of=("furniture",), severity="cosmetic", why="no part of the policy"),
    Rule(id="spelling-only", basis="words", any_of=("spelling",), none_of=("novel", "number", *BINDING),
         kinds=("editorial",), severity="cosmetic", why="same words, other spelling"),
    # --- what concerns the document, not the data ---
    Rule(id="stated-date", kinds=("date",), severity="minor", why="housekeeping (CalOPPA (b)(4))"),
    Rule(id="contact-details", kinds=("contact",), severity="minor", why="WP260: contact details are housekeeping"),
    Rule(id="repeats", basis="words", any_of=("repeats",), severity="cosmetic", why="the same words once more or less"),
    Rule(id="defined-otherwise", basis="words", any_of=("definition",), severity="minor",
         why="what a word means; no practice by itself"),
    Rule(id="yearly-figures", basis="words", any_of=("statistics",), severity="minor", why="figures, not promises"),
    Rule(id="pointer-reworded", basis="words", all_of=("pointer", "edit"), none_of=BINDING,
         severity="cosmetic", why="the same link in other words"),
    Rule(id="citation-dropped", basis="words", any_of=("citation",), none_of=BINDING, severity="minor",
         why="a reference to a law went, the rule stayed"),
    Rule(id="document-renamed", basis="words", any_of=("document",), none_of=BINDING, severity="minor",
         why="another name of a document, no practice"),
    Rule(id="pointer-elsewhere", basis="words", any_of=("pointer",), none_of=BINDING, severity="minor",
         why="sends the reader elsewhere, states nothing"),
    Rule(id="asked-of-the-reader", basis="words", any_of=("duty",), severity="minor",
         why="asks something of the reader, states no practice"),
    Rule(id="renamed-throughout", basis="words", any_of=("repeated",), none_of=("number", *BINDING), severity="minor",
         why="the same words replaced throughout"),
    Rule(id="said-before", basis="words", any_of=("restated", "known"), none_of=BINDING, severity="minor",
         why="the other version says the same in other words"),
    Rule(id="mentioned-before", basis="fact", any_of=("mentioned",), severity="minor",
         why="WP260: a reader could expect it, the other version names it"),
    # --- facts ---
    Rule(id="promise-not-to-sell", kinds=("sale",), basis="fact", severity="critical", direction=WORSE_WHEN_ADDED,
         why="FTC core case; CCPA 1798.120; PIPL 23"),
    Rule(id="recipient-for-advertising", kinds=("sharing",), basis="fact", roles=("advertiser", "authority"),
         actions=("added",), severity="critical", direction="expands",
         why="WP260: a wider circle of recipients; PIPL 23"),
    Rule(id="recipient", kinds=("sharing",), basis="fact", severity="major", direction=WORSE_WHEN_ADDED,
         why="GDPR 13(1)(e); PIPL 23; GB/T 35273 5.5 f)"),
    Rule(id="retention", kinds=("retention",), basis="fact", severity="major", why="GDPR 13(2)(a); PIPL 17"),
    Rule(id="data-category", kinds=("collection",), basis="fact", severity="major", direction=WORSE_WHEN_ADDED,
         why="CCPA 1798.100(a); PIPL 14, 17"),
    Rule(id="automated", kinds=("automated",), basis="fact", severity="critical", direction=WORSE_WHEN_ADDED,
         why="GDPR 13(2)(f), 22; PIPL 24"),
    Rule(id="purpose", kinds=("purpose",), basis="fact", severity="major", direction=WORSE_WHEN_ADDED,
         why="WP260: a change of purpose is always told; GDPR 13(3); PIPL 14"),
    Rule(id="right", kinds=("rights",), basis="fact", severity="major", direction=WORSE_WHEN_REMOVED,
         why="WP260: how rights are exercised is always told; GDPR 12(3), PIPL 50"),
    Rule(id="transfer", kinds=("transfer",), basis="fact", severity="major", direction=WORSE_WHEN_ADDED,
         why="GDPR 13(1)(f); PIPL 38-39"),
    Rule(id="children", kinds=("children",), basis="fact", severity="critical", why="COPPA 312.5; GDPR 8; PIPL 28, 31"),
    Rule(id="tracker", kinds=("tracking",), basis="fact", severity="major", direction=WORSE_WHEN_ADDED,
         why="ePrivacy 5(3); CCPA 1798.135"),
    Rule(id="security-promise", kinds=("security",), basis="fact", severity="minor", why="FTC: deception if untrue"),
    Rule(id="legal-basis", kinds=("legal_basis",), basis="fact", severity="major", why="GDPR 13(1)(c)-(d), 6"),
    Rule(id="controller", kinds=("controller",), basis="fact", severity="critical",
         why="WP260: identity of the controller is always told; PIPL 22"),
    Rule(id="notice-of-changes", kinds=("notice",), basis="fact", severity="minor", why="CalOPPA (b)(3)"),
    Rule(id="scope", kinds=("scope",), basis="fact", severity="minor", why="GDPR 13; CCPA: who and what is covered"),
    # --- words ---
    Rule(id="binding-changed", basis="words", kinds=PRACTICE, any_of=BINDING, severity="major",
         why="FTC: contradicting an earlier promise"),
    Rule(id="new-practice", basis="words", kinds=PRACTICE, actions=("added",), any_of=("sentence",), severity="major",
         direction="expands", why="GDPR 13(3); WP260"),
    Rule(id="lost-statement", basis="words", kinds=PRACTICE, actions=("removed",), any_of=("sentence",),
         severity="major",
         direction="neutral", why="FTC: a dropped promise; WP260"),
    Rule(id="practice-reworded", basis="words", kinds=PRACTICE, any_of=("novel", "listed", "period", "age", "name"),
         severity="major",
         why="WP260: would the reader's expectation change?"),
    Rule(id="new-product", basis="words", kinds=("scope",), any_of=("offering",), severity="major", direction="expands",
         why="GDPR 13; CCPA: practices of a new product"),
    Rule(id="controller-words", basis="words", kinds=("controller",), any_of=("novel", "sentence"),
         severity="critical",
         why="WP260: identity of the controller is always told"),
    Rule(id="legal-basis-words", basis="words", kinds=("legal_basis",), any_of=("novel", "sentence", *BINDING),
         severity="major",
         why="GDPR 13(1)(c)-(d), 6"),
    Rule(id="synonym", basis="words", any_of=("synonym", "empty"), severity="cosmetic",
         why="WP260: style is not material"),
    Rule(id="clarified", severity="minor", why="WP260: style and clarification are not material"),
)  # fmt: skip

"""The rules, in one table: what a change weighs, for whom, and by which law.

Read from the top: the first rule that fits a change speaks. Critical and major are material, minor is minor, cosmetic
is noise. The severities follow WP260 rev.01 §§29-31, the GDPR, PIPL, GB/T 35273, CCPA, CalOPPA, COPPA and the FTC's
cases on silent changes; `why` names the one that decides.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from watcher.lang.durations import days
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
    patterns: tuple[str, ...] = ()  #: ids of the patterns that read the fact
    affirmed: bool | None = None  #: whether the fact says that something is done
    severity: Severity
    direction: Direction | Literal["longer"] | Mapping[Action, Direction] = "neutral"  #: "longer": by the time stated
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
            and (not self.patterns or (fact is not None and fact.rule in self.patterns))
            and (self.affirmed is None or (fact is not None and fact.polarity == self.affirmed))
        )

    def direction_of(self, change: Change) -> Direction:
        """Whether the change is worse or better for people."""
        if self.direction == "longer":
            return _by_length(change)
        if isinstance(self.direction, str):
            return self.direction
        told, fact = self.direction.get(change.action, "neutral"), change.new or change.old
        return _OPPOSITE[told] if fact is not None and not fact.polarity else told


def _by_length(change: Change) -> Direction:
    """A longer time is worse for people, a shorter one or a newly stated one better; a stated one that went, worse."""
    before, after = (days(fact.norm if fact else "") for fact in (change.old, change.new))
    if before == after:
        return "neutral"
    if before is None or after is None:
        return "restricts" if before is None else "expands"
    return "expands" if after > before else "restricts"


#: What a denial turns round: that something is not done is better for people where doing it is worse.
_OPPOSITE: Mapping[Direction, Direction] = {"expands": "restricts", "restricts": "expands", "neutral": "neutral"}

WORSE_WHEN_ADDED: Mapping[Action, Direction] = {"added": "expands", "removed": "restricts", "changed": "neutral"}
WORSE_WHEN_REMOVED: Mapping[Action, Direction] = {"added": "restricts", "removed": "expands", "changed": "neutral"}

#: Kinds that say what happens to data or what people can do about it.
PRACTICE: tuple[Kind, ...] = (
    "sharing", "retention", "collection", "purpose", "rights", "transfer", "sale", "children", "tracking", "automated",
)  # fmt: skip
BINDING = ("negation won", "negation lost", "limit won", "limit lost", "will -> may", "may -> will")

RULES: tuple[Rule, ...] = (
    # --- what is not a change of the policy ---
    Rule(id="heading-only", basis="words", any_of=("heading",), severity="cosmetic", why="a heading states nothing",
         example=("## Keeping of data\n\nWe keep logs.", "## How long data stays\n\nWe keep logs.")),
    Rule(id="page-furniture", basis="words", any_of=("furniture",), severity="cosmetic", why="no part of the policy",
         example=("Books for spring", "Gifts for autumn")),
    Rule(id="spelling-only", basis="words", any_of=("spelling",), none_of=("novel", "number", *BINDING),
         kinds=("editorial",), severity="cosmetic", why="same words, other spelling",
         example=("We collect your adress and your name.", "We collect your address and your name.")),
    Rule(id="repeats", basis="words", any_of=("repeats",), severity="cosmetic", why="the same words once more or less"),
    # --- what concerns the document, not the data ---
    Rule(id="stated-date", kinds=("date",), severity="minor", why="housekeeping (CalOPPA (b)(4))",
         example=("Last updated: 3 May 2026", "Last updated: 9 June 2026")),
    Rule(id="contact-details", kinds=("contact",), severity="minor", why="WP260: contact details are housekeeping",
         example=("Contact us at a@brindle.example.", "Contact us at b@brindle.example.")),
    Rule(id="defined-otherwise", basis="words", any_of=("definition",), none_of=BINDING, severity="minor",
         why="what a word means; no practice by itself",
         example=("Group data means data of companies of which we own half.",
                  "Group data means data of companies of which we own a fifth, and of their branches.")),
    Rule(id="describes-itself", basis="words", any_of=("preface",), none_of=BINDING, severity="minor",
         why="what the document is about; no practice by itself",
         example=("We keep your name.", "We keep your name.\n\nThis page explains how we share and use what we know.")),
    Rule(id="yearly-figures", basis="words", any_of=("statistics",), severity="minor", why="figures, not promises",
         example=("We had this number of requests for deletion: 312",
                  "We had this number of requests for deletion: 588")),
    Rule(id="pointer-reworded", basis="words", all_of=("pointer", "edit"), none_of=BINDING,
         severity="cosmetic", why="the same link in other words",
         example=("For more information, please read our help pages about parcels.",
                  "For more information, please visit our help centre about parcels.")),
    Rule(id="citation-dropped", basis="words", any_of=("citation",), none_of=BINDING, severity="minor",
         why="a reference to a law went, the rule stayed",
         example=("Our rules on data follow the law of the land (2010/87/EU) and common sense.",
                  "Our rules on data follow the law of the land and common sense.")),
    Rule(id="document-renamed", basis="words", any_of=("document",), none_of=BINDING, severity="minor",
         why="another name of a document, no practice",
         example=("We use your data as the Reader Statement says.", "We use your data as the Member Notice says.")),
    Rule(id="asked-another-way", basis="words", any_of=("channel",), none_of=("period", "age", *BINDING),
         severity="minor", why="WP260: how to reach somebody is housekeeping where it is as easy as before",
         example=("You may object to advertising through our contact form.",
                  "You may object to advertising through the support portal.")),
    Rule(id="pointer-elsewhere", basis="words", any_of=("pointer",), none_of=BINDING, severity="minor",
         why="sends the reader elsewhere, states nothing",
         example=("We keep your name.", "We keep your name.\n\nFor more details, see our privacy centre.")),
    Rule(id="asked-of-the-reader", basis="words", any_of=("duty",), none_of=("age",), severity="minor",
         why="asks something of the reader, states no practice",
         example=("We keep your name.", "We keep your name.\n\nYou should keep your account data up to date.")),
    Rule(id="renamed-throughout", basis="words", any_of=("repeated",), none_of=("number", *BINDING), severity="minor",
         why="the same words replaced throughout",
         example=("We use Ink Desk to sort data.\n\nWe use Ink Desk to copy data.\n\nWe use Ink Desk to check data.",
                  "We use Pen Desk to sort data.\n\nWe use Pen Desk to copy data.\n\nWe use Pen Desk to check data.")),
    Rule(id="said-before", basis="words", any_of=("restated", "known"), none_of=BINDING, severity="minor",
         why="the other version says the same in other words",
         example=("Other readers can see which shelves you follow.\n\nYour friends can see your old reviews too.",
                  "Other readers can see which shelves you follow.\n\nYour friends can see your old reviews too.\n\n"
                  "Other friends can see which shelves you follow too.")),
    Rule(id="caveat", basis="words", kinds=("security", "editorial"), any_of=("caveat",), severity="minor",
         why="that nothing is quite safe is no promise",
         example=("No way of sending data is completely secure.\n\nWe keep your name.", "We keep your name.")),
    Rule(id="renamed", basis="fact", any_of=("renamed",), severity="minor", why="another name of the same company",
         example=("We share your address with Alder Parcels Ltd.",
                  "We share your address with Birch Parcels Ltd, formerly Alder Parcels Ltd.")),
    Rule(id="mentioned-before", basis="fact", any_of=("mentioned",), severity="minor",
         why="WP260: a reader could expect it, the other version names it"),
    Rule(id="nearly-the-same-time", any_of=("nearly",), none_of=("period", "age", "novel", "listed", "name", *BINDING),
         severity="minor", why="WP260: a month is what most people take 30 days for; what ends by then ends up to then",
         example=("We keep your invoices for 30 days.", "We keep your invoices for a month.")),
    # --- facts ---
    Rule(id="promise-not-to-sell", kinds=("sale",), basis="fact", severity="critical", direction=WORSE_WHEN_ADDED,
         why="FTC core case; CCPA 1798.120; PIPL 23",
         example=("We do not sell your personal data.", "We sell your personal data.")),
    Rule(id="recipient-for-advertising", kinds=("sharing",), basis="fact", roles=("advertiser", "authority"),
         actions=("added",), severity="critical", direction="expands",
         why="WP260: a wider circle of recipients; PIPL 23",
         example=("We keep your name.", "We keep your name.\n\nWe share your name with advertising networks.")),
    Rule(id="authority-no-longer-told", kinds=("sharing",), basis="fact", roles=("authority",), actions=("removed",),
         affirmed=True, severity="minor", why="what the law demands is handed over whether a policy says so or not",
         example=("We keep your name.\n\nWe disclose your name to courts.", "We keep your name.")),
    Rule(id="recipient", kinds=("sharing",), basis="fact", severity="major", direction=WORSE_WHEN_ADDED,
         why="GDPR 13(1)(e); PIPL 23; GB/T 35273 5.5 f)",
         example=("We share your address with DHL.", "We share your address with DHL and Zendesk.")),
    Rule(id="retention", kinds=("retention",), basis="fact", severity="major", direction="longer",
         why="GDPR 13(2)(a); PIPL 17",
         example=("We keep your invoices for 6 months.", "We keep your invoices for 24 months.")),
    Rule(id="sensitive-data", kinds=("collection",), basis="fact", any_of=("sensitive",), severity="critical",
         direction=WORSE_WHEN_ADDED, why="PIPL 28-30; GDPR 9",
         example=("We collect your name.", "We collect your name and your health data.")),
    Rule(id="data-category", kinds=("collection",), basis="fact", severity="major", direction=WORSE_WHEN_ADDED,
         why="CCPA 1798.100(a); PIPL 14, 17",
         example=("We collect your name.", "We collect your name and your telephone number.")),
    Rule(id="automated", kinds=("automated",), basis="fact", severity="critical", direction=WORSE_WHEN_ADDED,
         why="GDPR 13(2)(f), 22; PIPL 24"),
    Rule(id="purpose-of-weight", kinds=("purpose",), basis="fact", actions=("added",), affirmed=True,
         patterns=("purpose ai training", "purpose profiling", "purpose targeted advertising"), severity="critical",
         direction="expands", why="WP260: a change of purpose is always told; GDPR 22; PIPL 24",
         example=("We keep your reading list.",
                  "We keep your reading list.\n\nWe use your reading list to train our language models.")),
    Rule(id="purpose", kinds=("purpose",), basis="fact", severity="major", direction=WORSE_WHEN_ADDED,
         why="WP260: a change of purpose is always told; GDPR 13(3); PIPL 14",
         example=("We use your name to send parcels.",
                  "We use your name to send parcels.\n\nWe use your reading list to suggest books to your friends.")),
    Rule(id="right", kinds=("rights",), basis="fact", severity="major", direction=WORSE_WHEN_REMOVED,
         why="WP260: how rights are exercised is always told; GDPR 12(3), PIPL 50",
         example=("You may object to marketing at any time.\n\nWe keep your name.", "We keep your name.")),
    Rule(id="transfer", kinds=("transfer",), basis="fact", severity="major", direction=WORSE_WHEN_ADDED,
         why="GDPR 13(1)(f); PIPL 38-39",
         example=("We store your data on servers in Ireland.", "We store your data on servers in Ireland and India.")),
    Rule(id="children", kinds=("children",), basis="fact", severity="critical", why="COPPA 312.5; GDPR 8; PIPL 28, 31",
         example=("We do not collect data of children under 13.", "We do not collect data of children under 16.")),
    Rule(id="tracker", kinds=("tracking",), basis="fact", severity="major", direction=WORSE_WHEN_ADDED,
         why="ePrivacy 5(3); CCPA 1798.135",
         example=("We keep your name.", "We keep your name.\n\nWe use tracking pixels in our e-mails.")),
    Rule(id="security-promise-lost", kinds=("security",), actions=("removed",), severity="major", direction="expands",
         none_of=("restated", "mentioned"), why="FTC: a dropped promise of security; PIPL 51",
         example=("We encrypt all data on our disks.\n\nWe keep your name.", "We keep your name.")),
    Rule(id="breach-notice-changed", kinds=("security",), basis="words", actions=("changed", "removed"),
         any_of=("period", "number", "novel"), all_of=("edit", "breach"), severity="major",
         why="FTC: a promise of security changed; GDPR 34",
         example=("If we learn of a data breach, we will notify you within 72 hours.",
                  "If we learn of a data breach, we will notify you when we have time for it.")),
    Rule(id="security-promise", kinds=("security",), severity="minor", direction="restricts",
         why="FTC: deception if untrue",
         example=("We keep your name.", "We keep your name.\n\nWe encrypt everything on our disks.")),
    Rule(id="legal-basis", kinds=("legal_basis",), basis="fact", severity="major", why="GDPR 13(1)(c)-(d), 6",
         example=("We keep your name.", "We keep your name.\n\nThe legal basis is our legitimate interests.")),
    Rule(id="controller", kinds=("controller",), basis="fact", severity="critical",
         why="WP260: identity of the controller is always told; PIPL 22",
         example=("The shop is operated by Brindle Books Ltd.", "The shop is operated by Foxglove Media GmbH.")),
    Rule(id="promise-of-notice-lost", kinds=("notice",), basis="fact", actions=("removed",),
         severity="major", direction="expands", none_of=("restated", "mentioned", "statistics"),
         why="FTC: a promise to notify; CalOPPA (b)(3)",
         example=("We will e-mail you before this policy changes.\n\nWe keep your name.", "We keep your name.")),
    Rule(id="notice-period", kinds=("notice",), basis="fact", actions=("added", "changed"),
         patterns=("notice period",), severity="major", why="FTC; CalOPPA (b)(3): how long before a change people know",
         example=("We will tell you 30 days before this policy changes.",
                  "We will tell you 10 days before this policy changes.")),
    Rule(id="notice-period-words", kinds=("notice",), basis="words", all_of=("edit", "period"), severity="major",
         why="FTC; CalOPPA (b)(3): how long before a change people know"),
    Rule(id="promise-of-notice-turned", kinds=("notice",), any_of=("negation won", "negation lost", "polarity"),
         none_of=("reworded", "sentence"), severity="major",
         why="FTC; CalOPPA (b)(3): whether people are told of changes",
         example=("We will e-mail you before this policy changes.",
                  "We will not e-mail you before this policy changes.")),
    Rule(id="notice-of-changes", kinds=("notice",), severity="minor", why="CalOPPA (b)(3)",
         example=("We keep your name.", "We keep your name.\n\nWe will e-mail you before this policy changes.")),
    # --- words ---
    Rule(id="binding-changed", basis="words", kinds=PRACTICE, any_of=BINDING, severity="major",
         why="FTC: contradicting an earlier promise",
         example=("We use your reading list only with your consent.", "We use your reading list.")),
    Rule(id="listed-elsewhere", basis="words", kinds=PRACTICE, any_of=("unlisted",), severity="major",
         direction=WORSE_WHEN_ADDED, why="WP260: an item means what its list says; other lists say otherwise",
         example=("We use for parcels:\n\n- your name\n- your street\n\nWe use for catalogues:\n\n- your name\n"
                  "- your reading list",
                  "We use for parcels:\n\n- your name\n- your street\n\nWe use for catalogues:\n\n- your name\n"
                  "- your reading list\n- your street")),
    Rule(id="right-newly-told", basis="words", kinds=("rights",), actions=("added",), any_of=("sentence",),
         severity="major", why="WP260: how rights are exercised is always told",
         example=("We keep your name.", "We keep your name.\n\nYou may choose to stay off the list of best readers.")),
    Rule(id="new-practice", basis="words", kinds=PRACTICE, actions=("added",), any_of=("sentence",), severity="major",
         direction="expands", why="GDPR 13(3); WP260",
         example=("We keep your name.", "We keep your name.\n\nOther readers can see which shelves you follow.")),
    Rule(id="practice-no-longer-told", basis="words", kinds=("collection", "purpose"), actions=("removed",),
         any_of=("sentence",), none_of=("denial", "bound"), severity="minor",
         why="WP260: what is collected and why is told by its items; fewer words about it take nothing from people",
         example=("We record how often you visit our stall.\n\nWe keep your name.", "We keep your name.")),
    Rule(id="lost-statement", basis="words", kinds=PRACTICE, actions=("removed",), any_of=("sentence",),
         severity="major", why="FTC: a dropped promise; WP260",
         example=("Other readers can see which shelves you follow.\n\nWe keep your name.", "We keep your name.")),
    Rule(id="lost-promise", basis="words", kinds=("editorial",), actions=("removed",), all_of=("sentence", "denial"),
         none_of=("familiar", "pointer", "duty", "definition"), severity="major", direction="expands",
         why="FTC: a dropped promise",
         example=("Brindle Books follows a strict no-logs rule for personal data.\n\nWe keep your name.",
                  "We keep your name.")),
    Rule(id="fewer-examples", basis="words", any_of=("example",),
         none_of=("novel", "listed", "period", "age", *BINDING), severity="minor",
         why="WP260: an example of what is named anyway",
         example=("You may add your names on other sites such as Ink Desk and Quill Yard here.",
                  "You may add your names on other sites such as Ink Desk here.")),
    Rule(id="practice-reworded", basis="words", kinds=PRACTICE,
         any_of=("novel", "listed", "period", "age", "name", "term"),
         severity="major", why="WP260: would the reader's expectation change?",
         example=("Other readers can see which shelves you follow.",
                  "Other readers can see which shelves you follow and how quickly you finish chapters.")),
    Rule(id="new-product", basis="words", kinds=("scope",), actions=("added", "changed"), any_of=("offering",),
         severity="major", direction="expands", why="GDPR 13; CCPA: practices of a new product",
         example=("We keep your name.",
                  "We keep your name.\n\n## Night Shelf\n\nThe Night Shelf service is available to members and takes "
                  "data.\n\nWe collect when you read at night.")),
    Rule(id="controller-words", basis="words", kinds=("controller",), any_of=("novel", "sentence", "name"),
         severity="critical", why="WP260: identity of the controller is always told"),
    Rule(id="legal-basis-words", basis="words", kinds=("legal_basis",),
         any_of=("novel", "listed", "sentence", "term", *BINDING), severity="major", why="GDPR 13(1)(c)-(d), 6"),
    Rule(id="newly-covered", kinds=("scope",), basis="fact", actions=("added",), patterns=("applies",),
         severity="major", why="GDPR 13; CCPA: practices of what is newly covered",
         example=("This policy applies to our shop Brindle Books.",
                  "This policy applies to our shop Brindle Books and to the Foxglove Reader app.")),
    Rule(id="covered-besides", kinds=("scope",), basis="words", actions=("added",), all_of=("edit",),
         any_of=("listed", "novel"), none_of=("pointer", "document", "repeated"), severity="major", direction="expands",
         why="GDPR 13; CCPA: practices of what is newly covered",
         example=("This policy covers our shop.", "This policy covers our shop and our stall at the fair.")),
    Rule(id="scope", kinds=("scope",), severity="minor", why="GDPR 13; CCPA: who and what is covered",
         example=("We keep your name.", "We keep your name.\n\nThis policy also applies to our stall at the fair.")),
    Rule(id="synonym", basis="words", any_of=("synonym", "empty"), none_of=BINDING, severity="cosmetic",
         why="WP260: style is not material",
         example=("We value your privacy and guard it with care.", "We value your privacy and guard it with zeal.")),
    Rule(id="clarified", severity="minor", why="WP260: style and clarification are not material",
         example=("We keep your name.", "We keep your name.\n\nPrivacy is a matter of trust.")),
)  # fmt: skip

"""Plain text and Markdown become lines without their markup."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from watcher.extract.lines import Cell, Line
from watcher.extract.text import join_rows, read_markdown, read_text, without_menus


def words(lines: list[Line]) -> list[str]:
    return [line.text for line in lines]


def test_lines_wrapped_by_hand_become_one_paragraph() -> None:
    text = (
        "We collect the name and the address that you give us when you place an\n"
        "order, and we keep both for as long as the law asks us to keep invoices,\n"
        "which is ten years.\n"
        "\n"
        "We do not sell them. We never have, and we have no plans to start doing\n"
        "so, whatever a buyer may offer.\n"
    )
    lines = read_text(text)
    assert len(lines) == 2
    assert lines[0].text.startswith("We collect the name")
    assert lines[0].text.endswith("which is ten years.")


def test_lines_that_had_room_for_more_stand_alone() -> None:
    text = (
        "Privacy notice\nOakshelf Ltd\nWe keep orders for two years and we keep nothing else, whatever you may read.\n"
    )
    assert len(read_text(text)) == 3


def test_each_line_of_an_unwrapped_text_is_a_block() -> None:
    text = "1. What we collect\n" + "We collect your name. " * 20 + "\nemail address;\ntelephone number;\n"
    assert words(read_text(text))[2:] == ["email address;", "telephone number;"]


def test_bullets_and_underlined_headings_are_told_in_plain_text() -> None:
    lines = read_text("Sharing\n=======\n\n- with carriers\n- with banks\n    * in Norway\n")
    assert [(line.role, line.text, line.level) for line in lines] == [
        ("heading", "Sharing", 1),
        ("item", "with carriers", 1),
        ("item", "with banks", 1),
        ("item", "in Norway", 2),
    ]


def test_wrapped_chinese_is_joined_without_spaces() -> None:
    assert join_rows(["我们会收集您的", "个人信息。"]) == "我们会收集您的个人信息。"
    assert join_rows(["We keep it", "for long"]) == "We keep it for long"


def test_link_targets_go_and_link_words_stay() -> None:
    (line,) = read_markdown(
        'See our [cookie *policy*](https://example.com/c?utm_source=x "t") or <https://example.org>.\n'
    )
    assert line.text == "See our cookie policy or https://example.org."
    assert line.links[0] == ("cookie policy", "https://example.com/c?utm_source=x")


def test_headings_of_both_sorts_and_bold_paragraphs_are_told() -> None:
    lines = read_markdown(
        "Privacy\n=======\n\n## 2\\. Sharing ##\n\n**How long we keep data**\n\nAs **long** as needed.\n"
    )
    assert [(line.role, line.level, line.bold, line.text) for line in lines] == [
        ("heading", 1, False, "Privacy"),
        ("heading", 2, False, "2. Sharing"),
        ("text", 0, True, "How long we keep data"),
        ("text", 0, False, "As long as needed."),
    ]


def test_escapes_images_and_stray_markup_leave_no_trace() -> None:
    (line,) = read_markdown("![logo](a.png) Art\\. 6\\(1\\)\\[b\\] **数据：**我们\n")
    assert line.text == "Art. 6(1)[b] 数据：我们"


def test_nested_lists_keep_their_depth_and_marks() -> None:
    lines = read_markdown("We share:\n\n*   names\n    *   first\n*   cities\n\n3.  three\n4.  four\n")
    assert [(line.role, line.level, line.marker, line.text) for line in lines] == [
        ("text", 0, "", "We share:"),
        ("item", 1, "•", "names"),
        ("item", 2, "•", "first"),
        ("item", 1, "•", "cities"),
        ("item", 1, "3.", "three"),
        ("item", 1, "4.", "four"),
    ]


def test_tables_become_cells_with_their_places() -> None:
    lines = read_markdown("| SDK | Purpose |\n| --- | --- |\n| [Push](https://p.example) | *   wake<br>*   ring |\n")
    assert {line.role for line in lines} == {"cell"}
    assert [(line.cell, line.text) for line in lines] == [
        (Cell(table=0, row=0, column=0, head=True), "SDK"),
        (Cell(table=0, row=0, column=1, head=True), "Purpose"),
        (Cell(table=0, row=1, column=0, head=False), "Push"),
        (Cell(table=0, row=1, column=1, head=False), "wake ring"),
    ]


def test_a_hard_break_starts_a_line_of_the_same_block_and_a_soft_one_does_not() -> None:
    lines = read_markdown("Oakshelf Ltd  \n1 Mill Lane\nLeeds\n")
    assert [(line.text, line.broken) for line in lines] == [("Oakshelf Ltd", False), ("1 Mill Lane Leeds", True)]


PROSE = "We collect personal data and the information that you give us about third parties."
MENU = "- [Books](https://www.brindle.example/books)\n- [Gifts](/gifts)\n- [Help](https://brindle.example/help)\n"


def kept(text: str) -> list[str]:
    return words(without_menus(read_markdown(text))[0])


def test_menus_above_and_below_the_policy_are_the_page_s() -> None:
    above = f"{MENU}\n# Policy\n\n{PROSE}"
    below = f"{PROSE}\n\nAsk us at any time.\n\n## More reading\n\nOf the Brindle family.\n\n{MENU}\nMade with care."
    assert kept(above) == ["Policy", PROSE]
    assert kept(below) == [PROSE, "Ask us at any time."]


def test_a_notice_with_its_buttons_is_the_page_s() -> None:
    banners = ("We use cookies. By clicking “Accept” you agree. **Accept all** | **Settings**", "Sale today. Close")
    assert kept("\n\n".join((*banners, PROSE, "本网站使用 Cookie。 [知道了]"))) == [PROSE]
    assert kept(f"{PROSE}\n\nWe use a cookie for your basket. Learn more") != [PROSE]


def test_a_list_of_links_between_sentences_or_to_many_sites_stays() -> None:
    partners = "- [Acme](https://acme.example)\n- [Umbra](https://umbra.example)\n- [Quill](https://quill.example)\n"
    assert len(kept(f"{PROSE}\n\n{MENU}\n{PROSE}")) == 5
    assert len(kept(f"{PROSE}\n\n## Partners\n\n{partners}")) == 5


def test_a_table_of_contents_is_the_page_s_wherever_it_stands() -> None:
    titles = ("What we collect", "How long we keep it", "Whom we tell")
    sections = "\n\n".join(f"## {title}\n\n{PROSE}" for title in titles)
    listed = "\n".join(f"{n}. [{title}](#part-{n})" for n, title in enumerate(titles, 1))
    glued = "".join(f"[*   {title}](#{title})" for title in titles)
    assert kept(f"{PROSE}\n\n{listed}\n\n{sections}") == kept(f"{PROSE}\n\n{sections}\n\n{glued}")
    assert len(kept(f"{PROSE}\n\n{listed}\n\n{PROSE}")) == 5


@given(st.text(max_size=400))
def test_any_text_can_be_read(text: str) -> None:
    for line in [*read_markdown(text), *read_text(text)]:
        assert "\n" not in line.text

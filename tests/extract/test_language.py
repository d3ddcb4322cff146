"""A clause's language is told from its scripts and small words."""

from __future__ import annotations

import pytest

from watcher.extract.language import language_of, main_language


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("We share your data with the partners listed below.", "en"),
        ("Nous partageons vos données avec les partenaires ci-dessous.", "fr"),
        ("Wir geben Ihre Daten nicht an Dritte weiter und löschen sie.", "de"),
        ("Compartimos sus datos con los socios que figuran a continuación.", "es"),
        ("Condividiamo i dati degli utenti con i partner della nostra rete.", "it"),
        ("Partilhamos os dados com os parceiros e não os vendemos.", "pt"),
        ("Wij delen uw gegevens niet met derden en bewaren ze niet.", "nl"),
        ("我们会与合作伙伴共享您的个人信息。", "zh"),
        ("我们使用 Google Analytics for Firebase 统计使用情况，", "zh"),
        ("当社はお客様の情報を収集します。", "ja"),
        ("당사는 개인정보를 수집합니다.", "ko"),
        ("Мы собираем ваши данные.", "ru"),
        ("Ми збираємо ваші дані та їх обробляємо.", "uk"),
        ("نحن نجمع بياناتك الشخصية", "ar"),
        ("אנו אוספים את המידע שלך", "he"),
        ("Συλλέγουμε τα δεδομένα σας", "el"),
        ("เราเก็บรวบรวมข้อมูลของคุณ", "th"),
    ],
)
def test_a_sentence_has_its_language(text: str, language: str) -> None:
    assert language_of(text) == language


@pytest.mark.parametrize("text", ["", "12.4 %", "Alipay SDK", "https://example.com/privacy", "★ — ★"])
def test_what_shows_no_language_takes_that_of_its_surroundings(text: str) -> None:
    assert language_of(text) == "und"
    assert language_of(text, "zh") == "zh"


def test_an_english_clause_that_names_one_chinese_company_stays_english() -> None:
    assert language_of("We share your order data with the carrier 顺丰 and with no one else.") == "en"


def test_the_main_language_is_that_of_most_text_not_of_most_clauses() -> None:
    parts = [("en", "SDK"), ("en", "name"), ("zh", "我们会与合作伙伴共享您的个人信息。" * 3), ("und", "x" * 900)]
    assert main_language(parts) == "zh"
    assert main_language([("und", "123")]) == "und"

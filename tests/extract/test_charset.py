"""Text is read right whatever a server declared about its encoding."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watcher.extract.charset import decode, encoding_of

CHINESE = "我们会收集您的个人信息，并在必要的期限内保存。您可以随时联系我们，撤回您的同意。"
TRADITIONAL = "我們會收集您的個人資料，並在必要的期限內保存。您可以隨時聯絡我們，撤回您的同意。"
JAPANESE = "当社は、お客様の個人情報を収集し、必要な期間に限り保存します。"
KOREAN = "당사는 이용자의 개인정보를 수집하며 필요한 기간 동안 보관하고 이를 제공하지 않습니다."
RUSSIAN = "Мы собираем персональные данные и храним их только в течение необходимого срока."
WESTERN = "Nous protégeons vos données à caractère personnel – c’est notre priorité."


@pytest.mark.parametrize(
    ("text", "codec", "declared"),
    [
        (CHINESE, "utf-8", "text/html; charset=utf-8"),
        (CHINESE, "gbk", "text/html; charset=GB2312"),
        (CHINESE, "gb18030", 'text/html; charset="gbk"'),
        (TRADITIONAL, "big5", "text/html; charset=Big5"),
        (JAPANESE, "cp932", "text/html; charset=Shift_JIS"),
        (JAPANESE, "iso2022_jp", "text/html; charset=iso-2022-jp"),
        (KOREAN, "cp949", "text/html; charset=euc-kr"),
        (WESTERN, "windows-1252", "text/html; charset=iso-8859-1"),
        (RUSSIAN, "koi8-r", "text/html; charset=koi8-r"),
    ],
)
def test_a_declared_encoding_is_used(text: str, codec: str, declared: str) -> None:
    assert decode(text.encode(codec), declared) == text


@pytest.mark.parametrize(
    ("text", "codec"),
    [
        (CHINESE, "utf-8"),
        (CHINESE, "gb18030"),
        (TRADITIONAL, "big5"),
        (JAPANESE, "cp932"),
        (KOREAN, "cp949"),
        (RUSSIAN, "windows-1251"),
        (WESTERN, "windows-1252"),
        ("<html><body>Privacy notice</body></html>", "utf-16-le"),
        ("<html><body>Privacy notice</body></html>", "utf-16-be"),
    ],
)
def test_an_undeclared_encoding_is_guessed(text: str, codec: str) -> None:
    assert decode(text.encode(codec)) == text


@pytest.mark.parametrize(
    ("text", "codec", "declared"),
    [
        (CHINESE, "utf-8", "text/html; charset=gbk"),
        (CHINESE, "utf-8", "text/html; charset=iso-8859-1"),
        (CHINESE, "gb18030", "text/html; charset=utf-8"),
        (WESTERN, "windows-1252", "text/html; charset=utf-8"),
        (WESTERN, "utf-8", "text/html; charset=no-such-encoding"),
        (CHINESE, "utf-8-sig", "text/html; charset=big5"),
        (CHINESE, "utf-16", "text/html; charset=utf-8"),
    ],
)
def test_a_wrong_declaration_does_not_win(text: str, codec: str, declared: str) -> None:
    assert decode(text.encode(codec), declared) == text


def test_a_meta_element_declares_too() -> None:
    page = f'<html><head><meta http-equiv="Content-Type" content="text/html; charset=gb2312"></head>{CHINESE}'
    assert decode(page.encode("gbk")) == page
    page = f'<html><head><meta charset="windows-1252"></head>{WESTERN}'
    assert decode(page.encode("windows-1252")) == page


def test_a_sequence_cut_off_at_the_end_leaves_the_rest_readable() -> None:
    assert decode(CHINESE.encode()[:-1]).startswith(CHINESE[:-1])


def test_one_broken_byte_does_not_spoil_a_long_text() -> None:
    body = (CHINESE * 200).encode() + b"\xff" + CHINESE.encode()
    assert encoding_of(body) == "utf-8"


@given(st.binary(max_size=300), st.text(max_size=40))
def test_no_bytes_and_no_header_make_it_fail(body: bytes, header: str) -> None:
    assert isinstance(decode(body, header), str)

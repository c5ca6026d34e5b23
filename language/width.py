"""Width, spacing and quotes evened out for reading and comparing; the text that is shown is never touched."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

_RADICALS = {
    char: even
    for char in map(chr, (*range(0x2F00, 0x2FD6), *range(0xF900, 0xFAD9)))
    if len(even := unicodedata.normalize("NFKC", char)) == 1
}
"""⼈ and ⼯ for 人 and 工: what PDF writers leave of a font, and compatibility forms."""
_FULL = dict(zip(",;:!?()[]", "，；：！？（）【】", strict=True))
_TABLE = (
    {chr(0xFF01 + i): chr(0x21 + i) for i in range(94) if chr(0xFF01 + i) not in "，；：！？（）"}
    | _FULL
    | {"［": "【", "］": "】", "〔": "（", "〕": "）", "「": "“", "」": "”", "『": "“", "』": "”", "〝": "“", "〞": "”"}
    | {"＂": '"', "｡": "。", "､": "、", "．": ".", "・": "·", "•": "·", "‧": "·", "∙": "·"}
    | _RADICALS
    | dict.fromkeys("―─––━﹣－", "—")
    | dict.fromkeys("\r\v\f\x85\u2028\u2029", "\n")
    | dict.fromkeys("\t\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a", " ")
    | dict.fromkeys("\u200b\u200c\u200d\u202f\u205f\u2060\u3000\ufeff\xad", " ")
)
_ODD = re.compile("[" + re.escape("".join(_TABLE)) + "]")
"""What the table changes: rare in most texts, so that looking for it is faster than translating every character."""
_BETWEEN_DIGITS = re.compile(r"(?<=\d)，(?=\d{3}(?!\d))|(?<=\d)：(?=\d\d)")
_DOT_AS_STOP = re.compile(r"(?<=[\u4e00-\u9fff”）%])\.(?=[ \n]|[\u4e00-\u9fff“（]|$)")
_STRAIGHT = re.compile(r'["\n]')


@dataclass(frozen=True, slots=True)
class Copy:
    """A comparison copy. ``offsets[i]`` is the index in the original of the copy's i-th character."""

    text: str
    offsets: tuple[int, ...]

    def original(self, start: int, end: int) -> tuple[int, int]:
        """The half-open span in the original that a non-empty span of the copy stands for."""
        return self.offsets[start], self.offsets[end - 1] + 1


def _curly() -> Callable[[re.Match[str]], str]:
    is_open = False

    def turn(found: re.Match[str]) -> str:
        nonlocal is_open
        if found.group() == "\n":
            is_open = False
            return "\n"
        is_open = not is_open
        return "“" if is_open else "”"

    return turn


def aligned(text: str) -> str:
    """``text`` with widths, quotes, dashes and spaces evened out, character for character: offsets stay the same."""
    even = _ODD.sub(lambda found: _TABLE[found.group()], text)
    even = _BETWEEN_DIGITS.sub(lambda found: "," if found.group() == "，" else ":", even)
    even = _DOT_AS_STOP.sub("。", even)
    return _STRAIGHT.sub(_curly(), even) if '"' in even else even


def comparison_copy(text: str) -> Copy:
    """``text`` evened out and without spaces (line ends stay), with the way back to the original's offsets."""
    even = aligned(text)
    kept = [index for index, char in enumerate(even) if char != " "]
    return Copy("".join([even[index] for index in kept]), tuple(kept))

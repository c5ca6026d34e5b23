"""A pair finds its quotes again in the text they were taken from."""

from differ.pair import Pair
from schema.changes import Unit

BODY = "一、加强值守。配备8人。二、演练2次。"


def unit(text: str) -> Unit:
    start = BODY.index(text)
    return Unit("u", text, start, start + len(text))


def test_quote_in_the_second_unit() -> None:
    """A quote of the second unit resolves to the place where the body has it."""
    pair = Pair((unit("加强值守"), unit("配备8人")), (unit("演练2次"),))
    assert pair.old_text == "加强值守\n配备8人"
    start, end = pair.old_span("8人") or (0, 0)
    assert BODY[start:end] == "8人"


def test_foreign_and_absent_quotes() -> None:
    """What is not in the pair, spans two units, or is empty has no place."""
    pair = Pair((unit("加强值守"), unit("配备8人")), (unit("演练2次"),))
    assert [pair.old_span(q) for q in ("", "演练", "守\n配")] == [None, None, None]
    assert pair.new_span("2次", 0) is None

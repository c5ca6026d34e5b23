"""What people decide changes what a diff says, and nothing is lost: every unit stays in exactly one change."""

import itertools
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schema.changes import Change, DiffOutcome, Kind, Unit, YearlyDiff
from schema.effective import Effective, effective_changes, effective_kinds, effective_of, kinds_of, regrouped
from schema.verdicts import Decision, ReviewState, Verdict, review_of, standing

AT = datetime(2026, 3, 3, tzinfo=UTC)
NUMBERS = itertools.count(1)


def _unit(name: str) -> Unit:
    return Unit(name, f"承诺 {name}", 0, 1)


def _change(key: str, kind: Kind, old: str = "", new: str = "") -> Change:
    texts = ("\n".join(f"承诺 {one}" for one in side.split()) for side in (old, new))
    return Change(key, kind, tuple(old.split()), tuple(new.split()), *texts)


CHANGES = (
    _change("pair", Kind.STRENGTHENED, "o1", "n1"),
    _change("gone", Kind.DROPPED, "o2"),
    _change("come", Kind.NEW, "", "n2"),
    _change("many", Kind.REWORDED, "o3", "n3 n4"),
)
DIFF = YearlyDiff(
    "hubei", 2025, 2026, DiffOutcome.OK, tuple(map(_unit, ("o1", "o2", "o3"))),
    tuple(map(_unit, ("n1", "n2", "n3", "n4"))), CHANGES,
)  # fmt: skip


def _say(key: str, decision: Decision, by: str = "a", **more: object) -> Verdict:
    machine = next((change.kind for change in CHANGES if change.key == key), Kind.NEW)
    return Verdict(key, decision, by, AT, machine, id=next(NUMBERS), **more)


def _texts(*names: str) -> tuple[str, ...]:
    return tuple(f"承诺{one}" for one in names)


def _after(*verdicts: Verdict) -> dict[str, Effective]:
    history: dict[str, list[Verdict]] = {}
    for verdict in verdicts:
        history.setdefault(verdict.change_key, []).append(verdict)
    found = effective_changes(DIFF, history)
    assert sorted(unit for one in found for unit in one.change.old) == ["o1", "o2", "o3"]
    assert sorted(unit for one in found for unit in one.change.new) == ["n1", "n2", "n3", "n4"]
    return {one.change.key: one for one in found}


def test_without_verdicts_the_machine_s_changes_stand() -> None:
    """As they are, in order."""
    assert tuple(one.change for one in effective_changes(DIFF, {})) == CHANGES


def test_a_kind_is_replaced_and_the_machine_s_stays_beside() -> None:
    """A reclassified change counts as the analyst says; a non-commitment does not count."""
    found = _after(
        _say("pair", Decision.RECLASSIFY, kind=Kind.WEAKENED, reason="x"), _say("come", Decision.NOT_A_COMMITMENT)
    )
    assert (found["pair"].change.kind, found["pair"].machine.kind) == (Kind.WEAKENED, Kind.STRENGTHENED)
    assert (found["come"].counts, found["gone"].counts) == (False, True)


def test_a_dropped_one_meets_its_counterpart() -> None:
    """Re-matched with a new one: one change is left of the two."""
    found = _after(_say("gone", Decision.REMATCH, kind=Kind.WEAKENED, wanted_old=_texts("o2"), wanted_new=_texts("n2")))
    assert (found["gone"].change.old, found["gone"].change.new) == (("o2",), ("n2",))
    assert found["gone"].change.kind is Kind.WEAKENED
    assert "come" not in found


def test_another_counterpart_sets_the_old_one_free() -> None:
    """The later wording that is left alone becomes new, the change that lost its wording becomes dropped."""
    found = _after(
        _say("pair", Decision.REMATCH, kind=Kind.REWORDED, wanted_old=_texts("o1"), wanted_new=_texts("n3", "n4"))
    )
    assert found["pair"].change.new == ("n3", "n4")
    assert (found["many"].change.kind, found["many"].regrouped_by) == (Kind.DROPPED, "pair")
    (free,) = (one for one in found.values() if one.change.new == ("n1",))
    assert (free.change.kind, free.machine, free.regrouped_by) == (Kind.NEW, None, "pair")


def test_a_group_is_taken_apart_and_two_changes_are_joined() -> None:
    """Split: each wording alone. Merge: both together, flagged."""
    apart = _after(_say("many", Decision.SPLIT, reason="两件事"))
    assert sorted(one.change.kind for one in apart.values() if "many" in (one.regrouped_by, one.change.key)) == [
        Kind.DROPPED, Kind.NEW, Kind.NEW,
    ]  # fmt: skip
    joined = _after(
        _say("pair", Decision.MERGE, kind=Kind.MIXED, wanted_old=_texts("o1"), wanted_new=_texts("n1", "n2"))
    )
    assert joined["pair"].change.structure == ("split",)
    assert joined["pair"].change.new_text == "承诺 n1\n承诺 n2"


def test_a_matching_with_words_that_are_gone_is_shown_as_lost() -> None:
    """After a re-reading: the machine's change stands and says so."""
    found = _after(_say("gone", Decision.REMATCH, kind=Kind.MIXED, wanted_old=_texts("o2"), wanted_new=_texts("n9")))
    assert (found["gone"].lost, found["gone"].change) == (True, CHANGES[1])


def test_of_two_who_disagree_neither_is_in_force() -> None:
    """Until a third agrees with one of them, or one of them gives way; deciding again alone settles nothing."""
    first, second = _say("pair", Decision.CONFIRM, "a"), _say("pair", Decision.NOT_A_COMMITMENT, "b")
    again, third = _say("pair", Decision.CONFIRM, "a"), _say("pair", Decision.NOT_A_COMMITMENT, "c")
    other = _say("pair", Decision.SPLIT, "c")
    assert review_of((first,)).state is ReviewState.SETTLED
    for history in ((first, second), (first, second, again), (first, second, other)):
        assert (review_of(history).state, standing(history)) == (ReviewState.DISPUTED, None)
    assert standing((first, second, third)) is third
    gave_way = replace(second, by="a")
    assert standing((first, second, gave_way)) is gave_way
    same = _say("pair", Decision.RECLASSIFY, "b", kind=Kind.STRENGTHENED)
    assert standing((first, same)) is same


def test_nobody_takes_back_another_s_verdict() -> None:
    """An undo is of one's own."""
    first, theirs, own = _say("pair", Decision.CONFIRM, "a"), _say("pair", Decision.UNDO, "b"), Decision.UNDO
    assert standing((first, theirs)) is first
    assert review_of((first, _say("pair", own, "a"))).state is ReviewState.OPEN
    assert review_of((first, _say("pair", Decision.ASSIGN, "b", assignee="c"))).assignee == "c"


_SIDES = st.tuples(
    st.lists(st.sampled_from(("o1", "o2", "o3")), unique=True),
    st.lists(st.sampled_from(("n1", "n2", "n3", "n4")), unique=True),
)
_MOVES = st.tuples(
    st.sampled_from([change.key for change in CHANGES]),
    st.sampled_from((Decision.REMATCH, Decision.MERGE, Decision.SPLIT, Decision.CONFIRM, Decision.UNDO)),
    st.sampled_from("abc"),
    _SIDES,
)


@settings(max_examples=150, deadline=None)
@given(st.lists(_MOVES, max_size=8))
def test_whatever_people_decide_every_unit_stays_in_one_change(moves: list) -> None:
    """Any sequence of verdicts by three people on any changes."""
    _after(
        *(
            _say(key, decision, by, kind=Kind.MIXED, wanted_old=_texts(*old), wanted_new=_texts(*new))
            for key, decision, by, (old, new) in moves
        )
    )


_PLAIN = st.tuples(
    st.sampled_from([change.key for change in CHANGES]),
    st.sampled_from(
        (Decision.CONFIRM, Decision.RECLASSIFY, Decision.NOT_A_COMMITMENT, Decision.UNDO, Decision.COMMENT)
    ),
    st.sampled_from("abc"),
    st.sampled_from(list(Kind)),
)


@settings(max_examples=150, deadline=None)
@given(st.lists(_PLAIN, max_size=8))
def test_counting_comes_to_the_same_as_the_changes_themselves(moves: list) -> None:
    """Whatever three people decide about kinds: the matrix counts without the changes what the pages show with them."""
    history: dict[str, list[Verdict]] = {}
    for key, decision, by, kind in moves:
        history.setdefault(key, []).append(
            _say(key, decision, by, kind=kind if decision is Decision.RECLASSIFY else None)
        )
    kinds = {change.key: change.kind for change in CHANGES}
    judged = [(kinds[key], said) for key, said in history.items()]
    assert not regrouped(said for _, said in judged)
    assert effective_kinds(Counter(kinds.values()), judged) == kinds_of(effective_changes(DIFF, history))


def test_a_change_whose_wordings_were_taken_counts_no_more() -> None:
    """It is still told, with the change that has them now; counting then needs the changes themselves."""
    merged = _say("gone", Decision.MERGE, kind=Kind.WEAKENED, wanted_old=_texts("o2"), wanted_new=_texts("n2"))
    history = {"gone": [merged]}
    taken = effective_of(DIFF, history, "come")
    assert (taken.counts, taken.waits, taken.regrouped_by, taken.machine) == (False, False, "gone", CHANGES[2])
    assert effective_of(DIFF, history, "pair") == effective_changes(DIFF, history)[0]
    assert regrouped(history.values())
    with pytest.raises(ValueError, match="gone"):
        effective_kinds({Kind.DROPPED: 1}, [(Kind.DROPPED, [merged])])


def test_a_confirmed_kind_outlives_another_label() -> None:
    """What a person confirmed as stronger stays so when a newer differ says otherwise."""
    said = replace(_say("pair", Decision.CONFIRM), machine_kind=Kind.WEAKENED)
    assert _after(said)["pair"].kind is Kind.WEAKENED


@pytest.mark.parametrize("decision", [Decision.COMMENT, Decision.ASSIGN, Decision.UNDO])
def test_what_settles_nothing_changes_nothing(decision: Decision) -> None:
    """The diff says what it said."""
    assert tuple(one.change for one in _after(_say("pair", decision)).values()) == CHANGES

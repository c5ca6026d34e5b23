"""Strength is judged as the codebook says, and every finding quotes its evidence."""

import pytest

from differ.combine import combine
from differ.lexicon import load_lexicon
from differ.pair import Pair
from differ.rules import judge
from schema.changes import Dimension, Direction, Finding, Kind, Unit

LEXICON = load_lexicon()


def _judge(old: str, new: str, years: tuple[int, int] = (2025, 2026)) -> tuple[Finding, ...]:
    pair = Pair((Unit("o1", old, 0, len(old)),), (Unit("n1", new, 0, len(new)),), *years)
    return judge(pair, LEXICON)


WORKED_EXAMPLES = [
    ("鼓励加油站自查", "加油站必须每月自查", "strengthened", {"modality", "target"}),
    ("县级专职队不少于20人", "县级专职队20人左右", "weakened", {"target"}),
    ("建设山洪监测平台", "用好山洪监测平台", "mixed", {"stage"}),
    ("建设山洪监测平台", "山洪监测平台6月底前投入使用", "strengthened", {"stage", "deadline"}),
    ("矿山、危化、燃气等领域整治", "危化、矿山、建筑等领域整治", "reworded", set()),
    ("矿山、危化领域整治", "矿山、危化、燃气领域整治", "strengthened", {"scope"}),
    ("接报后30分钟内出动", "接报后半小时内出动", "reworded", set()),
    ("2025年汛前完成水闸排查", "2026年汛前完成水闸排查", "reworded", set()),
    ("2025年底前建成省级物资库", "2026年底前建成省级物资库", "weakened", {"deadline"}),
    ("对全部尾矿库排查，4月底前完成", "对重点尾矿库排查，3月底前完成", "mixed", {"scope", "deadline"}),
    ("坚决防范化解重大风险", "有力有效防范化解重大风险", "reworded", set()),
    ("由市级约谈分管负责人", "由省安委会约谈主要负责人", "strengthened", {"accountability", "actor"}),
    ("推进标准化，不增加基层负担", "推进标准化，切实为基层减负", "reworded", set()),
    ("制定防雷实施细则", "落实防雷实施细则", "strengthened", {"stage"}),
    ("巡查报告48小时内上报", "巡查报告2天内上报", "reworded", set()),
    ("应急物资覆盖七成乡镇", "应急物资覆盖70%乡镇", "reworded", set()),
    ("30层以上住宅安装报警器", "18层以上住宅安装报警器", "strengthened", {"scope"}),
    ("台风登陆前24小时完成转移", "台风登陆前12小时完成转移", "weakened", {"deadline"}),
    ("减少一般事故", "杜绝亡人事故", "mixed", {"outcome", "scope"}),
    ("建立巡护制度", "完善巡护制度", "reworded", set()),
    ("启动治本攻坚三年行动", "深化治本攻坚三年行动", "reworded", set()),
    ("深化“五个一”创建", "深化“六个一”创建", "reworded", set()),
]


@pytest.mark.parametrize(("old", "new", "kind", "dimensions"), WORKED_EXAMPLES)
def test_the_codebook_s_worked_examples(old: str, new: str, kind: str, dimensions: set[str]) -> None:
    """Kind and dimensions come out as section 6 and the rules' own examples say."""
    findings = _judge(old, new)
    assert combine(findings) is Kind(kind)
    assert dimensions <= {finding.dimension.value for finding in findings}
    assert dimensions or not findings


@pytest.mark.parametrize(("old", "new", "kind", "dimensions"), WORKED_EXAMPLES)
def test_every_quote_stands_in_its_text(old: str, new: str, kind: str, dimensions: set[str]) -> None:
    """A finding quotes verbatim at its offsets, and quotes at least one side."""
    del kind, dimensions
    for finding in _judge(old, new):
        assert finding.old_quote or finding.new_quote
        for quote, span, text in (
            (finding.old_quote, finding.old_span, old),
            (finding.new_quote, finding.new_span, new),
        ):
            assert (text[slice(*span)] if span else "") == quote


RITUAL = ["切实", "扎实", "坚决", "进一步", "全力", "深入", "持续", "不断", "有力有效", "从严从实"]


@pytest.mark.parametrize("word", RITUAL)
def test_ritual_words_are_no_evidence(word: str) -> None:
    """Added or removed, they leave the commitment where it was."""
    plain, adorned = "加强矿山安全监管", f"{word}加强矿山安全监管"
    assert _judge(plain, adorned) == ()
    assert _judge(adorned, plain) == ()


SAYS_THE_OPPOSITE = [
    ("培训灾害信息员3000人次", "培训灾害信息员5000人次"),
    ("每季度组织一次演练", "每月组织一次演练"),
    ("预警30分钟内到户", "预警15分钟内到户"),
    ("6月底前完成排查", "9月底前完成排查"),
    ("鼓励企业开展演练", "企业必须开展演练"),
    ("对县、乡两级干部开展轮训", "对县级干部开展轮训"),
    ("问题隐患建立台账", "问题隐患挂牌督办"),
    ("力争建成指挥平台", "建成指挥平台"),
    ("遏制较大火灾事故", "杜绝较大火灾事故"),
    ("村级物资库由村书记负责", "村级物资库由有关部门负责"),
]


@pytest.mark.parametrize(("old", "new"), SAYS_THE_OPPOSITE)
def test_swapping_the_years_turns_every_direction(old: str, new: str) -> None:
    """What is stronger one way is weaker the other way, in the same dimensions."""
    there = {(f.dimension, f.direction) for f in _judge(old, new, (0, 0))}
    back = {(f.dimension, f.direction) for f in _judge(new, old, (0, 0))}
    turned = {Direction.UP: Direction.DOWN, Direction.DOWN: Direction.UP}
    assert there
    assert back == {(dimension, turned[direction]) for dimension, direction in there}


SECTIONS = sorted(LEXICON.sections)


@pytest.mark.parametrize("name", SECTIONS)
def test_every_lexicon_term_can_be_found(name: str) -> None:
    """Each term is found in its own section with its own group, and no exception swallows it."""
    section = LEXICON[name]
    for term, (level, group) in section.groups.items():
        cue = section.find(f"「{term}」")[0]
        assert (cue.term, cue.level, cue.group) == (term, level, group)


def test_an_equal_pair_moves_no_dimension() -> None:
    """The same words give no finding in any dimension."""
    text = "每个乡镇专职消防队不少于8人，6月底前由县级政府主要负责人挂牌督办"
    assert _judge(text, text) == ()
    assert {d.value for d in Dimension} >= {"target", "deadline", "scope"}

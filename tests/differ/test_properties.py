"""Whatever two texts say: the comparison answers, every unit is in one change, every quote stands in its text."""

from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.read.announcements import read_body
from differ.compare import compare, side_of
from differ.lexicon import load_lexicon

LEXICON = load_lexicon()
CLAUSES = [
    "每个乡镇组建不少于10人的专职消防队",
    "鼓励企业投保安全生产责任保险",
    "一律停产整顿",
    "6月底前建成省级平台",
    "年底前完成改造120套",
    "覆盖率达到95%",
    "坚决遏制重特大事故",
    "由市级挂牌督办",
    "县、乡、村三级责任人",
    "矿山、危化、燃气等领域整治",
    "力争",
    "逐步",
    "试点",
    "全面推行",
    "每百公里",
    "三五家",
    "《条例》第三条",
    "“五个一”",
    "不少于",
    "百",
    "纳入年度考核",
    "问责",
    "约谈",
    "补助50万元",
    "半小时内",
    "登陆前24小时",
    "30层以上住宅",
    "下降5%以上",
    "左右",
    "全部",
    "基本完成",
    "巩固",
    "用好平台",
]
TEXTS = st.lists(st.sampled_from(CLAUSES), min_size=1, max_size=12).map("。".join) | st.lists(
    st.sampled_from(CLAUSES), min_size=1, max_size=8
).map("，".join)


@settings(max_examples=400, deadline=None)
@given(TEXTS, TEXTS)
def test_any_two_texts_can_be_compared(old: str, new: str) -> None:
    """No exception; units exactly once; findings quote verbatim at their offsets."""
    sides = side_of(read_body(old, "hubei", 2025)), side_of(read_body(new, "hubei", 2026))
    diff = compare(*sides, LEXICON)
    assert sorted(i for c in diff.changes for i in c.old) == sorted(u.id for u in diff.old_units)
    assert sorted(i for c in diff.changes for i in c.new) == sorted(u.id for u in diff.new_units)
    for finding in (f for c in diff.changes for f in c.findings):
        assert finding.old_quote or finding.new_quote
        assert finding.old_span is None or old[slice(*finding.old_span)] == finding.old_quote
        assert finding.new_span is None or new[slice(*finding.new_span)] == finding.new_quote

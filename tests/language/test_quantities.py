"""Numbers that bind are found with their value and direction; names and statistics are not."""

import pytest

from language.deadlines import deadlines
from language.numerals import numeral
from language.quantities import quantities
from language.width import aligned

BINDING = [
    ("专职队不少于8人", "不少于8人", 8, "person", ">="),
    ("更换管网1,200公里", "1,200公里", 1_200_000, "metre", "="),
    ("储备物资1.2万吨", "1.2万吨", 12_000, "ton", "="),
    ("覆盖率达到百分之九十", "达到百分之九十", 90, "percent", ">="),
    ("三分之二的乡镇建成应急所", "三分之二", 66.667, "percent", "="),
    ("半小时内到场", "半小时内", 30, "minute", "<="),
    ("一个半小时内到场", "一个半小时内", 90, "minute", "<="),
    ("九成以上完成改造", "九成以上", 90, "percent", ">="),
    ("每季度开展不少于2次演练", "每季度开展不少于2次", 8, "a year", ">="),
    ("受害率控制在0.9‰以内", "控制在0.9‰以内", 0.09, "percent", "<="),
    ("新建避险点120个", "120个", 120, "piece", "="),
]


@pytest.mark.parametrize(("text", "quote", "value", "base", "comparator"), BINDING)
def test_a_binding_number(text: str, quote: str, value: float, base: str, comparator: str) -> None:
    """Quote, value in base units, and comparator."""
    (found,) = [one for one in quantities(text) if one.binds]
    assert (found.quote, found.base, found.comparator) == (quote, base, comparator)
    assert found.value == pytest.approx(value, rel=1e-3)
    assert aligned(text)[found.start : found.end] == aligned(quote)


NAMES = [
    "落实“三管三必须”要求",
    "拨打12350举报电话",
    "5·12防灾减灾日",
    "完善“12小时基本救助”机制",
    "公布第三批名单",
    "升级系统3.0版",
    "打造“1+4+N”体系",
    "2025年年度计划",
    "在已建成20个站点的基础上推进整合",
    "连续两次不达标的约谈",
    "落实《条例》第三十二条",
    "推进三年行动",
]


@pytest.mark.parametrize("text", NAMES)
def test_a_name_is_no_number(text: str) -> None:
    """Programmes, telephone numbers, days, versions, ordinals, baselines and triggers bind nobody."""
    assert [one.quote for one in quantities(text) if one.binds] == []


@pytest.mark.parametrize(
    ("text", "month", "year", "lead"),
    [
        ("6月底前完成", 6.0, None, None),
        ("2026年底前建成", 12.0, 2026, None),
        ("汛前完成排查", 5.0, None, None),
        ("登陆前24小时转移", 12.0, None, 1440.0),
        ("入汛之前试开闸门", 5.0, None, None),
    ],
)
def test_a_deadline(text: str, month: float, year: int | None, lead: float | None) -> None:
    """Months from the start of the year, an explicit year, or minutes before the event."""
    (found,) = deadlines(text)
    assert (found.month, found.year, found.lead) == (pytest.approx(month), year, lead)


@pytest.mark.parametrize(
    ("text", "value"), [("1.2万", 12000), ("两千", 2000), ("一百二十", 120), ("半", 0.5), ("3,500", 3500)]
)
def test_a_numeral(text: str, value: float) -> None:
    """Arabic and Chinese, with and without a scale."""
    assert numeral(text) == pytest.approx(value)


@pytest.mark.parametrize(
    "text", ["每百公里设点", "三五家企业", "百千工程", "一千零一夜", "千家万户", "〇一二", "两三天", "十几个"]
)
def test_numerals_that_count_nothing_never_stop_the_reading(text: str) -> None:
    """Approximate and decorative numerals are left out; nothing raises."""
    assert all(one.value > 0 for one in quantities(text))

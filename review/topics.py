"""Topics by which analysts look for commitments: each is a handful of words, of which one stands in the sentence."""

from __future__ import annotations

TOPICS: dict[str, tuple[str, str, tuple[str, ...]]] = {
    "fire": ("消防与燃气", "fire and gas", ("消防", "火灾", "燃气", "动火", "电动自行车", "高层建筑", "九小场所")),
    "chemicals": ("危险化学品", "hazardous chemicals", ("危化", "危险化学品", "化工", "油气", "油库", "烟花", "储罐")),
    "mines": ("矿山", "mines", ("矿山", "煤矿", "尾矿", "采空区", "井下", "瓦斯")),
    "industry": ("工贸与建筑", "industry and construction", ("工贸", "粉尘", "冶金", "建筑", "施工", "有限空间")),
    "transport": ("交通", "transport", ("交通", "道路", "轨道", "渔船", "水上", "船舶", "铁路", "客运")),
    "flood": ("防汛抗旱与台风", "floods, drought, typhoons", ("汛", "洪", "水库", "抗旱", "台风", "内涝", "叫应")),
    "geology": ("地震地质", "earthquakes and landslides", ("地震", "地质灾害", "滑坡", "泥石流", "山洪", "震")),
    "forest": ("森林草原防火", "forest and grassland fires", ("森林", "草原", "林火", "防灭火", "火源")),
    "cold": ("低温雨雪", "cold and snow", ("低温", "雨雪", "冰冻", "寒潮")),
    "rescue": ("应急救援力量", "rescue forces", ("救援", "队伍", "专职", "航空", "直升机", "演练", "预案")),
    "relief": ("救灾与物资", "relief and supplies", ("救助", "救灾", "物资", "避难", "灾民", "安置", "储备")),
    "grassroots": ("基层与社会动员", "grassroots", ("基层", "乡镇", "社区", "村", "网格", "志愿", "科普", "宣传")),
    "law": ("执法与责任", "enforcement", ("执法", "督查", "考核", "问责", "约谈", "督办", "责任", "立法")),
    "technology": ("科技与信息化", "technology", ("信息化", "监测", "预警", "平台", "数字", "智能", "无人机")),
}  # fmt: skip


def on_topic(text: str, topic: str) -> bool:
    """Whether one of the topic's words stands in the text. An unknown topic is met by nothing."""
    return any(word in text for word in TOPICS.get(topic, ("", "", ()))[2])

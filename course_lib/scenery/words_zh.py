"""Chinese for the world's words: for each attribute and word, ways to say it, and sentence plans.

A phrase may be limited: ``("说法", {"weather": ("clear",)})`` is used only with that weather.
"""

CLEAR = {"weather": ("clear",)}
DRY = {"weather": ("clear", "cloudy")}
GREEN = {"weather": ("clear", "cloudy", "rain", None)}
STILL = {"weather": ("clear",), "motion": ("pan left", "pan right", "zoom in", "rising", "crossing", None)}
SUN, MOON = {"time": ("dawn", None)}, {"time": ("dusk", "night")}

PLACE = {
    "snow mountain": ["雪山", "巍峨的雪山", "白雪皑皑的山峰", "连绵的雪山", "高耸的雪峰"],
    "lake": ["湖泊", "平静的湖面", "山间的湖泊", "一片湖水", "清澈的湖"],
    "grassland": ["草原", "辽阔的草原", ("绿色的大草原", GREEN), "一望无际的草原", ("青青的草地", GREEN)],
    "desert": [
        "沙漠",
        "茫茫沙漠",
        "连绵的沙丘",
        ("金色的沙漠", {"time": ("dawn", "noon", "dusk", None), "weather": ("clear", "cloudy", None)}),
        "荒凉的大漠",
    ],
    "sea": ["大海", "辽阔的大海", "海面", "一望无际的海洋", "海边"],
    "city": ["城市", "繁华的都市", "高楼林立的城市", "城市的高楼", "一座大城市"],
    "forest": ["森林", "茂密的森林", "幽静的树林", "大片的树林", "高大的树木"],
}
OVER_PLACE = {  # 用在“……上空”“掠过……”里
    "snow mountain": ["雪山", "雪峰", "连绵的雪山"],
    "lake": ["湖面", "湖泊", "平静的湖面"],
    "grassland": ["草原", "大草原", "辽阔的草原"],
    "desert": ["沙漠", "沙丘", "茫茫沙漠"],
    "sea": ["海面", "大海", "辽阔的海面"],
    "city": ["城市", "都市", "林立的高楼"],
    "forest": ["森林", "树林", "茂密的森林"],
}
WHERE = {
    "snow mountain": ["雪山脚下", "雪山上", "雪峰之间"],
    "lake": ["湖边", "湖畔", "湖面上"],
    "grassland": ["草原上", "大草原上", "草地上"],
    "desert": ["沙漠里", "沙丘之间", "大漠中"],
    "sea": ["海边", "大海边", "海岸上"],
    "city": ["城市里", "都市里", "城里"],
    "forest": ["森林里", "树林里", "林间"],
}
TIME = {
    "dawn": ["清晨", "黎明时分", "拂晓", "天刚亮的时候", "破晓时分", "一大早"],
    "noon": ["正午", "中午", "晌午", "正午时分", ("烈日当空的中午", CLEAR)],
    "dusk": ["黄昏", "傍晚", "日暮时分", "暮色中", ("夕阳西下的时候", DRY), ("日落时分", DRY)],
    "night": ["夜晚", "夜里", "深夜", "夜色中", "入夜以后", ("繁星满天的夜晚", CLEAR)],
}
HOUR = {
    "dawn": ["清晨", "黎明", "早晨"],
    "noon": ["正午", "中午", "晌午"],
    "dusk": ["黄昏", "傍晚"],
    "night": ["夜晚", "深夜", "晚上"],
}
TODAY = {
    "dawn": ["今天清晨", "今天一早", "今早"],
    "noon": ["今天中午", "今天正午"],
    "dusk": ["今天傍晚", "今天黄昏"],
    "night": ["今晚", "今天夜里"],
}
KIND_OF = {
    "clear": ["晴朗的", "天气晴好的", ("万里无云的", STILL)],
    "cloudy": ["多云的", "阴沉的", "云层密布的"],
    "rain": ["下雨的", "细雨蒙蒙的", "下着小雨的"],
    "snow": ["下雪的", "雪花纷飞的", "飘着雪的"],
}
WEATHER = {
    "clear": [
        "天气晴朗",
        "天空晴朗",
        "天清气朗",
        ("晴空万里", {**STILL, "time": ("dawn", "noon", "dusk", None)}),
        ("万里无云", STILL),
    ],
    "cloudy": ["天空多云", "乌云密布", "天阴沉沉的", "云层很厚", "满天都是云"],
    "rain": ["下着雨", "细雨绵绵", "雨点纷纷落下", "正下着小雨", "雨下个不停"],
    "snow": ["下着雪", "雪花纷飞", "大雪纷纷", "飘着雪花", "雪静静地下"],
}
MOTION = {
    "pan left": ["镜头向左移动", "镜头慢慢摇向左边", "画面缓缓左移", "镜头从右往左摇"],
    "pan right": ["镜头向右移动", "镜头慢慢摇向右边", "画面缓缓右移", "镜头从左往右摇"],
    "zoom in": ["镜头慢慢推近", "画面渐渐拉近", "镜头向前推进", "镜头越推越近"],
    "rising": [
        ("太阳升起来了", SUN), ("一轮红日缓缓升起", SUN), ("太阳慢慢爬上天空", SUN), ("旭日东升", SUN),
        ("月亮升起来了", MOON), ("一轮明月缓缓升起", MOON), ("月亮慢慢爬上天空", MOON), ("明月东升", MOON),
    ],
    "drifting": ["云朵缓缓飘过", "云在天上慢慢地飘", "浮云悠悠飘动", "一朵朵云飘过天空"],
    "crossing": ["一只小船驶过水面", "一艘帆船缓缓驶过", "一叶小舟从水上漂过", "有条船慢慢划过水面"],
}  # fmt: skip
OVER = {
    "pan left": ["镜头向左掠过{the}", "镜头沿着{the}向左移动"],
    "pan right": ["镜头向右掠过{the}", "镜头沿着{the}向右移动"],
    "zoom in": ["镜头慢慢推近{the}", "镜头向着{the}推进", "画面一点点拉近{the}"],
    "rising": [
        ("太阳从{the}那边升起", SUN), ("一轮红日升上{the}的上空", SUN),
        ("月亮从{the}那边升起", MOON), ("一轮明月升上{the}的上空", MOON),
    ],
    "drifting": ["云朵飘过{the}上空", "云在{the}上空慢慢飘", "浮云掠过{the}"],
    "crossing": ["一只小船驶过{the}", "一艘帆船在{the}上缓缓驶过", "一叶小舟漂过{the}"],
}  # fmt: skip
# 船走在水上，不走在“海边”：过水的句子另有地名。
OVER_WATER = {"lake": ["湖面", "平静的湖面"], "sea": ["海面", "辽阔的海面"]}

FORMS = {
    "place": ("place", PLACE), "the": ("place", OVER_PLACE), "where": ("place", WHERE), "time": ("time", TIME),
    "hour": ("time", HOUR), "today": ("time", TODAY), "kind": ("weather", KIND_OF), "weather": ("weather", WEATHER), "motion": ("motion", MOTION),
    "over": ("motion", OVER),
}  # fmt: skip

# 平实的、口语的、请求的、日记式的、给剧组的。
PLANS = [
    "{hour}的{place}，{weather}，{motion}。",
    "{time}，{place}，{weather}，{motion}。",
    "{time}，{where}{weather}，{motion}。",
    "{time}，{weather}，{over}。",
    "{weather}，{time}，{over}。",
    "{over}，正是{hour}，{weather}。",
    "{where}，{time}，{weather}，{motion}。",
    "{kind}{hour}，{over}。",
    "{kind}{hour}，{where}，{motion}。",
    "这是一个{kind}{hour}，{over}。",
    "我想看{hour}的{place}，{weather}，{motion}。",
    "给我看{hour}的{place}：{weather}，{motion}。",
    "拍一段{place}的画面：{hour}，{weather}，{motion}。",
    "请拍{kind}{hour}，{over}。",
    "{today}我在{where}，{weather}，{motion}。",
    "{time}我来到{where}，{weather}，只见{motion}。",
    "你看，{over}！现在是{hour}，{weather}。",
    "{place}，{hour}，{weather}，{motion}。",
]
LOOSE = {
    ("place",): ["{place}。", "给我看看{place}。", "我在{where}。"],
    ("time",): ["{time}。", "现在是{hour}。"],
    ("weather",): ["{weather}。", "外面{weather}。"],
    ("motion",): ["{motion}。", "只见{motion}。"],
    ("place", "time"): [
        "{hour}的{place}。",
        "{time}，{place}。",
        "{time}我来到{where}。",
        "给我看{hour}的{place}。",
    ],
    ("place", "weather"): ["{where}{weather}。", "{weather}，{place}。", "我在{where}，{weather}。"],
    ("place", "motion"): ["{over}。", "{place}，{motion}。", "我在{where}，{motion}。"],
    ("time", "weather"): ["{time}，{weather}。", "一个{kind}{hour}。"],
    ("time", "motion"): ["{time}，{motion}。"],
    ("weather", "motion"): ["{weather}，{motion}。"],
    ("place", "time", "weather"): [
        "{hour}的{place}，{weather}。",
        "{time}，{where}{weather}。",
        "{kind}{hour}，{place}。",
    ],
    ("place", "time", "motion"): ["{time}，{over}。", "{hour}的{place}，{motion}。"],
    ("place", "weather", "motion"): ["{weather}，{over}。", "{where}{weather}，{motion}。"],
    ("time", "weather", "motion"): ["{time}，{weather}，{motion}。", "{kind}{hour}，{motion}。"],
}
MOOD = {
    "joyful": ["一切都那么欢快。", "真让人高兴！", "心里满是喜悦。"],
    "calm": ["四周一片宁静。", "一切都很安详。", "心里静静的。"],
    "grand": ["气势真是磅礴！", "多么壮丽啊！", "景象十分壮观。"],
    "wistful": ["让人有些惆怅。", "心里泛起淡淡的忧伤。", "不禁想起了故乡。"],
}

"""What the learned voice is taught to read, and what it is tested on.

Three kinds of practice: captions from the course's own grammar, everyday sentences from a small grammar, and drills
of invented words, in which every sound meets many neighbours. The test sentences are written by hand and are in
none of them.
"""

# ruff: noqa: SIM905 (word lists are easier to read and to add to as text)

import numpy as np

from course_lib.scenery.captions import caption
from course_lib.scenery.vocabulary import ATTRIBUTES

_ZH = {
    "who": "我 你 她 我们 他们 爸爸 妈妈 爷爷 奶奶 哥哥 姐姐 弟弟 妹妹 老师 同学 邻居 医生 司机 小王 小李 朋友 孩子们 客人 老板".split(),
    "when": "今天 昨天 明天 早上 下午 晚上 周末 去年 春天 夏天 秋天 冬天 上个月 下星期 刚才 有时候 每天 后来 从前 生日那天".split(),
    "where": "在家里 在公园 在学校 在车站 在海边 在山上 在河边 在超市 在图书馆 在北京 在上海 在广州 在云南 在乡下 在路上 在院子里 在厨房 在办公室 在博物馆 在机场".split(),
    "did": "喝了一杯茶 吃了两碗面 买了三本书 看了一场电影 唱了一首歌 拍了很多照片 写了一封信 画了一幅画 等了半个小时 打了一个电话 学会了游泳 修好了自行车 种了几棵树 做了一桌菜 丢了一把雨伞 "
    "讲了一个故事 找到了钥匙 骑马走了很远 坐火车去旅行 跟朋友聊天 听见了鸟叫 看见了彩虹 踢了一会儿足球 洗了衣服 忘了带手机 收到一份礼物 参加了比赛 睡了一个好觉 遇见一位老人 给花浇了水".split(),
    "how": "非常高兴 有点累 特别好吃 真漂亮 不太贵 又快又好 很热闹 十分安静 越来越冷 比较远 一点儿也不难 确实值得 让人怀念 真没想到 实在太美了 差不多够了 挺有意思 下着大雨 刮着风 出太阳了".split(),
    "thing": "这条路 那座桥 这件衣服 那只猫 这个城市 那家饭店 这些苹果 那群羊 天空 月亮 湖水 雪花 空气 生活 音乐 功课 节目 汽车 房间 颜色".split(),
    "say": ["{when}{who}{where}{did}", "{who}{when}{did}，{how}", "{thing}{how}", "{when}，{thing}{how}", "{who}说{thing}{how}", "{who}{where}{did}，{thing}{how}",
            "因为{thing}{how}，所以{who}{did}", "{who}和{who}一起{did}"],
}  # fmt: skip
_EN = {
    "who": "I|you|she|we|they|my father|my mother|the old man|our teacher|his brother|the children|a young doctor|the driver|our neighbour|John|Mary|the fisherman|two girls|the painter|everyone".split(
        "|"
    ),
    "when": "today|yesterday|last night|in the morning|at noon|on Sunday|every summer|two years ago|after lunch|before sunrise|this week|once|sometimes|in early spring|at half past five".split(
        "|"
    ),
    "where": "in the garden|at the station|near the river|on the beach|in a small village|by the window|at school|under the bridge|in the kitchen|on top of the hill|at the market|behind the house|in London|across the road|in the library".split(
        "|"
    ),
    "did": "drank a cup of tea|bought three books|watched a film|sang an old song|took a lot of pictures|wrote a long letter|waited for the bus|learned how to swim|fixed the bicycle|planted a few trees|cooked "
    "a huge dinner|lost an umbrella|told us a story|found the key|rode a horse|travelled by train|heard the birds|saw a rainbow|played football|washed the dishes|forgot the time|got a present|joined the race|slept very "
    "well|caught eight fish|gave the flowers some water|laughed about it|chose the yellow jacket|thought of home|shared the bread with them".split(
        "|"
    ),
    "how": "very happy|rather tired|quite delicious|truly beautiful|not too expensive|fast and good|lively|perfectly quiet|colder every day|rather far away|worth a visit|hard to believe|just enough|full of joy|too "
    "loud|as clear as glass|warm and dry|of no use".split("|"),
    "thing": "this road|the bridge|her new dress|that black cat|the whole city|the little restaurant|the sky|the moon|the water|fresh air|life|the music|our homework|his voice|the first snow|a good idea|the green "
    "boat|the weather".split("|"),
    "say": [
        "{when} {who} {did} {where}",
        "{who} {did} {when}",
        "{thing} was {how}",
        "{who} {did}, and {thing} was {how}",
        "{who} said that {thing} is {how}",
        "{when}, {thing} seemed {how}",
        "because {thing} was {how}, {who} {did}",
        "{who} and {who} {did} {where}",
    ],
}
_ONSETS = "b bl br c ch cl cr d dr dw f fl fr g gl gr h j k l m n p pl pr qu r s sc sh shr sk sl sm sn sp spl st str sw t th thr tr tw v w wh y z".split()
_VOWELS = "a e i o u ai ay ea ee igh oa oo ou ow oy ar er ir or air ear aw ew".split()
_CODAS = "b ck d f ft g k l lk ll lm lp lt m mp n nce nd ng nge nk nt p r rd rm rt s sh sk sp ss st t tch th ve x z zz bs ds".split()
_ENDINGS = ["", "", "", "ing", "er", "ed", "ly", "ness", "ous", "ion", "able", "ish", "ic", "ity", "al", "y"]

#: Forty-eight sentences a language that no one trained on: stories, notices, news, talk.
TEST = {
    "zh": """今天去了西藏，风景真的很美。
我想和朋友们分享这个时刻。
明天会下雨，记得带上雨伞。
火车晚点了二十分钟。
他用一块布把桌子擦干净了。
请把窗户关上，外面太吵了。
这本小说我已经读过三遍。
小狗在草地上跑来跑去。
妹妹的头发又黑又长。
我们从东门进去，从西门出来。
科学家发现了一颗新的行星。
这道菜要先炒后煮。
飞机穿过云层，开始下降。
奶奶做的饺子最好吃。
城墙下面有一条护城河。
图书馆里没有人大声说话。
他每天坚持跑步五公里。
夜里的星星特别明亮。
谢谢你帮助我搬家。
老虎是一种危险的动物。
祝你身体健康，万事如意。
银行下午五点关门。
秋天的树叶变成了红色。
电脑坏了，我得重新安装系统。
孩子们在沙滩上堆城堡。
这座塔建于一千年以前。
师傅，请在前面路口停车。
我忘记了密码，登录不了。
他的普通话说得很标准。
船慢慢地离开了码头。
爷爷坐在门口晒太阳。
医生建议他多喝热水。
这里的冬天常常下雪。
乐队演奏了一支古老的曲子。
你能告诉我地铁站怎么走吗？
渔民划着小船去捕鱼。
经济增长的速度放慢了。
她穿着蓝色的裙子跳舞。
远处传来一阵钟声。
我们决定改天再讨论。
面包和牛奶都卖完了。
骆驼在沙漠里走得很稳。
请大家遵守交通规则。
他终于实现了自己的梦想。
春风吹绿了江南的岸边。
姑姑住在杭州的老城区。
蜜蜂忙着采集花粉。
感谢观看，我们下次再见。""".split("\n"),
    "en": """Today we went to Tibet, and the view was wonderful.
I want to share this moment with my friends.
It will rain tomorrow, so take an umbrella.
The train was twenty minutes late.
He wiped the table with a piece of cloth.
Please close the window, it is noisy outside.
I have read this novel three times.
The little dog runs around on the grass.
Her hair is long and dark.
We came in through the east gate.
Scientists have discovered another planet.
Boil the rice before you fry the onions.
The plane broke through the clouds and began to descend.
My grandmother makes the best dumplings.
A narrow river flows below the city wall.
Nobody speaks loudly in the reading room.
He runs five kilometres each day.
The stars are very bright tonight.
Thank you for helping me move.
The tiger is a dangerous animal.
We wish you health and good luck.
The bank closes at five in the afternoon.
In autumn the leaves turn red.
My computer broke and I must install the system again.
The kids are building a castle in the sand.
This tower is more than a thousand years old.
Driver, please stop at the next corner.
I cannot remember my password.
She speaks the language without an accent.
The ship slowly left the harbour.
Grandfather sits at the door and enjoys the sun.
The nurse told him to drink more water.
It often snows here in December.
The band played an ancient tune.
Could you tell me the way to the hotel?
Fishing boats return before dark.
The economy is growing more slowly.
She danced in a long blue skirt.
A bell was ringing far away.
We decided to talk about it another day.
The bread and the milk are sold out.
Camels walk steadily through the desert.
Everybody must follow the traffic rules.
At last his dream came true.
A mild wind moved across the lake.
My aunt lives in the old part of town.
The bees are busy collecting pollen.
Thanks for watching, and see you next time.""".split("\n"),
}


def practice(language: str, count: int, seed: int = 0) -> list[str]:
    """Sentences to learn from: of every twenty, eight everyday ones, five captions, seven drills.

    Args:
        language: "zh" or "en". A Chinese drill is pinyin, syllables with tone numbers, as the teacher reads it.
        count: how many, all different from the test sentences.
        seed: another seed, other sentences.
    """
    random = np.random.default_rng([seed, ("zh", "en").index(language)])
    found: list[str] = []
    while len(found) < count:
        kind = len(found) % 20
        if kind < 8:
            made = _everyday(_ZH if language == "zh" else _EN, random)
        elif kind < 13:
            made = _caption(language, random)
        else:
            made = _drill(language, random)
        if made not in TEST[language] and made not in found:
            found.append(made)
    return found


def _everyday(grammar: dict, random) -> str:
    sentence = str(random.choice(grammar["say"]))
    while "{" in sentence:
        slot = sentence[sentence.index("{") + 1 : sentence.index("}")]
        sentence = sentence.replace("{" + slot + "}", str(random.choice(grammar[slot])), 1)
    return sentence[0].upper() + sentence[1:]


def _caption(language: str, random) -> str:
    from course_lib.errors import CourseError

    while True:
        names = random.choice(
            [n for n in ATTRIBUTES if n != "mood"], int(random.integers(1, 4)), replace=False
        )
        attributes = {str(name): str(random.choice(list(ATTRIBUTES[name]))) for name in names}
        try:
            return caption(attributes, language, int(random.integers(1 << 30)))
        except (CourseError, KeyError):  # an impossible combination: draw again
            continue


def syllables() -> list[str]:
    """All syllables of Chinese without tones, as pypinyin's dictionary has them (ü is v)."""
    from pypinyin import Style, pinyin_dict
    from pypinyin.style import convert

    found = set()
    for readings in pinyin_dict.pinyin_dict.values():
        for one in readings.split(","):
            plain = convert(one, Style.TONE3, strict=False, default=one).strip("12345").replace("ü", "v")
            if plain.isascii() and plain.isalpha() and any(vowel in plain for vowel in "aeiouv"):
                found.add(plain)
    # xiong, qiong and jiong as the engine is fed them, see `pinyin.for_engine`
    return sorted(found - {"ê", "eh", "yo"} | {"xong", "qong", "jong"})


def _drill(language: str, random) -> str:
    if language == "zh":
        words = [
            "".join(f"{random.choice(_all())}{random.integers(1, 5)}" for _ in range(random.integers(1, 4)))
            for _ in range(random.integers(3, 7))
        ]
        return " ".join(words)
    words = []
    for _ in range(random.integers(3, 7)):
        middle = str(random.choice(_ONSETS)) + str(random.choice(_VOWELS)) if random.random() < 0.4 else ""
        words.append(
            f"{random.choice(_ONSETS)}{random.choice(_VOWELS)}{middle}{random.choice(_CODAS)}{random.choice(_ENDINGS)}"
        )
    return " ".join(words)


_kept: list[str] = []


def _all() -> list[str]:
    if not _kept:
        # a drill is written as people write pinyin
        _kept.extend(name for name in syllables() if name not in ("xong", "qong", "jong"))
    return _kept

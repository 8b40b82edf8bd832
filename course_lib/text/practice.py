"""Sentences to practise reading on: the world's own captions, pieces of the word list, written clauses joined.

Nothing here comes from the paraphrase set. A sentence of pieces has no grammar to speak of; it teaches which
words speak for what, in any order and beside words that say nothing.
"""

import re

import numpy as np

from course_lib.scenery import vocabulary
from course_lib.scenery.captions import LANGUAGES, caption
from course_lib.text.understand import SAID, SLOTS, gazetteer
from course_lib.text.words import HAN

# What people write around it: says nothing about a picture.
AROUND = {
    "en": [
        "please",
        "we were there",
        "my friends and I",
        "with a cup of coffee",
        "two left",
        "again",
        "for the holidays",
        "just look",
        "I took a photo",
        "we stayed for hours",
        "the dog too",
        "honestly",
        "you know the place",
        "make me a video",
        "believe it or not",
        "how about",
        "something like this",
        "I can't forget",
        "shot on my phone",
        "a little film of",
        "finally",
        "who would have thought",
        "hold the camera steady",
        "do you remember",
        "he said",
        "she said",
        "the report is due on Friday",
        "no sugar please",
        "what a day",
        "wait for it",
        "my brother called",
        "we ran",
        "we waited",
        "three of us",
        "on our honeymoon",
        "last year",
        "tomorrow",
        "it was cheap",
        "I lost my keys",
        "for mum",
        "the whole family",
        "with old friends",
    ],
    "zh": [
        "我们在那里",
        "拍一段",
        "和朋友一起",
        "喝着咖啡",
        "又来了",
        "真的",
        "好久不见",
        "看看吧",
        "待了很久",
        "走了很远",
        "给我来一段",
        "你懂的",
        "随便拍拍",
        "帮我做个视频",
        "谁能想到",
        "就像这样",
        "忘不了",
        "用手机拍的",
        "终于",
        "等一下",
        "你还记得吗",
        "他说",
        "她说",
        "周五交报告",
        "少放辣",
        "今天真累",
        "我弟打来电话",
        "我们跑着",
        "我们等着",
        "三个人",
        "蜜月的时候",
        "去年",
        "明天",
        "不贵",
        "钥匙丢了",
        "送给妈妈",
        "一家人",
        "老朋友",
        "别停",
        "再来一次",
        "给我看",
        "想要那种",
        "最好是",
        "跟着我",
        "慢一点",
    ],
}


def practice(count: int, seed: int) -> list[tuple[str, dict]]:
    """Sentences with what they say: half Chinese, half English.

    Args:
        count: how many.
        seed: draws them.

    Returns:
        (sentence, {slot: value}) each; a slot the sentence does not speak of is missing.
    """
    random = np.random.default_rng(seed)
    words, _ = gazetteer()
    sure = {
        word: {e.slot: e.value for e in entries if e.confidence >= SAID} for word, entries in words.items()
    }
    lists = {
        language: [(w, says) for w, says in sure.items() if says and w.isascii() == (language == "en")]
        for language in LANGUAGES
    }
    # places have by far the most names: draw the slot first, then the word
    by_slot = {
        language: {slot: [one for one in pairs if slot in one[1]] for slot in SLOTS}
        for language, pairs in lists.items()
    }
    makers = (_caption, _pieces, _pieces)
    return [
        makers[int(random.integers(len(makers)))](LANGUAGES[n % 2], by_slot[LANGUAGES[n % 2]], random)
        for n in range(count)
    ]


def joined(sentences: list[tuple[str, dict]], count: int, seed: int) -> list[tuple[str, dict]]:
    """One to three written sentences made one, as people string clauses together; no two speak of the same thing.

    Args:
        sentences: (sentence, {slot: value}), at least three in each language.
        count: how many to make, half Chinese, half English.
        seed: draws them.
    """
    random = np.random.default_rng(seed)
    short = [(text, says) for text, says in sentences if len(text) <= 70]
    pools = {zh: [one for one in short if bool(re.search(f"[{HAN}]", one[0])) == zh] for zh in (True, False)}
    made = []
    for number in range(count):
        chinese = LANGUAGES[number % 2] == "zh"
        pool, parts, meant = pools[chinese], [], {}
        for place in random.integers(len(pool), size=int(random.integers(1, 4))):
            text, says = pool[place]
            if not set(says) & set(meant):
                parts.append(text.rstrip(".!?。！？"))
                meant.update(says)
        made.append((("，" if chinese else ", ").join(parts), meant))
    return made


def _caption(language: str, _, random) -> tuple[str, dict]:
    rows = vocabulary.combinations()
    truth = rows[int(random.integers(len(rows)))]
    kept = {slot: word for slot, word in truth.items() if random.random() < 0.5} or {"place": truth["place"]}
    mood = random.random() < 0.3
    if mood:
        kept["mood"] = vocabulary.MOODS[int(random.integers(len(vocabulary.MOODS)))]
    return caption(kept, language, int(random.integers(2**31)), mood=mood), kept


def _pieces(language: str, by_slot: dict, random) -> tuple[str, dict]:
    parts, says = [], {}
    for slot in random.permutation(SLOTS)[: int(random.choice([0, 1, 1, 2, 2, 3]))]:
        word, meant = by_slot[slot][int(random.integers(len(by_slot[slot])))]
        if all(says.get(s, v) == v for s, v in meant.items()):
            says.update(meant)
            parts.append(word)
    around = AROUND[language]
    for _ in range(int(random.integers(0, 3)) + (not parts)):
        parts.insert(int(random.integers(len(parts) + 1)), around[int(random.integers(len(around)))])
    if language == "en":
        joiner = str(random.choice([", ", " ", " in the ", " and "]))
    else:
        joiner = str(random.choice(["，", "", "的", "，"]))
    return joiner.join(parts), says

"""Captions in Chinese and English, said in many ways from a grammar; the attributes are the truth.

There is no inverse here on purpose: reading such sentences is what the course builds (`course_lib.text`).

    >>> caption({"place": "lake", "time": "noon", "weather": "clear", "motion": "zoom in"}, "zh", seed=2)
    '...'
"""

import functools
import re
from collections.abc import Mapping

from course_lib.errors import CourseError
from course_lib.scenery import shapes, vocabulary, words_en, words_shapes, words_zh
from course_lib.scenery.vocabulary import stream

LANGUAGES = ("zh", "en")
SLOT = re.compile(r"\{(\w+)\}")


def caption(attributes: Mapping, language: str, seed: int, *, mood: bool = False) -> str:
    """One sentence that says these attributes, drawn by the seed.

    Args:
        attributes: of scenery or of a moving shape. Scenery may leave some out: the sentence then does not
            mention them.
        language: "zh" or "en".
        seed: another seed, other words.
        mood: also say the mood, if there is one, in a sentence of its own.

    Raises:
        CourseError: another language, no attributes, unknown or impossible ones.
    """
    if language not in LANGUAGES:
        raise CourseError(f"there is no language '{language}'; choose from {', '.join(LANGUAGES)}.")
    given = {name: word for name, word in dict(attributes).items() if word is not None}
    if not given:
        raise CourseError("a caption needs at least one attribute, e.g. {'place': 'lake'}.")
    if "shape" in given:
        truth = shapes.complete(given, seed)
        if set(truth) != set(given):
            raise CourseError("a moving shape's caption needs shape, colour, size and motion.")
        forms, plans = shape_grammar(language)
    else:
        truth = vocabulary.check(given)
        feeling = truth.pop("mood", None)
        if not truth:
            raise CourseError("a caption needs a place, time, weather or motion beside the mood.")
        words = words_zh if language == "zh" else words_en
        forms, plans = words.FORMS, words.PLANS
        if len(truth) < len(vocabulary.ATTRIBUTES):
            plans = words.LOOSE[tuple(truth_in_order(truth))]
        if mood and feeling:
            sentence = say(plans, forms, truth, language, stream(seed, "say", language))
            ending = words.MOOD[feeling]
            more = ending[int(stream(seed, "mood", language).integers(len(ending)))]
            return sentence + ("" if language == "zh" else " ") + more
    return say(plans, forms, truth, language, stream(seed, "say", language))


def truth_in_order(truth: Mapping) -> list[str]:
    """Names of the given attributes in the vocabulary's order."""
    return [name for name in vocabulary.ATTRIBUTES if name in truth]


def say(plans, forms, truth: Mapping, language: str, random) -> str:
    """Fill a plan: every slot takes a phrase for its attribute's word; phrases may bring slots along."""
    sentence = pick(plans, truth, random)
    while SLOT.search(sentence):

        def phrase(match):
            attribute, table = forms[match[1]]
            if match[1] == "the" and language == "zh" and truth.get("motion") == "crossing":
                table = words_zh.OVER_WATER
            return pick(table[truth[attribute]], truth, random)

        sentence = SLOT.sub(phrase, sentence)
    return tidy(sentence) if language == "en" else sentence


def pick(options, truth: Mapping, random) -> str:
    """One of the options that are allowed with this truth."""
    allowed = []
    for option in options:
        text, limits = option if isinstance(option, tuple) else (option, {})
        if all(truth.get(name) in words for name, words in limits.items()):
            allowed.append(text)
    return allowed[int(random.integers(len(allowed)))]


def tidy(sentence: str) -> str:
    """English spelling: a capital at the start of each sentence, 'an' before a vowel."""
    sentence = re.sub(r"\b([Aa]) (?=[aeiou])", r"\1n ", sentence)
    return re.sub(r"(^|[.!?] )([a-z])", lambda m: m[1] + m[2].upper(), sentence)


@functools.cache
def shape_grammar(language: str):
    """(forms, plans) of the moving shapes in a language."""
    table = words_shapes.ZH if language == "zh" else words_shapes.EN
    plans = words_shapes.ZH_PLANS if language == "zh" else words_shapes.EN_PLANS
    return {name: (name, table[name]) for name in table}, plans


def captions(attributes: Mapping, language: str, count: int = 40, seed: int = 0) -> list[str]:
    """`count` different sentences that say the same.

    Raises:
        CourseError: the grammar has fewer than `count` for these attributes.
    """
    found: dict[str, None] = {}
    for attempt in range(count * 30):
        found.setdefault(caption(attributes, language, seed * 1_000_003 + attempt))
        if len(found) == count:
            return list(found)
    raise CourseError(f"there are only about {len(found)} captions for {dict(attributes)}; ask for fewer.")

"""From a text to shots: one a clause, each with a complete picture, and what was assumed said aloud."""

import itertools
import re
from dataclasses import dataclass, field

from course_lib.scenery.vocabulary import MOTIONS, impossible, stream
from course_lib.text.understand import Understanding, find, understand_clean, weigh
from course_lib.text.words import HAN, Clause, clauses, clean, is_word, tokenize

# What a film shows when the text does not say: (places), time, weather. The seed picks the place.
_BY_MOOD = {
    "joyful": (("grassland", "sea"), "noon", "clear"),
    "calm": (("lake", "forest"), "dawn", "clear"),
    "grand": (("snow mountain",), "dawn", "clear"),
    "wistful": (("sea", "lake"), "dusk", "cloudy"),
}
# Words that begin a new thought.
_JOINERS = "and but or because while when so then which 和 但是 但 因为 所以 然后 而且 还有 又 就"
# Something changes here: what is said from this clause on did not hold before it.
_CHANGE = re.compile(
    r"\b(?:then|next|later|after(?:wards)?|soon|suddenly|until|till|finally|eventually|meanwhile|begins?|began|beginning|"
    r"starts?|started|starting|turn(?:s|ed)?|becomes?|became|changes?|changed|comes?|came|rose|rises?|sets?|falls?|fell|"
    r"gone|no longer|by (?:the time|evening|night|dawn|noon|dusk)|but|yet|now|again|back home|the following)\b"
    r"|然后|接着|后来|随后|之后|以后|不久|突然|忽然|终于|最后|第二|次日|隔天|转天|开始|变|起来|下起|起了|来了|升|落|直到|"
    r"到了|等到|却|可是|但|如今|现在|才|就"
)
# A whole sentence that only says how things stand: "It was night." Others may tell what came next.
_STANDS = re.compile(
    r"(?:it(?:['’]s| is| was)|this is|that was)\b|这是|那是|[是正已]|外面|天(?:已|都|还|色|黑|很)"
)
# The views a scene is shown in when the text names no motion, in turn.
_VIEWS = ("pan right", "zoom in", "pan left", "drifting")


@dataclass
class Shot:
    """One shot of the film.

    Attributes:
        text: the words spoken over it.
        attributes: place, time, weather, motion and mood, all five.
        said: slot -> {"word", "confidence"}, what this clause itself says.
        assumed: slot -> reason, for what nobody said.
        carried: slots kept from an earlier clause.
        ends: True if the sentence ends here (a longer pause follows).
        seed: of the picture; shots of one place share it, so that they show the same place.
    """

    text: str
    attributes: dict
    said: dict = field(default_factory=dict)
    assumed: dict = field(default_factory=dict)
    carried: tuple = ()
    ends: bool = True
    seed: int = 0


@dataclass
class Storyboard:
    """All shots of a film, and what holds for the whole of it.

    Attributes:
        text: the cleaned text.  language: 'zh' or 'en'.  mood: of the music.  title: for the opening.
        shots: in order.
        omitted: sentences left out because the film would have become too long.
        unknown_places: names of places that the gazetteer does not know.
    """

    text: str
    language: str
    mood: str
    title: str
    shots: list[Shot]
    omitted: list[str] = field(default_factory=list)
    unknown_places: tuple = ()


def storyboard(text: str, seed: int = 0, seconds: float = 75.0) -> Storyboard:
    """Plan the film of a text.

    A clause with something to see changes the scene; one without keeps it and changes the view. What the
    first clause leaves open and a later one says holds from the beginning (see `_ahead`). What nobody says (time,
    weather, even the place) is assumed to suit the mood.

    Args:
        text: Chinese or English, at most 10,000 characters.
        seed: picks among equally good assumptions, and becomes the pictures' seed.
        seconds: of speech at most; beyond that whole sentences are left out and listed in `omitted`.

    Raises:
        CourseError: see `course_lib.text.words.clean`.
    """
    text = clean(text)
    whole = understand_clean(text)
    kept, omitted = _within(clauses(text), whole.language, seconds)
    mood = whole.mood or "calm"
    shots: list[Shot] = []
    parts = _breaths(kept)
    read = [understand_clean(clause.text) for clause in parts]
    ahead = {"place": whole.place, **_ahead(parts, read)}
    for number, (clause, heard) in enumerate(zip(parts, read)):
        shots.append(_shot(clause, heard, whole, ahead, mood, shots, number, seed))
    return Storyboard(text, whole.language, mood, _title(shots[0].text), shots, omitted, whole.unknown_places)


def _ahead(parts: list[Clause], read: list[Understanding]) -> dict:
    """Time and weather that a later clause says and that held already in the first: slot -> word.

    *We walked along the beach, a grey evening* was grey from the first step; *we walked along the beach, then it
    rained* was not: nothing from a clause that tells of a change, of another place or another hour, or from behind one.
    A time in a new sentence mostly came next (*In the evening we lit a fire*), if it does not just stand (*It was night*).
    """
    known: dict[str, str] = {}
    for number, (clause, heard) in enumerate(zip(parts, read)):
        text, same = clause.text.lower(), not any(part.ends for part in parts[:number])
        says = {slot: word for slot, word in heard.slots.items() if slot in ("place", "time", "weather")}
        elsewhere = any(known.get(slot, word) != word for slot, word in says.items() if slot != "weather")
        later = "time" in says and not (same or _STANDS.match(text))
        if elsewhere or later or (number and _CHANGE.search(text)):
            break
        known = says | known
    return {slot: word for slot, word in known.items() if slot != "place"}


def _shot(
    clause, heard: Understanding, whole: Understanding, ahead: dict, mood, earlier, number, seed
) -> Shot:
    """One shot: said, else kept from the shot before (the first: from those behind it), else assumed."""
    last = earlier[-1] if earlier else None
    attributes, assumed, carried = {}, {}, []
    places, usual_time, usual_weather = _BY_MOOD[mood]
    usual = {
        "place": places[int(stream(seed, "assumed place").integers(len(places)))],
        "time": usual_time,
        "weather": usual_weather,
    }
    for slot in ("place", "time", "weather"):
        word = getattr(heard, slot)
        if word is None and last is not None:
            word = last.attributes[slot]
            carried.append(slot)
            if slot in last.assumed:
                assumed[slot] = last.assumed[slot]
        elif word is None and ahead.get(slot):
            word = ahead[slot]  # said later: the film need not open somewhere else
            carried.append(slot)
        if word is None:
            word = usual[slot]
            assumed[slot] = _why(slot, word, whole, mood)
        attributes[slot] = word
    attributes["mood"] = mood
    if whole.mood is None:
        assumed["mood"] = "the text names no mood: calm music fits most films"
    attributes["motion"], why = _motion(heard.motion, attributes, last, number)
    if why:
        assumed["motion"] = why
    said = {
        slot: {"word": heard.evidence[slot], "confidence": heard.confidence[slot]}
        for slot in heard.evidence
        if slot not in assumed
    }
    return Shot(clause.text, attributes, said, assumed, tuple(carried), clause.ends, seed)


def _why(slot: str, word: str, whole: Understanding, mood: str) -> str:
    if slot == "place" and whole.unknown_places:
        names = ", ".join(whole.unknown_places)
        return f"the gazetteer does not know {names}; {word} suits a {mood} mood"
    return f"no {slot} is named by then; {word} suits a {mood} mood"


def _motion(said: str | None, attributes: dict, last: Shot | None, number: int) -> tuple[str, str]:
    """The shot's motion and, if nobody said it, why."""
    reason = impossible({**attributes, "motion": said}) if said else None
    if said and not reason:
        return said, ""
    before = last.attributes["motion"] if last else None
    turns = _VIEWS[number % len(_VIEWS) :] + _VIEWS[: number % len(_VIEWS)]
    for view in (*turns, *MOTIONS):
        if view != before and not impossible({**attributes, "motion": view}):
            break
    if reason:
        return view, f"'{said}' was said, but {reason.split(';')[0]}"
    return view, "the text names no motion; the view changes from shot to shot"


def _length(text: str) -> int:
    """How much there is to say: Chinese characters, with two for a word of another script."""
    han = len(re.findall(f"[{HAN}]", text))
    return han + 2 * sum(is_word(token) and not re.match(f"[{HAN}]", token) for token, _ in tokenize(text))


def speech_seconds(text: str, language: str) -> float:
    """Roughly how long it takes to say a text with the default voice, in seconds."""
    return 0.31 * _length(text) * (1.0 if language == "zh" else 0.68) + 0.5


def _within(found: list[Clause], language: str, seconds: float) -> tuple[list[Clause], list[str]]:
    """The clauses that fit, in order, and the sentences left out.

    The first sentence of each paragraph or of the text matters most, then sentences with something to
    see; the order of the text is kept.
    """
    sentences: list[list[Clause]] = [[]]
    for clause in found:
        sentences[-1].append(clause)
        if clause.ends:
            sentences.append([])
    sentences = [s for s in sentences if s]
    cost = [sum(speech_seconds(c.text, language) for c in s) for s in sentences]
    if sum(cost) <= seconds:
        return found, []

    def worth(number: int) -> tuple:
        text = " ".join(c.text for c in sentences[number])
        return (number == 0, len(weigh(text, find(text))), -number)  # the lists alone: there may be thousands

    chosen, left = set(), seconds
    for number in sorted(range(len(sentences)), key=worth, reverse=True):
        if cost[number] <= left:
            chosen.add(number)
            left -= cost[number]
    if not chosen:  # one endless sentence: its first clauses
        kept, left = [], seconds
        for clause in found:
            if kept and speech_seconds(clause.text, language) > left:
                break
            kept.append(clause)
            left -= speech_seconds(clause.text, language)
        kept[0] = Clause(_first_words(kept[0].text, language, seconds), kept[0].ends)
        rest = "".join(c.text for c in found)[sum(len(c.text) for c in kept) :]
        return kept, [rest] if rest else []
    kept = [clause for number in sorted(chosen) for clause in sentences[number]]
    gap = "" if language == "zh" else " "
    omitted = [gap.join(c.text for c in s) for n, s in enumerate(sentences) if n not in chosen]
    return kept, omitted


def _first_words(text: str, language: str, seconds: float) -> str:
    """As many words from the start of a text as can be said in the time."""
    if speech_seconds(text, language) <= seconds:
        return text
    end, said = 0, 0.5
    for token, start in tokenize(text):
        said += speech_seconds(token, language) - 0.5
        if said > seconds and end:
            break
        end = start + len(token)
    return text[:end]


def _breaths(found: list[Clause]) -> list[Clause]:
    """Clauses with very short ones joined to a neighbour of the same sentence: a shot needs time to be seen."""
    joined: list[Clause] = []
    for clause in [part for whole in found for part in _parts(whole)]:
        before = _length(joined[-1].text) if joined else 0
        same = joined and not joined[-1].ends
        if joined and (before < 4 or (same and (before < 6 or _length(clause.text) < 4))):
            gap = "" if re.search(f"[{HAN}，：；。！？]$", joined[-1].text) else " "
            joined[-1] = Clause(joined[-1].text + gap + clause.text, clause.ends)
        else:
            joined.append(clause)
    return joined


def _parts(clause: Clause, longest: int = 34) -> list[Clause]:
    """A clause too long for one shot (about ten seconds), cut between words, best before an 'and' or 'but'."""
    count = -(-_length(clause.text) // longest)
    if count < 2:
        return [clause]
    tokens = tokenize(clause.text)
    sizes, total = [], 0
    for token, _ in tokens:
        sizes.append(total)
        total += _length(token)
    cuts = [0]
    for part in range(1, count):
        goal = part * total / count
        inside = [n for n in range(1, len(tokens)) if tokens[n][1] > cuts[-1] and is_word(tokens[n][0])]
        if not inside:
            break
        best = min(
            inside, key=lambda n: abs(sizes[n] - goal) - 6 * (tokens[n][0].lower() in _JOINERS.split())
        )
        cuts.append(tokens[best][1])
    texts = [clause.text[a:b].strip() for a, b in itertools.pairwise([*cuts, len(clause.text)])]
    return [Clause(text, clause.ends and n == len(texts) - 1) for n, text in enumerate(texts)]


def _title(first: str, longest: int = 22) -> str:
    """A title from the first words: at most about 22 Chinese characters or 44 letters."""
    title, width = "", 0
    bare = re.sub(r"[\W_]+$", "", first)
    for token, start in tokenize(bare):
        width += len(token) if re.match(f"[{HAN}]", token) else len(token) / 2 + 0.5
        if width > longest:
            return (title or bare[: 2 * longest]).rstrip() + "…"
        title = bare[: start + len(token)]
    return title

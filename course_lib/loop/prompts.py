"""From a profile to a prompt: which scene is missing on the shelf for these people, and a sentence that asks for it."""

import itertools

import numpy as np

from course_lib.errors import CourseError
from course_lib.recommend.distribute import marks_of
from course_lib.recommend.profiles import GROUPS
from course_lib.scenery.captions import caption
from course_lib.text.storyboard import storyboard
from course_lib.text.understand import understand

TRIES = 60  # sentences that are tried until the course's own reader understands what was meant


def best_scene(liking, groups, taken):
    """The scene that a profile would like most among all that have not been made yet.

    A scene has one word of every group, and is liked as much as its words together.

    Args:
        liking: how much the profile likes each word, a dict from word to number.
        groups: a list of lists of words: the places, the times, the weathers, the moods.
        taken: scenes that have been made, each a list with one word of every group, in the groups' order.

    Returns:
        The best scene that is not taken, a list of words in the groups' order; the first one in the order of the
        words if several are equally good. None if all are taken.
    """
    best, most = None, -np.inf
    for scene in itertools.product(*groups):
        total = sum(liking[word] for word in scene)
        if list(scene) not in taken and total > most:
            best, most = list(scene), total
    return best


def prompt_of(scene: dict, language: str, seed: int = 0) -> str:
    """A sentence that asks for a scene, such that the course's reader and its storyboard make of it what is meant.

    A sentence may be understood as a whole and still be filmed wrongly: in "at dusk, the sea; then it rains" the first shot does
    not know of the rain yet. So the storyboard is asked, too.

    Args:
        scene: place, time, weather, mood.  language: 'zh' or 'en'.  seed: another seed, other words.

    Raises:
        CourseError: no wording of `TRIES` is understood; this has not been seen to happen.
    """
    for more in range(TRIES):
        sentence = caption(scene, language, seed + more, mood=True)
        if not misread(sentence, scene):
            return sentence
    raise CourseError(f"no wording of {scene} was understood in {TRIES} tries: report this scene.")


def misread(sentence: str, scene: dict) -> list[str]:
    """Where the reader or a shot of the storyboard makes something else of a sentence, in words; empty if nowhere."""
    heard = understand(sentence)
    wrong = [
        f"{group} is read as '{getattr(heard, group)}' where '{word}' was meant"
        for group, word in scene.items()
        if getattr(heard, group) != word
    ]
    if wrong:
        return wrong
    return [
        f"shot {number} ('{shot.text}') shows the {group} '{shot.attributes[group]}' where '{word}' was meant"
        for number, shot in enumerate(storyboard(sentence).shots, 1)
        for group, word in scene.items()
        if shot.attributes[group] != word
    ]


def wishes(
    known, labels, catalogue, seen, deck, films: int, seed: int = 0, languages=("zh", "en")
) -> list[dict]:
    """What to make next: for the profiles to which the shelf has least to offer, a scene and a prompt.

    The gain of a film for a person is how many stars more the person's profile gives the new scene, going by its words,
    than the best film on the shelf that the person has not watched yet; added up over the profile's people. The `films`
    largest gains win.

    Args:
        known, labels: people and their profiles.  catalogue: the shelf.  deck: the profiles' cards.
        seen: what each person has watched, booleans (users, films).
        films: how many films can be paid for.

    Returns:
        One dict a film, the largest gain first: profile (number), name, scene, prompt, language, gain.
    """
    groups = [sorted(catalogue[group].unique()) for group in GROUPS]
    marks = marks_of(catalogue, known.names)
    taken = catalogue.loc[catalogue["made"], list(GROUPS)].to_numpy().tolist()
    wanted = []
    for card in deck:
        members = labels == card.cluster
        liking = known.liking[members].mean(axis=0)
        named = dict(zip(known.names, liking.tolist()))
        scene = best_scene(named, groups, taken)
        if scene is not None:
            stars = sum(named[word] for word in scene)
            # who has seen everything has nothing left, not minus infinity
            left = np.where(seen[members], -9.0, marks @ liking).max(axis=1)
            wanted.append((float((stars - left).sum()), card, scene))
    wanted.sort(key=lambda one: -one[0])
    made, asked = [], []
    for gain, card, scene in wanted:
        if len(made) == films or gain <= 0:  # what is on the shelf already is better than any new film
            break
        if scene in asked:  # another profile has the same wish: one film does for both
            continue
        asked.append(scene)
        language = languages[card.cluster % len(languages)]
        words = dict(zip(GROUPS, scene))
        prompt = prompt_of(words, language, seed + card.cluster)
        made.append({"profile": card.cluster, "name": card.name, "scene": words, "prompt": prompt,
                     "language": language, "gain": round(gain, 3)})  # fmt: skip
    return made

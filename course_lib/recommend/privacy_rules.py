"""Rules that our small platform gives itself: which notice a film gets, whose profile may be made, what is refused.

They follow the wording of China's *Measures for Labelling AI-Generated Synthetic Content* (in force since
1 September 2025), the *Personal Information Protection Law* (1 November 2021) and the *Regulations on the Protection
of Minors in Cyberspace* (1 January 2024) as far as a program can. They are an engineer's reading: no legal advice,
and no claim of compliance.
"""

import numpy as np

from course_lib.errors import CourseError

CHILD, ADULT = 14, 18  # years: below 14 a guardian decides; advertising by profile is for adults only


def notice(marked, declared, traces):
    """Which notice a platform puts beside a film, by what is known of how it was made.

    Args:
        marked: does the file's metadata say that it was generated?
        declared: does the person who uploads it say so?
        traces: was a visible or audible label found in it, or another trace of a generator?

    Returns:
        "generated" where the metadata says so; failing that "possibly generated" where the uploader says so; failing
        that "suspected" where traces were found; otherwise "".

    Source: the cases of Article 6 of the *Measures for Labelling AI-Generated Synthetic Content*, 2025.
    """
    if marked:
        return "generated"
    if declared:
        return "possibly generated"
    if traces:
        return "suspected"
    return ""


def admit(label, declared: bool = False) -> str:
    """Take in a film that says of itself that it was generated, and give the notice that goes beside it.

    Args:
        label: what `course_lib.film.read_label` found in the file.
        declared: whether the uploader says that it was generated.

    Raises:
        CourseError: the film bears traces of a label or is declared, and its label is not complete.
    """
    marked = bool(label.metadata) and label.metadata.get("Label") == "1"
    traces = label.seconds_visible > 0 or label.cue_at is not None
    said = notice(marked, declared, traces)
    if said and label.missing:
        what = {
            "generated": "was generated",
            "possibly generated": "was generated, as its uploader says,",
            "suspected": "bears traces of having been generated",
        }[said]
        raise CourseError(
            f"this film {what} and lacks {' and '.join(label.missing)}: "
            "upload the file that 'course film' wrote, uncut and with its metadata."
        )
    return said


def may_profile(age, consent, guardian) -> np.ndarray:
    """Of whom may a profile be made? Booleans (n,).

    Args:
        age: in years, NaN where unknown, (n,). Of an unknown age is treated as a child.
        consent: the person's own, booleans (n,).
        guardian: a guardian's, booleans (n,).
    """
    age, consent, guardian = np.asarray(age, float), np.asarray(consent, bool), np.asarray(guardian, bool)
    old_enough = age >= CHILD  # False for NaN
    return consent & (old_enough | guardian)


def may_target(age, consent, guardian) -> np.ndarray:
    """To whom may advertising be directed by profile? Adults who have a profile; booleans (n,)."""
    return may_profile(age, consent, guardian) & (np.asarray(age, float) >= ADULT)

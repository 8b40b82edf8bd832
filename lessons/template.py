# ---
# jupyter:
#   course:
#     id: template
#     title: A template
#     learner_minutes: 10
#     needs: any computer, no GPU
#   jupytext:
#     cell_markers: '"""'
#     text_representation:
#       extension: .py
#       format_name: percent
# ---

# %% [markdown] name="title"
r"""
# A template

This is not a lesson but the shape of one. `README.md` says how to make a lesson of it. Every cell has a name; that name becomes the cell's id, so that a comparison of two versions, or a translation, finds the cell again.

**After this lesson you can** 1. do the first thing; 2. do the second.
"""

# %% name="setup"

# %% name="imports"
import matplotlib.pyplot as plt
import numpy as np

# %% [markdown] name="why"
r"""
## 1 · Why before how

A film needs a voice that is as loud as its music. How loud is a sound? A formula, $\sqrt{\tfrac1n\sum_i s_i^2}$, is followed by its numbers; *what to look for* is said before the cell.
"""

# %% name="picture"
time = np.linspace(0, 0.02, 400)
tone = 0.5 * np.sin(2 * np.pi * 220 * time)
plt.plot(1000 * time, tone)
plt.xlabel("milliseconds")
plt.title("A tone of 220 Hz, half of full size")
plt.show()

# %% exercise="template.root_mean_square"

# %% name="numbers" tags=["nbval-check-output"]
print(f"root mean square {root_mean_square(tone):.3f}, by theory about {0.5 / np.sqrt(2):.3f}")

# %% [markdown] name="what-the-article-says"
r"""
### What the article says

A fault is re-told in our own words, run, and seen to fail; then its cause is found, and it is repaired.
"""

# %% name="article-fails"
with expect_failure(TypeError, match="unsupported operand"):
    loudness = "the samples" ** 2


# %% name="drag"
def tone_of(amplitude):
    plt.figure(figsize=(7, 2))
    plt.plot(1000 * time, amplitude * np.sin(2 * np.pi * 220 * time))
    plt.ylim(-1, 1)
    plt.title(f"root mean square {amplitude / np.sqrt(2):.3f}")
    plt.show()


explore(tone_of, amplitude=(0.0, 1.0, 0.1, 0.5))

# %% [markdown] name="summary"
r"""
## In the film, and summary

The piece joins the product, and something that can be seen or heard changes. Then: what was learned, why it matters at scale, further reading by title, authors and year, questions to think about.
"""

"""Right answers to lesson 01 as different people write them, and the ways in which notebooks come back."""

import ast
import json
import random

from course_lib.classroom.grading.demo import answered
from course_lib.exercises import lesson_exercises

# Written by hand, in styles that neither the library nor its alternatives use.
STYLES = {
    "value_function": [
        "def value_function(d_real, d_fake):\n    real_part = np.log(d_real).mean()\n    fake_part = np.log(1.0 - d_fake).mean()\n    value = real_part + fake_part\n    return value\n",
        "def value_function(d_real: np.ndarray, d_fake: np.ndarray) -> float:\n    import math\n    a = math.fsum(math.log(x) for x in d_real) / len(d_real)\n    b = math.fsum(math.log(1 - x) for x in d_fake) / len(d_fake)\n    return a + b\n",
        "def value_function(d_real, d_fake):\n    log = np.log\n    return sum(map(log, d_real)) / d_real.shape[0] + sum(map(log, 1 - d_fake)) / d_fake.shape[0]\n",
        "EPS = 0.0\n\ndef mean_log(p):\n    return np.average(np.log(p + EPS))\n\ndef value_function(d_real, d_fake):\n    print('checking', d_real.shape)\n    return mean_log(d_real) + mean_log(1 - d_fake)\n",
    ],
    "optimal_discriminator": [
        "def optimal_discriminator(p_data, p_g):\n    out = []\n    for a, b in zip(p_data, p_g):\n        if a + b == 0:\n            out.append(0.5)\n        else:\n            out.append(a / (a + b))\n    return np.array(out)\n",
        "def optimal_discriminator(p_data, p_g):\n    s = p_data + p_g\n    d = np.empty_like(s)\n    d[s > 0] = p_data[s > 0] / s[s > 0]\n    d[s == 0] = 1 / 2\n    return d\n",
        "def optimal_discriminator(p_data, p_g):\n    with np.errstate(invalid='ignore', divide='ignore'):\n        ratio = p_data / (p_data + p_g)\n    return np.nan_to_num(ratio, nan=0.5)\n",
    ],
    "js_divergence": [
        "def js_divergence(p, q):\n    from scipy.special import xlogy\n    m = 0.5 * (p + q)\n    safe = np.where(m == 0, 1, m)\n    kl = lambda a: (xlogy(a, a) - xlogy(a, safe)).sum()\n    return 0.5 * kl(p) + 0.5 * kl(q)\n",
        "def kl(a, b):\n    mask = a != 0\n    return (a[mask] * (np.log(a[mask]) - np.log(b[mask]))).sum()\n\ndef js_divergence(p, q):\n    m = np.mean([p, q], axis=0)\n    return np.mean([kl(p, m), kl(q, m)])\n",
        "def js_divergence(p, q):\n    result = 0\n    for i in range(len(p)):\n        m = (p[i] + q[i]) / 2\n        for x in (p[i], q[i]):\n            result += x * np.log(x / m) / 2 if x > 0 else 0\n    return result\n",
    ],
    "saturating_gradient": [
        "def saturating_gradient(logit):\n    d = sigmoid(logit)\n    return -1 * d\n",
        "from scipy.special import expit as logistic\n\ndef saturating_gradient(logit):\n    return 0 - logistic(logit)\n",
        "def saturating_gradient(logit):\n    return sigmoid(-np.asarray(logit)) - 1\n",
    ],
    "non_saturating_gradient": [
        "def non_saturating_gradient(logit):\n    d = sigmoid(logit)\n    return -(1 - d)\n",
        "def non_saturating_gradient(logit):\n    return -sigmoid(-np.asarray(logit))\n",
        "def non_saturating_gradient(logit):\n    one_minus_d = 1 - sigmoid(logit)\n    gradient = np.multiply(-1.0, one_minus_d)\n    return gradient\n",
    ],
    "simultaneous_step": [
        "def simultaneous_step(theta, psi, h):\n    def s(x):\n        return 1 / (1 + np.exp(-x))\n    t2 = theta + h * psi * s(psi * theta)\n    p2 = psi - h * theta * s(psi * theta)\n    return (t2, p2)\n",
        "def simultaneous_step(theta, psi, h):\n    old_theta, old_psi = theta, psi\n    theta = old_theta + h * old_psi * sigmoid(old_psi * old_theta)\n    psi = old_psi - h * old_theta * sigmoid(old_psi * old_theta)\n    return theta, psi\n",
        "def simultaneous_step(theta, psi, h):\n    g = h * sigmoid(theta * psi)\n    return [theta + g * psi, psi - g * theta]\n",
    ],
    "alternating_step": [
        "def alternating_step(theta, psi, h):\n    moved = psi - h * theta * sigmoid(theta * psi)\n    return theta + h * moved * sigmoid(theta * moved), moved\n",
        "def alternating_step(theta, psi, h):\n    critic = lambda t, p: p - h * t * sigmoid(p * t)\n    generator = lambda t, p: t + h * p * sigmoid(p * t)\n    psi = critic(theta, psi)\n    return generator(theta, psi), psi\n",
        "def alternating_step(theta, psi, h):\n    for who in ('critic', 'generator'):\n        push = h * sigmoid(psi * theta)\n        if who == 'critic':\n            psi = psi - push * theta\n        else:\n            theta = theta + push * psi\n    return theta, psi\n",
    ],
    "penalised_step": [
        "def penalised_step(theta, psi, h, gamma):\n    new_theta, new_psi = simultaneous_step(theta, psi, h)\n    return new_theta, new_psi - h * gamma * psi\n",
        "def penalised_step(theta, psi, h, gamma):\n    s = sigmoid(psi * theta)\n    d_theta = -psi * s\n    d_psi = -theta * s - gamma * psi\n    return theta - h * d_theta, psi + h * d_psi\n",
        "def penalised_step(theta, psi, h, gamma=0.0):\n    push = sigmoid(np.multiply(psi, theta))\n    theta_next = np.add(theta, h * psi * push)\n    psi_next = np.subtract(psi, h * theta * push + h * gamma * psi)\n    return theta_next, psi_next\n",
    ],
}  # fmt: skip


def learner(number: int) -> dict:
    """The notebook of an honest learner: other answers and another packaging for every number."""
    rng = random.Random(number)
    answers = {}
    for one in lesson_exercises("01"):
        texts = [*STYLES[one.name], *(one.text(other) for other in one.alternatives), one.source]
        text = texts[number % len(texts)] if rng.random() < 0.6 else rng.choice(texts)
        answers[one.id] = in_chinese(text) if number % 7 == 3 else text
    return PACKAGES[number % len(PACKAGES)](answered("01", answers), rng)


def in_chinese(text: str) -> str:
    """The same functions, all variables named in Chinese."""
    tree = ast.parse(text)
    for function in [node for node in tree.body if isinstance(node, ast.FunctionDef)]:
        own = {node.arg for node in ast.walk(function) if isinstance(node, ast.arg)}
        own |= {n.id for n in ast.walk(function) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
        names = {name: f"变量{number}" for number, name in enumerate(sorted(own))}
        for node in ast.walk(function):
            if isinstance(node, ast.Name):
                node.id = names.get(node.id, node.id)
            elif isinstance(node, ast.arg):
                node.arg = names.get(node.arg, node.arg)
    return ast.unparse(tree) + "\n"


def as_it_is(notebook, rng):
    return notebook


def from_colab(notebook, rng):
    """No names, other ids, outputs, an extra cell that mounts a drive."""
    cells = [{"cell_type": "code", "metadata": {"id": "m0"}, "outputs": [], "source": ["from google.colab import drive\n", "drive.mount('/content/drive')"]}]  # fmt: skip
    for cell in notebook["cells"]:
        made = {"cell_type": cell["cell_type"], "metadata": {"id": f"x{rng.random()}", "colab": {"base_uri": "https://colab"}}, "source": "".join(cell["source"]).splitlines(keepends=True)}  # fmt: skip
        cells.append({**made, "outputs": [{"output_type": "stream", "text": ["done"]}], "execution_count": 3} if cell["cell_type"] == "code" else made)  # fmt: skip
    return {"nbformat": 4, "nbformat_minor": 0, "metadata": {"colab": {"provenance": []}}, "cells": cells}


def stripped(notebook, rng):
    cells = [{"cell_type": c["cell_type"], "metadata": {}, "source": "".join(c["source"])} for c in notebook["cells"]]  # fmt: skip
    return {"nbformat": 4, "nbformat_minor": 4, "metadata": {}, "cells": cells}


def moved_and_copied(notebook, rng):
    made = stripped(notebook, rng)
    rng.shuffle(made["cells"])
    made["cells"] += [dict(cell) for cell in rng.sample(made["cells"], 5)]
    return made


def in_one_cell(notebook, rng):
    texts = ["".join(c["source"]) for c in notebook["cells"] if c["cell_type"] == "code"]
    return {"cells": [{"cell_type": "code", "metadata": {}, "source": "\n\n".join(texts)}], "metadata": {}, "nbformat": 4}  # fmt: skip


def windows(notebook, rng):
    """CRLF line ends, tabs for four blanks, magics, a first try that was wrong."""
    made = stripped(notebook, rng)
    for cell in made["cells"]:
        if "@exercise" in cell["source"]:
            cell["source"] = cell["source"].replace("    ", "\t").replace("\n", "\r\n")
    first = "%matplotlib inline\n!pip list\nimport numpy as np\n\ndef value_function(a, b):\n    return 0"
    made["cells"].insert(0, {"cell_type": "code", "metadata": {}, "source": first})
    made["cells"].append({"cell_type": "code", "metadata": {}, "source": "this is a note, not Python"})
    return made


def old_format(notebook, rng):
    """nbformat 3, as old tools write it."""
    cells = [{"cell_type": c["cell_type"], "input": "".join(c["source"]), "language": "python"} for c in notebook["cells"]]  # fmt: skip
    return {"nbformat": 3, "nbformat_minor": 0, "metadata": {"name": ""}, "worksheets": [{"cells": cells}]}


def renamed(notebook, rng):
    """Functions under names of the learner's own: the decorator says which exercise it is."""
    text = json.dumps(notebook)
    for name in ("saturating_gradient", "optimal_discriminator"):
        text = text.replace(f"def {name}(", f"def my_{name}(").replace(f"def non_my_{name}(", f"def non_{name}(")  # fmt: skip
    return json.loads(text)


def undecorated(notebook, rng):
    made = stripped(notebook, rng)
    for cell in made["cells"]:
        cell["source"] = "\n".join(line for line in cell["source"].split("\n") if not line.startswith("@exercise"))  # fmt: skip
    return made


PACKAGES = (as_it_is, from_colab, stripped, moved_and_copied, in_one_cell, windows, old_format, renamed, undecorated)  # fmt: skip

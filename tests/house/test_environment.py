"""pyproject.toml, environment.yml and the constraints say the same; every dependency names its lesson."""

import re
import tomllib

import pytest
import yaml
from packaging.requirements import Requirement

from course_lib.data import home

PROJECT = tomllib.loads((home() / "pyproject.toml").read_text(encoding="utf-8"))["project"]
CONDA = (home() / "environment.yml").read_text(encoding="utf-8")
EXTRAS = PROJECT["optional-dependencies"]


def wanted() -> dict[str, Requirement]:
    texts = [*PROJECT["dependencies"], *(text for extra in EXTRAS.values() for text in extra)]
    return {(one := Requirement(text)).name: one for text in texts}


def in_conda() -> dict[str, Requirement]:
    *conda, pip = yaml.safe_load(CONDA)["dependencies"]
    found = [Requirement(text) for text in [*conda, *pip["pip"]] if not text.startswith("--editable")]
    return {one.name: one for one in found if one.name not in ("python", "pip")}


def pinned() -> list[Requirement]:
    text = (home() / "requirements" / "constraints.txt").read_text(encoding="utf-8")
    return [Requirement(line) for line in text.splitlines() if line and not line.startswith("#")]


def test_conda_lists_the_same_packages_with_the_same_bounds():
    assert {name: str(one.specifier) for name, one in in_conda().items()} == {
        name: str(one.specifier) for name, one in wanted().items()
    }


def test_conda_installs_the_course_itself():
    assert "--editable ." in yaml.safe_load(CONDA)["dependencies"][-1]["pip"]


def test_python_range_is_the_same_everywhere():
    conda = next(text for text in yaml.safe_load(CONDA)["dependencies"] if str(text).startswith("python>"))
    assert Requirement(conda).specifier == Requirement("python" + PROJECT["requires-python"]).specifier
    import course

    spec = Requirement("python" + PROJECT["requires-python"]).specifier
    for minor in range(6, 18):
        assert spec.contains(f"3.{minor}.1") == (course.FIRST <= (3, minor) <= course.LAST)


def test_every_dependency_says_which_lesson_needs_it():
    lines = [line for line in CONDA.split("dependencies:")[1].splitlines() if line.strip().startswith("- ")]
    for line in lines:
        if line.strip() not in ("- pip:",):
            assert re.search(r"# .*(every lesson|lessons? \d\d|tests):? ?", line), line


def test_lessons_named_are_lessons_of_the_course():
    for number in re.findall(r"\b\d\d\b", "\n".join(re.findall(r"#.*lessons? (.*)", CONDA))):
        assert 0 <= int(number) <= 16


@pytest.mark.parametrize("name", sorted(wanted()))
def test_constraints_pin_a_version_that_fits(name):
    pins = [one for one in pinned() if one.name == name]
    assert pins, f"{name} is not in requirements/constraints.txt: run 'make constraints'"
    for pin in pins:
        (version,) = [one.version for one in pin.specifier]
        assert wanted()[name].specifier.contains(version)


def test_every_python_gets_exactly_one_pin_of_each_package():
    for minor in (11, 12, 13):
        env = {"python_version": f"3.{minor}", "python_full_version": f"3.{minor}.7"}
        names = [one.name for one in pinned() if one.marker is None or one.marker.evaluate(env)]
        assert len(names) == len(set(names))
        assert wanted().keys() <= set(names)


def test_base_packages_have_lower_bounds_only():
    """An upper bound could make Colab's pip replace a package that the running notebook uses."""
    for text in PROJECT["dependencies"]:
        assert {one.operator for one in Requirement(text).specifier} == {">="}, text


def test_base_packages_fit_what_colab_has():
    text = (home() / "requirements" / "colab.txt").read_text(encoding="utf-8")
    colab = [Requirement(line) for line in text.splitlines() if line.strip() and not line.startswith("#")]
    versions = {one.name: next(iter(one.specifier)).version for one in colab}
    for one in map(Requirement, PROJECT["dependencies"]):
        assert one.specifier.contains(versions[one.name]), f"Colab's {one.name} would be replaced"

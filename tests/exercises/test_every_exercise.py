"""The tests of the tests: every exercise of every lesson must tell right from wrong."""

import functools
import time
from dataclasses import replace
from itertools import combinations

import pytest

from course_lib.exercises import lesson_exercises, sources
from course_lib.exercises.diagnosis import agrees, judge
from course_lib.exercises.exercise import lessons_with_exercises, place_of
from course_lib.exercises.learner import seed_of, verdict_on
from course_lib.marking.wire import pack, unpack
from course_lib.marking.worker import found
from tests.exercises.mutants import mutants

ALL = [one for lesson in lessons_with_exercises() for one in lesson_exercises(lesson)]
# scope="module": all tests of an exercise follow each other, and what the reference makes of a seed's cases is
# computed once.
by_id = pytest.mark.parametrize("one", ALL, ids=[one.id for one in ALL], scope="module")


def seeds(one, most=20):
    """Seeds of cases. A Keras model costs a thousand times as much as a line of numpy: a quarter must do there."""
    return range(most // 4 if "_tf." in one.id else most)


@functools.lru_cache(maxsize=64)
def expected(one, seed):
    """The reference's outcomes: the same for every function that is held against them."""
    return one.outcomes(one.reference, one.drawn(seed))


def verdict(one, function, seed):
    cases = one.drawn(seed)
    return judge(one, cases, one.outcomes(function, cases), expected(one, seed))


def with_less_time(one):
    """The exercise with a limit that is still 100 times what the reference needs: mutants often loop for ever."""
    start = time.perf_counter()
    expected.__wrapped__(one, 3)
    return replace(one, seconds=min(one.seconds, max(1.0, 100 * (time.perf_counter() - start))))


@by_id
def test_the_reference_is_right(one):
    for seed in seeds(one):
        assert verdict(one, one.reference, seed).right


@by_id
def test_cases_are_plain_data_and_fresh(one):
    first, again, other = one.drawn(1), one.drawn(1), one.drawn(2)
    assert pack(unpack(pack(first))) == pack(unpack(pack(again)))
    assert pack(first) != pack(other), "cases must come from the seed"
    assert len(first) >= 3


@by_id
def test_make_and_observe_can_be_found_by_the_worker(one):
    for function in (one.make, one.observe):
        assert found(place_of(function)) is function


@by_id
def test_every_misconception_is_rejected_with_its_own_hint(one):
    assert len(one.misconceptions) >= 3
    for wrong in one.misconceptions:
        for variant in (wrong.wrong, *wrong.variants):
            for seed in (seed_of(one.id), *seeds(one, 4)):
                result = verdict(one, one.implementation(variant), seed)
                assert result.status == "not yet", wrong.name
                taken = result.misconception or result.kind
                assert result.text == wrong.hint, f"{wrong.name} ({one.text(variant)}): taken for {taken}"


@by_id
def test_misconceptions_are_told_apart(one):
    together = {
        (a.name, b.name) for a, b in combinations(one.misconceptions, 2) if a.hint != b.hint
    }  # not yet told apart
    for seed in seeds(one):
        if not together:
            break
        seen = {
            wrong.name: one.outcomes(one.implementation(wrong.wrong), one.drawn(seed))
            for wrong in one.misconceptions
        }
        together = {(a, b) for a, b in together if all(agrees(one, x, y) for x, y in zip(seen[a], seen[b]))}
    assert not together


@by_id
def test_right_answers_in_another_style_pass(one):
    assert len(one.alternatives) >= 2
    for other in one.alternatives:
        assert not sources.same(one.text(other), one.source), "an alternative must be written differently"
        for seed in range(5):
            result = verdict(one, one.implementation(other), seed)
            assert result.right, f"{one.text(other)}\n{result}"


@by_id
def test_the_stub_is_not_started_and_a_start_is(one):
    # as a learner's cell is judged: the shipped text is no attempt, the same with any line added is one
    assert verdict_on(one, sources.compiled(one.stub, one.reference)).kind == "not started"
    started = sources.compiled(one.stub.rstrip() + "\n    return 0\n", one.reference)
    assert verdict_on(one, started).status == "not yet"
    assert not sources.same(one.stub, one.source)
    assert "..." in one.stub


@by_id
def test_hints_do_not_give_the_solution_away(one):
    assert len(one.hints) >= 2
    body = [line.strip() for line in one.source.splitlines() if "return" in line]
    for text in [*one.hints, *(m.hint for m in one.misconceptions)]:
        assert not any(line in text for line in body if len(line) > 14)


@by_id
def test_mutants_are_rejected(one):
    lived, count, hurried = [], 0, with_less_time(one)
    for name, text in mutants(one.source):
        if name in one.equivalent:
            continue
        count += 1
        try:
            function = sources.compiled(text, one.reference)
        except SyntaxError:
            continue
        if verdict(hurried, function, seed_of(one.id)).right and verdict(hurried, function, 3).right:
            lived.append(name)
    assert len(lived) <= 0.05 * count, f"{len(lived)} of {count} mutants live: {lived}"
    print(f"{count - len(lived)} of {count} mutants rejected")


@by_id
def test_equivalent_mutants_exist_and_are_equivalent(one):
    made = dict(mutants(one.source))
    for name in one.equivalent:
        assert name in made, f"no mutant is named {name!r}; there are {list(made)}"
        for seed in seeds(one):
            assert verdict(one, sources.compiled(made[name], one.reference), seed).right, name

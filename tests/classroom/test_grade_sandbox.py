"""How submissions are confined: the command lines, the library without answers, control groups, refusals."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from course_lib.classroom.extract import extract
from course_lib.classroom.grading import groups, sandbox, withheld
from course_lib.classroom.marker import Marker, NotTried
from course_lib.data import home
from course_lib.errors import CourseError
from course_lib.exercises import lesson_exercises
from tests.exercises import samples


def box(kind, library="/somewhere/library", **more):
    return sandbox.Sandbox(kind, library, **more)


def pairs(words, option, count=1):
    return [words[i + 1 : i + 1 + count] for i, word in enumerate(words) if word == option]


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    return withheld.make_copy(tmp_path_factory.mktemp("library"), lesson_exercises("01"))


@pytest.fixture(scope="module")
def real(library):
    try:
        made = sandbox.choose(library, sandbox.Limits(memory=2**30, seconds=60))
    except CourseError as problem:
        pytest.skip(f"NO SANDBOX HERE: {problem}")
    if made.kind != "bubblewrap":
        pytest.skip("BUBBLEWRAP IS NOT TESTED HERE")
    yield made
    made.groups.end()


def test_bubblewraps_arguments():
    words = sandbox.bubblewrap(box("bubblewrap", hidden=(str(home()),)))
    for word in ("--unshare-all", "--unshare-user", "--disable-userns", "--die-with-parent", "--new-session", "--clearenv"):  # fmt: skip
        assert word in words
    assert pairs(words, "--uid") == pairs(words, "--gid") == [["65534"]]
    assert [at for (at,) in pairs(words, "--remount-ro")][-3:] == ["/proc", "/dev", "/"]
    for i, word in enumerate(words):
        if word == "--tmpfs":
            assert words[i - 2] == "--size", "every file system in memory has a size"
    assert ["/somewhere/library", "/course"] in pairs(words, "--ro-bind", 2)
    assert "--bind" not in words
    sources = [at for at, _ in pairs(words, "--ro-bind", 2)]
    assert str(home()) not in sources
    assert not any(
        str(home() / name) in sources for name in ("course_lib", "solutions", "lessons", "notebooks")
    )
    assert words.index("/tmp") < words.index("/course"), "what lies below /tmp is mounted after it"


def test_what_lies_in_a_visible_folder_is_covered(monkeypatch, tmp_path):
    monkeypatch.setattr(sys, "prefix", str(tmp_path))
    inside = tmp_path / "class"
    assert sandbox.places(box("bubblewrap", hidden=(str(inside),)))[str(inside)] is False
    monkeypatch.setattr(sys, "prefix", str(tmp_path / "class" / ".venv"))
    made = sandbox.places(box("bubblewrap", hidden=(str(inside),)))
    assert made[str(tmp_path / "class" / ".venv")] is True
    assert str(inside) not in made
    monkeypatch.setattr(sys, "prefix", str(inside))
    with pytest.raises(CourseError, match="folder of its own"):
        sandbox.places(box("bubblewrap", hidden=(str(inside),)))


@pytest.mark.parametrize("tool", ["docker", "podman"])
def test_the_containers_arguments(tool):
    made = box(tool, limits=sandbox.Limits(memory=1000, processes=7, temporary=50))
    words = made.command("box-1")
    assert words[:2] == [tool, "run"]
    for option, value in {"--network": "none", "--user": "65534:65534", "--cap-drop": "ALL", "--security-opt": "no-new-privileges",
                          "--memory": "1000", "--memory-swap": "1000", "--pids-limit": "7", "--name": "box-1"}.items():  # fmt: skip
        assert [value] in pairs(words, option), option
    for word in ("--rm", "--interactive", "--read-only"):
        assert word in words
    assert ["/tmp:rw,nosuid,nodev,size=50,mode=1777"] in pairs(words, "--tmpfs")
    mounts = [at for (at,) in pairs(words, "--mount")]
    assert mounts[0] == "type=bind,source=/somewhere/library,target=/course,readonly"
    assert all(mount.endswith(",readonly") for mount in mounts)
    assert "--privileged" not in words
    assert "-v" not in words
    image = words.index(sandbox.IMAGE)
    assert words[image + 1 :][:5] == ["python", "-P", "-s", "-m", "course_lib.marking.confined"]


def test_the_end_of_a_container_is_asked_for(monkeypatch, tmp_path):
    log = tmp_path / "log"
    tool = tmp_path / "docker"
    tool.write_text(f'#!/bin/sh\necho "$1 $*" >> {log}\n[ "$1" = run ] && exec sleep 60\n')
    tool.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    process = box("docker").launch()
    for _ in range(100):
        if log.exists():
            break
        subprocess.run(["sleep", "0.05"])
    process.kill()
    assert process.wait(timeout=10) != 0
    for _ in range(100):
        if "kill" in log.read_text():
            break
        subprocess.run(["sleep", "0.05"])
    assert f"kill kill {process.name}" in log.read_text()


def test_a_sandbox_survives_the_wire():
    made = box("bubblewrap", groups=groups.Groups("v1", ("/a", "/b"), "p"), hidden=("/x",))
    assert sandbox.from_plain(made.plain()) == made


def test_without_a_sandbox_nothing_is_run(monkeypatch, library):
    monkeypatch.setattr(shutil, "which", lambda name: None)
    with pytest.raises(
        CourseError, match=r"(?s)Bubblewrap is not installed.*Neither docker nor podman.*--unsafe-no-sandbox"
    ):
        sandbox.choose(library, sandbox.Limits())
    assert sandbox.choose(library, sandbox.Limits(), unsafe=True).kind == "none"


@pytest.mark.parametrize(
    ("complaint", "words"),
    [
        ("bwrap: setting up uid map: Permission denied", "apparmor_restrict_unprivileged_userns"),
        ("bwrap: No permissions to create new namespace", "Ubuntu 24.04"),
        ("bwrap: Unknown option --disable-userns", "older than 0.8"),
        ("bwrap: something else", "does not work here: bwrap: something else"),
    ],
)
def test_words_on_what_to_do(complaint, words):
    assert words in sandbox.explained(complaint)


def test_a_sandbox_that_does_not_start_is_found_by_trying(monkeypatch, tmp_path, library):
    fake = tmp_path / "bwrap"
    fake.write_text("#!/bin/sh\necho 'bwrap: setting up uid map: Permission denied' >&2\nexit 1\n")
    fake.chmod(0o755)
    # only this folder: docker must not be found either
    monkeypatch.setattr(shutil, "which", lambda name: str(fake) if name == "bwrap" else None)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    with pytest.raises(CourseError, match="Permission denied"):
        sandbox.choose(library, sandbox.Limits())


def test_the_library_has_no_answers(library):
    package = library / "course_lib"
    for gone in ("classroom", "benches", "cli.py", "bootstrap"):
        assert not (package / gone).exists()
    assert sorted(p.name for p in (package / "exercises").glob("*.py")) == ["__init__.py"]
    text = (package / "gan" / "theory.py").read_text(encoding="utf-8")
    for one in lesson_exercises("01"):
        body = one.source.splitlines()[-1].strip()
        assert body not in text, one.id
    assert "def gaussian" in text


@pytest.mark.parametrize("lesson", ["00", "01"])
def test_every_module_of_the_library_can_still_be_imported(tmp_path, lesson):
    copy = withheld.make_copy(tmp_path, lesson_exercises(lesson))
    (copy / "datasets").mkdir()
    modules = [f"course_lib.{one.reference.__module__.split('.', 1)[1]}" for one in lesson_exercises(lesson)]
    code = "import sys; " + "; ".join(f"import {name}" for name in dict.fromkeys([*modules, "course_lib.scenery", "course_lib.notebook", "course_lib.exercises", "course_lib.marking.worker"]))  # fmt: skip
    code += "; assert sys.modules['course_lib'].__file__.startswith(sys.argv[1])"
    done = subprocess.run([sys.executable, "-P", "-c", code, str(copy)], env={**os.environ, "PYTHONPATH": str(copy)}, capture_output=True, text=True, cwd=tmp_path)  # fmt: skip
    assert done.returncode == 0, done.stderr


def test_bodies_are_taken_out_and_all_else_stays():
    text = (
        "import os\n\n# before\ndef f(a):\n    '''Doc.'''\n    # the trick is\n    return a + 1\n\n\n"
        "def g(): return 2\n\n\ndef h(\n    a,\n):\n    # secret\n    def inner():\n        return 3\n    return inner\n\n\ndef kept():\n    return f\n"
    )
    made = withheld.without(text, {"f", "g", "h"})
    space = {}
    exec(made, space)
    for secret in ("trick", "secret", "return a + 1", "return 2", "inner"):
        assert secret not in made
    assert space["f"].__doc__ == "Doc."
    for name, arguments in (("f", [1]), ("g", []), ("h", [1])):
        with pytest.raises(RuntimeError, match="not available while grading"):
            space[name](*arguments)
    assert space["kept"]() is space["f"]


def test_control_groups_are_made_and_removed(tmp_path):
    root = tmp_path / "cgroup"
    for name in ("memory", "pids"):
        (root / name).mkdir(parents=True)
    own = tmp_path / "own"
    own.write_text("4:memory:/\n8:pids:/\n0::/\n")
    assert groups.find_groups(root, own).kind == "none"  # no files appear in these folders: not usable
    made = groups.Groups("v1", (str(root / "memory"), str(root / "pids")), "t")
    words = made.wrap(["bwrap", "x"], 1000, 5, "one")
    assert words[-3:] == ["--", "bwrap", "x"]
    assert (root / "pids" / "t-one").is_dir()
    made.end("one")
    assert not (root / "pids" / "t-one").exists()


def test_a_scope_of_systemd():
    words = groups.Groups("systemd").wrap(["bwrap"], 1000, 5, "one")
    assert words[:2] == ["systemd-run", "--user"]
    assert "MemoryMax=1000" in words
    assert "TasksMax=5" in words


def test_nothing_of_the_host_can_be_written(real):
    code = (
        "import os\n"
        "for root, folders, files in os.walk('/'):\n"
        "    if root.startswith(('/usr', '/proc/')) and not root.startswith('/proc/sys'):\n"
        "        folders[:] = [] if root.startswith('/usr') else [f for f in folders if not f.isdigit()]\n"
        "    for name in files:\n"
        "        path = os.path.join(root, name)\n"
        "        try:\n"
        "            os.close(os.open(path, os.O_WRONLY | os.O_NONBLOCK))\n"
        "            print(path)\n"
        "        except OSError:\n"
        "            pass\n"
    )
    done = subprocess.run(real.command("walk", ["-c", code]), capture_output=True, text=True, timeout=120)
    real.groups.end("walk")
    assert done.returncode == 0, done.stderr
    written = [path for path in done.stdout.split() if not path.startswith(("/dev/", "/proc/"))]
    assert written == []
    assert not [path for path in done.stdout.split() if path.startswith("/proc/sys")]


def test_torch_functions_and_gradients(real):
    pytest.importorskip("torch")
    right = (
        "import torch\ndef torch_mean_softplus(logits):\n    return torch.log(1 + torch.exp(logits)).mean()\n"
    )
    cut = right.replace("logits)).mean", "logits)).detach().mean")
    with Marker(real.launch) as marker:
        for text, kind in ((right, "right"), (cut, "detached")):
            assert marker.mark(samples.TORCH, extract([text], [samples.TORCH]), 3).kind == kind


def test_a_worker_that_cannot_start_is_nobodys_fault():
    one = lesson_exercises("01")[0]
    submission = extract(["def value_function(a, b):\n    return 1.0\n"], [one])
    broken = lambda: subprocess.Popen(["false"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)  # noqa: E731
    with Marker(broken) as marker, pytest.raises(NotTried, match="could not be started"):
        marker.mark(one, submission, 1)
    with Marker(seconds=0.0) as marker, pytest.raises(NotTried, match="time"):
        marker.mark(one, submission, 1)


def test_only_one_place_knows_the_host(real):
    assert Path(real.library).is_dir()
    assert real.groups.kind in ("v1", "v2", "systemd", "none")


def test_what_a_killed_run_left_is_swept_away(tmp_path):
    ended = subprocess.Popen(["true"])
    ended.wait()
    left, running = tmp_path / f"course-grade-{ended.pid}-5-0", tmp_path / f"course-grade-{os.getpid()}-5-0"
    left.mkdir()
    running.mkdir()
    groups._sweep([tmp_path])
    assert not left.exists()
    assert running.exists()

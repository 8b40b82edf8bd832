"""Machines that lack something, simulated."""

import os
import sys
from pathlib import Path

import pytest

from course_lib import profiles


@pytest.fixture
def without(monkeypatch):
    """Make packages impossible to find and to import, as if they were not installed."""

    def hide(*names):
        class Hidden:
            @staticmethod
            def find_spec(name, path=None, target=None):
                if name.partition(".")[0] in names:
                    raise ModuleNotFoundError(f"No module named '{name}'", name=name)

        for name in [name for name in sys.modules if name.partition(".")[0] in names]:
            monkeypatch.delitem(sys.modules, name)
        monkeypatch.setattr(sys, "meta_path", [Hidden, *sys.meta_path])

    return hide


@pytest.fixture
def program(tmp_path, monkeypatch):
    """Put a shell script first on PATH."""
    folder = tmp_path / "programs"
    folder.mkdir()
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")

    def write(name: str, script: str) -> Path:
        path = folder / name
        path.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
        path.chmod(0o755)
        return path

    profiles.has_gpu.cache_clear()
    yield write
    profiles.has_gpu.cache_clear()


@pytest.fixture
def colab(monkeypatch):
    monkeypatch.setenv("COLAB_RELEASE_TAG", "release")

"""A JupyterLab of our own and a headless Chromium, for tests that do what a learner does."""

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from course_lib.data import home


def chromium() -> str | None:
    """A Chromium or Chrome of this machine, or None."""
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    return os.environ.get("COURSE_CHROMIUM") or next(filter(None, map(shutil.which, names)), None)


@pytest.fixture(scope="session")
def browser():
    binary = chromium()
    if binary is None:
        pytest.skip(
            "NO CHROMIUM on this machine: what a learner sees was not tested (install the package 'chromium')"
        )
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    with playwright.sync_playwright() as running:
        flags = [
            "--no-sandbox",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--disable-background-networking",
        ]
        opened = running.chromium.launch(executable_path=binary, args=flags)
        yield opened
        opened.close()


class Lab:
    """A running JupyterLab over a folder of copied notebooks."""

    def __init__(self, folder: Path, process: subprocess.Popen, address: str):
        self.folder, self.process, self.address = folder, process, address


@pytest.fixture(scope="session")
def lab(tmp_path_factory):
    folder = tmp_path_factory.mktemp("learner")
    for path in sorted((home() / "notebooks").glob("*.ipynb")):
        shutil.copy(path, folder)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    env = {
        **os.environ,
        "COURSE_PROFILE": "quick",
        "COURSE_KEEP": str(folder / "keep"),
        "JUPYTER_CONFIG_DIR": str(folder / "config"),
    }
    env.pop("COURSE_HEADLESS", None)
    # no news and no question about it: the page must be the same on every run
    settings = folder / "config" / "lab" / "user-settings" / "@jupyterlab" / "apputils-extension"
    settings.mkdir(parents=True)
    (settings / "notification.jupyterlab-settings").write_text(
        json.dumps({"fetchNews": "false", "checkForUpdates": False})
    )
    log = (folder / "lab.log").open("w")
    process = subprocess.Popen(
        [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", f"--port={port}", "--ServerApp.port_retries=0",
         "--IdentityProvider.token=", "--ServerApp.password=", "--ServerApp.disable_check_xsrf=True", f"--ServerApp.root_dir={folder}", "--expose-app-in-browser"],
        env=env, cwd=folder, stdout=log, stderr=log,
    )  # fmt: skip
    address = f"http://127.0.0.1:{port}"
    for _ in range(120):
        try:
            urllib.request.urlopen(address + "/api", timeout=2)
            break
        except OSError:
            assert process.poll() is None, (folder / "lab.log").read_text()[-3000:]
            time.sleep(0.5)
    yield Lab(folder, process, address)
    process.terminate()
    process.wait(20)
    log.close()


class Page:
    """A lesson opened in JupyterLab, with the few gestures that a learner makes."""

    def __init__(self, page, name: str):
        self.page, self.name = page, name

    def command(self, name: str, arguments: dict | None = None) -> None:
        """Run one of JupyterLab's own commands (what its menu entries do)."""
        self.page.evaluate(
            "([name, given]) => window.jupyterapp.commands.execute(name, given)", [name, arguments or {}]
        )

    def run_all(self, seconds: int = 120) -> None:
        """Run all cells and wait until none is running or waiting."""
        # the toolbar knows before the kernel does; a lesson must not be run before the kernel is ready
        self.page.wait_for_selector(
            "[data-status='idle'], .jp-Notebook-ExecutionIndicator[data-status='idle']", timeout=60_000
        )
        self.command("notebook:run-all-cells")
        self.page.wait_for_function(
            """() => {
                const now = window.jupyterapp.shell.currentWidget.content.widgets.filter(cell => cell.model.type === 'code');
                return now.length && now.every(cell => cell.model.executionState !== 'running' && cell.model.executionCount !== null);
            }""",
            timeout=seconds * 1000,
        )

    def cell(self, id: str):
        """The element of the cell with that id, scrolled into view."""
        index = self.page.evaluate(
            """id => { const content = window.jupyterapp.shell.currentWidget.content;
                       const at = content.widgets.findIndex(cell => cell.model.id === id);
                       content.activeCellIndex = at; content.scrollToItem(at, 'center'); return at; }""",
            id,
        )
        found = self.page.locator(
            f".jp-Cell[data-windowed-list-index='{index}'], .jp-Notebook .jp-WindowedPanel-viewport > .jp-Cell"
        ).filter(has=self.page.locator("xpath=self::*"))
        one = self.page.locator(f".jp-Cell[data-windowed-list-index='{index}']")
        return one if one.count() else found.nth(index)

    def type_and_run(self, id: str, text: str) -> None:
        """Replace a cell's text by typing, and press Shift+Enter."""
        cell = self.cell(id)
        cell.scroll_into_view_if_needed()
        cell.locator(".cm-content").click()
        self.page.keyboard.press("Control+a")
        self.page.keyboard.insert_text(text)
        self.page.keyboard.press("Shift+Enter")

    def saved(self) -> dict:
        """The notebook after pressing 'save', as it stands on disk."""
        self.command("docmanager:save")
        self.page.wait_for_function(
            "() => !window.jupyterapp.shell.currentWidget.context.model.dirty", timeout=20_000
        )


@pytest.fixture
def open_lesson(lab, browser):
    pages = []

    def opened(name: str, width: int = 1300, height: int = 1000) -> Page:
        context = browser.new_context(viewport={"width": width, "height": height}, reduced_motion="reduce")
        page = context.new_page()
        page.set_default_timeout(60_000)
        page.goto(f"{lab.address}/lab/tree/{name}?reset", wait_until="domcontentloaded")
        page.wait_for_selector(".jp-NotebookPanel .jp-Cell")
        page.wait_for_function(
            "() => window.jupyterapp && window.jupyterapp.shell.currentWidget && window.jupyterapp.shell.currentWidget.context"
        )
        page.evaluate("() => window.jupyterapp.shell.currentWidget.sessionContext.ready")
        page.wait_for_function(
            "() => { const s = window.jupyterapp.shell.currentWidget.sessionContext.session; return s && s.kernel && s.kernel.status === 'idle'; }"
        )
        page.evaluate("() => window.jupyterapp.shell.collapseLeft()")
        pages.append(context)
        return Page(page, name)

    yield opened
    for context in pages:
        context.close()


def first_notebook(lesson: str) -> str:
    """The file name of a lesson's notebook."""
    return next(path.name for path in (home() / "notebooks").glob("*.ipynb") if re.match(lesson, path.name))

"""The browser that the tests look through: Debian's Chromium by Playwright, axe-core, and a watch on the CSP.

Chromium without its windows (`chromium-headless-shell`) goes first: a third less processor time for the same pages.

Without Chromium these tests are skipped with the reason; with `CI=true` a missing Chromium fails.
"""

import atexit
import os
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from werkzeug.serving import make_server

AXE = Path(__file__).parent / "vendor" / "axe.min.js"
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--in-process-gpu",
    # One site, ours: a process for each frame and origin costs a twelfth of the processor time.
    "--disable-features=IsolateOrigins,site-per-process,PaintHolding",
    "--disable-site-isolation-trials",
)
PROGRAMS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
# Of a long table the first rows and every fifth: contrast takes a second for a list of fifty that are all alike.
ALIKE = "tbody tr:nth-child(n+9):not(:nth-child(5n))"
STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def chromium() -> str:
    """The path of Chromium. Skips the test where there is none, fails it with CI=true."""
    found = next(filter(None, map(shutil.which, PROGRAMS)), None)
    if found:
        return found
    reason = "Chromium is not installed (bin/setup installs it)"
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)


@cache
def _browser() -> Any:
    """One Chromium for all tests of a process: starting it takes seconds, a context of its own only milliseconds."""
    from playwright.sync_api import expect, sync_playwright

    playwright = sync_playwright().start()
    expect.set_options(timeout=20_000)  # a page may come late on a busy machine, and that is no fault
    browser = playwright.chromium.launch(executable_path=chromium(), args=list(FLAGS))
    atexit.register(playwright.stop)
    atexit.register(browser.close)  # before the line above: last registered, first called
    return browser


@contextmanager
def launch() -> Iterator[Any]:
    """A headless browser (playwright's Browser); what was opened in it is closed at the end."""
    browser = _browser()
    before = set(browser.contexts)
    try:
        yield browser
    finally:
        for context in browser.contexts:
            if context not in before:
                context.close()


@contextmanager
def serving(app: Any) -> Iterator[str]:
    """The app behind a real port of this machine; gives the address without a slash at its end."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()


def watch(page: Any) -> list[str]:
    """Collects what goes wrong in `page` from now on: CSP, scripts, failed loads. Call before `goto`."""
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(f"script: {error}"))
    page.on("requestfailed", lambda request: problems.append(f"failed: {request.url} {request.failure}"))
    page.on("console", lambda message: problems.append(f"console: {message.text}") if message.type == "error" else None)
    return problems


def no_csp_violations(page: Any, problems: list[str]) -> None:
    """Nothing was refused by the policy, and nothing in the page would be: no style attribute, no inline handler."""
    refused = [problem for problem in problems if "Content Security Policy" in problem or problem.startswith("script:")]
    assert not refused, refused
    inline = page.evaluate(
        """() => [...document.querySelectorAll('*')].filter(
            (node) => node.getAttribute('style') && !node.closest('svg')
              || [...node.attributes].some((attribute) => attribute.name.startsWith('on'))
              || node.matches('style, script:not([src])')
        ).map((node) => node.outerHTML.slice(0, 120))"""
    )
    assert not inline, inline


def axe(page: Any, within: str = "", disable: tuple[str, ...] = ()) -> None:
    """Fails with what axe-core finds in the page, or in the element `within`."""
    # Playwright's evaluate runs outside the page's CSP, so the page keeps its own.
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(AXE.read_text(encoding="utf-8"))
    # Half-way through a fade a text has no contrast of its own.
    page.evaluate(
        """() => Promise.all(document.getAnimations().filter(
            (one) => one.effect.getComputedTiming().endTime !== Infinity
        ).map((one) => one.finished.catch(() => null)))"""
    )
    rules = {rule: {"enabled": False} for rule in disable}
    # What passed is left in the page: describing and sending it takes far longer than finding what did not.
    options = {"runOnly": STANDARDS, "rules": rules, "resultTypes": ["violations"]}
    context = {**({"include": [within]} if within else {}), "exclude": [ALIKE]}
    violations = page.evaluate(
        "async ([context, options]) => (await axe.run(context, options)).violations", [context, options]
    )
    found = [
        f"{violation['id']}: {violation['help']} -> {node['html'][:160]} ({node.get('failureSummary', '')[:200]})"
        for violation in violations
        for node in violation["nodes"]
    ]
    assert not found, "\n".join(found)

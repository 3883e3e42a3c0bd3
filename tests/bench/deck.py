"""Decks: our warm PDF and PowerPoint against Chromium's whole process printing the same slides, interleaved.

Run by `bin/bench deck`. Medians of ten rounds; peak memory of a fresh process each; JSON under var/bench/deck.json.
"""

import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from haark.decks import pdf
from haark.decks.html import render_html
from haark.decks.outline import Deck
from haark.decks.pptx import render_pptx
from tests.decks import sample

ROOT = Path(__file__).resolve().parents[2]
ROUNDS = 10
GOALS = {"pdf": "at most 0.8 of Chromium", "pptx": "at most 0.5 s"}
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--no-pdf-header-footer",
    "--allow-file-access-from-files",
)


def main() -> None:
    deck = sample.french()
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder) / "deck.html"
        page.write_text(_printable(deck), encoding="utf-8")
        started = time.perf_counter()
        pdf.warm()
        ways: dict[str, Callable[[], object]] = {
            "pdf": lambda: pdf.render_pdf(deck),
            "pptx": lambda: render_pptx(deck),
            "screen": lambda: render_html(deck),
        }
        browser = shutil.which("chromium") or shutil.which("chromium-headless-shell")
        if browser:
            ways["chromium"] = lambda: _print(browser, page, Path(folder))
        warm = time.perf_counter() - started
        times = _race(ways)
        report = _report(times, warm, deck)
    _show(report)
    target = ROOT / "var/bench/deck.json"
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(json.dumps(report, indent=2), encoding="utf-8")


def _printable(deck: Deck) -> str:
    """The very HTML and style sheets that WeasyPrint prints, for Chromium."""
    source, looks = pdf.document(deck)
    sheet = (ROOT / "templates/decks/deck.css").read_text(encoding="utf-8")
    sheet = sheet.replace("asset:", f"file://{ROOT}/static/fonts/deck/")
    return "<!doctype html>" + source.replace("</title>", f"</title><style>{sheet}{looks}</style>", 1)


def _print(browser: str, page: Path, folder: Path) -> None:
    profile = f"--user-data-dir={folder}/profile"
    command = [
        browser,
        *FLAGS,
        profile,
        f"--print-to-pdf={folder}/out.pdf",
        f"file://{page}",
    ]
    subprocess.run(command, check=True, capture_output=True)


def _race(ways: dict[str, Callable[[], object]]) -> dict[str, list[float]]:
    """Every way once a round, so that a busy minute hits all of them; the first round is not counted."""
    times: dict[str, list[float]] = {name: [] for name in ways}
    for index in range(ROUNDS + 1):
        for name, way in ways.items():
            started = time.perf_counter()
            way()
            if index:
                times[name].append(time.perf_counter() - started)
    return times


def _report(times: dict[str, list[float]], warm: float, deck: Deck) -> dict[str, object]:
    medians = {name: statistics.median(values) for name, values in times.items()}
    ratios = [mine / theirs for mine, theirs in zip(times["pdf"], times.get("chromium", []), strict=False)]
    return {
        "machine": f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}",
        "commit": subprocess.run(["git", "rev-parse", "HEAD"], cwd=ROOT, capture_output=True, text=True).stdout.strip(),
        "load": os.getloadavg(),
        "slides": len(sample.french().slides),
        "rounds": ROUNDS,
        "warm_seconds": round(warm, 3),
        "median_seconds": {name: round(value, 3) for name, value in medians.items()},
        "pdf_over_chromium": round(statistics.median(ratios), 3) if ratios else None,
        "peak_megabytes": {kind: _peak(kind) for kind in ("pdf", "pptx")},
        "bytes": {"pdf": len(pdf.render_pdf(deck)), "pptx": len(render_pptx(deck))},
    }


def _peak(kind: str) -> float:
    """Peak resident memory of a fresh process that renders ten decks."""
    code = f"from tests.bench.deck import peak; print(peak({kind!r}))"
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )
    return float(done.stdout)


def peak(kind: str) -> float:
    """Megabytes at most held by this process after ten renderings."""
    render = {"pdf": pdf.render_pdf, "pptx": render_pptx}[kind]
    for _ in range(10):
        render(sample.french())
    status = Path("/proc/self/status").read_text(encoding="ascii")  # getrusage would count the parent before exec
    return round(int(status.split("VmHWM:")[1].split()[0]) / 1024, 1)


def _show(report: dict) -> None:
    print(f"{report['slides']} slides, {report['rounds']} rounds, load {report['load'][0]:.1f}, {report['machine']}")
    print(f"{'way':<10} {'median s':>9} {'peak MB':>8}  goal")
    for name, seconds in report["median_seconds"].items():
        memory = report["peak_megabytes"].get(name, "")
        print(f"{name:<10} {seconds:>9.3f} {memory:>8}  {GOALS.get(name, '')}")
    print(f"PDF over Chromium, median of paired rounds: {report['pdf_over_chromium']}")


if __name__ == "__main__":
    main()

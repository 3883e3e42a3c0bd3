"""From the click on «Créer les deux fichiers» to both links in the page, in a browser, against a running Haark.

    bin/run &  then  bin/bench clicks [http://127.0.0.1:8000] [--count 10]

Each click is on another account of the sample, with a review made just before. JSON under var/bench/clicks.json.
"""

import argparse
import json
import os
import re
import statistics
import subprocess
from pathlib import Path
from typing import Any

from tests.browser import launch
from tests.support.people import PASSWORD

ROOT = Path(__file__).resolve().parents[2]
GOAL = 3.0
# In the page itself: Playwright looks for an element at growing intervals, up to half a second apart.
STOPWATCH = """() => void (window.took = new Promise((done) => {
    let clicked;
    const look = () => {
        if (document.querySelectorAll("#exports a[href*='/deck.']").length < 2) return;
        done(performance.now() - clicked);
        observer.disconnect();
    };
    const observer = new MutationObserver(look);
    observer.observe(document.body, {childList: true, subtree: true});
    document.addEventListener("click", () => { clicked = performance.now(); }, {capture: true, once: true});
}))"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("address", nargs="?", default="http://127.0.0.1:8000")
    parser.add_argument("--count", type=int, default=10)
    parser.add_argument("--period", default="2026-Q3", help="one whose reviews were not made yet")
    asked = parser.parse_args()
    with launch() as browser:
        page = browser.new_context(viewport={"width": 1440, "height": 900}, locale="fr-FR").new_page()
        _log_in(page, asked.address)
        times = []
        for account in _accounts(page, asked.address)[: asked.count]:
            times.append(_click(page, asked.address, account, asked.period))
            print(f"account {account}: {times[-1]:.2f} s", flush=True)
    report = {
        "commit": subprocess.run(["git", "rev-parse", "HEAD"], cwd=ROOT, capture_output=True, text=True).stdout.strip(),
        "load": os.getloadavg(),
        "seconds": [round(value, 3) for value in times],
        "median": round(statistics.median(times), 3),
        "most": round(max(times), 3),
        "goal": GOAL,
    }
    target = ROOT / "var/bench/clicks.json"
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(json.dumps(report, indent=2), encoding="utf-8")
    print(f"{len(times)} clicks: median {report['median']:.2f} s, at most {report['most']:.2f} s (goal {GOAL} s)")


def _log_in(page: Any, address: str) -> None:
    page.goto(f"{address}/")
    page.get_by_label("E-mail").fill("manager@demo.haark.test")
    page.get_by_label("Mot de passe", exact=True).fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{address}/today")


def _accounts(page: Any, address: str) -> list[int]:
    """Accounts as the list shows them; a manager may change all of them."""
    page.goto(f"{address}/portfolio")
    links = page.locator("#rows a[href*='/accounts/']").evaluate_all("all => all.map(one => one.getAttribute('href'))")
    found = [re.search(r"/accounts/(\d+)", link) for link in links]
    return list(dict.fromkeys(int(one.group(1)) for one in found if one))


def _click(page: Any, address: str, account: int, period: str) -> float:
    page.goto(f"{address}/accounts/{account}/reviews/new")
    page.get_by_label("Période", exact=True).select_option(period)
    page.get_by_role("button", name="Générer", exact=True).click()
    page.wait_for_url(re.compile(r"/reviews/\d+$"), timeout=20_000)
    button = page.get_by_role("button", name="Créer les deux fichiers")
    button.wait_for()
    page.wait_for_timeout(1000)  # the page is read before it is clicked
    page.evaluate(STOPWATCH)
    button.click()
    return float(page.evaluate("() => window.took")) / 1000


if __name__ == "__main__":
    main()

"""Another judge over the same defects: schemathesis on `schemas/openapi.json`, its kills and false alarms counted.

    python tests/bench/bench_peers.py PATH-TO-st        (pip install schemathesis, in an environment of its own)

The rule: its seed is fixed. What it reports on the correct stub portal, strict, are false alarms; a defect is killed
when it reports a kind of failure (check, media type of the request, what is wrong) that it does not report there. Every
defect is tried with the default settings and with the thorough ones. Results are written after each run, and what
stands there already, for the same document, is not run again.
"""

import hashlib
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from contracts.helppage import shipped
from mockserver.app import create_app
from mockserver.defects import DEFECTS
from mockserver.server import serving
from mockserver.store import open_store

ROOT = Path(__file__).parent.parent.parent
RESULTS = Path(__file__).parent / "results" / "peers-as-judges.json"
COMMAND = ["run", "schemas/openapi.json", "--seed", "1", "--generation-database", "none", "--no-color"]
SETTINGS: dict[str, list[str]] = {
    "default": [],
    "thorough": ["--checks", "all", "--max-examples", "1000", "--continue-on-failure"],
}
#: So that a run that is ended early has tried some of every family.
STRIDE = 7
#: Only for the false alarms: the more there are of them, the fewer kills are counted wrongly.
LONGEST = ["--checks", "all", "--max-examples", "3000", "--continue-on-failure"]


def run(st: str, more: list[str], *defects: str) -> set[str]:
    """The kinds of failure that one run reports on a stub portal with these defects."""
    with tempfile.TemporaryDirectory() as name, open_store("memory") as store:
        out = Path(name) / "report.ndjson"
        with serving(create_app(shipped(), store, defects=defects)) as url:
            command = [st, *COMMAND, "--url", url, "--report", "ndjson", "--report-ndjson-path", str(out), *more]
            done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, encoding="utf-8", check=False)
        if done.returncode not in (0, 1):
            raise SystemExit(f"{' '.join(command)}\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
        return set(failures(out.read_text(encoding="utf-8")))


def failures(report: str) -> Iterator[str]:
    """The kinds of failure in the tool's own report."""
    for line in report.splitlines():
        event = json.loads(line)
        if "ScenarioFinished" in event:
            recorder = event["ScenarioFinished"]["recorder"]
            for case, checks in recorder.get("checks", {}).items():
                media = recorder["cases"][case]["value"].get("media_type") or "no body"
                for check in checks:
                    if check["status"] == "failure":
                        yield f"{kind(check['failure_info']['failure'])} ({media})"
        if "NonFatalError" in event:
            yield "an error of the tool"


#: What tells one accepted fault of a request from another; a wrong value is one kind, whatever the value and member.
_COMPONENTS = ("Missing required property", "Missing request body", "invalid syntax")


def kind(failure: dict[str, Any]) -> str:
    """What is wrong, without the values that showed it."""
    _, invalid, component = failure["message"].partition("Invalid component:")
    told = next((words for words in _COMPONENTS if words in component), "a wrong value")
    return f"{failure['title']}: {told}" if invalid else str(failure["title"])


def main(st: str) -> None:
    document = {"schemas/openapi.json": hashlib.sha256((ROOT / COMMAND[1]).read_bytes()).hexdigest()}
    known: dict[str, Any] = json.loads(RESULTS.read_text(encoding="utf-8")) if RESULTS.exists() else {}
    settings = {setting: " ".join(more) or "none" for setting, more in SETTINGS.items()}
    same = known.get("document") == document and known.get("settings") == settings
    rows: dict[str, dict[str, list[str]]] = {n: known["defects"].get(n, {}) if same else {} for n in DEFECTS}
    alarms = {setting: run(st, more) for setting, more in {**SETTINGS, "longest": LONGEST}.items()}
    version = subprocess.run([st, "--version"], capture_output=True, text=True, check=True).stdout.strip()
    result = {
        "document": document,
        "tool": f"schemathesis {version.split()[-1]}",
        "command": " ".join(["st", *COMMAND, "--url", "URL"]),
        "settings": settings,
        "false alarms": {setting: sorted(alarms[setting]) for setting in SETTINGS},
        "defects": rows,
    }
    innocent = set().union(*alarms.values())

    def judge(name: str, setting: str) -> None:
        row = rows[name]
        if setting not in row:
            row[setting] = sorted(run(st, SETTINGS[setting], name) - innocent)
            print(name, setting, row[setting], flush=True)
            told = {**result, "defects": {name: dict(row) for name, row in rows.items() if row}}
            RESULTS.parent.mkdir(exist_ok=True)
            RESULTS.write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8", newline="\n")

    names = list(DEFECTS)
    spread = [name for start in range(STRIDE) for name in names[start::STRIDE]]
    for setting in SETTINGS:
        with ThreadPoolExecutor(2) as pool:
            list(pool.map(judge, spread, [setting] * len(spread)))


if __name__ == "__main__":
    main(sys.argv[1])

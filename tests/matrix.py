"""The kill matrix: every defect of the stub portal, judged by the whole register.

    python tests/matrix.py              prints what is not as written down
    python tests/matrix.py --write      writes tests/data/kill-matrix.json and the table in the README
    python tests/matrix.py --write NAME…    judges these defects alone, and takes the other rows as they are written
    python tests/matrix.py --write --sites  writes tests/data/kill-matrix-sites.json, the same on other pages

The rule: nothing in it depends on time or machine, so that a difference means that the judge or a defect changed.
"""

import json
import logging
import re
import sys
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from itertools import groupby
from multiprocessing import get_context
from pathlib import Path
from typing import Any

# Started as a script, the folder tests/ leads the path, and tests/mockserver would stand before the product.
sys.path.insert(0, str(Path(__file__).parent.parent))

import sites
from judging import DEFECTS, MATRIX, ROOT, SURVIVING, committed, data_of
from site_variants import SITE_VARIANTS
from variants import VARIANTS

README = ROOT / "README.md"
PEERS = ROOT / "tests" / "bench" / "results" / "peers-as-judges.json"
BEGIN, END = "<!-- kill matrix: python tests/matrix.py --write -->\n", "<!-- end of the kill matrix -->\n"


def _pool() -> ProcessPoolExecutor:
    """Two processes that say nothing of what defects do to the stub."""
    return ProcessPoolExecutor(2, get_context("spawn"), logging.disable, (logging.CRITICAL,))


def judged(names: list[str]) -> list[dict[str, Any]]:
    """Every row, these judged anew, all of them where none is named."""
    rows = committed() if names else {}
    fresh = [name for name in DEFECTS if name in names or name not in rows]
    with _pool() as pool:
        rows |= {row["defect"]: row for row in pool.map(data_of, fresh)}
    return [rows[name] for name in DEFECTS]


def table() -> str:
    """The committed matrix by family, beside what schemathesis finds, and both sides' false alarms."""
    peers = json.loads(PEERS.read_text(encoding="utf-8"))
    rows = list(committed().values())
    return "\n".join([*_lines(rows, peers["defects"]), "", *_words(rows, peers), "", *_sites()]) + "\n"


def _sites() -> Iterator[str]:
    """The committed matrix of other pages, a line a site."""
    yield "Other pages, each with the defects that it can show:"
    yield ""
    yield "| page | what it has | requirements | defects | killed for the named requirement |"
    yield "|---|---|---|---|---|"
    rows = list(sites.committed().values())
    for site, shape in sites.SITES.items():
        here = [row for row in rows if row["site"] == site]
        killed = sum(row["verdict"] == "killed" for row in here)
        yield f"| {site} | {shape} | {len(sites.register(site))} | {len(here)} | {killed} |"
    yield ""
    yield (
        f"False alarms there: none on the stub, none on {len(SITE_VARIANTS)} correct portals unlike it"
        " (`tests/site_variants.py`)."
    )


def _words(rows: list[dict[str, Any]], peers: dict[str, Any]) -> Iterator[str]:
    findings = sorted(len(row["convicted for"]) for row in rows)
    yield f"One cause, few findings: half of the defects give {findings[len(findings) // 2]}, the worst {findings[-1]}."
    for name, why in SURVIVING.items():
        yield f"- `{name}` survives: {why}"
    yield ""
    yield (
        f"False alarms of this judge: none on the stub, none on {len(VARIANTS)} correct portals unlike it"
        " (`tests/variants.py`)."
    )
    alarms = {setting: len(kinds) for setting, kinds in peers["false alarms"].items()}
    yield (
        f"False alarms of {peers['tool']}: {alarms['default']} kind(s) of failure on the correct stub with its default"
        f" settings, {alarms['thorough']} with `{peers['settings']['thorough']}`. These are left out of its kills."
    )
    for setting in ("default", "thorough"):
        tried = [row["defect"] for row in rows if setting in peers["defects"].get(row["defect"], {})]
        if len(tried) < len(rows):
            yield f"Its {setting} settings were tried on {len(tried)} of the {len(rows)} defects."
    yield "The document has no links, so its stateful phase has nothing to do."


def _lines(rows: list[dict[str, Any]], peers: dict[str, dict[str, list[str]]]) -> Iterator[str]:
    yield (
        "| where the defect sits | defects | killed for the named requirement | killed by schemathesis |"
        " with thorough settings |"
    )
    yield "|---|---|---|---|---|"
    for family, group in groupby(rows, key=lambda row: row["family"]):
        yield f"| {family} | {_counts(list(group), peers)} |"
    yield f"| **all** | {_counts(rows, peers)} |"


def _counts(rows: list[dict[str, Any]], peers: dict[str, dict[str, list[str]]]) -> str:
    killed = sum(row["verdict"] == "killed" for row in rows)
    found = [peers.get(row["defect"], {}) for row in rows]
    default = sum(bool(peer.get("default")) for peer in found)
    either = sum(bool(peer.get("default") or peer.get("thorough")) for peer in found)
    return f"{len(rows)} | {killed} | {default} | {either}"


def judge_sites(write: bool) -> int:
    """Every site with every defect that it can show, judged anew; 0 where all that are to be are killed."""
    known = sites.committed() if sites.MATRIX.exists() else {}
    with _pool() as pool:
        rows = list(pool.map(sites.data_of, sites.pairs()))
    for row in rows:
        if row != known.get((row["site"], row["defect"])) or row["verdict"] != "killed":
            print(f"{row['site']} {row['defect']}: {row['verdict']} {row['convicted for']}")
    if write:
        text = json.dumps({"rows": rows}, indent=1, ensure_ascii=False) + "\n"
        sites.MATRIX.write_text(text, encoding="utf-8", newline="\n")
        _write_table()
    survivors = {(row["site"], row["defect"]) for row in rows if row["verdict"] != "killed"}
    return 0 if survivors == set(sites.SURVIVING) else 1


def _write_table() -> None:
    if PEERS.exists():
        readme = README.read_text(encoding="utf-8")
        readme = re.sub(f"{BEGIN}.*?{END}", lambda _: f"{BEGIN}\n{table()}\n{END}", readme, flags=re.DOTALL)
        README.write_text(readme, encoding="utf-8", newline="\n")


def main(write: bool, names: list[str]) -> int:
    logging.disable(logging.CRITICAL)
    known = committed() if MATRIX.exists() else {}
    rows = judged(names)
    for row in rows:
        if row != known.get(row["defect"]) or row["verdict"] != "killed":
            print(f"{row['defect']}: {row['verdict']} {row['convicted for']}")
    if write:
        text = json.dumps({"rows": rows}, indent=1, ensure_ascii=False) + "\n"
        MATRIX.write_text(text, encoding="utf-8", newline="\n")
        _write_table()
    return 0 if all((row["verdict"] == "killed") != (row["defect"] in SURVIVING) for row in rows) else 1


if __name__ == "__main__":
    if "--sites" in sys.argv:
        logging.disable(logging.CRITICAL)
        raise SystemExit(judge_sites("--write" in sys.argv))
    raise SystemExit(main("--write" in sys.argv, [word for word in sys.argv[1:] if not word.startswith("--")]))

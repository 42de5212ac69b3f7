"""How long a whole site takes to read: `python tests/bench/reading.py [PAGES]` prints the time for so many pages.

The pages are those of the seven sites, copied under other names until there are enough (150 by default). Nothing is
asserted: a time is a measurement of the machine it was taken on.
"""

from __future__ import annotations

import io
import re
import sys
import time
import zipfile
from pathlib import Path

from contracts.helppage import read

SITES = Path(__file__).parent.parent / "data" / "sites"
_FRAMEWORK = re.compile(r"Http|Version")


def site(size: int) -> bytes:
    """An archive of at least so many pages, whole resources at a time."""
    archive, count, copy = io.BytesIO(), 0, 0
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_STORED) as files:
        while count < size:
            copy += 1
            for folder in sorted(path for path in SITES.iterdir() if path.is_dir()):
                for page in sorted(folder.glob("*.html")):
                    if not _FRAMEWORK.search(page.name):
                        files.writestr(f"{copy}/{page.name}", _renamed(page.read_text(encoding="utf-8"), copy))
                        count += 1
    return archive.getvalue()


def _renamed(text: str, copy: int) -> str:
    """The page with its models and paths under names of their own."""
    text = re.sub(r"\bapi/(?=[A-Z])", f"api/s{copy}/", text)
    for model in _MODELS:
        text = re.sub(rf"\b{model}\b", f"{model}{copy}", text)
    return text


_MODELS = sorted(
    page.stem.removeprefix("ResourceModel-")
    for page in SITES.glob("*/ResourceModel-*.html")
    if not _FRAMEWORK.search(page.name) and len(page.stem) > len("ResourceModel-") + 6
)


def main() -> None:
    """Prints pages, operations, models and the best of three readings in seconds."""
    packed = site(int(sys.argv[1]) if len(sys.argv) > 1 else 150)
    best = float("inf")
    for _ in range(3):
        start = time.perf_counter()
        contract = read(packed)
        best = min(best, time.perf_counter() - start)
    print(f"{len(contract.pages)} pages, {len(contract.operations)} operations, {len(contract.models)} models")
    print(f"read in {best:.2f} s")


if __name__ == "__main__":
    main()

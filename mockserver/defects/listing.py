"""The defects for people, as a table that fits 80 columns, and for programs, as JSON.

The rule: both tell the same of each defect, in the table's order. No option of a command is known here.
"""

from __future__ import annotations

import json

from rich.console import Console
from rich.table import Table

from mockserver.defects import every


def print_defects(console: Console) -> None:
    """A table of every defect, by family."""
    table = Table(box=None, pad_edge=False, show_header=False)
    table.add_column(no_wrap=True)
    table.add_column(ratio=1)
    known = ""
    for defect in every().values():
        if defect.family != known:
            known = defect.family
            table.add_row(f"[bold]{known}[/bold]", "[bold]what is wrong → what must convict it[/bold]")
        table.add_row(defect.name, f"{defect.sentence}\n→ {', '.join(defect.requirements)}")
    console.print(table)
    console.print(f"\n{len(every())} defects; turn one on with: portal-mock serve --defect NAME")


def as_json() -> str:
    """Every defect as JSON: name, family, sentence, requirements."""
    rows = [
        {"name": d.name, "family": d.family, "sentence": d.sentence, "requirements": list(d.requirements)}
        for d in every().values()
    ]
    return json.dumps({"defects": rows}, indent=2)

"""`portal-mock demo`: everything once, with a good end, in 80 columns."""

import re
from pathlib import Path

from portal_process import ended


def test_the_demo_shows_everything_and_ends_well(tmp_path: Path) -> None:
    code, out, err = ended("demo", "--report", str(tmp_path / "report"))
    assert (code, err) == (0, "")
    formats = ["application/json", "text/json", "application/xml", "text/xml", "application/x-www-form-urlencoded"]
    found = [re.search(rf"^   {re.escape(name)} +200  ([0-9a-f-]{{36}})$", out, re.MULTILINE) for name in formats]
    assert all(found), out
    assert len({match[1] for match in found if match}) == 1
    assert re.search(r"^   same ExternalId, other CancelReason +200  updated: the id stays$", out, re.MULTILINE)
    assert re.search(r"^   other ExternalId +200  created: a new id$", out, re.MULTILINE)
    assert re.search(r"^   LocationExternalId left out +400  refused: it is required$", out, re.MULTILINE)
    assert "The LocationExternalId field is required." in out
    assert re.search(r"^   CONFORMS  [1-9][0-9]+ satisfied$", out, re.MULTILINE)
    assert str(tmp_path / "report" / "report.html") in out
    assert (tmp_path / "report" / "report.html").is_file()
    assert "\x1b" not in out
    too_wide = [line for line in out.splitlines() if len(line) > 80 and str(tmp_path) not in line]
    assert not too_wide

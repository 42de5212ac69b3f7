"""What is stored is found, and the pages of a list add up. Lists are read in JSON only."""

from __future__ import annotations

from contracts.conformance import bodies, storage
from contracts.conformance.beside import Search
from contracts.conformance.bodies import UnreadableError
from contracts.conformance.checks import check
from contracts.conformance.probe import NotJudgedError, Probe
from contracts.conformance.session import Answer
from contracts.conformance.storage import Kept
from contracts.conformance.subject import bounds
from contracts.conformance.values import Record

SIZE = 2
RECORDS = 2 * SIZE + 1  # so many share a text: two full pages and one that is not


def _search(probe: Probe) -> Search:
    found = probe.subject.beside.search
    assert found is not None
    return found


def _stored(probe: Probe, count: int) -> tuple[str, list[Kept]]:
    """A text that no other record bears, and so many records that bear it."""
    prop = _search(probe).text[1]
    text = probe.session.key() if prop.name != probe.subject.key.name else ""
    if not text or not bounds(prop).allow(text) or prop not in probe.subject.texts:
        raise NotJudgedError(f"no text can be made up for {prop.name} by which records could be found")
    found = []
    for version in range(count):
        key = probe.session.key()
        storage.store(probe, version + 1, key)  # as it was before: a search must show the last
        found.append(storage.keep(probe, probe.record(version, key, {prop.name: text})))
    return text, found


def _asked(probe: Probe, text: str, page: int = 0) -> tuple[list[Record], object]:
    """The rows of a page and the total that it tells."""
    search, media = _search(probe), probe.session.response_formats().get("json")
    if media is None:
        raise NotJudgedError("no JSON is answered")
    answer = probe.send("GET", {"Accept": media}, None, path=search.path(text, page, SIZE))
    probe.expect(200 <= answer.status < 300, "a list (2xx)", answer.words())
    return _read(probe, search, answer)


def _read(probe: Probe, search: Search, answer: Answer) -> tuple[list[Record], object]:
    try:
        whole = bodies.document(answer.body, answer.charset)
    except UnreadableError as error:
        probe.expect(False, "a list in JSON", str(error))
        return [], None
    rows, total = whole, None
    if search.rows is not None and isinstance(whole, dict):
        names = {name.lower(): value for name, value in whole.items()}
        rows = names.get((search.rows.json.value or search.rows.name).lower())
        total = names.get((search.total.json.value or search.total.name).lower()) if search.total else None
    probe.expect(isinstance(rows, list), "a list of records", storage.told(answer))
    return [bodies.from_object(probe.subject, row) for row in rows if isinstance(row, dict)], total


@check("search.finds")
def finds(probe: Probe) -> None:
    text, (kept,) = _stored(probe, 1)
    rows, _ = _asked(probe, text)
    key = probe.subject.key.name
    mine = [row for row in rows if row.get(key) == kept.key]
    probe.expect(len(mine) == 1, f"the record {kept.key} listed once", f"{len(mine)} times in {len(rows)} rows")
    probe.compare(kept.sent, mine[0], storage.compared(probe))


@check("search.pages")
def pages(probe: Probe) -> None:
    text, kept = _stored(probe, RECORDS)
    probe.attempt()
    seen: list[object] = []
    for page in range(1, RECORDS // SIZE + 2):
        rows, _ = _asked(probe, text, page)
        probe.expect(len(rows) <= SIZE, f"at most {SIZE} rows on page {page}", f"{len(rows)}")
        seen += [row.get(probe.subject.key.name) for row in rows]
    lost = [one.key for one in kept if one.key not in seen]
    probe.expect(not lost, f"all of {RECORDS} records on the pages", f"{', '.join(lost)} on none")
    probe.expect(len(set(seen)) == len(seen), "no record twice", f"{len(seen) - len(set(seen))} twice")


@check("search.total")
def total(probe: Probe) -> None:
    text, _ = _stored(probe, SIZE + 1)
    probe.attempt()
    for page in (1, 2):
        _, told = _asked(probe, text, page)
        probe.expect(told == SIZE + 1, f"a total of {SIZE + 1} on page {page}", str(told))

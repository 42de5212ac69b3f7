"""What is stored is found, and the pages of a list add up. Lists are read in JSON, once in XML too."""

from __future__ import annotations

from urllib.parse import urlencode
from xml.etree.ElementTree import Element

from contracts.conformance import bodies, storage
from contracts.conformance.beside import Search
from contracts.conformance.bodies import UnreadableError, lexical
from contracts.conformance.checks import check
from contracts.conformance.probe import NotJudgedError, Probe, shown
from contracts.conformance.session import Answer
from contracts.conformance.storage import Kept
from contracts.conformance.subject import DECIMALS, INTEGERS, bounds
from contracts.conformance.values import Record, difference
from contracts.model import Property

SIZE = 2
MOST = 25  # records that are stored for one page
ORDERED = DECIMALS | INTEGERS | {"DateTime"}  # members by which a search may mean a bound
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


def _answer(
    probe: Probe, text: str, page: int | None = None, size: int = SIZE, other: tuple[str, str] | None = None
) -> Answer:
    media = probe.session.response_formats().get("json")
    if media is None:
        raise NotJudgedError("no JSON is answered")
    return probe.send("GET", {"Accept": media}, None, path=_search(probe).path(text, page, size, other))


def _asked(
    probe: Probe, text: str, page: int | None = None, other: tuple[str, str] | None = None
) -> tuple[list[Record], object]:
    """The rows of a page and the total that it tells."""
    answer = _answer(probe, text, page, other=other)
    probe.expect(200 <= answer.status < 300, "a list (2xx)", answer.words())
    return _read(probe, _search(probe), answer)


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


@check("search.nothing")
def nothing(probe: Probe) -> None:
    """404 for an empty list is a manner, too."""
    _stored(probe, 1)
    text = probe.session.key()
    answer = _answer(probe, text)
    if answer.status in storage.ABSENT:
        probe.expect(True, "nothing", "")
        return
    rows, _ = _read(probe, _search(probe), answer)
    probe.expect(not rows, f"no row for {text!r}, which no record bears", f"{len(rows)} rows")


@check("search.by-others")
def by_others(probe: Probe) -> None:
    """Among records that share a text: the one with the value, and others; a number or a time may be a bound."""
    text, kept = _stored(probe, 3)
    base = list(probe.exchanges)
    for parameter, prop in _search(probe).others.values():
        probe.exchanges = list(base)
        _by(probe, text, kept, parameter, prop)
    if not probe.witnesses:
        raise NotJudgedError("no two values can be made up for any of these members")


def _by(probe: Probe, text: str, kept: list[Kept], parameter: str, prop: Property) -> None:
    contract = probe.subject.contract
    told = {one.key: one.sent.get(prop.name) for one in kept}
    wanted = kept[1]
    value = told[wanted.key]
    unlike = {key for key, other in told.items() if difference(contract, prop, value, other)}
    if value is None or not unlike:
        return
    rows, _ = _asked(probe, text, other=(parameter, lexical(value)))
    found = {row.get(probe.subject.key.name) for row in rows}
    what = f"{prop.name} = {shown(value)}"
    probe.expect(wanted.key in found, f"the record {wanted.key} listed for {what}", f"{len(rows)} rows without it")
    bound = prop.type.value.name in ORDERED
    wrong = unlike & found if not bound else (unlike & found if len(unlike) > 1 and unlike <= found else set())
    probe.expect(not wrong, f"no record listed that does not bear {what}", f"{', '.join(sorted(wrong))}")


@check("search.in-xml")
def in_xml(probe: Probe) -> None:
    text, (kept, *others) = _stored(probe, 2)
    answer = probe.send(
        "GET",
        {"Accept": probe.subject.beside.listed_in("xml")},
        None,
        path=_search(probe).path(text, _first(probe), 10),
    )
    probe.expect(200 <= answer.status < 300, "a list (2xx)", answer.words())
    try:
        root = bodies.tree(answer.body)
    except UnreadableError as error:
        probe.expect(False, "a list in XML", str(error))
        return
    rows = [bodies.from_element(probe.subject, element) for element in _elements(_search(probe), root)]
    for one in (kept, *others):
        mine = [row for row in rows if row.get(probe.subject.key.name) == one.key]
        probe.expect(len(mine) == 1, f"the record {one.key} listed once", f"{len(mine)} times in {len(rows)} rows")
        probe.compare(one.sent, mine[0], storage.compared(probe))


def _elements(search: Search, root: Element) -> list[Element]:
    """The elements of the rows: children of the member that holds them, or of the root."""
    name = search.rows.xml.value.name if search.rows is not None and search.rows.xml.value else ""
    holder = next((child for child in root if child.tag.rpartition("}")[2] == name), None) if name else root
    return list(holder) if holder is not None else []


def _first(probe: Probe) -> int | None:
    return 1 if _search(probe).page else None


@check("search.defaults")
def defaults(probe: Probe) -> None:
    """With one record more than a page holds, where that is few enough to store."""
    search, key = _search(probe), probe.subject.key.name
    page, size = (int(number) if number.isdigit() else 0 for number in search.defaults)
    if not 0 < size <= MOST:
        raise NotJudgedError(f"the default size of a page is {search.defaults[1]}: so many records are not made for it")
    text, _ = _stored(probe, size + 1)
    probe.attempt()
    bare, _ = _asked(probe, text)
    whole, _ = _read(probe, search, _answer(probe, text, page, size))
    rows = [[row.get(key) for row in found] for found in (bare, whole)]
    probe.expect(rows[0] == rows[1], f"the {len(whole)} rows of page {page} of {size} rows", f"{len(bare)} rows")


@check("search.beyond")
def beyond(probe: Probe) -> None:
    text, _ = _stored(probe, SIZE)
    for page, size in ((3, SIZE), (0, SIZE), (-1, SIZE), (1, 0), (1, -1), (2**31 - 1, SIZE), (1, 2**31 - 1)):
        probe.attempt()
        answer = _answer(probe, text, page, size)
        probe.expect(0 < answer.status < 500, f"no error of the server for page {page} of {size} rows", answer.words())
        if page > 2 and 200 <= answer.status < 300:
            rows, _ = _read(probe, _search(probe), answer)
            probe.expect(not rows, f"no row on page {page}, beyond the end", f"{len(rows)}")
        elif page < 1 or size < 1:
            probe.observe(f"page {page} of {size} rows is answered with {answer.words()}")
    search = _search(probe)
    for name in (search.page, *(parameter for parameter, _ in search.others.values())):
        probe.attempt()
        path = f"{search.path(text)}&{urlencode({name: 'no-such-value'})}"
        answer = probe.send("GET", {"Accept": probe.session.hearing}, None, path=path)
        probe.expect(0 < answer.status < 500, f"no error of the server for {name}=no-such-value", answer.words())


@check("search.page-told")
def page_told(probe: Probe) -> None:
    search = _search(probe)
    text, _ = _stored(probe, SIZE + 1)
    for page in (1, 2):
        probe.attempt()
        answer = _answer(probe, text, page, SIZE)
        _read(probe, search, answer)
        told = {str(name).lower(): value for name, value in bodies.document(answer.body, answer.charset).items()}
        for what, number in (("page", page), ("size", SIZE), ("pages", 2)):
            prop = search.told.get(what)
            if prop is not None:
                value = told.get((prop.json.value or prop.name).lower())
                probe.expect(value == number, f"{prop.name} = {number} on page {page} of {SIZE} rows", str(value))


@check("search.deleted")
def deleted(probe: Probe) -> None:
    text, (gone, kept) = _stored(probe, 2)
    answer = storage.deleted(probe, gone)
    probe.expect(200 <= answer.status < 300, "the record is deleted (2xx)", answer.words())
    rows, _ = _asked(probe, text)
    found = [row.get(probe.subject.key.name) for row in rows]
    probe.expect(gone.key not in found, f"no row for the deleted record {gone.key}", f"it in {len(rows)} rows")
    probe.expect(kept.key in found, f"the record {kept.key} listed still", f"{len(rows)} rows without it")

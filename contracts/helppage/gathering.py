"""From whatever is handed in (files, folders of a saved site, archives, texts) to the files that may be pages.

The rule: a folder or an archive may hold anything; what is no page is left aside and told, in one note for each
source, and never an error. A page that lies there in several forms is read once, in the form that says most. Nothing
of an archive is written anywhere, and an archive that would unpack to more than a help site is refused.

    form     .html .htm .xhtml, no ending  >  .mhtml .mht  >  .md .markdown  >  .txt with pipes  >  .txt of layout A
"""

from __future__ import annotations

import gzip
import io
import os
import re
import tarfile
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, TypeAlias, cast

from contracts.errors import Fault, UsageError

Given: TypeAlias = str | bytes | os.PathLike[str]

_MOST_BYTES = 200_000_000
_MOST_OF_ONE = 40_000_000
_MOST_FILES = 20_000
_GZIP = b"\x1f\x8b"
# A page's form by its ending, the one that says most first.
_FORMS = (".html", ".htm", ".xhtml", "", ".mhtml", ".mht", ".md", ".markdown", ".txt")
_LAYOUT_A = re.compile(r"\.layout-a$", re.IGNORECASE)
_LAYOUT = re.compile(r"\.layout-\w$", re.IGNORECASE)
# What browsers and systems leave beside a page.
_ASIDE = re.compile(r"(?:^|/)(?:\.[^/]*|__MACOSX|[^/]*_files|[^/]*\.files|Thumbs\.db|desktop\.ini)(?:/|$)")
_ENDING = re.compile(r"\.[A-Za-z][A-Za-z0-9]{0,5}$")


@dataclass(frozen=True)
class Found:
    """A file that may be a page: its name (within its folder or archive), its bytes."""

    name: str
    data: bytes


def gather_files(sources: Iterable[Given], notes: list[Fault]) -> list[Found]:
    """Every file that may be a page; raises UsageError for a path that cannot be read or a folder without a page."""
    found: list[Found] = []
    for number, source in enumerate(sources, 1):
        if isinstance(source, bytes):
            found += _of_bytes(f"page {number}", source, notes)
        elif isinstance(source, str) and ("\n" in source or "\r" in source or "<" in source or not source):
            found.append(Found(f"page {number}", source.encode("utf-8", "surrogatepass")))
        elif _is_folder(source):
            found += _of_folder(Path(source), notes)
        else:
            found += _of_bytes(Path(source).name, _bytes_of(source), notes)
    return _named_apart(found)


def _is_folder(path: Given) -> bool:
    try:
        return Path(path).is_dir()  # type: ignore[arg-type]
    except (OSError, ValueError):
        return False


def _bytes_of(path: str | os.PathLike[str]) -> bytes:
    try:
        if hasattr(path, "read_bytes"):
            return path.read_bytes()  # type: ignore[no-any-return]
        return Path(path).read_bytes()
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise UsageError(
            f"cannot read the help page {os.fspath(path)!r}: {reason}\n    what to do: give the path of a saved page"
        ) from None


def _of_folder(folder: Path, notes: list[Fault]) -> list[Found]:
    files = {
        path.relative_to(folder).as_posix(): path
        for top, folders, names in os.walk(folder)
        for path in (Path(top) / name for name in names)
        if not folders.sort() and path.is_file()
    }
    chosen = _choose(folder.name or str(folder), files, notes)
    if not chosen:
        raise UsageError(
            f"cannot read the help page {str(folder)!r}: the folder holds no page\n"
            "    what to do: give a folder with pages saved as HTML, Markdown or text, or name the pages"
        )
    total = sum(files[name].stat().st_size for name in chosen)
    if total > _MOST_BYTES or len(chosen) > _MOST_FILES:
        raise UsageError(
            f"the folder {str(folder)!r} holds {total:,} bytes of pages, more than any help site: name them"
        )
    return [Found(name, _bytes_of(files[name])) for name in chosen]


def _of_bytes(name: str, data: bytes, notes: list[Fault]) -> list[Found]:
    """The file itself, or the pages in it if it is an archive."""
    if data.startswith(b"PK\x03\x04"):
        return _of_archive(name, _zipped(name, data), notes)
    if data.startswith(_GZIP) or data[257:262] == b"ustar":
        packed = _tarred(name, data)
        return [Found(name, data)] if packed is None else _of_archive(name, packed, notes)
    return [Found(name, data)]


def _of_archive(name: str, entries: Iterable[tuple[str, bytes]], notes: list[Fault]) -> list[Found]:
    files: dict[str, bytes] = {}
    for entry, data in entries:
        path = PurePosixPath(entry.replace("\\", "/"))
        if path.is_absolute() or ".." in path.parts or ":" in path.parts[0]:
            what = f"the entry {entry[:60]!r} leads out of the archive and was left aside"
            notes.append(Fault(name, 0, what, "pack the pages again, with plain names"))
        else:
            files[str(path)] = data
    chosen = _choose(name, files, notes)
    if not chosen:
        what = next((what for folder, what in _OFFICE.items() if any(file.startswith(folder) for file in files)), "")
        raise UsageError(
            f"cannot read the help page {name!r}: {what or 'the archive holds no page'}\n"
            "    what to do: give an archive of pages saved as HTML, Markdown or text, or the pages themselves"
        )
    return [Found(entry, files[entry]) for entry in chosen]


#: What a zip archive is that holds such a folder.
_OFFICE = {"word/": "it is a Word document", "xl/": "it is an Excel workbook", "ppt/": "it is a PowerPoint document"}


def _zipped(name: str, data: bytes) -> Iterator[tuple[str, bytes]]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = [entry for entry in archive.infolist() if not entry.is_dir()]
            _check_size(name, sum(entry.file_size for entry in entries), len(entries))
            left = _MOST_BYTES
            for entry in entries:
                with archive.open(entry) as file:
                    content = file.read(min(left, _MOST_OF_ONE) + 1)
                left -= len(content)
                _check_size(name, _MOST_BYTES - left if len(content) <= _MOST_OF_ONE else _MOST_BYTES + 1, 0)
                yield entry.filename, content
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, ValueError) as error:
        raise _unreadable(name, error) from None


def _tarred(name: str, data: bytes) -> list[tuple[str, bytes]] | None:
    """The files of a tar archive, packed with gzip or not; None where gzip holds something else."""
    entries: list[tuple[str, bytes]] = []
    left = _MOST_BYTES
    plain = io.BytesIO(data)
    try:
        unpacked = gzip.GzipFile(fileobj=plain) if data.startswith(_GZIP) else plain
        with tarfile.open(fileobj=cast(IO[bytes], _Bounded(unpacked, name)), mode="r|") as archive:
            for entry in archive:
                file = archive.extractfile(entry) if entry.isreg() else None
                left -= entry.size
                _check_size(name, _MOST_BYTES - left if entry.size <= _MOST_OF_ONE else _MOST_BYTES + 1, len(entries))
                if file is not None:
                    entries.append((entry.name, file.read()))
    except tarfile.ReadError:
        return None
    except (tarfile.TarError, EOFError, OSError, ValueError, zlib.error) as error:
        raise _unreadable(name, error) from None
    return entries


class _Bounded:
    """A tar archive's bytes, no more than may be: its own records and names, which are read whole, count too."""

    def __init__(self, file: gzip.GzipFile | io.BytesIO, name: str):
        self._file, self._name, self._seen = file, name, 0

    def read(self, size: int = -1) -> bytes:
        data = self._file.read(size)
        self._seen += len(data)
        _check_size(self._name, self._seen, 0)
        return data


def _unreadable(name: str, error: Exception) -> UsageError:
    return UsageError(f"cannot unpack {name!r}: {error}\n    what to do: pack the pages again, without a password")


def _check_size(name: str, size: int, count: int) -> None:
    if size > _MOST_BYTES or count > _MOST_FILES:
        raise UsageError(
            f"cannot unpack {name!r}: it unpacks to more than {_MOST_BYTES:,} bytes in all, {_MOST_OF_ONE:,} in one "
            f"file, or {_MOST_FILES:,} files\n    what to do: pack the help pages alone"
        )


def _form(name: str) -> tuple[str, int] | None:
    """A file's page and how much its form says (less is better); None for what is no page by its name."""
    ending = match[0] if (match := _ENDING.search(name)) else ""
    known = ending if ending.lower() in _FORMS else "" if ending.lower() not in _JUNK and not ending else None
    if known is None:
        return None
    stem = name[: len(name) - len(known)]
    if known.lower() != ".txt":
        return stem, _FORMS.index(known.lower())
    return _LAYOUT.sub("", stem), len(_FORMS) + bool(_LAYOUT_A.search(stem))


_JUNK = frozenset({".css", ".js", ".png", ".gif", ".svg", ".ico", ".json", ".xml"})


def _choose(where: str, names: Iterable[str], notes: list[Fault]) -> list[str]:
    """The names of the pages, each page once; what is left aside is told."""
    best: dict[str, tuple[int, str]] = {}
    other, twice = list[str](), list[str]()
    for name in sorted(names):
        form = None if _ASIDE.search(name) else _form(name)
        if form is None:
            other.append(name)
            continue
        stem, rank = form
        if stem in best:
            twice.append(max((rank, name), best[stem])[1])
        best[stem] = min((rank, name), best.get(stem, (rank, name)))
    if other:
        what = f"{_count(other)} by name no page and left aside: {_few(other)}"
        notes.append(Fault(where, 0, what, "nothing; if a page is among them, give it an ending of .html, .md or .txt"))
    if twice:
        what = f"{_count(twice)} another form of a page that was read, and left aside: {_few(twice)}"
        notes.append(Fault(where, 0, what, "nothing; to read that form, give the file alone"))
    return sorted(name for _, name in best.values())


def _count(names: list[str]) -> str:
    return "1 file is" if len(names) == 1 else f"{len(names)} files are"


def _few(names: list[str]) -> str:
    return ", ".join(names[:3]) + (", …" if len(names) > 3 else "")


def _named_apart(found: list[Found]) -> list[Found]:
    """Files of one name in several folders get a number, so that evidence names one page only."""
    seen: dict[str, int] = {}
    apart = []
    for file in found:
        seen[file.name] = seen.get(file.name, 0) + 1
        number = seen[file.name]
        apart.append(file if number == 1 else Found(f"{file.name} ({number})", file.data))
    return apart

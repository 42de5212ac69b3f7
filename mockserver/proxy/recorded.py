"""A portal's recorded answers: kept as they come, and given again.

    Recording    a journal that also appends every exchange to a file, a line of JSON each
    Recorded     answers by the exchanges of such a file (or of a HAR): same verb, target and body, best the same Accept

The rule: what is written bears no credential. What was asked several times is answered in the recorded order, the last
answer again and again; what was never asked is refused in the proxy's own words, never made up.
"""

from __future__ import annotations

import json
import threading
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from contracts.errors import UsageError
from mockserver.journal import Exchange, Journal, Secrets, record
from mockserver.journal.data import line
from mockserver.proxy.forwarding import own_words, passed_on
from mockserver.webapi import Act, Request, Response

_Key = tuple[str, str, str, str | None]


class Recording(Journal):
    """A journal in memory that appends to a file what it keeps; `close` it, or use it as a context manager.

    Raises UsageError when the file cannot be written, or is there already and holds something else than exchanges.
    """

    def __init__(self, file: Path, secrets: Secrets | None = None):
        super().__init__()
        self._secrets = secrets or Secrets()
        _check(file)
        try:
            self._file = file.open("a", encoding="utf-8", newline="\n")
        except OSError as error:
            what = f"cannot write the recording {file}: {error.strerror or error}"
            raise UsageError(f"{what}\n    what to do: name a file that this command may write") from error

    def _keep(self, exchange: Exchange) -> None:
        super()._keep(exchange)
        print(line(record(exchange, self._secrets)), file=self._file, flush=True)

    def close(self) -> None:
        """Write no more."""
        super().close()
        self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _check(file: Path) -> None:
    """A file that is there is gone on with, so its last line must be one of ours."""
    if not file.is_file() or not file.stat().st_size:
        return
    with file.open("rb") as there:
        first = there.readline(1_000_000)
    try:
        fits = {"request", "response"} <= set(json.loads(first))
    except (ValueError, TypeError):
        fits = False
    if not fits:
        raise UsageError(
            f"{file} is there already, and is no recording\n    what to do: name another file; a new one is made"
        )


class Recorded:
    """Answers by what was recorded; safe from any thread."""

    def __init__(self, exchanges: Iterable[Exchange], secrets: Secrets | None = None):
        self._secrets = secrets or Secrets()
        self._answers: dict[_Key, list[Response]] = defaultdict(list)
        self._next: dict[_Key, int] = defaultdict(int)
        self._lock = threading.Lock()
        self._targets: dict[tuple[str, str], int] = defaultdict(int)
        for exchange in exchanges:
            if exchange.response.status == 0 or any(name == "Portal-Proxy" for name, _ in exchange.response.headers):
                continue  # no answer of the portal's
            exact, loose = self._keys(exchange.request)
            self._answers[exact].append(exchange.response)
            self._answers[loose].append(exchange.response)
            self._targets[exact[0], exact[1]] += 1

    def __len__(self) -> int:
        """How many answers there are."""
        return sum(self._targets.values())

    def __call__(self, request: Request, _: Act) -> Response:
        """The recorded answer; 501 where there is none."""
        for key in self._keys(request):
            answers = self._answers.get(key)
            if answers:
                with self._lock:
                    place = min(self._next[key], len(answers) - 1)
                    self._next[key] += 1
                found = answers[place]
                return Response(found.status, tuple(passed_on(found.headers)), found.body, found.losses, found.hidden)
        path = self._secrets.target(request.target).partition("?")[0]
        alike = self._targets.get((request.method.upper(), self._secrets.target(request.target)), 0)
        told = f"{request.method} {path} with this body is not in the recording"
        told += f" (with other bodies it is there {alike} times)" if alike else ""
        return own_words(501, "not-recorded", told, "record it: portal-mock proxy --target URL --record FILE")

    def _keys(self, request: Request) -> tuple[_Key, _Key]:
        """How a request is found: with its Accept, and whatever its Accept."""
        method, target = request.method.upper(), self._secrets.target(request.target)
        body = _alike(request.body or b"")
        return (method, target, body, request.first("Accept") or ""), (method, target, body, None)


def _alike(body: bytes) -> str:
    """The body as a text that is the same for JSON that says the same."""
    try:
        return json.dumps(json.loads(body), sort_keys=True)
    except (ValueError, RecursionError):
        return repr(body)


def exchanges_of(file: Path, contract: Any) -> list[Exchange]:
    """The exchanges of a recording or a HAR; UsageError where it cannot be read or holds none."""
    from mockserver.grade.sources import read

    try:
        data = file.read_bytes()
    except OSError as error:
        raise UsageError(
            f"cannot read {file}: {error.strerror or error}\n    what to do: give the path of a recording"
        ) from error
    found = list(read(data, file.name, contract).exchanges)
    if not found:
        raise UsageError(f"{file} holds no exchange with this portal\n    what to do: record some: --target, --record")
    return found

"""A real Chromium, driven by its own protocol over two pipes: no driver program, no library, no network.

    Browser ─ a process with a profile of its own ── Page ─ one tab: go, click, press, type, ask, and all that it said

The rule: a page remembers every request, every word on the console and every dialog, and a test looks at them at its
end. Waiting is for a condition, never for a time.
Source: Chrome DevTools Protocol (Target, Page, Runtime, Network, Log, Input, Emulation); --remote-debugging-pipe reads
from descriptor 3 and writes to 4, messages end with a zero byte.
"""

from __future__ import annotations

import itertools
import json
import os
import select
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--no-default-browser-check",
    "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-extensions",
    "--disable-default-apps", "--disable-dev-shm-usage", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
    "--remote-debugging-pipe",
)  # fmt: skip
PATIENCE = 60.0
#: Puts the pipes where Chromium wants them, and becomes Chromium.
_PLACES = """
import os, sys
high = [os.dup2(int(one), 100 + place) for place, one in enumerate(sys.argv[1:3])]
for place, one in enumerate(high):
    os.dup2(one, 3 + place)
os.closerange(5, 110)
os.execv(sys.argv[3], sys.argv[3:])
"""
#: Keys by their names: code, number, text.
KEYS: Mapping[str, tuple[str, int, str]] = {
    "Tab": ("Tab", 9, ""),
    "Enter": ("Enter", 13, "\r"),
    " ": ("Space", 32, " "),
    "ArrowDown": ("ArrowDown", 40, ""),
    "Escape": ("Escape", 27, ""),
}


def found() -> str | None:
    """Where Chromium is, None where there is none."""
    return next((path for name in NAMES if (path := shutil.which(name))), None)


class Browser:
    """One process of Chromium and what it says."""

    def __init__(self, program: str, profile: Path):
        self._numbers, self._rest = itertools.count(1), b""
        self.pages: dict[str, Page] = {}
        theirs_in, self._out = os.pipe()
        self._in, theirs_out = os.pipe()
        places = [sys.executable, "-c", _PLACES, str(theirs_in), str(theirs_out)]
        command = [*places, program, *FLAGS, f"--user-data-dir={profile}", "about:blank"]
        self._process = subprocess.Popen(
            command,
            pass_fds=(theirs_in, theirs_out),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        os.close(theirs_in)
        os.close(theirs_out)

    def call(self, method: str, session: str = "", **parameters: Any) -> dict[str, Any]:
        """What the browser answers; RuntimeError when it refuses."""
        number = next(self._numbers)
        to = {"sessionId": session} if session else {}
        message = {"id": number, "method": method, "params": parameters, **to}
        os.write(self._out, json.dumps(message).encode() + b"\0")
        while True:
            answer = self._read(PATIENCE)
            if answer is None:
                raise RuntimeError(f"Chromium does not answer to {method}")
            if answer.get("id") == number:
                if "error" in answer:
                    raise RuntimeError(f"{method}: {answer['error']}")
                result: dict[str, Any] = answer["result"]
                return result
            self._note(answer)

    def listen(self, seconds: float) -> None:
        """Note what it says within that time."""
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            said = self._read(left)
            if said is not None:
                self._note(said)

    def _note(self, said: dict[str, Any]) -> None:
        page = self.pages.get(said.get("sessionId", ""))
        if page is not None:
            page.note(said["method"], said["params"])

    def _read(self, seconds: float) -> dict[str, Any] | None:
        while b"\0" not in self._rest:
            if not select.select([self._in], [], [], seconds)[0]:
                return None
            data = os.read(self._in, 1 << 20)
            if not data:
                raise RuntimeError("Chromium has ended")
            self._rest += data
        message, _, self._rest = self._rest.partition(b"\0")
        read: dict[str, Any] = json.loads(message)
        return read

    @contextmanager
    def page(self, width: int = 1280, dark: bool = False) -> Iterator[Page]:
        """A tab that knows nothing of the others."""
        context = self.call("Target.createBrowserContext")["browserContextId"]
        target = self.call("Target.createTarget", url="about:blank", browserContextId=context)["targetId"]
        session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        page = self.pages[session] = Page(self, session)
        try:
            for domain in ("Page", "Runtime", "Network", "Log"):
                page.call(f"{domain}.enable")
            page.look(width, dark)
            yield page
        finally:
            self.call("Target.disposeBrowserContext", browserContextId=context)
            del self.pages[session]

    def close(self) -> None:
        """End it with all of its processes."""
        try:
            self.call("Browser.close")
            self._process.wait(10)
        except (RuntimeError, OSError, subprocess.TimeoutExpired):
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
        finally:
            os.close(self._in)
            os.close(self._out)


class Page:
    """A tab; `requests` are the addresses it asked for, `troubles` errors on its console, dialogs and refusals."""

    def __init__(self, browser: Browser, session: str):
        self._browser, self._session, self._loaded = browser, session, 0
        self.requests: list[str] = []
        self.troubles: list[str] = []

    def call(self, method: str, **parameters: Any) -> dict[str, Any]:
        return self._browser.call(method, self._session, **parameters)

    def note(self, method: str, told: dict[str, Any]) -> None:
        """Remember what the tab says."""
        if method == "Page.loadEventFired":
            self._loaded += 1
        elif method == "Network.requestWillBeSent":
            self.requests.append(told["request"]["url"])
        elif method == "Runtime.exceptionThrown":
            self.troubles.append(f"exception: {told['exceptionDetails'].get('exception', {}).get('description')}")
        elif method == "Runtime.consoleAPICalled" and told["type"] in ("error", "warning", "assert"):
            self.troubles.append(f"console: {told['args']}")
        elif method == "Log.entryAdded" and told["entry"]["level"] in ("error", "warning"):
            where = told["entry"].get("url", "")
            if not where.endswith("/favicon.ico"):  # asked for by Chromium of its own accord
                self.troubles.append(f"log: {told['entry']['text']} {where}")
        elif method == "Page.javascriptDialogOpening":
            self.troubles.append(f"dialog: {told['message']}")
            self.call("Page.handleJavaScriptDialog", accept=True)

    def look(self, width: int, dark: bool) -> None:
        """Be so wide, for eyes that like it light or dark."""
        height, mobile = (844, True) if width < 500 else (900, False)
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=mobile)
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self.call("Emulation.setEmulatedMedia", features=[scheme])

    def go(self, url: str) -> None:
        """Load a page."""
        before = self._loaded
        self.call("Page.navigate", url=url)
        self.wait_for_load(before)

    def wait_for_load(self, before: int) -> None:
        until = time.monotonic() + PATIENCE
        while self._loaded == before:
            assert time.monotonic() < until, "the page does not load"
            self._browser.listen(0.02)

    @property
    def loaded(self) -> int:
        """How often a page was loaded."""
        return self._loaded

    def ask(self, expression: str) -> Any:
        """The value of an expression in the page."""
        answer = self.call("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in answer, answer
        return answer["result"].get("value")

    def until(self, expression: str) -> Any:
        """Wait until the expression is true of the page."""
        end = time.monotonic() + PATIENCE
        while True:
            try:
                value = self.ask(expression)
            except RuntimeError:  # the page is going away
                value = None
            if value:
                return value
            assert time.monotonic() < end, f"never so: {expression}; the page says {self.troubles}"
            self._browser.listen(0.05)

    def press(self, key: str, times: int = 1) -> None:
        """Press a key of KEYS."""
        code, number, text = KEYS[key]
        about = {"key": key, "code": code, "windowsVirtualKeyCode": number}
        for _ in range(times):
            self.call("Input.dispatchKeyEvent", type="keyDown" if text else "rawKeyDown", text=text, **about)
            self.call("Input.dispatchKeyEvent", type="keyUp", **about)

    def type(self, text: str) -> None:
        """Type a text where the focus is."""
        self.call("Input.insertText", text=text)

    def follow(self, key: str) -> None:
        """Press a key that loads another page."""
        before = self._loaded
        self.press(key)
        self.wait_for_load(before)

    def tab_to(self, condition: str, most: int = 80) -> int:
        """Press Tab until the condition is true of the focused element `e`; how often it was pressed."""
        for count in range(1, most + 1):
            self.press("Tab")
            if self.ask(f"(e => Boolean({condition}))(document.activeElement)"):
                return count
        raise AssertionError(f"Tab does not lead there: {condition}")

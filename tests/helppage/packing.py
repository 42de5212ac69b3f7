"""Pages as an archive in memory, so that each keeps the name of its file."""

from __future__ import annotations

import io
import zipfile


def packed(pages: dict[str, str | bytes]) -> bytes:
    """A zip archive of pages by file name."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as files:
        for name, text in pages.items():
            files.writestr(name, text)
    return archive.getvalue()

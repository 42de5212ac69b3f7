"""The kinds of store, for parameters of tests; PostgreSQL takes a second to start, so the heavier proof has it."""

import pytest

IN_POSTGRESQL = pytest.param("postgresql", marks=pytest.mark.slow)
KINDS = ["memory", "file", IN_POSTGRESQL]
#: Those that outlive their process.
LASTING = ["file", IN_POSTGRESQL]

"""The suite as pytest tests: `pytest --pyargs contracts.conformance --portal-url URL`.

The rule: pytest only shows what the judge found; one run of the judge stands behind all tests of a process, and no
expectation lives here.
"""

"""Failures from inside a test: `portal.fail(…)` of StubPortal and of the fixture."""

from collections.abc import Iterator

import pytest
import requests
from shipped_record import record

from contracts.errors import UsageError
from mockserver.stub import LivePortal, StubPortal

PATH = "/api/Appointments"


@pytest.fixture(scope="module")
def stub() -> Iterator[StubPortal]:
    with StubPortal() as started:
        yield started


@pytest.fixture
def own(stub: StubPortal) -> Iterator[LivePortal]:
    with stub.tenant() as found:
        yield found


def post(portal: LivePortal) -> int:
    return requests.post(portal.url + PATH, json=record(), timeout=60).status_code


def test_a_fault_is_given_by_name_and_parameters_or_as_text(own: LivePortal) -> None:
    own.fail("status", status=503, count=1)
    assert (post(own), post(own)) == (503, 200)
    own.fail("status=429;count=1")
    assert (post(own), post(own)) == (429, 200)


def test_a_fault_says_what_became_of_it_and_ends_with_its_block(own: LivePortal) -> None:
    with own.fail("status=503;after=1;count=1") as failure:
        assert [post(own) for _ in range(3)] == [200, 503, 200]
        assert (failure.matched, failure.applied) == (3, 1)
    assert own.call("GET", "/faults") == {"faults": []}
    with pytest.raises(UsageError, match="has ended"):
        _ = failure.applied


def test_an_answer_that_is_lost_leaves_its_record_and_a_retry_meets_it(own: LivePortal) -> None:
    own.fail("lost;count=1")
    with pytest.raises(requests.ConnectionError):
        post(own)
    assert len(own.records("Appointments")) == 1
    assert post(own) == 200
    assert len(own.records("Appointments")) == 1
    assert [(one["injected"], one["answered"]) for one in own.journal] == [("lost", False), ("", True)]


def test_tenants_of_one_server_fail_each_for_itself(stub: StubPortal) -> None:
    with stub.tenant() as one, stub.tenant() as other:
        one.fail("status=503")
        assert (post(one), post(other)) == (503, 200)
        one.heal()
        assert post(one) == 200


def test_what_makes_no_sense_is_an_error_with_the_portals_words(own: LivePortal) -> None:
    for fault, given in (("explode", {}), ("status", {"status": 99}), ("status=99", {})):
        with pytest.raises(UsageError, match="what to do"):
            own.fail(fault, **given)

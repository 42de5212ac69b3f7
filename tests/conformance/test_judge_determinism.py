"""Same seed and run id: the same bytes in the same order. Another: other keys."""

import hashlib
import itertools
import re

from zoo import Portal

from contracts.conformance import Settings, Target, check


def requests_hash(contract, *traits, **settings):
    with Portal(*traits) as portal:
        check(contract, Target(portal.url), Settings(**settings))
        digest = hashlib.sha256()
        for method, path, body in in_order(portal.seen):
            digest.update(repr((method, path, body)).encode())
        return digest.hexdigest(), {body for _, _, body in portal.seen}


def in_order(seen):
    """What clients sent at the same moment has no order of its own: each such burst is sorted."""
    for _, group in itertools.groupby(seen, key=lambda request: b"-burst" in request[2]):
        requests = list(group)
        yield from sorted(requests) if b"-burst" in requests[0][2] else requests


def test_the_same_seed_and_run_id_send_the_same_bytes(contract):
    assert requests_hash(contract, run_id="one", seed=5)[0] == requests_hash(contract, run_id="one", seed=5)[0]


def test_it_holds_for_a_faulty_portal_too(contract):
    one, other = (requests_hash(contract, "escapes", "cuts-50", run_id="one", include=("text.*",)) for _ in range(2))
    assert one[0] == other[0]


def test_two_runs_without_a_run_id_share_no_key(contract):
    both = [requests_hash(contract, include=("upsert.key-comes-back",))[1] for _ in range(2)]
    assert not both[0] & both[1]


def test_every_key_bears_the_suites_prefix_but_for_a_few_of_digits_alone(contract):
    bodies = requests_hash(contract, run_id="one", include=("upsert.*",))[1]
    without = [body for body in bodies if body.endswith(b"}") and b"pc-one-1-" not in body]
    assert len(without) < len(bodies) and len(without) == 3
    assert all(re.search(rb'"externalId": "(00)?9\d{10,11}"', body) for body in without)

"""The proof set was labelled by hand before anything that judges it was written, and stays so."""

import hashlib
from urllib.parse import urlsplit

from tests.selfcheck import proofs

FROZEN = "ff7a8bc3e3fcafcbd0da9eaa4fcda0917b70f8bcab7e95565395e12dc9d52bad"


def test_nobody_has_changed_a_name_a_result_or_a_label_since() -> None:
    digest = hashlib.sha256(b"".join(file.read_bytes() for file in proofs.files())).hexdigest()
    assert digest == FROZEN


def test_there_are_fifty_people_with_twenty_results_each_at_addresses_of_nobody() -> None:
    people = proofs.people()
    assert [one.number for one in people] == list(range(1, 51))
    assert {len(one.results) for one in people} == {20}
    hosts = {urlsplit(result.url).hostname or "" for one in people for result in one.results}
    assert all(host.endswith(".example") for host in hosts)


def test_the_set_is_hard_in_the_ways_that_names_are() -> None:
    results = [result for one in proofs.people() for result in one.results]
    assert 350 <= sum(result.is_you for result in results) <= 500
    assert sum(not result.is_you and "N" in result.findings for result in results) >= 40
    assert {"obituary", "sport", "news", "image", "school", "social"} <= {r.kind for r in results}

"""The benchmark runs, what it writes can be read, and the floor does what the stub does: no time is judged."""

import json
import re
import subprocess
import sys
from pathlib import Path

import bench_floor
import pytest

from mockserver import workers
from mockserver.store.database import texts

BENCH = Path(__file__).parent
TINY = ["--rounds", "1", "--seconds", "0.2", "--warm-up", "0.1", "--starts", "1", "--connections", "2"]
SERVERS = {"stub, memory", "stub, file", "floor, memory", "floor, file"}
SERVERS |= {"stub x2, file", "stub x2, own journal"} if workers.POSSIBLE else set()
CASES = {f"{server}, JSON" for server in SERVERS} | {f"stub, memory, {one}" for one in ("JSON + id", "XML", "form")}


@pytest.mark.slow
def test_a_tiny_run_measures_every_case_without_an_error_and_saves_it(tmp_path: Path) -> None:
    command = [sys.executable, str(BENCH / "portal.py"), *TINY, "--generator", "python", "--no-peers"]
    saving = ["--save", "tiny", "--results", str(tmp_path)]
    run = subprocess.run([*command, *saving], capture_output=True, text=True, encoding="utf-8")
    assert run.returncode == 0, run.stderr
    assert all(len(line) <= 80 for line in run.stdout.splitlines())
    data = json.loads((tmp_path / "tiny.json").read_text(encoding="utf-8"))
    (loads,) = data["rounds"]
    assert set(loads) == CASES
    assert all(load["requests"] > 0 and load["errors"] == 0 for load in loads.values())
    assert all(0 < load["p50_ms"] <= load["p99_ms"] for load in loads.values())
    assert set(data["start_seconds"]) == set(data["memory_at_rest_mb"]) == set(data["memory_mb"]) == SERVERS
    assert all(len(seconds) == 1 for seconds in data["start_seconds"].values())
    assert {"stub / floor, memory", "stub / floor, file"} <= set(data["ratios"])
    assert set(data["machine"]) == {"system", "cores", "python"}
    table = (tmp_path / "tiny.md").read_text(encoding="utf-8")
    assert all(f"| {name} |" in table for name in CASES)


def test_the_floor_keeps_records_in_the_same_table_by_the_same_statement() -> None:
    def plain(sql: str) -> str:
        return re.sub(r'\s|"|IF NOT EXISTS', "", sql).lower()

    ours = texts("sqlite")
    assert plain(bench_floor.TABLES) == plain(f"{ours['create records']};{ours['create records_by_id']}")
    assert plain(bench_floor.UPSERT) == plain(ours["upsert"])


@pytest.mark.slow
@pytest.mark.parametrize("count", [1, 2] if workers.POSSIBLE else [1])
def test_ten_seconds_of_every_kind_of_client_get_no_5xx_and_no_wrong_answer(tmp_path: Path, count: int) -> None:
    command = [sys.executable, str(BENCH / "soak.py"), "--seconds", "10", "--workers", str(count)]
    saving = ["--save", "short", "--results", str(tmp_path)]
    run = subprocess.run([*command, *saving], capture_output=True, text=True, encoding="utf-8")
    assert run.returncode == 0, run.stdout + run.stderr
    found = json.loads((tmp_path / "short.json").read_text(encoding="utf-8"))
    assert (found["own_5xx"], found["wrong"], found["printed"]) == (0, [], [])
    assert set(found["statuses"]) == {"200", "400", "404", "405", "415"}
    assert found["requests"] > 1000
    assert found["slow_answered"] >= found["settings"]["slow"]
    assert {"200", "503", "broken"} <= set(found["arranged"])
    assert set(found["full_journal_costs"]) == {"memory", "store"}
    assert "- requests of slow clients answered:" in (tmp_path / "short.md").read_text(encoding="utf-8")

"""SIGKILL under load: no acknowledged event is lost, none is doubled, and every number still follows.

`make test` kills twenty times on either database; `make proof` as often as it is told on SQLite, and a
quarter of that on PostgreSQL. Zero failures in n kills show a rate below 3/n (95 %).
"""

import asyncio
import os

from tests.support.load import Oracle
from tests.support.postgres import Cluster, fresh_database
from tests.support.server import Server, on_postgres, on_sqlite
from tests.support.world import eventually

LEAST = 20
KILLS = int(os.environ.get("PROOF_KILLS") or os.environ.get("PLAUDIT_PROOF") or LEAST)
SEED = int(os.environ.get("PROOF_SEED", "20261124"))
AUDITS = 4


def kill_again_and_again(server, kills, whole=1):
    """Kill under load, start on the same data, compare; and let `plaudit verify` audit now and then.

    Every ``whole``-th kill ends everything, the others only the workers, whom their parent replaces.
    """
    oracle = Oracle(server, SEED)
    server.start()
    oracle.prepare()
    for number in range(1, kills + 1):
        everything = number % whole == 0
        oracle.kill = server.kill if everything else server.kill_workers
        asyncio.run(oracle.load_until_killed())
        if number % max(1, kills // AUDITS) == 0:
            audited = server.run("verify")
            assert audited.returncode == 0, audited.stdout + audited.stderr
        if everything:
            server.start()
        assert eventually(server.is_ready)
        asyncio.run(oracle.settle())
        oracle.forget()
        if number % 50 == 0:
            print(f"{number} kills, {oracle.acknowledged} events acknowledged, none lost or doubled")
    server.stop()
    assert oracle.acknowledged > kills, "The load was too thin to prove anything. Kill later."


def test_sqlite_survives_being_killed_under_load(tmp_path):
    kill_again_and_again(on_sqlite(tmp_path), KILLS)


def test_the_processes_of_postgres_survive_being_killed_under_load():
    """Two of three kills leave the parent alive, which is quick, and which has to replace its workers."""
    kill_again_and_again(on_postgres(workers=2), max(LEAST, KILLS // 4), whole=3)


def test_postgres_killed_itself_keeps_what_was_acknowledged():
    """The database's processes die; the server says so, and goes on when the database is back."""
    cluster = Cluster()
    with Server(fresh_database(cluster), workers=2) as server:
        oracle = Oracle(server, SEED, cluster.kill)
        oracle.prepare()
        for _ in range(max(3, KILLS // 20)):
            asyncio.run(oracle.load_until_killed())
            cluster.start()
            assert eventually(server.is_ready)
            asyncio.run(oracle.settle())
            oracle.forget()
        server.stop()
        audited = server.run("verify")
        assert audited.returncode == 0, audited.stdout + audited.stderr
    cluster.stop()


def test_a_server_told_to_stop_under_load_loses_nothing_either(tmp_path):
    server = on_sqlite(tmp_path)
    server.start()
    oracle = Oracle(server, SEED, server.stop)
    oracle.prepare()
    asyncio.run(oracle.load_until_killed())
    server.start()
    asyncio.run(oracle.settle())
    server.stop()

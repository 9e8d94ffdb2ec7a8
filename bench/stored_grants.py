"""Servers with few and with many grants stored: what a code exchange costs as they grow."""
import subprocess
import time

import lab
from people import Person, parameter

SIZES = (1_000, 10_000, 100_000, 1_000_000)


class Stocked:
    """A server of ours whose database holds so many grants of other people."""

    def __init__(self, engine, postgres=None, name="stocked"):
        self.engine, self.postgres, self.count = engine, postgres, 0
        self.url = postgres.create(name) if postgres else None
        self.server = lab.claviger(url=self.url)
        self.person = Person(self.server.port)

    def stop(self):
        self.server.stop()

    def grow(self, count):
        """Up to so many: they are put there while the server is away, as the fault test of a million grants does it."""
        self.server.stop(keep=True)
        program, more = str(lab.BUILD / "bench" / "claviger-grants"), [str(self.count), str(count - self.count)]
        if self.engine == "postgres":
            script = subprocess.run([program, "postgres", *more], check=True, capture_output=True, text=True).stdout
            self.postgres.psql(script + ";\nVACUUM ANALYZE;\nCHECKPOINT;", self.url)
        else:
            subprocess.run([program, "sqlite", f"{self.server.folder}/data/claviger.db", *more], check=True)
        self.count = count
        self.server = lab.claviger(folder=self.server.folder, url=self.url, port=self.server.port)
        self.settle()
        self.exchange(500)  # what a first visit to those pages costs is not what is asked
        return self

    def settle(self):
        """Until the look at the whole file, and whatever else a start begins, is over."""
        give_up = time.monotonic() + 120
        while time.monotonic() < give_up:
            before = self.server.cpu()
            time.sleep(1)
            if self.server.cpu() - before < 0.02:
                return
        raise SystemExit("a server with many grants did not come to rest")

    def exchange(self, requests):
        """CPU of one code exchange, microseconds: of our server, and of its database's own processes."""
        answers = lab.drive(self.server.port, [self.person.authorize()] * requests, save=True)["answers"]
        redeem = [self.person.redeem(parameter(one["location"], "code")) for one in answers]
        before = self.postgres.cpu() if self.postgres else 0
        ours, _ = lab.cost(self.server, redeem)
        theirs = self.postgres.cpu() - before if self.postgres else 0
        return ours, theirs / requests * 1e6

"""The hot paths under callgrind: a server with one thread, one connection, and the instructions of each request."""
import collections
import dataclasses
import http.client
import json
import os
import pathlib
import re
import socket
import subprocess
import tempfile

import lab
from people import Person, parameter

WARM = 12  # requests before what is counted: caches, statements, buffers that grow once


@dataclasses.dataclass(frozen=True)
class Path:
    name: str
    ask: object                              # Counted -> the next raw request
    status: int = 200
    prepare: object = lambda counted, count: None  # before so many are asked


PATHS = (
    Path("jwks", lambda counted: lab.request("GET", "/jwks", host=counted.person.host)),
    Path("client_credentials", lambda counted: counted.person.client_credentials()),
    Path("authorize", lambda counted: counted.person.authorize(), 303),
    Path("code", lambda counted: counted.person.redeem(counted.codes.pop()),
         prepare=lambda counted, count: counted.have_codes(count)),
    # Without openid, as P4 measures it: an ID token would be a second signature.
    Path("refresh", lambda counted: counted.other.refresh(counted.tokens["refresh_token"]),
         prepare=lambda counted, _: counted.sign_in(counted.other)),
    Path("api", lambda counted: counted.bearing("/api"), prepare=lambda counted, _: counted.sign_in(counted.person)),
    Path("userinfo", lambda counted: counted.bearing("/userinfo"),
         prepare=lambda counted, _: counted.sign_in(counted.person)),
    Path("introspection", lambda counted: counted.person.introspect(counted.tokens["access_token"]),
         prepare=lambda counted, _: counted.sign_in(counted.person)),
)


class Counted:
    """A server of ours under callgrind, which counts from the moment that it has somebody to serve."""

    def __init__(self, url=None, simulate=()):
        self.out = tempfile.TemporaryDirectory(prefix="claviger-callgrind.")
        self.server = lab.claviger(url=url, threads=1, under=(
            "valgrind", "--tool=callgrind", "--instr-atstart=no", f"--callgrind-out-file={self.out.name}/out", *simulate))
        self.codes, self.tokens = [], {}  # of the answers so far
        self.socket = None
        try:
            self.person = Person(self.server.port)
            self.other = Person(self.server.port, scope="offline_access email")
            self._control("--instr=on")
            self.socket = socket.create_connection(("127.0.0.1", self.server.port))
        except BaseException:
            self.stop()
            raise

    def stop(self):
        if self.socket:
            self.socket.close()
        self.server.stop()
        self.out.cleanup()

    def _control(self, command):
        subprocess.run(["callgrind_control", command, str(self.server.process.pid)], check=True, capture_output=True,
                       timeout=60)

    def send(self, request, status=200):
        """One request on the one connection; what it brought is kept for later ones."""
        self.socket.sendall(request)
        answer = http.client.HTTPResponse(self.socket)
        answer.begin()
        body = answer.read()
        if answer.status != status:
            raise SystemExit(f"expected {status}, got {answer.status} {body[:200]!r} of {request[:60]!r}")
        if status == 303:
            self.codes.append(parameter(answer.getheader("Location"), "code"))
        elif b'"access_token"' in body:
            self.tokens = json.loads(body)

    def have_codes(self, count):
        while len(self.codes) < count:
            self.send(self.person.authorize(), 303)

    def sign_in(self, person):
        self.send(person.authorize(), 303)
        self.send(person.redeem(self.codes.pop()))

    def bearing(self, path):
        return self.person.with_token("GET", path, self.tokens["access_token"])

    def count(self, path, requests, windows=1):
        """Callgrind's files of so many requests each on this path, after a warm-up."""
        path.prepare(self, WARM + windows * requests)
        for _ in range(WARM):
            self.send(path.ask(self), path.status)
        self._control("--zero")
        return [self._window(path, requests) for _ in range(windows)]

    def _window(self, path, requests):
        for _ in range(requests):
            self.send(path.ask(self), path.status)
        before = set(os.listdir(self.out.name))
        self._control(f"--dump={path.name}")
        (name,) = set(os.listdir(self.out.name)) - before
        return pathlib.Path(self.out.name, name)


def self_cost(file, events=("Ir",)):
    """Instructions, or the sum of other events, by the file they stand in (the binary, libc, OpenSSL, ...), from a file
    of callgrind's."""
    names, cost, current, of_a_call, wanted = {}, collections.Counter(), None, False, []
    for line in file.read_text(encoding="utf-8").splitlines():
        named = re.match(r"(c?)ob=(\(\d+\))(?: (.*))?$", line)
        if named:
            names.setdefault(named[2], named[3])
            if not named[1]:
                current = named[2]
        elif line.startswith("events: "):
            wanted = [line.split().index(event) for event in events]
        elif line.startswith("calls="):
            of_a_call = True  # the next line is what the callee cost
        elif line[:1] in tuple("+-*0123456789"):
            if not of_a_call:
                counts = line.split()  # the place first; what was nought at the end is left out
                cost[current] += sum(int(counts[i]) for i in wanted if i < len(counts))
            of_a_call = False
    if not wanted:
        raise SystemExit(f"{file} does not say what it counts")
    return collections.Counter({os.path.basename(names.get(key) or "?"): spent for key, spent in cost.items()})


def inclusive(file):
    """(instructions, function with its object) of all functions with what they call, largest first."""
    said = subprocess.run(["callgrind_annotate", "--inclusive=yes", "--threshold=100", str(file)],
                          capture_output=True, text=True, check=True).stdout
    rows = re.findall(r"^\s*([\d,]+) \([^)]*\)\s+[^:\s]*:(.*)$", said, re.MULTILINE)
    return [(int(spent.replace(",", "")), name) for spent, name in rows]

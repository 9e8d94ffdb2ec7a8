"""Processes under measurement: how they are started, driven and charged for."""
import contextlib
import http.client
import json
import os
import pathlib
import shutil
import socket
import struct
import subprocess
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
BUILD = pathlib.Path(os.environ.get("CLAVIGER_BENCH_TREE", ROOT / "build" / "release"))
TICKS = os.sysconf("SC_CLK_TCK")
THREADS = 2  # of every server of ours, of the bare loop, and as many signatures at once as the unit of measure


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Process:
    """A server of any make on a loopback port, with a folder of its own."""

    def __init__(self, command, port, environment=None, folder=None, ready="/", statuses=range(200, 500), host=None):
        self.port = port
        self.host = host or f"localhost:{port}"
        self.folder = folder or tempfile.mkdtemp(prefix="claviger-bench.")
        self.log = open(os.path.join(self.folder, "log"), "ab")
        self.begun = time.monotonic()
        self.process = subprocess.Popen(
            command, cwd=self.folder, stdout=self.log, stderr=self.log,
            env={"PATH": os.environ["PATH"], **(environment or {})})
        self._wait_for(ready, statuses)
        self.ready_after = time.monotonic() - self.begun

    def _wait_for(self, path, statuses):
        while time.monotonic() < self.begun + 60:
            if self.process.poll() is not None:
                break
            try:
                connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
                connection.request("GET", path, headers={"Host": self.host})
                if connection.getresponse().status in statuses:
                    return
            except OSError:
                pass
            time.sleep(0.002)
        said = self.said()[-2000:]
        self.stop()
        raise SystemExit(f"{self.process.args[0]} did not become ready:\n{said}")

    def said(self):
        return pathlib.Path(self.folder, "log").read_text(errors="replace")

    def cpu(self):
        """Seconds of user and system time of all its threads, those that ended among them."""
        return sum(self.cpu_parts())

    def cpu_parts(self):
        """The two by themselves."""
        fields = pathlib.Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return int(fields[11]) / TICKS, int(fields[12]) / TICKS

    def resident(self):
        """Resident memory, bytes."""
        for line in pathlib.Path(f"/proc/{self.process.pid}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) * 1024
        raise RuntimeError("no VmRSS")

    def stop(self, keep=False):
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(15)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self.log.close()
        if not keep:
            shutil.rmtree(self.folder, ignore_errors=True)


def claviger(folder=None, url=None, threads=THREADS, port=None, issuer=None, master=None, under=(), **more):
    """Our own server, its release build; `url`: on PostgreSQL; `under`: a command that runs it, as valgrind does."""
    port = port or free_port()
    folder = folder or tempfile.mkdtemp(prefix="claviger-bench.")
    issuer = issuer or f"http://localhost:{port}"
    environment = {
        "CLAVIGER_ISSUER": issuer,
        "CLAVIGER_SERVER__LISTEN": f"127.0.0.1:{port}",
        "CLAVIGER_SERVER__THREADS": str(threads),
        "CLAVIGER_SERVER__MAX_CONNECTIONS": "20000",
        "CLAVIGER_DATA__DIRECTORY": os.path.join(folder, "data"),
        "CLAVIGER_LOG__LEVEL": "warning",
        **more,
    }
    if url:
        environment["CLAVIGER_STORE__URL"] = url
    if master:
        os.makedirs(os.path.join(folder, "data"), mode=0o700, exist_ok=True)
        shutil.copy(master, os.path.join(folder, "data", "master.key"))
    return Process([*under, str(BUILD / "claviger"), "serve", "--allow-root"], port, environment, folder, "/readyz",
                   (200,), issuer.rpartition("/")[2])


def floor(body):
    """The bare loop, with as many threads as ours has."""
    port = free_port()
    return Process([str(BUILD / "bench" / "claviger-floor"), str(port), str(body), str(THREADS)], port)


@contextlib.contextmanager
def running(server):
    """Stops it at the end."""
    try:
        yield server
    finally:
        server.stop()


def request(method, path, headers=None, body=b"", host="localhost"):
    lines = [f"{method} {path} HTTP/1.1", f"Host: {host}"]
    lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
    if body or method == "POST":
        lines.append(f"Content-Length: {len(body)}")
    return ("\r\n".join(lines) + "\r\n\r\n").encode() + body


def drive(port, requests, connections=16, seconds=0, rate=0, save=False, skip=0, marks=()):
    """Sends raw requests; with `save`, `answers` holds what came, in their order. `marks`: what the answer to each must
    hold, `wrong` says how many didn't; `skip`: seconds at the beginning of which no latency is taken."""
    with tempfile.TemporaryDirectory(prefix="claviger-load.") as folder:
        path = os.path.join(folder, "requests")
        with open(path, "wb") as file:
            for one in requests:
                file.write(struct.pack("<I", len(one)) + one)
        command = [str(BUILD / "bench" / "claviger-load"), "--port", str(port), "--requests", path,
                   "--connections", str(connections), "--seconds", str(seconds), "--rate", str(rate), "--skip", str(skip)]
        if marks:
            command += ["--marks", os.path.join(folder, "marks")]
            pathlib.Path(command[-1]).write_text("\n".join(marks) + "\n", encoding="utf-8")
        answers = os.path.join(folder, "answers")
        if save:
            command += ["--save", answers]
        said = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
        if save:
            with open(answers, encoding="utf-8") as file:
                said["answers"] = [json.loads(line) for line in file]
        return said


def cost(server, requests, expect=200, **options):
    """CPU of the server a request, microseconds, and what the load generator saw; `kernel`: the system time of it."""
    user, system = server.cpu_parts()
    said = drive(server.port, requests, **options)
    spent = server.cpu() - user - system
    said["kernel"] = (server.cpu_parts()[1] - system) / said["requests"] * 1e6
    wrong = {status: n for status, n in said["statuses"].items() if int(status) != expect}
    if wrong:
        raise SystemExit(f"expected {expect}, got {said['statuses']} of {requests[0][:60]!r}")
    return spent / said["requests"] * 1e6, said


def node():
    """The Node of the tests' lock file."""
    return str(next((ROOT / "tests" / "node_modules").glob("node-linux-*/bin/node")))


def micro(names, at_once=THREADS, min_time=0.5):
    """CPU of parts, microseconds, by their names: the mean of as many at once as a busy server has threads.

    Two at once cost each other something, by the caches and by what cores share; a server that keeps all cores busy pays that
    as well, so its unit has to.
    """
    command = [str(BUILD / "bench" / "claviger-micro"), f"--benchmark_filter=^({'|'.join(names)})($|/real_time$)",
               f"--benchmark_min_time={min_time}", "--benchmark_format=json"]
    running = [subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) for _ in range(at_once)]
    costs = {}
    for one in running:
        said, _ = one.communicate()
        if one.returncode:
            raise SystemExit(f"claviger-micro failed: {one.returncode}")
        for part in json.loads(said)["benchmarks"]:
            costs.setdefault(part["run_name"], []).append(part["cpu_time"] / 1000)
    return {name: sum(each) / len(each) for name, each in costs.items()}


class Postgres:
    """A server of the bench's own on a unix socket, gone afterwards."""

    BIN = "/usr/lib/postgresql/15/bin"

    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix="claviger-bench-pg.")
        self.port = free_port()
        if os.geteuid() == 0:
            shutil.chown(self.folder, "postgres")
        os.chmod(self.folder, 0o755)
        self._run("initdb", "-D", f"{self.folder}/data", "-U", "claviger", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8")
        self._run("pg_ctl", "start", "-w", "-s", "-D", f"{self.folder}/data", "-l", f"{self.folder}/log",
                  "-o", f"-c listen_addresses= -c max_connections=200 -k {self.folder}")
        self.url = self.database("postgres")

    def database(self, name):
        return f"postgresql://claviger@/{name}?host={self.folder}"

    def create(self, name):
        """One more database; its address."""
        self.psql(f"CREATE DATABASE {name}")
        return self.database(name)

    def psql(self, script, url=None):
        subprocess.run(["psql", "-q", "-v", "ON_ERROR_STOP=1", url or self.url], input=script, text=True, check=True,
                       stdout=subprocess.DEVNULL)

    def _run(self, program, *arguments):
        as_user = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
        subprocess.run(as_user + [f"{self.BIN}/{program}", *arguments], check=True, stdout=subprocess.DEVNULL,
                       cwd=self.folder)

    def cpu(self):
        """Seconds of user and system time of all its processes, those that ended among them."""
        first = pathlib.Path(self.folder, "data", "postmaster.pid").read_text(encoding="utf-8").split()[0]
        spent = 0
        for stat in pathlib.Path("/proc").glob("[0-9]*/stat"):
            with contextlib.suppress(OSError):
                fields = stat.read_text().rpartition(")")[2].split()
                if stat.parent.name == first:
                    spent += sum(int(each) for each in fields[11:15])
                elif fields[1] == first:
                    spent += int(fields[11]) + int(fields[12])
        return spent / TICKS

    def stop(self):
        self._run("pg_ctl", "stop", "-w", "-s", "-m", "immediate", "-D", f"{self.folder}/data")
        shutil.rmtree(self.folder, ignore_errors=True)

    def exchanges(self, connections, seconds):
        """Transactions a second of pgbench doing what a code exchange does, one at a time on each connection."""
        folder = pathlib.Path(__file__).parent / "pgbench"
        self.psql((folder / "prepare.sql").read_text(encoding="utf-8"))
        said = subprocess.run(["pgbench", "-n", "-M", "prepared", "-c", str(connections), "-j", "2", "-T", str(seconds),
                               "-f", str(folder / "exchange.sql"), self.url], check=True, capture_output=True, text=True)
        return float(next(line for line in said.stdout.splitlines() if line.startswith("tps")).split()[2])

"""The curves of ./dev bench --curves, as SVG: load, and stored grants."""
import statistics
import subprocess

import lab
from people import Person
from stored_grants import SIZES, Stocked

CONNECTIONS = (1, 2, 4, 8, 16, 32, 64, 128, 256)


def measure_load(seconds=2):
    """What client credentials answer at more and more connections: (connections, a second, p50 us, p99 us)."""
    with lab.running(lab.claviger()) as server:
        requests = [Person(server.port).client_credentials()]
        points = []
        for connections in CONNECTIONS:
            said = lab.drive(server.port, requests, connections=connections, seconds=seconds)
            times = said["latency"]["200"]
            points.append({"connections": connections, "per_second": said["per_second"], "p50_us": times["p50_us"],
                           "p99_us": times["p99_us"]})
        return points


def measure_grants(requests=3000, times=3):
    """CPU of a code exchange, microseconds, with more and more grants stored, on both stores."""
    points = {grants: {"grants": grants} for grants in SIZES}
    with lab.running(lab.Postgres()) as postgres:
        for engine, database in (("sqlite", None), ("postgres", postgres)):
            with lab.running(Stocked(engine, database)) as stocked:
                for grants in SIZES:
                    stocked.grow(grants)
                    ours, theirs = zip(*(stocked.exchange(requests) for _ in range(times)))
                    points[grants][engine] = statistics.median(ours)
                    points[grants][f"{engine} itself"] = statistics.median(theirs)
    return list(points.values())


def gnuplot(script, path, rows):
    """Draws rows of figures, which the script knows as $points, into an SVG."""
    data = "\n".join(" ".join(str(each) for each in row) for row in rows)
    head = f"set terminal svg size 720,420 font 'sans,12' background '#ffffff'\nset output '{path}'\n"
    subprocess.run(["gnuplot"], input=f"{head}$points << END\n{data}\nEND\n{script}", text=True, check=True)


def draw_load(points, path):
    gnuplot("""
set logscale x 2
set xlabel 'connections, each with one request at a time'
set ylabel 'tokens a second'
set yrange [0:*]
set ytics nomirror
set y2label 'milliseconds'
set logscale y2
set y2tics
set key outside top center horizontal
plot $points using 1:2 with linespoints linewidth 2 linecolor '#1f5fa8' title 'tokens a second', \\
     $points using 1:3 axes x1y2 with linespoints dashtype 2 linecolor '#777777' title 'half within, ms', \\
     $points using 1:4 axes x1y2 with linespoints dashtype 2 linecolor '#b3541e' title '99 % within, ms'
""", path, [(one["connections"], one["per_second"], one["p50_us"] / 1000, one["p99_us"] / 1000) for one in points])


def draw_grants(points, path):
    gnuplot("""
set logscale x 10
set format x '10^{%L}'
set xlabel 'grants stored'
set ylabel 'CPU of a code exchange, microseconds'
set yrange [0:*]
set xrange [500:2000000]
set key outside top center horizontal
plot $points using 1:2 with linespoints linewidth 2 linecolor '#1f5fa8' title 'on SQLite', \\
     $points using 1:3 with linespoints linewidth 2 linecolor '#b3541e' title 'on PostgreSQL', \\
     $points using 1:4 with linespoints dashtype 2 linecolor '#777777' title 'PostgreSQL itself'
""", path, [(one["grants"], one["sqlite"], one["postgres"], one["postgres itself"]) for one in points])

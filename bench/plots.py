"""The curves of ./dev bench curves: throughput and latency against load, as SVG."""
import subprocess

import lab
from people import Person

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


def draw_load(points, path):
    """Writes one SVG with both curves over the number of connections; gnuplot draws."""
    rows = "\n".join(f"{one['connections']} {one['per_second']} {one['p50_us'] / 1000} {one['p99_us'] / 1000}"
                     for one in points)
    script = f"""
set terminal svg size 720,420 font 'sans,12' background '#ffffff'
set output '{path}'
set logscale x 2
set xlabel 'connections, each with one request at a time'
set ylabel 'tokens a second'
set yrange [0:*]
set ytics nomirror
set y2label 'milliseconds'
set logscale y2
set y2tics
set key top left
$points << END
{rows}
END
plot $points using 1:2 with linespoints linewidth 2 linecolor '#1f5fa8' title 'tokens a second', \\
     $points using 1:3 axes x1y2 with linespoints dashtype 2 linecolor '#777777' title 'half within, ms', \\
     $points using 1:4 axes x1y2 with linespoints dashtype 2 linecolor '#b3541e' title '99 % within, ms'
"""
    subprocess.run(["gnuplot"], input=script, text=True, check=True)

"""The line protocol that the harness speaks with every peer process.

    peer  → {"ready": true, "name": ..., "versions": {...}, ...}
    bench → run N
    peer  → {"ms": [..N numbers..], "idleMs": ..., "idleCpuMs": ..., "peakMB": ...}

Between the lines the process blocks on stdin, so that it costs the other side nothing; the
processor time that it used all the same since its last answer is `idleCpuMs`.
"""

import json
import resource
import sys
import time


def say(value):
    sys.stdout.write(json.dumps(value) + "\n")
    sys.stdout.flush()


def serve(step, **about):
    """Runs `step()` as often as asked, until stdin ends."""
    say({"ready": True, **about})
    asleep = (time.perf_counter(), time.process_time())
    for line in sys.stdin:
        idle = [1000 * (now - then) for now, then in zip((time.perf_counter(), time.process_time()), asleep)]
        words = line.split()
        if len(words) != 2 or words[0] != "run" or not words[1].isdigit():
            say({"error": f"expected 'run N', got {line.strip()!r}"})
            continue
        ms = []
        for _ in range(int(words[1])):
            start = time.perf_counter()
            step()
            ms.append(1000 * (time.perf_counter() - start))
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        say({"ms": ms, "idleMs": idle[0], "idleCpuMs": idle[1], "peakMB": peak})
        asleep = (time.perf_counter(), time.process_time())

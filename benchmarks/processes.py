"""CPU time and resident memory of processes and their children, read from Linux' /proc.

Refuses to sample: every reading is the kernel's own count, so a run costs two readings.
"""

import os
import re
from collections.abc import Iterable
from pathlib import Path

_TICK = os.sysconf("SC_CLK_TCK")
_PROPORTION = re.compile(r"^Pss:\s+(\d+) kB$", re.MULTILINE)


def family(roots: Iterable[int]) -> list[int]:
    """Give the processes and everything that descends from them; ended ones are left out."""
    found: list[int] = []
    waiting = list(roots)
    while waiting:
        pid = waiting.pop()
        if pid in found or not Path(f"/proc/{pid}/stat").exists():
            continue
        found.append(pid)
        for children in Path(f"/proc/{pid}/task").glob("*/children"):
            waiting.extend(int(child) for child in _text(children).split())
    return found


def cpu_seconds(roots: Iterable[int]) -> float:
    """Give the CPU seconds, user and system, that the processes and their children have used."""
    ticks = 0
    for pid in family(roots):
        # The second field is the program's name in brackets and may hold anything.
        fields = _text(Path(f"/proc/{pid}/stat")).rpartition(")")[2].split()
        if fields:
            ticks += int(fields[11]) + int(fields[12])
    return ticks / _TICK


def resident_bytes(roots: Iterable[int]) -> int:
    """Give the memory the processes and their children hold; what they share is counted once."""
    kilobytes = 0
    for pid in family(roots):
        found = _PROPORTION.search(_text(Path(f"/proc/{pid}/smaps_rollup")))
        kilobytes += int(found[1]) if found else 0
    return kilobytes * 1024


def machine_seconds() -> float:
    """Give the CPU seconds the whole machine has been busy with since it started."""
    user, nice, system, _idle, _wait, irq, soft, *_ = map(int, _text(Path("/proc/stat")).split()[1:9])
    return (user + nice + system + irq + soft) / _TICK


def _text(path: Path) -> str:
    try:
        return path.read_text()
    except OSError:
        return ""

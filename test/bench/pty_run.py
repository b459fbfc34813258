"""Runs argv[6:] in a terminal of argv[1] columns and argv[2] rows and counts what it costs.

    pty_run.py COLUMNS ROWS SETTLE SECONDS terminal|input COMMAND...

Says {"pid": N} at once; then, of the SECONDS after SETTLE seconds, the CPU time of the process and all of its children,
ended ones too, the bytes it sent to the terminal, and its resident memory with that of its children. With `input` the
command has our standard input for its own, and the terminal for its keys. SECONDS of 0: until SIGTERM.
"""

import ctypes
import fcntl
import json
import os
import resource
import select
import signal
import statistics
import struct
import sys
import termios
import time

PR_SET_CHILD_SUBREAPER = 36
# A terminal of today knows synchronised updates (mode 2026), and says so.
FRAME, QUESTION, ANSWER = b"\x1b[?2026h", b"\x1b[?2026$p", b"\x1b[?2026;2$y"
TICK = os.sysconf("SC_CLK_TCK")
PAGE = os.sysconf("SC_PAGE_SIZE")


def descendants(pid):
    found, waiting = [], [pid]
    while waiting:
        one = waiting.pop()
        try:
            for task in os.listdir(f"/proc/{one}/task"):
                with open(f"/proc/{one}/task/{task}/children") as file:
                    children = [int(word) for word in file.read().split()]
                found += children
                waiting += children
        except OSError:
            pass  # It has ended meanwhile, and who waited for it has its time.
    return found


def cpu_seconds():
    """Of all our descendants; what has been waited for is counted by who waited (proc(5): cutime and cstime)."""
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    total = ended.ru_utime + ended.ru_stime
    for pid in descendants(os.getpid()):
        try:
            with open(f"/proc/{pid}/stat") as file:
                fields = file.read().rpartition(")")[2].split()
            total += sum(int(field) for field in fields[11:15]) / TICK
        except OSError:
            pass
    return total


def resident_bytes():
    total = 0
    for pid in descendants(os.getpid()):
        try:
            with open(f"/proc/{pid}/statm") as file:
                total += int(file.read().split()[1]) * PAGE
        except OSError:
            pass
    return total


def start(columns, rows, with_input, command):
    master, slave = os.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
    pid = os.fork()
    if pid == 0:
        os.close(master)
        os.setsid()
        fcntl.ioctl(slave, termios.TIOCSCTTY, 0)
        for fd in range(1 if with_input else 0, 3):
            os.dup2(slave, fd)
        if slave > 2:
            os.close(slave)
        os.execvp(command[0], command)
    os.close(slave)
    return pid, master


def main():
    columns, rows, settle, seconds = (float(word) for word in sys.argv[1:5])
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    pid, master = start(int(columns), int(rows), sys.argv[5] == "input", sys.argv[6:])
    print(json.dumps({"pid": pid}), flush=True)
    stop = []
    signal.signal(signal.SIGTERM, lambda *_: stop.append(True))
    sent, frames, tail, first = 0, 0, b"", None
    began = time.monotonic()

    def take_until(moment):
        nonlocal sent, frames, tail, first
        while (left := moment - time.monotonic()) > 0:
            if not select.select([master], [], [], left)[0]:
                continue
            try:
                some = os.read(master, 65536)
            except OSError:
                some = b""
            if some == b"":
                sys.exit(f"{sys.argv[6]} ended by itself: {tail.decode(errors='replace')}")
            first = first or time.monotonic() - began
            if QUESTION in tail[1 - len(QUESTION):] + some:
                os.write(master, ANSWER)
            sent += len(some)
            frames += (tail[1 - len(FRAME):] + some).count(FRAME)
            tail = (tail + some)[-2000:]

    try:
        take_until(began + settle)
        cpu, bytes_before, at = cpu_seconds(), sent, time.monotonic()
        looks = []
        while not stop and (seconds == 0 or time.monotonic() < at + seconds):
            take_until(time.monotonic() + 1)
            looks = (looks + [resident_bytes()])[-10:]
        passed = time.monotonic() - at
        result = {
            "seconds": passed,
            "cpu": cpu_seconds() - cpu,
            "bytes": sent - bytes_before,
            "resident": statistics.median(looks),
            "frames": frames,
            "first": first,
        }
        print(json.dumps(result), flush=True)
    finally:
        for one in [*descendants(os.getpid())]:
            try:
                os.kill(one, signal.SIGKILL)
            except OSError:
                pass


main()

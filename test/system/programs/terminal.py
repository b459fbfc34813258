"""Runs argv[4:] in a terminal of argv[1] columns and argv[2] rows, and does with it what lines of JSON on stdin say.

argv[3] is `leader` where the command leads the terminal's session, as in a window of its own; `job` where it runs in the
foreground of a session that goes on after it, as under a shell. On stdout, a line of JSON each: {"pid"}, {"out": base64,
"after": seconds since the start}, {"exit": status, minus the signal}, {"termios": …}. Asked can be: {"type": text},
{"resize": [columns, rows]},
{"rate": bytes a second that we read, or null}, {"signal": number}, {"termios": true}, {"hang_up": true}, {"end": true}.
"""

import base64
import fcntl
import json
import os
import select
import signal
import struct
import sys
import termios
import time

STEP = 0.1


def say(**what):
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


def resize(fd, columns, rows):
    fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))


def settings(fd):
    *numbers, characters = termios.tcgetattr(fd)
    return [*numbers, [one if isinstance(one, int) else one.hex() for one in characters]]


def lead(slave):
    os.setsid()
    fcntl.ioctl(slave, termios.TIOCSCTTY, 0)
    for fd in range(3):
        os.dup2(slave, fd)


def run(command):
    try:
        os.execvp(command[0], command)
    finally:
        os._exit(127)


def hold(command, report):
    """Leads the session as a shell would: it starts the job in the foreground, and stays when the job has ended."""
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    signal.signal(signal.SIGTTOU, signal.SIG_IGN)
    job = os.fork()
    if job == 0:
        os.setpgid(0, 0)
        os.tcsetpgrp(0, os.getpid())
        signal.signal(signal.SIGHUP, signal.SIG_DFL)
        signal.signal(signal.SIGTTOU, signal.SIG_DFL)
        run(command)
    os.write(report, f"{job}\n".encode())
    _, status = os.waitpid(job, 0)
    os.write(report, f"{os.waitstatus_to_exitcode(status)}\n".encode())
    os.close(report)
    while True:
        signal.pause()


def start(columns, rows, role, command):
    master, slave = os.openpty()
    resize(slave, columns, rows)
    before = settings(slave)
    mine, report = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(master)
        os.close(mine)
        lead(slave)
        if slave > 2:
            os.close(slave)
        if role == "job":
            hold(command, report)
        # Its end is the end of the command.
        os.set_inheritable(report, True)
        run(command)
    os.close(slave)
    os.close(report)
    return master, mine, pid, before


def main():
    columns, rows, role = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
    master, report, leader, before = start(columns, rows, role, sys.argv[4:])
    say(before=before)
    pid, began = leader, time.monotonic()
    if role == "leader":
        say(pid=pid)
    rate, asked, told = None, b"", b""
    while True:
        read = [0, report] + ([master] if master >= 0 and rate is None else [])
        ready, _, _ = select.select([fd for fd in read if fd >= 0], [], [], STEP)
        if master >= 0 and (master in ready or rate is not None and select.select([master], [], [], 0)[0]):
            try:
                some = os.read(master, 65536 if rate is None else max(1, int(rate * STEP)))
            except OSError:
                some = b""
            if some:
                say(out=base64.b64encode(some).decode(), after=time.monotonic() - began)
            else:
                os.close(master)
                master = -1
        if rate is not None:
            time.sleep(STEP)
        if report >= 0 and report in ready:
            some = os.read(report, 4096)
            told += some
            while b"\n" in told:
                line, told = told.split(b"\n", 1)
                if pid == leader:
                    pid = int(line)
                    say(pid=pid)
                else:
                    say(exit=int(line))
            if some == b"":
                os.close(report)
                report = -1
                if role == "leader":
                    _, status = os.waitpid(leader, 0)
                    say(exit=os.waitstatus_to_exitcode(status))
        if 0 in ready:
            some = os.read(0, 65536)
            asked += some
            while b"\n" in asked:
                line, asked = asked.split(b"\n", 1)
                wish = json.loads(line)
                if "type" in wish and master >= 0:
                    os.write(master, wish["type"].encode())
                if "resize" in wish and master >= 0:
                    resize(master, *wish["resize"])
                if "rate" in wish:
                    rate = wish["rate"]
                if "signal" in wish:
                    os.kill(pid, wish["signal"])
                if "termios" in wish:
                    say(termios=settings(master))
                if "hang_up" in wish:
                    os.close(master)
                    master = -1
            if some == b"":
                break
    for one in (pid, leader):
        try:
            os.kill(one, signal.SIGKILL)
        except OSError:
            pass


main()

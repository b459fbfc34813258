"""The peer of `sysmon log --top 0`: a psutil program that reads the same things and appends the same kind of line.

Usage: psutil_loop.py INTERVAL COUNT FILE
"""

import json
import sys
import time

import psutil

interval, count, path = float(sys.argv[1]), int(sys.argv[2]), sys.argv[3]


def sample():
    memory, swap = psutil.virtual_memory(), psutil.swap_memory()
    out = {
        "time": time.time(),
        "cpu": psutil.cpu_times()._asdict(),
        "cpu_percent": psutil.cpu_percent(),
        "core": [one._asdict() for one in psutil.cpu_times(percpu=True)],
        "core_percent": psutil.cpu_percent(percpu=True),
        "stats": psutil.cpu_stats()._asdict(),
        "load": psutil.getloadavg(),
        "memory": memory._asdict(),
        "swap": swap._asdict(),
        "disk": {name: one._asdict() for name, one in psutil.disk_io_counters(perdisk=True).items()},
        "network": {name: one._asdict() for name, one in psutil.net_io_counters(pernic=True).items()},
        "filesystem": {
            part.mountpoint: psutil.disk_usage(part.mountpoint)._asdict()
            for part in psutil.disk_partitions(all=False)
        },
        "boot_time": psutil.boot_time(),
    }
    pressure = {}
    for name in ("cpu", "io", "memory"):
        try:
            with open("/proc/pressure/" + name, encoding="ascii") as file:
                pressure[name] = file.read()
        except OSError:
            pass
    out["pressure"] = pressure
    if hasattr(psutil, "sensors_temperatures"):
        out["temperatures"] = {
            chip: [one._asdict() for one in ones] for chip, ones in psutil.sensors_temperatures().items()
        }
    with open("/proc/sys/fs/file-nr", encoding="ascii") as file:
        out["filefd"] = file.read()
    return out


with open(path, "a", encoding="utf-8", buffering=1) as log:
    for _ in range(count):
        log.write(json.dumps(sample(), separators=(",", ":")) + "\n")
        time.sleep(interval)

"""What runs first within the new namespaces: walls up, rights away, then the program.

Run as a text of its own by the interpreter of the machine, as process 1 of a
new process namespace, with a new network, mount table, host name and
inter-process communication; so it imports nothing of Dokja. It reads its
orders as JSON from standard input and writes `ready` once the walls stand.

Source: namespaces(7), mount_namespaces(7), capabilities(7), setrlimit(2),
execve(2), Linux man-pages 6.
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import resource
import signal
import sys
from typing import Any

MS_RDONLY, MS_NOSUID, MS_NODEV, MS_REMOUNT = 1, 2, 4, 32
MS_BIND, MS_MOVE, MS_REC, MS_PRIVATE = 4096, 8192, 16384, 1 << 18
MS_RELATIME = 1 << 21
KEPT_FLAGS, ST_RELATIME = 2 | 4 | 8 | 1024 | 2048, 4096
"""Flags of a mount that came from outside may be added to and not taken away."""
CLONE_NEWUSER = 0x10000000
PR_SET_PDEATHSIG, PR_SET_DUMPABLE, PR_CAPBSET_DROP, PR_SET_NO_NEW_PRIVS = 1, 4, 24, 38
SIGKILL, CAPABILITIES, NOBODY = 9, 64, 65534
SYSTEM = ("/usr", "/lib", "/lib64", "/lib32", "/etc/ld.so.cache")
DEVICES = ("/dev/null", "/dev/zero", "/dev/urandom")

_libc = ctypes.CDLL(None, use_errno=True)


def must(done: int, what: str) -> None:
    """Nothing; ends where the kernel refused: no program runs behind half a wall."""
    if done != 0:
        sys.exit(f"{what}: {os.strerror(ctypes.get_errno())}")


def mount(source: str, target: str, kind: str, flags: int, data: str = "") -> None:
    """Nothing; mounts, or ends."""
    texts = (text.encode() or None for text in (source, target, kind))
    must(_libc.mount(*texts, flags, data.encode() or None), f"mount {target}")


def read_only(target: str) -> None:
    """Nothing; makes what is mounted at the target read-only."""
    found = os.statvfs(target).f_flag
    flags = (found & KEPT_FLAGS) | (MS_RELATIME if found & ST_RELATIME else 0)
    extra = MS_BIND | MS_REMOUNT | MS_RDONLY | MS_NOSUID
    mount("", target, "", flags | extra)


def show(path: str, root: str) -> None:
    """Nothing; shows a file or folder of the machine within the new root."""
    target = root + path
    if os.path.islink(path):
        os.makedirs(os.path.dirname(target), exist_ok=True)
        os.symlink(os.readlink(path), target)
        return
    if os.path.isdir(path):
        os.makedirs(target, exist_ok=True)
    else:
        os.makedirs(os.path.dirname(target), exist_ok=True)
        os.close(os.open(target, os.O_CREAT | os.O_WRONLY, 0o444))
    mount(path, target, "", MS_BIND | MS_REC)
    read_only(target)
    for below in mounted_below(path):
        read_only(root + below)


def mounted_below(path: str) -> list[str]:
    """Mount points under a path: each is read-only by itself or not at all."""
    with open("/proc/self/mountinfo", encoding="utf-8") as table:
        points = [line.split()[4] for line in table]
    return [point for point in points if point.startswith(path.rstrip("/") + "/")]


def place(source: str, target: str, *, writable: bool) -> None:
    """Nothing; shows a folder of the machine under another name."""
    os.makedirs(target)
    mount(source, target, "", MS_BIND)
    if not writable:
        read_only(target)


def new_root(root: str, orders: dict[str, Any]) -> None:
    """Nothing; the tree is the machine's programs, read-only, and what orders name."""
    mount("", "/", "", MS_REC | MS_PRIVATE)
    mount("tmpfs", root, "tmpfs", MS_NOSUID | MS_NODEV, "size=1m,mode=755")
    for path in (*SYSTEM, *orders["shown"]):
        if os.path.lexists(path):
            show(path, root)
    for target, source in orders["placed"].items():
        place(source, root + target, writable=target == orders["writable"])
    for path in DEVICES:
        os.makedirs(root + "/dev", exist_ok=True)
        os.close(os.open(root + path, os.O_CREAT | os.O_WRONLY, 0o444))
        mount(path, root + path, "", MS_BIND)
    os.makedirs(root + "/empty")
    mount("", root, "", MS_REMOUNT | MS_RDONLY | MS_NOSUID | MS_NODEV)
    os.chdir(root)
    mount(".", "/", "", MS_MOVE)
    os.chroot(".")
    os.chdir(orders["starts_in"])


def give_up_rights(*, root_outside: bool) -> None:
    """Nothing; no user of the machine is left to be, and no right over the walls."""
    if root_outside:
        # Root is exempt from the limit of processes; nobody is not. And somebody
        # who stands in no table of users can make no further namespace.
        os.setgroups([])
        os.setresgid(NOBODY, NOBODY, NOBODY)
        os.setresuid(NOBODY, NOBODY, NOBODY)
        must(_libc.unshare(CLONE_NEWUSER), "unshare user")
    for capability in range(CAPABILITIES):
        # Beyond the last one that this kernel knows, there is nothing to drop.
        _libc.prctl(PR_CAPBSET_DROP, capability, 0, 0, 0)
    must(_libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "no_new_privs")
    # Changing the user forgot that this process ends with the one outside.
    must(_libc.prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0), "pdeathsig")
    must(_libc.prctl(PR_SET_DUMPABLE, 0, 0, 0, 0), "dumpable")


def is_root_outside() -> bool:
    """Whether user 0 here is user 0 of the machine; asked before /proc is hidden."""
    with open("/proc/self/uid_map", encoding="utf-8") as table:
        return [line.split()[:2] for line in table] == [["0", "0"]]


def close_the_door() -> None:
    """Nothing; within this user namespace none can be made, where the kernel can.

    What is written counts for the namespace of the writer alone.
    """
    with contextlib.suppress(OSError):
        path = "/proc/sys/user/max_user_namespaces"
        with open(path, "w", encoding="utf-8") as limit:
            limit.write("0")


def set_limits(limits: dict[str, int]) -> None:
    """Nothing; bounds what the program may use."""
    bounds = {
        resource.RLIMIT_CPU: limits["cpu_seconds"],
        resource.RLIMIT_AS: limits["memory_bytes"],
        resource.RLIMIT_NPROC: limits["processes"],
        resource.RLIMIT_FSIZE: limits["file_bytes"],
        resource.RLIMIT_NOFILE: limits["open_files"],
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_MEMLOCK: 0,
        resource.RLIMIT_MSGQUEUE: 0,
    }
    for kind, bound in bounds.items():
        resource.setrlimit(kind, (bound, bound))


def become(orders: dict[str, Any]) -> None:
    """Nothing; the process becomes the program, with its bounds."""
    if orders["output"]:
        output = os.open(orders["output"], os.O_CREAT | os.O_WRONLY, 0o644)
        os.dup2(output, 1)
        os.dup2(output, 2)
    set_limits(orders["limits"])
    os.execve(orders["command"][0], orders["command"], orders["environment"])


def main() -> None:
    """Nothing; ends as the program ends, and everything it began with it.

    The program is no process 1 itself: the kernel spares that one the signals
    which limits send.
    """
    orders: dict[str, Any] = json.load(sys.stdin)
    os.lseek(0, 0, os.SEEK_SET)
    root_outside = is_root_outside()
    if not root_outside:
        close_the_door()
    new_root(orders["root"], orders)
    give_up_rights(root_outside=root_outside)
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    os.write(1, b"ready\n")
    program = os.fork()
    if program == 0:
        become(orders)
    os.closerange(0, 3)
    while True:
        ended, status = os.wait()
        if ended == program:
            code = os.waitstatus_to_exitcode(status)
            os._exit(code if code >= 0 else 128 - code)


if __name__ == "__main__":
    main()

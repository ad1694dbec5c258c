"""Starts one foreign program and ends it with all that it started. Run as `python -I -S -B launch.py REQUEST REPORT`.

REQUEST and REPORT are numbers of open files. REQUEST holds a marshalled table:

command, env, cwd   what to start
parent              the process that must be alive; when it ends, so does everything here
private             true for namespaces: processes, IPC and mounts of its own, where the system has them
read_only           true for a file system that can only be written below `writable`, /dev/shm and what covers /tmp
shared              folders for temporary files that can be written
closed              caches, which cannot be written where they lie in one of those
writable            folders that can be written
copied              [folder, upper, work]: the program may write to the folder, and what it writes lies in `upper`
cover               [folder, empty folder]: the folder looks empty but for the entries that lead to a path of `keep`
keep                paths that stay visible
replaced            [file, copy]: what is seen in the place of a file
hidden              files and folders that look empty
limits              {name of a resource: most}

REPORT gets {"status": wait status, "private": whether namespaces were used, "used_us": CPU time} or {"errno": why it
could not start, …}; without the status where the program was stopped.

This process is a subreaper: whatever loses its parent becomes its child, so nothing that the program starts can outlive
it, with or without namespaces. In a namespace the second child is process 1, whose end the kernel makes the end of all.
"""

import _signal as signal  # signal and json take longer to load than all that is done here
import ctypes
import errno
import itertools
import marshal
import os
import resource
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))  # -I leaves it out
from namespaces import LIBC, enter, mount_processes  # its bytecode is taken where there is any

PDEATHSIG, DUMPABLE, CAPBSET_DROP, CHILD_SUBREAPER, NO_NEW_PRIVS = 1, 4, 24, 36, 38
# What root keeps: to read, own and change files. Not to trace processes, mount, load modules or open raw sockets.
KEPT_CAPABILITIES = {0, 1, 2, 3, 4, 5, 6, 7, 10}
CANNOT = b"cannot\n"


class Stop(BaseException):
    """We were told to end."""


def prctl(option, value):
    """Sets an attribute of this process; nothing where the system has no prctl."""
    if hasattr(LIBC, "prctl"):
        LIBC.prctl(option, ctypes.c_ulong(value), 0, 0, 0)


def lower(limits):
    """Limits that the kernel keeps, and no rights that a handler has no use for."""
    for name, wanted in limits.items():
        number = getattr(resource, "RLIMIT_" + name, None)
        if number is not None:
            hard = resource.getrlimit(number)[1]
            most = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
            resource.setrlimit(number, (most, most))
    for capability in {*range(64)} - KEPT_CAPABILITIES:
        prctl(CAPBSET_DROP, capability)
    prctl(NO_NEW_PRIVS, 1)


def become(request, answer):
    """Turns this process into the program; tells `answer` where that fails."""
    try:
        os.setsid()
        prctl(PDEATHSIG, signal.SIGKILL)
        lower(request["limits"])
        for number in (signal.SIGPIPE, signal.SIGXFSZ, signal.SIGTERM, signal.SIGINT):
            signal.signal(number, signal.SIG_DFL)
        os.chdir(request["cwd"])
        os.execvpe(request["command"][0], request["command"], request["env"])
    except OSError as error:
        os.write(answer, b"errno %d\n" % (error.errno or errno.EIO))
    finally:
        os._exit(127)


def first_process(request, answer):
    """Process 1 of the namespace: starts the program and takes up what loses its parent, until the program ends."""
    prctl(PDEATHSIG, signal.SIGKILL)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    try:
        mount_processes()
    except OSError:
        pass  # a container hides parts of it; other processes are seen there, and cannot be reached
    prctl(DUMPABLE, 0)
    child = os.fork()
    if not child:
        become(request, answer)
    os.write(answer, b"status %d\n" % wait_for(child))
    os._exit(0)


def wait_for(child):
    """The wait status of a child; others that end meanwhile are taken up."""
    while True:
        ended, status = os.waitpid(-1, 0)
        if ended == child:
            return status


def with_namespaces(request, answer):
    """Runs the program in namespaces of its own."""
    holder = os.fork()
    if holder:
        return
    try:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        prctl(PDEATHSIG, signal.SIGKILL)
        enter(request)
        first = os.fork()
        if not first:
            first_process(request, answer)
        os.waitpid(first, 0)
    except BaseException:
        os.write(answer, CANNOT)
    finally:
        os._exit(0)


def ask(start, request):
    """What a child told before the last process that holds its pipe ended."""
    told, answer = os.pipe()
    start(request, answer)
    os.close(answer)
    with os.fdopen(told, "rb") as file:
        return file.read()


def without_namespaces(request, answer):
    """Runs the program as a child of this process."""
    child = os.fork()
    if not child:
        become(request, answer)
    os.write(answer, b"status %d\n" % wait_for(child))


def descendants(pid, rows):
    """All below a process, by the (process, parent) rows of /proc."""
    below = [child for child, parent in rows if parent == pid]
    for child in list(below):
        below += descendants(child, rows)
    return below


def processes():
    """(process, parent) of everything that runs."""
    rows = []
    for name in os.listdir("/proc") if os.path.isdir("/proc") else ():
        if name.isdigit():
            try:
                with open("/proc/%s/stat" % name, "rb") as file:
                    rows.append((int(name), int(file.read().rpartition(b")")[2].split()[1])))
            except (OSError, ValueError, IndexError):
                continue
    return rows


def end_all():
    """Ends every descendant; each that loses its parent becomes our child."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    for patience in itertools.count():
        try:
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass
        except ChildProcessError:
            return
        if patience < 3:  # what has ended with the program is about to be taken up
            time.sleep(0.001)
            continue
        rows = processes()
        parents = {parent for _, parent in rows}
        for pid in descendants(os.getpid(), rows):
            if patience < 300 and pid in parents:  # it takes up its child first, or nobody is told what that has used
                continue
            try:
                os.kill(pid, signal.SIGKILL)
            except OSError:
                continue
        time.sleep(0.001)


def stop(*_):
    """Leaves whatever is being waited for."""
    raise Stop


def used():
    """CPU microseconds of this process and of all below it."""
    rows = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return round(sum(row.ru_utime + row.ru_stime for row in rows) * 1e6)


def main():
    """Runs the program and writes the report."""
    with os.fdopen(int(sys.argv[1]), "rb") as file:
        request = marshal.load(file)
    report = int(sys.argv[2])
    os.set_inheritable(report, False)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, stop)
    prctl(PDEATHSIG, signal.SIGTERM)
    prctl(CHILD_SUBREAPER, 1)
    said, private = b"", False
    try:
        if os.getppid() != request["parent"]:
            return
        said = ask(with_namespaces, request) if request["private"] else CANNOT
        private = not said.startswith(CANNOT)
        if not private or said.startswith(b"errno"):  # what a namespace does not show may be there without one
            end_all()
            signal.signal(signal.SIGTERM, stop)
            private = False
            prctl(DUMPABLE, 0)
            said = ask(without_namespaces, request)
    except Stop:
        pass
    finally:
        end_all()
    kind, _, number = said.partition(b"\n")[0].partition(b" ")
    told = b'"%s": %d, ' % (kind, int(number)) if number else b""
    flag = b"true" if private else b"false"
    os.write(report, b'{%s"private": %s, "used_us": %d}' % (told, flag, used()))


main()

"""Namespaces of the kernel: a file system that can only be written in places; imported by `launch.py`."""

import ctypes
import errno
import os

LIBC = ctypes.CDLL(None, use_errno=True)
NEWNS, NEWIPC, NEWUSER, NEWPID = 0x00020000, 0x08000000, 0x10000000, 0x20000000
NOSUID, NODEV, NOEXEC, BIND, REC, PRIVATE = 2, 4, 8, 4096, 16384, 1 << 18
AT_FDCWD, AT_RECURSIVE, MOUNT_SETATTR, READ_ONLY = -100, 0x8000, 442, 1
_KINDS = "shared", "closed", "writable"


def call(name, *arguments):
    """A function of the C library.

    Raises:
        OSError: it failed, or there is none.
    """
    if not hasattr(LIBC, name):
        raise OSError(errno.ENOSYS, name)
    if getattr(LIBC, name)(*arguments) == -1:
        raise OSError(ctypes.get_errno(), name)


def mount(source, target, kind, flags, data=""):
    """Mounts something."""
    texts = [ctypes.c_char_p(os.fsencode(text) if text else None) for text in (source, target, kind)]
    call("mount", *texts, ctypes.c_ulong(flags), ctypes.c_char_p(os.fsencode(data) if data else None))


def set_read_only(path, *, read_only, recursive=False):
    """Sets or clears read-only, for the mount at a path or for all below it."""
    attributes = (ctypes.c_uint64 * 4)(READ_ONLY if read_only else 0, 0 if read_only else READ_ONLY, 0, 0)
    flags = AT_RECURSIVE if recursive else 0
    place = ctypes.c_char_p(os.fsencode(path))
    size = ctypes.c_size_t(ctypes.sizeof(attributes))
    call("syscall", ctypes.c_long(MOUNT_SETATTR), AT_FDCWD, place, flags, ctypes.byref(attributes), size)


def write(path, text):
    """Writes to a file of /proc."""
    with open(path, "w") as file:
        file.write(text)


def enter(request):
    """Namespaces of its own: root's as they are, else with a user namespace, in which we stay who we are."""
    user, group = os.geteuid(), os.getegid()
    wanted = NEWNS | NEWPID | NEWIPC
    if user == 0:
        try:
            call("unshare", wanted)
        except OSError:
            user = -1
    if user != 0:
        user = os.geteuid()
        call("unshare", wanted | NEWUSER)
        write("/proc/self/setgroups", "deny")
        write("/proc/self/uid_map", "%d %d 1" % (user, user))
        write("/proc/self/gid_map", "%d %d 1" % (group, group))
    mount("", "/", "", REC | PRIVATE)
    if request["read_only"]:
        close_disk(request)


def close_disk(request):
    """Makes everything read-only but what may be written."""
    shared, closed, own = ([path for path in request[kind] if os.path.isdir(path)] for kind in _KINDS)
    writable = [*shared, *own]
    for path in (*shared, *closed, *own):  # in this order: what is ours to fill may lie in a cache, and that in /tmp
        mount(path, path, "", BIND | REC)
    covered = [folder for folder, empty in request["cover"] if cover(folder, empty, request["keep"])]
    hide_all(request)
    set_read_only("/", read_only=True, recursive=True)
    for path in [*writable, *covered]:
        set_read_only(path, read_only=False)
    for folder, upper, work in request["copied"]:
        overlay(folder, upper, work)
    if os.path.isdir("/dev/shm"):
        mount("tmpfs", "/dev/shm", "tmpfs", NOSUID | NODEV, "size=256m,mode=1777")


def hide_all(request):
    """Has files with credentials look as their copies without, and places with them empty."""
    for path, copy in request["replaced"]:
        mount(copy, path, "", BIND)
    for path in request["hidden"]:
        hide(path)


def hide(path):
    """Has a file or folder look empty; where the system cannot do that, it stays as it is."""
    try:
        if os.path.isdir(path):
            mount("tmpfs", path, "tmpfs", NOSUID | NODEV, "size=4k,mode=555")
        elif os.path.exists(path):
            mount("/dev/null", path, "", BIND)
    except OSError:
        return


def overlay(folder, upper, work):
    """Has what is written to a folder lie in another; where the system cannot do that, it stays read-only."""
    places = [part.replace("\\", "\\\\").replace(":", "\\:").replace(",", "\\,") for part in (folder, upper, work)]
    try:
        mount("overlay", folder, "overlay", 0, "lowerdir=%s,upperdir=%s,workdir=%s,userxattr" % tuple(places))
    except OSError:
        return


def cover(folder, empty, keep):
    """Puts an empty folder over another, and what leads to kept paths back into it."""
    if not os.path.isdir(folder) or os.path.islink(folder):
        return False
    prefix = folder.rstrip("/") + "/"
    names = sorted({path[len(prefix) :].split("/")[0] for path in keep if path.startswith(prefix)} - {""})
    opened = {name: os.open(prefix + name, os.O_PATH) for name in names if os.path.exists(prefix + name)}
    fresh = os.open(empty, os.O_PATH)
    mount("/proc/self/fd/%d" % fresh, folder, "", BIND)
    for name, number in opened.items():
        if os.path.isdir("/proc/self/fd/%d" % number):
            os.mkdir(prefix + name)
        else:
            os.close(os.open(prefix + name, os.O_CREAT | os.O_WRONLY))
        mount("/proc/self/fd/%d" % number, prefix + name, "", BIND | REC)
        os.close(number)
    os.close(fresh)
    return True


def mount_processes():
    """Has /proc show the processes of this namespace.

    Raises:
        OSError: that is not allowed.
    """
    mount("proc", "/proc", "proc", NOSUID | NODEV | NOEXEC)

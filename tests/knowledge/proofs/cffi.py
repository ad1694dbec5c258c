# /// script
# requires-python = "==3.12.*"
# dependencies = [
#   "cffi",
# ]
# ///
import cffi

ffi = cffi.FFI()
ffi.cdef("int abs(int); typedef struct { int x; double y; } point; size_t strlen(const char *);")
libc = ffi.dlopen(None)
assert libc.abs(-3) == 3
assert libc.strlen(b"four") == 4
point = ffi.new("point *", {"x": 1, "y": 2.5})
assert (point.x, point.y) == (1, 2.5)
assert ffi.sizeof("point") == 16

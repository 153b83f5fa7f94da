/* Fails writes to the database's files, as a disk does: preloaded into the real binary. What to do
 * stands in a file that both processes map, so that it changes while the server runs. */

#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

struct orders {
    _Atomic int64_t mode;  /* 0: all is well; 1: the nth fails; 2: everything fails */
    _Atomic int64_t nth;
    _Atomic int64_t error; /* errno */
    _Atomic int64_t seen;  /* operations since the test last wrote 0 here */
};

static struct orders *orders;

__attribute__((constructor)) static void begin(void) {
    const char *path = getenv("PURSER_DISK_ORDERS");
    int file = path ? open(path, O_RDWR | O_CLOEXEC) : -1;
    if (file < 0) return;
    void *map = mmap(NULL, sizeof *orders, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    close(file);
    if (map != MAP_FAILED) orders = map;
}

static int fails(int file) {
    char name[64], path[512];
    if (!orders) return 0;
    snprintf(name, sizeof name, "/proc/self/fd/%d", file);
    ssize_t length = readlink(name, path, sizeof path - 1);
    if (length < 0) return 0;
    path[length] = 0;
    if (!strstr(path, "/purser.db")) return 0;
    int64_t number = atomic_fetch_add(&orders->seen, 1) + 1;
    int64_t mode = atomic_load(&orders->mode);
    if (mode == 2 || (mode == 1 && number == atomic_load(&orders->nth))) {
        errno = (int)atomic_load(&orders->error);
        return 1;
    }
    return 0;
}

#define REAL(name) static __typeof__(&name) real; if (!real) real = (__typeof__(&name))dlsym(RTLD_NEXT, #name)

ssize_t write(int file, const void *bytes, size_t length) {
    REAL(write);
    return fails(file) ? -1 : real(file, bytes, length);
}

ssize_t pwrite(int file, const void *bytes, size_t length, off_t at) {
    REAL(pwrite);
    return fails(file) ? -1 : real(file, bytes, length, at);
}

ssize_t pwrite64(int file, const void *bytes, size_t length, off64_t at) {
    REAL(pwrite64);
    return fails(file) ? -1 : real(file, bytes, length, at);
}

/* On a read-only disk nothing can be opened for writing either. */
static int refuses(const char *path, int flags) {
    if (!orders || !strstr(path, "/purser.db") || (flags & O_ACCMODE) == O_RDONLY) return 0;
    if (atomic_load(&orders->mode) != 2 || atomic_load(&orders->error) != EROFS) return 0;
    errno = EROFS;
    return 1;
}

int open(const char *path, int flags, ...) {
    va_list more;
    va_start(more, flags);
    mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(more, mode_t) : 0;
    va_end(more);
    REAL(open);
    return refuses(path, flags) ? -1 : real(path, flags, mode);
}

int open64(const char *path, int flags, ...) {
    va_list more;
    va_start(more, flags);
    mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(more, mode_t) : 0;
    va_end(more);
    REAL(open64);
    return refuses(path, flags) ? -1 : real(path, flags, mode);
}

int fsync(int file) {
    REAL(fsync);
    return fails(file) ? -1 : real(file);
}

int fdatasync(int file) {
    REAL(fdatasync);
    return fails(file) ? -1 : real(file);
}

int ftruncate(int file, off_t length) {
    REAL(ftruncate);
    return fails(file) ? -1 : real(file, length);
}

int ftruncate64(int file, off64_t length) {
    REAL(ftruncate64);
    return fails(file) ? -1 : real(file, length);
}

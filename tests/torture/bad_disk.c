/* A disk that fails on command: preloaded into the host, it stands between SQLite and the system.
 *
 * CROSSWALK_BAD_DISK names a file of one byte, which is mapped and read at each call:
 *   '.' nothing, 'n' no room for any write, 'e' every write fails, 'f' every sync fails.
 * Only files whose name holds "crosswalk.db" are hurt, and never the lock. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static char const volatile* command;

__attribute__((constructor)) static void find_command(void) {
    char const* const path = getenv("CROSSWALK_BAD_DISK");
    int const fd = path == NULL ? -1 : open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return;
    void* const mapped = mmap(NULL, 1, PROT_READ, MAP_SHARED, fd, 0);
    close(fd);
    if (mapped != MAP_FAILED)
        command = mapped;
}

static int is_hurt(int fd) {
    char link[64];
    char path[4096];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t const size = readlink(link, path, sizeof path - 1);
    if (size <= 0)
        return 0;
    path[size] = 0;
    return strstr(path, "crosswalk.db") != NULL && strstr(path, ".lock") == NULL;
}

/* 0, or the error that the command wants of a write or a sync of this file. */
static int wanted(int fd, int sync) {
    char const what = command == NULL ? '.' : *command;
    if (what == '.' || (what == 'f') != sync || !is_hurt(fd))
        return 0;
    return what == 'n' ? ENOSPC : EIO;
}

/* dlsym gives an object pointer where a function's is meant; the copy is what POSIX asks for. */
#define REAL(result, name, ...)                     \
    static result (*real)(__VA_ARGS__);             \
    if (real == NULL) {                             \
        void* const found = dlsym(RTLD_NEXT, name); \
        memcpy(&real, &found, sizeof real);         \
    }
#define FAIL_IF(error)    \
    int const no = error; \
    if (no != 0)          \
    return errno = no, -1

ssize_t write(int fd, void const* bytes, size_t size) {
    REAL(ssize_t, "write", int, void const*, size_t)
    FAIL_IF(wanted(fd, 0));
    return real(fd, bytes, size);
}
ssize_t pwrite(int fd, void const* bytes, size_t size, off_t at) {
    REAL(ssize_t, "pwrite", int, void const*, size_t, off_t)
    FAIL_IF(wanted(fd, 0));
    return real(fd, bytes, size, at);
}
ssize_t pwrite64(int fd, void const* bytes, size_t size, off64_t at) {
    REAL(ssize_t, "pwrite64", int, void const*, size_t, off64_t)
    FAIL_IF(wanted(fd, 0));
    return real(fd, bytes, size, at);
}
int fsync(int fd) {
    REAL(int, "fsync", int)
    FAIL_IF(wanted(fd, 1));
    return real(fd);
}
int fdatasync(int fd) {
    REAL(int, "fdatasync", int)
    FAIL_IF(wanted(fd, 1));
    return real(fd);
}

/* A disk that can lose power or run full, for one process: `LD_PRELOAD` this.
 *
 * For files under POWERLOSS_FOLDER it writes down, in POWERLOSS_LOG, what every write replaced and
 * every name that changed, and when a file or a folder was synced. After a `kill -9` the page cache
 * still holds everything; whoever reads the log can undo what was never synced, as a power cut
 * would. While the file POWERLOSS_FAULT exists, its first letter says what the disk does:
 * `g`: nothing grows (ENOSPC), `t`: nothing is written at all (ENOSPC), `i`: no sync works (EIO),
 * `s`: each sync takes ten milliseconds, so that death often finds something that is not synced.
 *
 * Names are in names.c. Shared memory of SQLite (`-shm`) is not watched: it is rebuilt after a power cut, so delete it.
 */

#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "log.h"
#include "names.h"

static int (*real_open)(const char *, int, ...);
static int (*real_close)(int);
static int (*real_fsync)(int);
static int (*real_fdatasync)(int);
static int (*real_ftruncate)(int, off_t);
static ssize_t (*real_pwrite)(int, const void *, size_t, off_t);
ssize_t (*real_write)(int, const void *, size_t);

/* What each descriptor was opened as; null where it is none of ours. */
#define MOST 65536
static char *opened[MOST];

static const char *folder;
static const char *fault;

/* One change after the other: the log has the order in which things happened. */
pthread_mutex_t busy = PTHREAD_MUTEX_INITIALIZER;

__attribute__((constructor)) static void begin(void) {
    real_open = dlsym(RTLD_NEXT, "open");
    real_close = dlsym(RTLD_NEXT, "close");
    real_fsync = dlsym(RTLD_NEXT, "fsync");
    real_fdatasync = dlsym(RTLD_NEXT, "fdatasync");
    real_ftruncate = dlsym(RTLD_NEXT, "ftruncate");
    real_pwrite = dlsym(RTLD_NEXT, "pwrite");
    real_write = dlsym(RTLD_NEXT, "write");
    folder = getenv("POWERLOSS_FOLDER");
    fault = getenv("POWERLOSS_FAULT");
    const char *path = getenv("POWERLOSS_LOG");
    if (folder && path)
        log_to(real_open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600));
    else
        folder = NULL;
}

static int ends_with(const char *text, const char *end) {
    size_t length = strlen(text), tail = strlen(end);
    return length >= tail && strcmp(text + length - tail, end) == 0;
}

int is_watched(const char *path) {
    if (!folder || !path) return 0;
    size_t length = strlen(folder);
    return strncmp(path, folder, length) == 0 && (path[length] == '/' || !path[length]) &&
           !ends_with(path, "-shm");
}

static const char *name_of(int fd) { return fd >= 0 && fd < MOST ? opened[fd] : NULL; }

/* What the disk does now: 0 where it is well. */
static char ails(void) {
    char letter = 0;
    int fd = fault ? real_open(fault, O_RDONLY | O_CLOEXEC) : -1;
    if (fd >= 0) {
        if (read(fd, &letter, 1) != 1) letter = 0;
        real_close(fd);
    }
    return letter;
}

static int is_full(char ill) { return ill == 'g' || ill == 't'; }

static int full(void) {
    errno = ENOSPC;
    return -1;
}

static int open_watched(const char *path, int flags, mode_t mode) {
    pthread_mutex_lock(&busy);
    int is_new = (flags & O_CREAT) && access(path, F_OK) != 0;
    int fd = -1;
    if (is_new && is_full(ails())) {
        full();
    } else {
        if (is_new) log_name('c', path, "");
        if ((flags & O_TRUNC) && !is_new) {
            int old = real_open(path, O_RDONLY | O_CLOEXEC);
            if (old >= 0) {
                log_bytes(old, 0, SIZE_MAX);
                real_close(old);
            }
        }
        fd = real_open(path, flags, mode);
        if (fd >= 0 && fd < MOST) {
            free(opened[fd]);
            opened[fd] = strdup(path);
        }
    }
    pthread_mutex_unlock(&busy);
    return fd;
}

#define OPEN(path, flags)                                  \
    mode_t mode = 0;                                       \
    if ((flags) & (O_CREAT | O_TMPFILE)) {                 \
        va_list more;                                      \
        va_start(more, flags);                             \
        mode = va_arg(more, mode_t);                       \
        va_end(more);                                      \
    }                                                      \
    if (is_watched(path)) return open_watched(path, flags, mode)

int open(const char *path, int flags, ...) {
    OPEN(path, flags);
    return real_open(path, flags, mode);
}

int open64(const char *path, int flags, ...) {
    OPEN(path, flags);
    return real_open(path, flags, mode);
}

int close(int fd) {
    if (name_of(fd)) {
        pthread_mutex_lock(&busy);
        free(opened[fd]);
        opened[fd] = NULL;
        pthread_mutex_unlock(&busy);
    }
    return real_close(fd);
}

/* Under the lock. A short write is what a disk gives that has room for some of it. */
static ssize_t put(int fd, const void *bytes, size_t length, off_t offset) {
    char ill = ails();
    if (ill == 't') return full();
    if (ill == 'g') {
        struct stat now;
        if (fstat(fd, &now) != 0) return -1;
        if (offset >= now.st_size) return full();
        if (length > (size_t)(now.st_size - offset)) length = now.st_size - offset;
    }
    log_bytes(fd, offset, length);
    return real_pwrite(fd, bytes, length, offset);
}

ssize_t pwrite(int fd, const void *bytes, size_t length, off_t offset) {
    if (!name_of(fd)) return real_pwrite(fd, bytes, length, offset);
    pthread_mutex_lock(&busy);
    ssize_t written = put(fd, bytes, length, offset);
    pthread_mutex_unlock(&busy);
    return written;
}

ssize_t pwrite64(int fd, const void *bytes, size_t length, off_t offset) {
    return pwrite(fd, bytes, length, offset);
}

ssize_t write(int fd, const void *bytes, size_t length) {
    if (!name_of(fd)) return real_write(fd, bytes, length);
    pthread_mutex_lock(&busy);
    int append = fcntl(fd, F_GETFL) & O_APPEND;
    off_t at = lseek(fd, 0, append ? SEEK_END : SEEK_CUR);
    ssize_t written = put(fd, bytes, length, at);
    if (written > 0) lseek(fd, at + written, SEEK_SET);
    pthread_mutex_unlock(&busy);
    return written;
}

int ftruncate(int fd, off_t length) {
    if (!name_of(fd)) return real_ftruncate(fd, length);
    pthread_mutex_lock(&busy);
    struct stat now;
    int grows = fstat(fd, &now) == 0 && length > now.st_size;
    int done = -1;
    if (grows && is_full(ails())) {
        full();
    } else {
        log_bytes(fd, length, SIZE_MAX);
        done = real_ftruncate(fd, length);
    }
    pthread_mutex_unlock(&busy);
    return done;
}

int ftruncate64(int fd, off_t length) { return ftruncate(fd, length); }

static int sync_with(int (*real)(int), int fd) {
    if (!name_of(fd)) return real(fd);
    pthread_mutex_lock(&busy);
    int done = -1;
    char ill = ails();
    if (ill == 'i') {
        errno = EIO;
    } else {
        if (ill == 's') usleep(10000);
        done = real(fd);
        if (done == 0) log_synced(fd, opened[fd]);
    }
    pthread_mutex_unlock(&busy);
    return done;
}

int fsync(int fd) { return sync_with(real_fsync, fd); }
int fdatasync(int fd) { return sync_with(real_fdatasync, fd); }

/* Writes the undo log of powerloss.c. Each record is written whole, by one call. */

#define _GNU_SOURCE
#include "log.h"

#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Little-endian, without holes; two texts or some bytes follow. */
struct head {
    uint64_t what;
    uint64_t inode;
    uint64_t offset;
    uint64_t size;
    uint64_t first;
    uint64_t second;
};

static int out = -1;

void log_to(int fd) { out = fd; }

static void record(struct head head, const void *first, const void *second) {
    size_t length = sizeof head + head.first + head.second;
    char *bytes = malloc(length);
    if (!bytes) abort();
    memcpy(bytes, &head, sizeof head);
    if (head.first) memcpy(bytes + sizeof head, first, head.first);
    if (head.second) memcpy(bytes + sizeof head + head.first, second, head.second);
    /* A record that is missing would make the test blind. */
    if (real_write(out, bytes, length) != (ssize_t)length) abort();
    free(bytes);
}

void log_bytes(int fd, off_t offset, size_t length) {
    struct stat now;
    if (fstat(fd, &now) != 0) abort();
    size_t there = offset < now.st_size ? (size_t)(now.st_size - offset) : 0;
    if (length > there) length = there;
    char *old = malloc(length + 1);
    if (!old) abort();
    if (length > 0) {
        /* The descriptor may be for writing only. */
        char name[64];
        snprintf(name, sizeof name, "/proc/self/fd/%d", fd);
        int reader = open(name, O_RDONLY | O_CLOEXEC);
        for (size_t have = 0; have < length;) {
            ssize_t more = pread(reader, old + have, length - have, offset + have);
            if (more <= 0) abort();
            have += more;
        }
        close(reader);
    }
    struct head head = {'w', now.st_ino, offset, now.st_size, length, 0};
    record(head, old, NULL);
    free(old);
}

void log_name(char what, const char *path, const char *other) {
    struct head head = {what, 0, 0, 0, strlen(path), strlen(other)};
    record(head, path, other);
}

void log_synced(int fd, const char *path) {
    struct stat now;
    if (fstat(fd, &now) != 0) abort();
    struct head head = {S_ISDIR(now.st_mode) ? 'y' : 's', now.st_ino, 0, 0, strlen(path), 0};
    record(head, path, NULL);
}

int log_place(char *name, size_t most) {
    static unsigned long number;
    const char *path = getenv("POWERLOSS_LOG");
    int length = snprintf(name, most, "%s.kept-%d-%lu", path, getpid(), number++);
    return length > 0 && (size_t)length < most;
}

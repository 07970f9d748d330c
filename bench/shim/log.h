/* The undo log of powerloss.c: records, each a head and what it says. */

#ifndef POWERLOSS_LOG_H
#define POWERLOSS_LOG_H

#include <stddef.h>
#include <sys/types.h>

extern ssize_t (*real_write)(int, const void *, size_t);

/* Where records go from now on. */
void log_to(int fd);

/* What `length` bytes from `offset` are now, as far as the file goes, and how long it is. */
void log_bytes(int fd, off_t offset, size_t length);

/* `c`reated: path. `d`eleted: path, and where it is kept. `r`enamed: from, to. */
void log_name(char what, const char *path, const char *other);

/* A file, or the names in a folder, are on the disk. */
void log_synced(int fd, const char *path);

/* A new name beside the log; 0 where it does not fit. */
int log_place(char *name, size_t most);

#endif

/* Names of files and folders that are made, changed and deleted: the part of powerloss.c for them. */

#define _GNU_SOURCE
#include "names.h"

#include <dlfcn.h>
#include <limits.h>
#include <sys/stat.h>
#include <unistd.h>

#include "log.h"

static int (*real_unlink)(const char *);
static int (*real_link)(const char *, const char *);
static int (*real_rename)(const char *, const char *);
static int (*real_mkdir)(const char *, mode_t);

__attribute__((constructor)) static void begin(void) {
    real_unlink = dlsym(RTLD_NEXT, "unlink");
    real_link = dlsym(RTLD_NEXT, "link");
    real_rename = dlsym(RTLD_NEXT, "rename");
    real_mkdir = dlsym(RTLD_NEXT, "mkdir");
}

/* The file lives on under another name, so that its name can be given back. */
static void keep(const char *path) {
    char kept[PATH_MAX];
    if (log_place(kept, sizeof kept) && real_link(path, kept) == 0) log_name('d', path, kept);
}

int unlink(const char *path) {
    if (!is_watched(path)) return real_unlink(path);
    pthread_mutex_lock(&busy);
    keep(path);
    int done = real_unlink(path);
    pthread_mutex_unlock(&busy);
    return done;
}

int link(const char *from, const char *to) {
    if (!is_watched(to)) return real_link(from, to);
    pthread_mutex_lock(&busy);
    int done = real_link(from, to);
    if (done == 0) log_name('c', to, "");
    pthread_mutex_unlock(&busy);
    return done;
}

int linkat(int from_at, const char *from, int to_at, const char *to, int flags) {
    (void)from_at, (void)to_at, (void)flags;
    return link(from, to);
}

int rename(const char *from, const char *to) {
    if (!is_watched(to)) return real_rename(from, to);
    pthread_mutex_lock(&busy);
    keep(to);
    log_name('r', from, to);
    int done = real_rename(from, to);
    pthread_mutex_unlock(&busy);
    return done;
}

int mkdir(const char *path, mode_t mode) {
    int done = real_mkdir(path, mode);
    if (done == 0 && is_watched(path)) {
        pthread_mutex_lock(&busy);
        log_name('c', path, "");
        pthread_mutex_unlock(&busy);
    }
    return done;
}

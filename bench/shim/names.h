/* What names.c needs of powerloss.c. */

#ifndef POWERLOSS_NAMES_H
#define POWERLOSS_NAMES_H

#include <pthread.h>

/* One change after the other: the log has the order in which things happened. */
extern pthread_mutex_t busy;

/* Whether this path lies in the folder that is watched. */
int is_watched(const char *path);

#endif

/* The C interface of libLudusEnvironments, for other languages than Swift; Python's package uses just this.
 *
 * Sizes: N environments, R rows (one for each player of each environment), B environments in a batch.
 * Calls give a number from 0, or one of these codes; ludus_environments_error() has the sentence.
 * A handle is checked in every call: that of a closed pool gives CLOSED, and is never given out again.
 * A pool is for one thread at a time: a second one gets BUSY.
 */
#ifndef LUDUS_ENVIRONMENTS_H
#define LUDUS_ENVIRONMENTS_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum {
    LUDUS_ENVIRONMENTS_UNKNOWN_TASK = -1,
    LUDUS_ENVIRONMENTS_BAD_OPTION = -2,
    LUDUS_ENVIRONMENTS_WRONG_COUNT = -3,
    LUDUS_ENVIRONMENTS_BAD_ACTION = -4,
    LUDUS_ENVIRONMENTS_BAD_ENVIRONMENT = -5,
    LUDUS_ENVIRONMENTS_WRONG_TIME = -6,
    LUDUS_ENVIRONMENTS_BAD_SNAPSHOT = -7,
    LUDUS_ENVIRONMENTS_MISSING_FILE = -8,
    LUDUS_ENVIRONMENTS_CLOSED = -9,
    LUDUS_ENVIRONMENTS_BUSY = -10
};

/* Version of these calls: 1. */
int32_t ludus_environments_version(void);
/* Sentence of this thread's last failed call; good until its next one. Null if there was none. */
const char *ludus_environments_error(void);
/* Frees text that a call has given. */
void ludus_environments_free(char *text);

/* JSON text, to be freed; null after a failure. */
char *ludus_environments_list(void);                     /* [{"id": ..., "family": ...}, ...] */
char *ludus_environments_specification(const char *id);  /* spaces, limit, columns; infinite bounds are "inf", "-inf" */
char *ludus_environments_describe(int64_t handle);       /* specification, sizes, and addresses of the pool's memory:
    actions [R, action], environments int32[N], mask uint8[N], seeds uint64[N], seeded uint8[N], received int32[1], and for
    each of its batches: observations, finalObservations, rewards, terminated, truncated, elapsedSteps, episodeReturns,
    environments, columns, finalColumns */

/* A pool's handle, above 0, or a code. Options are JSON objects; empty for the standard ones. options: batchSize, threads, seed,
 * seeds, generator ("fast", "envpool", "gymnasium"), autoreset ("nextStep", "sameStep", "disabled"), maximumEpisodeSteps,
 * pinsThreads. task_options: the task's own. */
int64_t ludus_environments_make(const char *id, int64_t count, const char *options, const char *task_options);
/* Closes a pool and frees its memory: addresses from describe are no longer valid. */
int32_t ludus_environments_close(int64_t handle);

/* These five give 4 * (index of the batch with the results) + 1 where any episode terminated + 2 where any was truncated.
 * A batch is overwritten by the step after the next one; in an asynchronous pool by the next receive. */
int32_t ludus_environments_reset(int64_t handle, int32_t masked); /* masked != 0: where mask is 1; seeds where seeded is 1 */
int32_t ludus_environments_step(int64_t handle);                  /* takes actions */
/* As step, and copies the batch's memory from its observations on, resultBytes of describe; not what "sameStep" keeps. */
int32_t ludus_environments_step_copied(int64_t handle, void *copy);
int32_t ludus_environments_step_into(
    int64_t handle, void *observations, float *rewards, uint8_t *terminated, uint8_t *truncated);
int32_t ludus_environments_receive(int64_t handle);               /* number of rows in received */

/* Asynchronous pools (B < N): which environments is in the first `count` of environments. */
int32_t ludus_environments_start(int64_t handle, int32_t count); /* new episodes; seeds where seeded is 1 */
int32_t ludus_environments_send(int64_t handle, int32_t count);  /* their actions are the first rows of actions */

/* Size in bytes; written only where there is room for all of it. */
int32_t ludus_environments_snapshot(int64_t handle, int64_t environment, uint8_t *text, int64_t capacity);
int32_t ludus_environments_restore(int64_t handle, int64_t environment, const uint8_t *text, int64_t size);
/* [height, width, 3]; size gets height and width; 0 where the task has no pictures. */
int32_t ludus_environments_picture(
    int64_t handle, int64_t environment, uint8_t *pixels, int64_t capacity, int32_t *size);

#ifdef __cplusplus
}
#endif

#endif

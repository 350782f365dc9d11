// A place to come back to when MuJoCo reports an error, one for each thread.
#pragma once
#include <setjmp.h>
#include <stdbool.h>

struct ludus_mujoco_guard {
    jmp_buf place;
    bool is_set;
    char failure[1024];
};
extern _Thread_local struct ludus_mujoco_guard ludus_mujoco_guard;

/// Puts the handlers in their places, once.
void ludus_mujoco_prepare(void);

/// Runs a statement and returns 0, or 1 where MuJoCo reported an error in it. Nothing in it may own memory.
/// `_setjmp` leaves the signal mask alone, and so costs no system call.
#define LUDUS_RETURN_GUARDED(statement)                  \
    do {                                                 \
        ludus_mujoco_guard.is_set = true;                \
        if (_setjmp(ludus_mujoco_guard.place) != 0) {    \
            ludus_mujoco_guard.is_set = false;           \
            return 1;                                    \
        }                                                \
        statement;                                       \
        ludus_mujoco_guard.is_set = false;               \
        return 0;                                        \
    } while (0)

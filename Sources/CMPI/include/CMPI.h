// Open MPI, found when the program runs: nothing of it is needed to build.
//
// The functions of Open MPI are looked up in libmpi by name, and its handles are the addresses of objects in it, which
// have kept their names from version 1.3 to 5. Other MPIs have other handles, and are refused.
// Calls come from any thread, but not two at a time. Those that can fail return 0, or 1 with a sentence in `message`.
#pragma once
#include <stddef.h>
#include <stdint.h>

#if defined(__clang__)
#pragma clang assume_nonnull begin
#endif
#ifdef __cplusplus
extern "C" {
#endif

/// Types of elements.
enum { CMPI_FLOAT32 = 0, CMPI_FLOAT64 = 1, CMPI_INT64 = 2, CMPI_UINT8 = 3 };
/// What a reduction makes of two elements.
enum { CMPI_SUM = 0, CMPI_MAXIMUM = 1, CMPI_MINIMUM = 2 };

/// Opens the library (at `path`, or where the system finds it) and joins the other processes. Once a process.
int32_t cmpi_start(const char *_Nullable path, char *message, size_t capacity);
/// This process's number, from 0.
int32_t cmpi_rank(void);
/// Number of processes.
int32_t cmpi_size(void);
/// The name of this process's machine.
void cmpi_host(char *name, size_t capacity);
/// Every process's elements, reduced, in every process; in place.
int32_t cmpi_all_reduce(void *elements, size_t count, int32_t type, int32_t operation, char *message, size_t capacity);
/// One process's elements in every process.
int32_t cmpi_broadcast(void *elements, size_t count, int32_t type, int32_t root, char *message, size_t capacity);
/// Every process's elements one after another in every process; `all` has room for `count` times the processes.
int32_t cmpi_all_gather(const void *own, void *all, size_t count, int32_t type, char *message, size_t capacity);
/// Returns when every process has called it.
int32_t cmpi_barrier(char *message, size_t capacity);
/// Ends all processes.
void cmpi_abort(int32_t code);
/// Leaves the others. Nothing but rank and size may be asked for afterwards.
int32_t cmpi_finish(char *message, size_t capacity);

#ifdef __cplusplus
}
#endif
#if defined(__clang__)
#pragma clang assume_nonnull end
#endif

#include "CMPI.h"

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// One call moves at most this many elements: MPI counts with an int.
static const size_t largest = 1u << 30;
static const int error_string_length = 256; // MPI_MAX_ERROR_STRING of Open MPI
static const int thread_multiple = 3;       // MPI_THREAD_MULTIPLE
static const int thread_serialized = 2;     // MPI_THREAD_SERIALIZED

typedef void *handle;

static struct {
    int (*initialized)(int *);
    int (*init_thread)(int *, char ***, int, int *);
    int (*set_error_handler)(handle, handle);
    int (*error_string)(int, char *, int *);
    int (*rank)(handle, int *);
    int (*size)(handle, int *);
    int (*processor_name)(char *, int *);
    int (*all_reduce)(const void *, void *, int, handle, handle, handle);
    int (*broadcast)(void *, int, handle, int, handle);
    int (*all_gather)(const void *, int, handle, void *, int, handle, handle);
    int (*barrier)(handle);
    int (*abort)(handle, int);
    int (*finalize)(void);
    handle world, errors_return;
    handle types[4];
    handle operations[3];
} mpi;

static const size_t widths[4] = {4, 8, 8, 1};
static int own_rank = 0, process_count = 1;

static int32_t fail(char *message, size_t capacity, const char *what, const char *why) {
    snprintf(message, capacity, "%s: %s", what, why);
    return 1;
}

static int32_t check(int code, const char *what, char *message, size_t capacity) {
    if (code == 0) return 0;
    char text[512] = "";
    int length = 0;
    if (mpi.error_string != NULL) mpi.error_string(code, text, &length);
    return fail(message, capacity, what, length > 0 && length <= error_string_length ? text : "an unknown error");
}

// A function or object of the library; counts those that are missing.
static void *find(void *library, const char *name, const char **missing) {
    void *symbol = dlsym(library, name);
    if (symbol == NULL && *missing == NULL) *missing = name;
    return symbol;
}

static const char *find_all(void *library) {
    const char *missing = NULL;
#define FIND(field, name) mpi.field = (__typeof__(mpi.field))find(library, name, &missing)
    FIND(initialized, "MPI_Initialized");
    FIND(init_thread, "MPI_Init_thread");
    FIND(set_error_handler, "MPI_Comm_set_errhandler");
    FIND(error_string, "MPI_Error_string");
    FIND(rank, "MPI_Comm_rank");
    FIND(size, "MPI_Comm_size");
    FIND(processor_name, "MPI_Get_processor_name");
    FIND(all_reduce, "MPI_Allreduce");
    FIND(broadcast, "MPI_Bcast");
    FIND(all_gather, "MPI_Allgather");
    FIND(barrier, "MPI_Barrier");
    FIND(abort, "MPI_Abort");
    FIND(finalize, "MPI_Finalize");
    FIND(world, "ompi_mpi_comm_world");
    FIND(errors_return, "ompi_mpi_errors_return");
    FIND(types[CMPI_FLOAT32], "ompi_mpi_float");
    FIND(types[CMPI_FLOAT64], "ompi_mpi_double");
    FIND(types[CMPI_INT64], "ompi_mpi_int64_t");
    FIND(types[CMPI_UINT8], "ompi_mpi_uint8_t");
    FIND(operations[CMPI_SUM], "ompi_mpi_op_sum");
    FIND(operations[CMPI_MAXIMUM], "ompi_mpi_op_max");
    FIND(operations[CMPI_MINIMUM], "ompi_mpi_op_min");
#undef FIND
    return missing;
}

int32_t cmpi_start(const char *path, char *message, size_t capacity) {
#ifdef __APPLE__
    const char *names[] = {path, "libmpi.40.dylib", "libmpi.dylib"};
#else
    const char *names[] = {path, "libmpi.so.40", "libmpi.so"};
#endif
    void *library = NULL;
    // Global, since Open MPI opens plug-ins that look for its symbols.
    for (size_t i = path == NULL ? 1 : 0; i < (path == NULL ? 3 : 1) && library == NULL; i++)
        library = dlopen(names[i], RTLD_NOW | RTLD_GLOBAL);
    if (library == NULL) return fail(message, capacity, "Open MPI", dlerror());
    const char *missing = find_all(library);
    if (missing != NULL) return fail(message, capacity, "libmpi is no Open MPI: it lacks", missing);
    int started = 0, provided = 0;
    int32_t status = check(mpi.initialized(&started), "MPI_Initialized", message, capacity);
    if (status != 0) return status;
    if (started) return fail(message, capacity, "MPI_Init_thread", "this process has joined before");
    status = check(mpi.init_thread(NULL, NULL, thread_multiple, &provided), "MPI_Init_thread", message, capacity);
    if (status != 0) return status;
    if (provided < thread_serialized)
        return fail(message, capacity, "MPI_Init_thread", "this Open MPI was built without support for threads");
    mpi.set_error_handler(mpi.world, mpi.errors_return);
    status = check(mpi.rank(mpi.world, &own_rank), "MPI_Comm_rank", message, capacity);
    if (status != 0) return status;
    return check(mpi.size(mpi.world, &process_count), "MPI_Comm_size", message, capacity);
}

int32_t cmpi_rank(void) { return own_rank; }
int32_t cmpi_size(void) { return process_count; }

void cmpi_host(char *name, size_t capacity) {
    char text[1024] = "";
    int length = 0;
    if (mpi.processor_name != NULL) mpi.processor_name(text, &length);
    snprintf(name, capacity, "%s", text);
}

// MPI_IN_PLACE is the address 1 in Open MPI.
#define IN_PLACE ((void *)1)

int32_t cmpi_all_reduce(void *elements, size_t count, int32_t type, int32_t operation, char *message, size_t capacity) {
    for (size_t start = 0; start < count; start += largest) {
        size_t part = count - start < largest ? count - start : largest;
        char *place = (char *)elements + start * widths[type];
        int code =
            mpi.all_reduce(IN_PLACE, place, (int)part, mpi.types[type], mpi.operations[operation], mpi.world);
        if (check(code, "MPI_Allreduce", message, capacity) != 0) return 1;
    }
    return 0;
}

int32_t cmpi_broadcast(void *elements, size_t count, int32_t type, int32_t root, char *message, size_t capacity) {
    for (size_t start = 0; start < count; start += largest) {
        size_t part = count - start < largest ? count - start : largest;
        char *place = (char *)elements + start * widths[type];
        int code = mpi.broadcast(place, (int)part, mpi.types[type], root, mpi.world);
        if (check(code, "MPI_Bcast", message, capacity) != 0) return 1;
    }
    return 0;
}

int32_t cmpi_all_gather(const void *own, void *all, size_t count, int32_t type, char *message, size_t capacity) {
    if (count > largest) return fail(message, capacity, "MPI_Allgather", "more than 2^30 elements");
    int code = mpi.all_gather(own, (int)count, mpi.types[type], all, (int)count, mpi.types[type], mpi.world);
    return check(code, "MPI_Allgather", message, capacity);
}

int32_t cmpi_barrier(char *message, size_t capacity) {
    return check(mpi.barrier(mpi.world), "MPI_Barrier", message, capacity);
}

void cmpi_abort(int32_t code) {
    if (mpi.abort != NULL && mpi.world != NULL) mpi.abort(mpi.world, code);
    exit(code);
}

int32_t cmpi_finish(char *message, size_t capacity) {
    return check(mpi.finalize(), "MPI_Finalize", message, capacity);
}

#define _GNU_SOURCE
#include "AllocationCounter.h"

#include <stddef.h>
#include <stdlib.h>
#include <sys/resource.h>

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define LUDUS_SANITIZED 1
#endif
#endif

#if defined(__GLIBC__) && !defined(LUDUS_SANITIZED)

extern void *__libc_malloc(size_t);
extern void *__libc_calloc(size_t, size_t);
extern void *__libc_realloc(void *, size_t);

static __thread int64_t allocations __attribute__((tls_model("initial-exec")));

void *malloc(size_t size) {
    allocations++;
    return __libc_malloc(size);
}

void *calloc(size_t count, size_t size) {
    allocations++;
    return __libc_calloc(count, size);
}

void *realloc(void *old, size_t size) {
    allocations++;
    return __libc_realloc(old, size);
}

int64_t ludus_allocations_of_this_thread(void) { return allocations; }

#else

int64_t ludus_allocations_of_this_thread(void) { return -1; }

#endif

int64_t ludus_page_faults_of_this_thread(void) {
#ifdef RUSAGE_THREAD
    struct rusage usage;
    if (getrusage(RUSAGE_THREAD, &usage) == 0) return usage.ru_minflt;
#endif
    return -1;
}

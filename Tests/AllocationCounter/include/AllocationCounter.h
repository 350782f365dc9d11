#pragma once
#include <stdint.h>

/// Allocations that this thread has made since it started; -1 where they can't be counted.
///
/// The file that defines it replaces the C library's allocation functions in programs that link it, by ones that count
/// and then call the originals. Under sanitizers, which have their own, and outside glibc it counts nothing.
int64_t ludus_allocations_of_this_thread(void);

/// Page faults without input or output that this thread has caused.
int64_t ludus_page_faults_of_this_thread(void);

// Lifetime, facts about a tensor, creation, conversion, reading out, threads.
#pragma once
#include "CTTypes.h"
CT_BEGIN

/// The version of libtorch that the headers belong to, such as "2.13.0".
const char *ct_version(void);
void ct_error_free(CTError *error);
void ct_release(CTTensor x);

int8_t ct_dtype(CTTensor x);
void ct_device(CTTensor x, int8_t *type, int8_t *index);
intptr_t ct_rank(CTTensor x);
intptr_t ct_size(CTTensor x, intptr_t dim);
void ct_sizes(CTTensor x, intptr_t *out);
intptr_t ct_element_count(CTTensor x);
bool ct_is_contiguous(CTTensor x);
/// Start of the elements of a tensor in host memory, null where it has no plain storage.
void *_Nullable ct_data(CTTensor x);

CT_RESULT ct_zeros(const intptr_t *_Nullable sizes, intptr_t rank, CTOptions options, CTError *error);
CT_RESULT ct_ones(const intptr_t *_Nullable sizes, intptr_t rank, CTOptions options, CTError *error);
CT_RESULT ct_empty(const intptr_t *_Nullable sizes, intptr_t rank, CTOptions options, CTError *error);
CT_RESULT ct_full(const intptr_t *_Nullable sizes, intptr_t rank, CTScalar value, CTOptions options, CTError *error);
CT_RESULT ct_scalar(CTScalar value, CTOptions options, CTError *error);
CT_RESULT ct_eye(intptr_t rows, intptr_t columns, CTOptions options, CTError *error);
CT_RESULT ct_arange(CTScalar start, CTScalar end, CTScalar step, CTOptions options, CTError *error);
CT_RESULT ct_linspace(double start, double end, intptr_t count, CTOptions options, CTError *error);
CT_UNARY(zeros_like)
CT_UNARY(ones_like)
CT_UNARY(empty_like)
CT_SCALAR(full_like)
/// Copies `sizes` elements from host memory.
CT_RESULT ct_from_host(const void *_Nullable data, const intptr_t *_Nullable sizes, intptr_t rank, int8_t dtype,
                       CTError *error);
/// A view of host memory; `release(context)` is called once, when the last view goes away or if the call fails.
CT_RESULT ct_view_host(void *data, const intptr_t *_Nullable sizes, intptr_t rank, int8_t dtype,
                       void (*release)(void *), void *context, CTError *error);

CT_RESULT ct_to(CTTensor x, CTOptions options, CTError *error);
CT_UNARY(clone)
CT_UNARY(contiguous)
CT_UNARY(detach)
CT_UNARY(alias)
/// The value of a tensor of one element.
CT_STATUS ct_item(CTTensor x, CTScalar *out, CTError *error);
/// Copies all elements, in row-major order and as `dtype`, to host memory of `byte_count` bytes.
CT_STATUS ct_copy_to_host(CTTensor x, int8_t dtype, void *_Nullable out, size_t byte_count, CTError *error);

void ct_set_thread_count(intptr_t count);
intptr_t ct_thread_count(void);
/// Has the C library keep freed memory up to this many bytes (0: hand back what it keeps, too); does nothing where the C
/// library isn't glibc.
void ct_keep_freed_memory(size_t byte_count);
/// Opens libtorch_cuda.so, looked for beside libtorch_cpu.so and then by name.
CT_STATUS ct_open_cuda(CTError *error);
bool ct_has_cuda(void);

CT_END

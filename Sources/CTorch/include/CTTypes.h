// Types shared by every header of the shim. C only: no C++ type crosses this boundary.
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// One reference to a libtorch tensor. The owner releases it once with `ct_release`.
typedef struct ct_tensor_impl *CTTensor;

/// One reference to a libtorch random number generator; released with `ct_generator_release`.
typedef struct ct_generator_impl *CTGenerator;

/// What went wrong in one call: null text, or text that the caller frees with `ct_error_free`.
typedef struct {
    char *_Nullable text;
} CTError;

/// Element type and device of a new tensor. `dtype` is a c10::ScalarType code, -1 means "as the input's".
typedef struct {
    int8_t dtype;
    int8_t device_type;
    int8_t device_index;
} CTOptions;

/// A number that keeps whether it is an integer, which decides the element type of a result.
typedef struct {
    double real;
    intptr_t integer;
    bool is_integer;
} CTScalar;

#ifdef __cplusplus
#define CT_BEGIN extern "C" { _Pragma("clang assume_nonnull begin")
#define CT_END _Pragma("clang assume_nonnull end") }
#else
#define CT_BEGIN _Pragma("clang assume_nonnull begin")
#define CT_END _Pragma("clang assume_nonnull end")
#endif

// Null when the call failed; the reason is then in `error`.
#define CT_RESULT CTTensor _Nullable
// Several results: 0 when the call succeeded (a null output is then an undefined tensor), 1 when it failed.
#define CT_STATUS int32_t
#define CT_MAYBE CTTensor _Nullable

#define CT_UNARY(name) CT_RESULT ct_##name(CTTensor x, CTError *error);
#define CT_BINARY(name) CT_RESULT ct_##name(CTTensor x, CTTensor y, CTError *error);
#define CT_SCALAR(name) CT_RESULT ct_##name(CTTensor x, CTScalar value, CTError *error);
#define CT_REDUCTION(name) \
    CT_RESULT ct_##name(CTTensor x, const intptr_t *_Nullable dims, intptr_t count, bool keep, CTError *error);

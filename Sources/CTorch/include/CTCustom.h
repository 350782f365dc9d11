// Operations whose backward the caller gives.
#pragma once
#include "CTTypes.h"
CT_BEGIN

/// The backward of an operation. Every reference in the three lists is the callee's to release; `out` has a place for
/// each argument, and what the callee puts there is the caller's to release. A null place means no gradient.
typedef void (*CTPullback)(void *context, const CTTensor _Nonnull *_Nullable arguments,
                           const CTTensor _Nonnull *_Nullable results, const CTTensor _Nonnull *_Nullable weights,
                           CT_MAYBE *_Nullable out);

/// The values as results of one operation on the arguments, with a backward.
///
/// `release(context)` is called once: when the graph lets go of the operation, or if the call fails. Integer values
/// stay outside the graph. Call `ct_custom_keep` on the results before anything else uses them.
CT_STATUS ct_custom_attach(const CTTensor _Nonnull *_Nullable arguments, intptr_t argument_count,
                           const CTTensor _Nonnull *_Nullable values, intptr_t value_count, CTPullback pullback,
                           void *context, void (*release)(void *), CT_MAYBE *_Nullable out, CTError *error);
/// Keeps the results for the backward; first gives them tangents of forward mode, where there are any.
CT_STATUS ct_custom_keep(const CTTensor _Nonnull *_Nullable results, const CT_MAYBE *_Nullable tangents, intptr_t count,
                         CTError *error);

/// One more reference to the same tensor.
CTTensor ct_retain(CTTensor x);
/// Whether x has a tangent of forward mode.
bool ct_has_tangent(CTTensor x);
/// Sets whether this thread counts as inside forward mode; returns the former value. A computation on tensors without
/// tangents may differentiate in forward mode itself, once it does not count as inside.
bool ct_dual_inside_set(bool inside);

CT_END

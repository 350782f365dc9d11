// Many small perceptrons at once, with derivatives written by hand.
#pragma once
#include "CTTypes.h"
CT_BEGIN

/// What lies between the layers.
enum { CT_PERCEPTRON_RELU = 0, CT_PERCEPTRON_TANH = 1 };

/// T perceptrons' mean squared errors `[T]`, and the gradients of their sum `[T, P]`.
///
/// `rows` `[T, P]` holds for each layer the weights `[inputs, outputs]` and the biases. `sizes` are the widths from input
/// to output; `inputs` is `[T, N, sizes.first]`, `targets` `[T, N, sizes.last]`. float32 or float64, on the CPU.
CT_STATUS ct_perceptron_gradient(CTTensor rows, CTTensor inputs, CTTensor targets, const intptr_t *sizes,
                                 intptr_t count, int32_t activation, CT_MAYBE *_Nonnull out, CTError *error);
/// The Hessians of the same losses times directions, `[T, P]`.
CT_RESULT ct_perceptron_product(CTTensor rows, CTTensor inputs, CTTensor targets, CTTensor directions,
                                const intptr_t *sizes, intptr_t count, int32_t activation, CTError *error);

CT_END

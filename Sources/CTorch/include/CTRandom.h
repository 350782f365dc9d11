// Seeded random numbers. Every call takes its generator: there is no global one.
#pragma once
#include "CTTypes.h"
CT_BEGIN

CTGenerator _Nullable ct_generator_new(uint64_t seed, int8_t device_type, int8_t device_index, CTError *error);
void ct_generator_release(CTGenerator generator);
/// The whole state as a uint8 tensor.
CT_RESULT ct_generator_state(CTGenerator generator, CTError *error);
CT_STATUS ct_generator_set_state(CTGenerator generator, CTTensor state, CTError *error);

CT_RESULT ct_rand(CTGenerator generator, const intptr_t *_Nullable sizes, intptr_t rank, CTOptions options, CTError *error);
CT_RESULT ct_randn(CTGenerator generator, const intptr_t *_Nullable sizes, intptr_t rank, CTOptions options, CTError *error);
CT_RESULT ct_randint(CTGenerator generator, intptr_t low, intptr_t high, const intptr_t *_Nullable sizes, intptr_t rank,
                     CTOptions options, CTError *error);
CT_RESULT ct_randperm(CTGenerator generator, intptr_t count, CTOptions options, CTError *error);
CT_RESULT ct_bernoulli(CTGenerator generator, CTTensor probabilities, CTError *error);
CT_RESULT ct_multinomial(CTGenerator generator, CTTensor weights, intptr_t count, bool replacement, CTError *error);
/// Exponential(1) numbers of the shape and type of `like`.
CT_RESULT ct_exponential_like(CTGenerator generator, CTTensor like, CTError *error);

CT_END

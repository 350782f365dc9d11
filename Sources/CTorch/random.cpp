// Seeded random numbers.
#include "shim.hpp"

#include <ATen/CPUGeneratorImpl.h>
#include <ATen/Context.h>
#include <ATen/core/Generator.h>
#include <ATen/ops/bernoulli.h>
#include <ATen/ops/empty_like.h>
#include <ATen/ops/exponential.h>
#include <ATen/ops/multinomial.h>
#include <ATen/ops/rand.h>
#include <ATen/ops/randint.h>
#include <ATen/ops/randn.h>
#include <ATen/ops/randperm.h>

#include <mutex>

using namespace shim;

namespace {

static_assert(sizeof(at::Generator) == sizeof(void *), "a generator handle is one intrusive reference");

const at::Generator &G(const CTGenerator &handle) { return *reinterpret_cast<const at::Generator *>(&handle); }

} // namespace

CTGenerator ct_generator_new(uint64_t seed, int8_t device_type, int8_t device_index, CTError *error) {
    try {
        auto type = static_cast<c10::DeviceType>(device_type);
        auto generator = type == c10::DeviceType::CPU
                             ? at::detail::createCPUGenerator(seed)
                             : at::globalContext().getAcceleratorHooksInterface(type).getNewGenerator(device_index);
        if (type != c10::DeviceType::CPU) generator.set_current_seed(seed);
        return reinterpret_cast<CTGenerator>(generator.unsafeReleaseGeneratorImpl());
    } catch (...) {
        catch_error(error);
        return nullptr;
    }
}

void ct_generator_release(CTGenerator generator) {
    reinterpret_cast<at::Generator *>(&generator)->~Generator();
}

CTTensor ct_generator_state(CTGenerator generator, CTError *error) {
    return guard(error, [&] {
        auto copy = G(generator);
        std::lock_guard<std::mutex> lock(copy.mutex());
        return copy.get_state();
    });
}

int32_t ct_generator_set_state(CTGenerator generator, CTTensor state, CTError *error) {
    return guard_status(error, [&] {
        auto copy = G(generator);
        std::lock_guard<std::mutex> lock(copy.mutex());
        copy.set_state(T(state));
    });
}

CTTensor ct_rand(CTGenerator generator, const intptr_t *sizes, intptr_t rank, CTOptions options, CTError *error) {
    return guard(error, [&] { return at::rand(ints(sizes, rank), G(generator), O(options)); });
}

CTTensor ct_randn(CTGenerator generator, const intptr_t *sizes, intptr_t rank, CTOptions options, CTError *error) {
    return guard(error, [&] { return at::randn(ints(sizes, rank), G(generator), O(options)); });
}

CTTensor ct_randint(CTGenerator generator, intptr_t low, intptr_t high, const intptr_t *sizes, intptr_t rank,
                    CTOptions options, CTError *error) {
    return guard(error, [&] { return at::randint(low, high, ints(sizes, rank), G(generator), O(options)); });
}

CTTensor ct_randperm(CTGenerator generator, intptr_t count, CTOptions options, CTError *error) {
    return guard(error, [&] { return at::randperm(count, G(generator), O(options)); });
}

CTTensor ct_bernoulli(CTGenerator generator, CTTensor probabilities, CTError *error) {
    return guard(error, [&] { return at::bernoulli(T(probabilities), G(generator)); });
}

CTTensor ct_multinomial(CTGenerator generator, CTTensor weights, intptr_t count, bool replacement, CTError *error) {
    return guard(error, [&] { return at::multinomial(T(weights), count, replacement, G(generator)); });
}

CTTensor ct_exponential_like(CTGenerator generator, CTTensor like, CTError *error) {
    return guard(error, [&] { return at::empty_like(T(like)).exponential_(1.0, G(generator)); });
}

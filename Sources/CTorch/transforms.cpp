// Forward-mode differentiation and vectorisation.
#include "shim.hpp"

#include <ATen/core/grad_mode.h>
#include <ATen/functorch/BatchedTensorImpl.h>
#include <ATen/functorch/DynamicLayer.h>
#include <ATen/functorch/TensorWrapper.h>
#include <ATen/ops/_make_dual.h>
#include <ATen/ops/_unpack_dual.h>
#include <ATen/ops/movedim.h>
#include <torch/csrc/autograd/forward_grad.h>

#include <mutex>

using namespace shim;
using torch::autograd::ForwardADLevel;

namespace {

// libtorch has one level of forward mode for the whole process, so all threads share it: the first one in opens it,
// the last one out closes it. Tangents belong to tensors, so threads do not see each other's.
std::mutex level_mutex;
int level_users = 0;
uint64_t level_index = 0;
thread_local bool is_inside = false;

} // namespace

int32_t ct_dual_enter(uint64_t *level, CTError *error) {
    return guard_status(error, [&] {
        TORCH_CHECK(!is_inside, "one derivative in forward mode inside another: take one of them with grad or vjp");
        std::lock_guard<std::mutex> lock(level_mutex);
        if (level_users == 0) level_index = ForwardADLevel::get_next_idx();
        level_users++;
        is_inside = true;
        *level = level_index;
    });
}

void ct_dual_exit(uint64_t level) {
    try {
        std::lock_guard<std::mutex> lock(level_mutex);
        is_inside = false;
        if (--level_users == 0) ForwardADLevel::release_idx(level);
    } catch (...) {
        // Only a level that is not open fails to close, and the callers close what they opened.
    }
}

bool ct_dual_inside_set(bool inside) {
    bool former = is_inside;
    is_inside = inside;
    return former;
}

CTTensor ct_dual_make(CTTensor x, CTTensor tangent, uint64_t level, CTError *error) {
    return guard(error, [&] { return at::_make_dual(T(x), T(tangent), static_cast<int64_t>(level)); });
}

int32_t ct_dual_unpack(CTTensor x, uint64_t level, CTTensor *out, CTError *error) {
    return guard_status(error, [&] {
        auto [primal, tangent] = at::_unpack_dual(T(x), static_cast<int64_t>(level));
        out[0] = give(std::move(primal));
        out[1] = give(std::move(tangent));
    });
}

int32_t ct_vmap_enter(intptr_t size, bool same_randomness, int64_t *level, CTError *error) {
    using namespace at::functorch;
    return guard_status(error, [&] {
        auto randomness = same_randomness ? RandomnessType::Same : RandomnessType::Different;
        *level = initAndPushDynamicLayer(TransformType::Vmap, c10::SymInt(static_cast<int64_t>(size)), randomness);
    });
}

void ct_vmap_exit(void) {
    try {
        at::functorch::popDynamicLayerAndDeleteMetadata();
    } catch (...) {
        // As above: levels are closed in the order that they were opened in.
    }
}

CTTensor ct_vmap_hide(CTTensor x, intptr_t dim, int64_t level, CTError *error) {
    return guard(error, [&] { return at::functorch::addBatchDim(T(x), dim, level); });
}

CTTensor ct_vmap_show(CTTensor x, int64_t level, intptr_t size, intptr_t dim, CTError *error) {
    using namespace at::functorch;
    return guard(error, [&] {
        at::Tensor result = unwrapIfDead(T(x));
        auto *batched = maybeGetBatchedImpl(result);
        if (batched != nullptr && batched->level() == level) {
            return at::movedim(batched->value(), batched->bdim(), int64_t(dim));
        }
        // The same for every slice: repeat it.
        auto sizes = result.sizes().vec();
        TORCH_CHECK(dim >= 0 && dim <= result.dim(), "no place ", dim, " for a dimension in a result of ", sizes);
        sizes.insert(sizes.begin() + dim, static_cast<int64_t>(size));
        return result.unsqueeze(dim).expand(sizes);
    });
}

namespace {

// libtorch has no rule for `detach` of a batched tensor, so take the batch off, detach (without dispatch, which would
// meet the open level again), and put it on.
at::Tensor detach_deep(const at::Tensor &x) {
    using namespace at::functorch;
    if (auto *batched = maybeGetBatchedImpl(x))
        return makeBatched(detach_deep(batched->value()), batched->bdim(), batched->level());
    if (auto *wrapper = maybeGetTensorWrapper(x)) return detach_deep(wrapper->value());
    return x.tensor_data();
}

} // namespace

CTTensor ct_detach_deep(CTTensor x, CTError *error) {
    return guard(error, [&] { return detach_deep(T(x)); });
}

bool ct_is_vectorizing(void) { return !at::functorch::getDynamicLayerStack().empty(); }

int32_t ct_grad_level_enter(int64_t *level, CTError *error) {
    using namespace at::functorch;
    return guard_status(error, [&] {
        *level = initAndPushDynamicLayer(TransformType::Grad, std::nullopt, std::nullopt, at::GradMode::is_enabled());
    });
}

void ct_grad_level_exit(void) {
    try {
        at::functorch::popDynamicLayerAndDeleteMetadata();
    } catch (...) {
        // As above.
    }
}

CTTensor ct_grad_level_variable(CTTensor x, int64_t level, CTError *error) {
    return guard(error, [&] { return at::functorch::makeTensorWrapper(T(x), level).set_requires_grad(true); });
}

CTTensor ct_grad_level_result(CTTensor x, int64_t level, CTError *error) {
    return guard(error, [&] {
        auto *wrapper = at::functorch::maybeGetTensorWrapper(T(x));
        return wrapper != nullptr && wrapper->level() == level ? wrapper->value() : T(x);
    });
}

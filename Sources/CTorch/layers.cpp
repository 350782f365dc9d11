// Stepping out of the open levels of vectorisation for a while.
#include "shim.hpp"

#include <ATen/functorch/BatchedTensorImpl.h>
#include <ATen/functorch/DynamicLayer.h>
#include <ATen/functorch/TensorWrapper.h>
#include <ATen/ops/movedim.h>

#include <utility>

using namespace shim;
using namespace at::functorch;

struct ct_layers_impl {
    std::vector<DynamicLayer> stack;

    std::vector<std::pair<int64_t, int64_t>> vectorized() const {
        std::vector<std::pair<int64_t, int64_t>> result;
        for (auto &layer : stack)
            if (layer.key() == TransformType::Vmap)
                result.emplace_back(layer.layerId(), layer.batchSize().guard_int(__FILE__, __LINE__));
        return result;
    }
};

CTLayers ct_layers_leave(CTError *error) {
    try {
        auto *layers = new ct_layers_impl{getDynamicLayerStack()};
        setDynamicLayerStack({});
        setDynamicLayerFrontBackKeysIncluded(false);
        return layers;
    } catch (...) {
        catch_error(error);
        return nullptr;
    }
}

void ct_layers_return(CTLayers layers) {
    try {
        setDynamicLayerStack(layers->stack);
        setDynamicLayerFrontBackKeysIncluded(!layers->stack.empty());
    } catch (...) {
        // Assignment of a vector fails only without memory.
    }
    delete layers;
}

intptr_t ct_layers_count(CTLayers layers) {
    try {
        return static_cast<intptr_t>(layers->vectorized().size());
    } catch (...) {
        return 0;
    }
}

void ct_layers_describe(CTLayers layers, int64_t *levels, intptr_t *sizes) {
    try {
        for (auto [level, size] : layers->vectorized()) {
            *levels++ = level;
            *sizes++ = static_cast<intptr_t>(size);
        }
    } catch (...) {
        // As above.
    }
}

namespace {

/// The elements with every hidden dimension in front, ascending by level; `levels` says which there are.
at::Tensor show_all(const at::Tensor &x, std::vector<int64_t> &levels) {
    if (auto *wrapper = maybeGetTensorWrapper(x)) return show_all(wrapper->value(), levels);
    if (auto *batched = maybeGetBatchedImpl(x)) {
        // The value hides dimensions of lower levels only.
        auto value = show_all(batched->value(), levels);
        auto count = static_cast<int64_t>(levels.size());
        levels.push_back(batched->level());
        return at::movedim(value, count + batched->bdim(), count);
    }
    return x.tensor_data();
}

} // namespace

CTTensor ct_layers_show(CTTensor x, CTLayers layers, CTError *error) {
    return guard(error, [&] {
        std::vector<int64_t> found;
        auto value = show_all(T(x), found);
        size_t next = 0;
        int64_t place = 0;
        for (auto [level, size] : layers->vectorized()) {
            if (next < found.size() && found[next] == level) {
                next++;
            } else {
                value = value.unsqueeze(place);
                auto sizes = value.sizes().vec();
                sizes[static_cast<size_t>(place)] = size;
                value = value.expand(sizes);
            }
            place++;
        }
        TORCH_CHECK(next == found.size(), "a tensor of a vmap that is over");
        return value;
    });
}

// Reverse-mode differentiation.
#include "shim.hpp"

#include <ATen/core/grad_mode.h>
#include <ATen/ops/_make_dual.h>
#include <torch/csrc/autograd/autograd.h>

using namespace shim;

bool ct_requires_grad(CTTensor x) { return T(x).requires_grad(); }

CTTensor ct_leaf(CTTensor x, CTError *error) {
    return guard(error, [&] {
        auto leaf = T(x).detach();
        leaf.set_requires_grad(true);
        // `detach` also drops the tangent of forward mode, which an enclosing jvp needs.
        const auto &tangent = T(x)._fw_grad(0);
        return tangent.defined() ? at::_make_dual(leaf, tangent, 0) : leaf;
    });
}

bool ct_grad_mode(void) { return at::GradMode::is_enabled(); }

bool ct_grad_mode_set(bool enabled) {
    bool former = at::GradMode::is_enabled();
    at::GradMode::set_enabled(enabled);
    return former;
}

int32_t ct_grad(const CTTensor *outputs, const CTTensor *weights, intptr_t output_count, const CTTensor *inputs,
                intptr_t input_count, bool retain_graph, bool create_graph, CTTensor *out, CTError *error) {
    return guard_status(error, [&] {
        auto given = list(outputs, output_count), wanted = list(inputs, input_count);
        std::vector<at::Tensor> weighted;
        if (weights != nullptr) {
            weighted.resize(static_cast<size_t>(output_count));
            for (intptr_t i = 0; i < output_count; i++)
                if (weights[i] != nullptr) weighted[static_cast<size_t>(i)] = T(weights[i]);
        }
        auto gradients = torch::autograd::grad(given.vec(), wanted.vec(), weighted, retain_graph, create_graph, true);
        for (size_t i = 0; i < gradients.size(); i++) out[i] = give(std::move(gradients[i]));
    });
}

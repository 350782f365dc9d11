// Adam out of place: one pass over memory forward, one backward, and a backward that can be differentiated again.
#include "adam_pass.hpp"
#include "shim.hpp"

#include <ATen/EmptyTensor.h>
#include <ATen/TensorOperators.h>
#include <ATen/core/grad_mode.h>
#include <ATen/functorch/DynamicLayer.h>
#include <ATen/ops/add.h>
#include <ATen/ops/addcmul.h>
#include <ATen/ops/div.h>
#include <ATen/ops/eq.h>
#include <ATen/ops/lerp.h>
#include <ATen/ops/maximum.h>
#include <ATen/ops/mul.h>
#include <ATen/ops/neg.h>
#include <ATen/ops/ones_like.h>
#include <ATen/ops/reciprocal.h>
#include <ATen/ops/sqrt.h>
#include <ATen/ops/where.h>
#include <ATen/ops/zeros_like.h>
#include <torch/csrc/autograd/custom_function.h>

#include <array>
#include <cmath>

using namespace shim;
using namespace adam;
using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

namespace {

// ---- Composed of tensor operations: for every device, type and transform.

/// √(v / (1 − β₂ᵗ) + ε₀), with derivative 0 at 0.
at::Tensor corrected_root(const at::Tensor &v, const Numbers &n) {
    auto inside = n.epsilon_root == 0 ? v : v / n.correction + n.epsilon_root;
    auto is_zero = inside == 0;
    auto root = at::where(is_zero, at::zeros_like(inside), at::where(is_zero, at::ones_like(inside), inside).sqrt());
    return n.epsilon_root == 0 ? root / std::sqrt(n.correction) : root;
}

/// The same without the detour when nobody differentiates.
at::Tensor divisor(const at::Tensor &v, const Numbers &n) {
    if (v.requires_grad() || v._fw_grad(0).defined()) return corrected_root(v, n) + n.epsilon;
    if (n.epsilon_root == 0) return v.sqrt() / std::sqrt(n.correction) + n.epsilon;
    return (v / n.correction + n.epsilon_root).sqrt() + n.epsilon;
}

/// Direction and moments of one tensor; also the largest second moment when there is one.
std::array<at::Tensor, 4> composed(const at::Tensor &g, const at::Tensor &m, const at::Tensor &v,
                                   const at::Tensor *largest, const Numbers &n) {
    auto first = at::lerp(m, g, 1 - n.beta1);
    auto second = at::addcmul(v * n.beta2, g, g, 1 - n.beta2);
    auto most = largest == nullptr ? at::Tensor() : at::maximum(*largest, second);
    auto direction = first / divisor(largest == nullptr ? second : most, n) * n.factor;
    return {direction, first, second, most};
}

/// Gradients at g, m, v from those at direction and new moments, any of which may be undefined.
std::array<at::Tensor, 3> composed_backward(const at::Tensor &direction, at::Tensor first_gradient,
                                            at::Tensor second_gradient, const at::Tensor &g, const at::Tensor &first,
                                            const at::Tensor &second, const Numbers &n) {
    auto plus = [](const at::Tensor &a, const at::Tensor &b) { return a.defined() ? a + b : b; };
    if (direction.defined()) {
        auto root = corrected_root(second, n);
        auto is_zero = root == 0;
        auto slope = at::where(is_zero, at::zeros_like(root),
                               0.5 / n.correction / at::where(is_zero, at::ones_like(root), root));
        auto part = direction * n.factor / (root + n.epsilon);
        first_gradient = plus(first_gradient, part);
        second_gradient = plus(second_gradient, -part * first / (root + n.epsilon) * slope);
    }
    std::array<at::Tensor, 3> result;
    if (first_gradient.defined()) {
        result[0] = first_gradient * (1 - n.beta1);
        result[1] = first_gradient * n.beta1;
    }
    if (second_gradient.defined()) {
        result[0] = plus(result[0], second_gradient * g * (2 * (1 - n.beta2)));
        result[2] = second_gradient * n.beta2;
    }
    return result;
}

// ---- As one node of the graph.

at::Tensor fresh(const at::Tensor &like) {
    return at::detail::empty_cpu(like.sizes(), like.scalar_type(), false, std::nullopt);
}

template <class Real> const Real *read(const at::Tensor &x) {
    return x.defined() ? x.const_data_ptr<Real>() : nullptr;
}

template <class Real> Real *written(const at::Tensor &x) {
    return x.defined() ? x.mutable_data_ptr<Real>() : nullptr;
}

/// Whether a tensor's memory is all there is to it: no tangent, no hidden dimension, on this machine, two types.
bool is_plain(const at::Tensor &x) {
    if (!x.defined()) return true;
    const auto type = x.scalar_type();
    return x.device().is_cpu() && x.layout() == at::kStrided && (type == at::kFloat || type == at::kDouble) &&
           !x._fw_grad(0).defined();
}

bool is_transforming() { return !at::functorch::getDynamicLayerStack().empty(); }

void forward_one(const at::Tensor &g, const at::Tensor &m, const at::Tensor &v, const at::Tensor &direction,
                 const at::Tensor &first, const at::Tensor &second, const Numbers &n) {
    auto pass = [&]<class Real>(Real) {
        Forward<Real> x{read<Real>(g), read<Real>(m), read<Real>(v),
                        written<Real>(direction), written<Real>(first), written<Real>(second)};
        run(x, g.numel(), n);
    };
    g.scalar_type() == at::kFloat ? pass(float()) : pass(double());
}

/// Adam's directions as one node of the graph for a whole list.
struct AdamDirections : torch::autograd::Function<AdamDirections> {
    static variable_list forward(AutogradContext *context, at::TensorList gradients, at::TensorList first,
                                 at::TensorList second, const Numbers &n) {
        const size_t count = gradients.size();
        variable_list results(3 * count), saved(3 * count);
        for (size_t i = 0; i < count; i++) {
            const auto g = gradients[i].contiguous();
            for (size_t part = 0; part < 3; part++) results[part * count + i] = fresh(g);
            forward_one(g, first[i].contiguous(), second[i].contiguous(), results[i], results[count + i],
                        results[2 * count + i], n);
            saved[i] = gradients[i];
            saved[count + i] = results[count + i];
            saved[2 * count + i] = results[2 * count + i];
        }
        context->save_for_backward(std::move(saved));
        context->set_materialize_grads(false);
        context->saved_data["numbers"] =
            std::vector<double>{n.beta1, n.beta2, n.epsilon, n.epsilon_root, n.correction, n.factor};
        return results;
    }

    static variable_list backward(AutogradContext *context, const variable_list &given) {
        const auto saved = context->get_saved_variables();
        const auto numbers = context->saved_data["numbers"].toDoubleVector();
        Numbers n{CTAdamDirection{}};
        n.beta1 = numbers[0], n.beta2 = numbers[1], n.epsilon = numbers[2], n.epsilon_root = numbers[3];
        n.correction = numbers[4], n.factor = numbers[5];
        const size_t count = saved.size() / 3;
        // One place for each tensor of the three lists, and one for the numbers.
        variable_list results(3 * count + 1);
        for (size_t i = 0; i < count; i++) {
            const bool wants_moments =
                context->needs_input_grad(count + i) || context->needs_input_grad(2 * count + i);
            auto one = backward_one(given[i], given[count + i], given[2 * count + i], saved[i], saved[count + i],
                                    saved[2 * count + i], wants_moments, n);
            for (size_t part = 0; part < 3; part++) results[part * count + i] = std::move(one[part]);
        }
        return results;
    }

  private:
    static std::array<at::Tensor, 3> backward_one(const at::Tensor &direction, const at::Tensor &first_gradient,
                                                  const at::Tensor &second_gradient, const at::Tensor &g,
                                                  const at::Tensor &first, const at::Tensor &second,
                                                  bool wants_moments, const Numbers &n) {
        const bool is_fused = direction.defined() && !at::GradMode::is_enabled() && !is_transforming() &&
                              first_gradient.defined() == second_gradient.defined() && is_plain(direction) &&
                              is_plain(first_gradient) && is_plain(second_gradient) && is_plain(g) && is_plain(first) &&
                              is_plain(second);
        if (!is_fused) return composed_backward(direction, first_gradient, second_gradient, g, first, second, n);
        auto packed = [](const at::Tensor &x) { return x.defined() ? x.contiguous() : x; };
        const auto d = packed(direction), gm = packed(first_gradient), gv = packed(second_gradient), x = packed(g);
        std::array<at::Tensor, 3> results{fresh(x), wants_moments ? fresh(x) : at::Tensor(),
                                          wants_moments ? fresh(x) : at::Tensor()};
        auto pass = [&]<class Real>(Real) {
            Backward<Real> all{read<Real>(d), read<Real>(gm), read<Real>(gv), read<Real>(x), read<Real>(first),
                               read<Real>(second), written<Real>(results[0]), written<Real>(results[1]),
                               written<Real>(results[2])};
            run(all, x.numel(), n);
        };
        x.scalar_type() == at::kFloat ? pass(float()) : pass(double());
        return results;
    }
};

/// Whether the three tensors can be taken in one pass.
bool is_fusible(const at::Tensor &g, const at::Tensor &m, const at::Tensor &v) {
    return is_plain(g) && is_plain(m) && is_plain(v) && m.scalar_type() == g.scalar_type() &&
           v.scalar_type() == g.scalar_type() && m.sizes() == g.sizes() && v.sizes() == g.sizes();
}

} // namespace

int32_t ct_adam_directions(const CTTensor *gradients, const CTTensor *first, const CTTensor *second,
                           const CTTensor *largest, intptr_t count, CTAdamDirection options, CTTensor *out,
                           CTError *error) {
    return guard_status(error, [&] {
        const Numbers n(options);
        const auto g = list(gradients, count), m = list(first, count), v = list(second, count);
        const auto most = list(largest, largest == nullptr ? 0 : count);
        bool is_fused = largest == nullptr && count > 0 && !is_transforming();
        for (size_t i = 0; is_fused && i < g.size(); i++) is_fused = is_fusible(g[i], m[i], v[i]);
        if (is_fused) {
            auto results = AdamDirections::apply(g, m, v, n);
            for (size_t i = 0; i < results.size(); i++) out[i] = give(std::move(results[i]));
            return;
        }
        for (size_t i = 0; i < g.size(); i++) {
            auto results = composed(g[i], m[i], v[i], most.empty() ? nullptr : &most[i], n);
            const size_t parts = most.empty() ? 3 : 4;
            for (size_t part = 0; part < parts; part++) out[part * g.size() + i] = give(std::move(results[part]));
        }
    });
}

int32_t ct_list_add(const CTTensor *x, const CTTensor *y, intptr_t count, CTTensor *out, CTError *error) {
    return guard_status(error, [&] {
        const auto a = list(x, count), b = list(y, count);
        for (size_t i = 0; i < a.size(); i++) out[i] = give(at::add(a[i], b[i]));
    });
}

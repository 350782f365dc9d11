// Operations whose backward the caller gives.
#include "shim.hpp"

#include <ATen/core/grad_mode.h>
#include <torch/csrc/autograd/function.h>
#include <torch/csrc/autograd/functions/utils.h>
#include <torch/csrc/autograd/saved_variable.h>

#include <memory>
#include <mutex>
#include <string>

using namespace shim;
using torch::autograd::SavedVariable;
using torch::autograd::variable_list;

namespace {

/// Owns the caller's context.
struct Context {
    void *pointer;
    void (*release)(void *);
    ~Context() { release(pointer); }
};

/// The operation in the graph: what it was computed from, what came out, and the caller's backward.
struct CustomNode : torch::autograd::Node {
    CTPullback pullback = nullptr;
    std::shared_ptr<Context> context;
    std::vector<SavedVariable> arguments, results;

    std::string name() const override { return "CustomBackward"; }

    void release_variables() override {
        std::lock_guard<std::mutex> lock(mutex_);
        arguments.clear();
        results.clear();
        // The caller's closure may hold tensors of its own.
        context.reset();
    }

    variable_list apply(variable_list &&weights) override {
        std::vector<CTTensor> given, computed, weighted;
        std::shared_ptr<Context> kept;
        {
            // Not held while the caller runs: with a graph of the backward it may come back to this node.
            std::lock_guard<std::mutex> lock(mutex_);
            TORCH_CHECK(context != nullptr,
                        "a pullback was used twice, but the graph was freed after the first use");
            kept = context;
            std::vector<at::Tensor> inputs, outputs;
            for (auto &argument : arguments) inputs.push_back(argument.unpack());
            for (auto &result : results) outputs.push_back(result.unpack(getptr()));
            for (size_t i = 0; i < weights.size(); i++)
                if (!weights[i].defined()) weights[i] = input_metadata(i).zeros_like();
            for (auto &tensor : inputs) given.push_back(give(std::move(tensor)));
            for (auto &tensor : outputs) computed.push_back(give(std::move(tensor)));
            for (auto &tensor : weights) weighted.push_back(give(std::move(tensor)));
        }
        std::vector<CTTensor> found(given.size(), nullptr);
        pullback(kept->pointer, given.data(), computed.data(), weighted.data(), found.data());
        variable_list gradients(found.size());
        for (size_t i = 0; i < found.size(); i++) {
            if (found[i] == nullptr) continue;
            at::Tensor gradient;
            std::swap(M(found[i]), gradient);
            if (next_edge(i).is_valid()) gradients[i] = std::move(gradient);
        }
        return gradients;
    }
};

} // namespace

int32_t ct_custom_attach(const CTTensor *arguments, intptr_t argument_count, const CTTensor *values,
                         intptr_t value_count, CTPullback pullback, void *context, void (*release)(void *),
                         CTTensor *out, CTError *error) {
    return guard_status(error, [&] {
        std::unique_ptr<Context> owned(new Context{context, release});
        auto node = c10::make_intrusive<CustomNode>();
        node->pullback = pullback;
        node->context = std::move(owned);
        auto given = list(arguments, argument_count), computed = list(values, value_count);
        node->set_next_edges(torch::autograd::collect_next_edges(given.vec()));
        for (auto &argument : given) node->arguments.emplace_back(argument, false);
        std::vector<at::Tensor> results;
        for (auto &value : computed) {
            // A tensor of its own, since the value may be the argument itself, or kept elsewhere.
            results.push_back(value.variable_data());
            if (torch::autograd::isDifferentiableType(value.scalar_type()))
                torch::autograd::set_history(results.back(), node);
            else
                node->add_input_metadata(results.back());
        }
        for (size_t i = 0; i < results.size(); i++) out[i] = give(std::move(results[i]));
    });
}

int32_t ct_custom_keep(const CTTensor *results, const CTTensor *tangents, intptr_t count, CTError *error) {
    return guard_status(error, [&] {
        CustomNode *node = nullptr;
        for (intptr_t i = 0; i < count; i++) {
            if (tangents != nullptr && tangents[i] != nullptr) T(results[i])._set_fw_grad(T(tangents[i]), 0, false);
            if (auto &function = T(results[i]).grad_fn()) node = dynamic_cast<CustomNode *>(function.get());
        }
        if (node == nullptr) return;
        for (auto &result : list(results, count)) node->results.emplace_back(result, result.grad_fn() != nullptr);
    });
}

CTTensor ct_retain(CTTensor x) { return give(at::Tensor(T(x))); }

bool ct_has_tangent(CTTensor x) { return T(x)._fw_grad(0).defined(); }

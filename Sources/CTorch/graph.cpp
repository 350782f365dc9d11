// The graph that reverse mode walks.
#include "shim.hpp"

#include <torch/csrc/autograd/edge.h>
#include <torch/csrc/autograd/function.h>
#include <torch/csrc/autograd/functions/accumulate_grad.h>
#include <torch/csrc/autograd/variable.h>

#include <deque>
#include <unordered_map>

using namespace shim;
using torch::autograd::AccumulateGrad;
using torch::autograd::Node;
using NodeReference = decltype(torch::autograd::Edge::function);

int32_t ct_graph_walk(const CTTensor *outputs, intptr_t output_count, const CTTensor *named, intptr_t named_count,
                      CTGraphVisitor visitor, CTError *error) {
    return guard_status(error, [&] {
        std::unordered_map<Node *, intptr_t> ids;
        std::deque<NodeReference> queue;
        auto id_of = [&](const NodeReference &node) {
            auto [place, isNew] = ids.emplace(node.get(), static_cast<intptr_t>(ids.size()));
            if (isNew) {
                const at::Tensor *leaf = nullptr;
                if (auto *accumulator = dynamic_cast<AccumulateGrad *>(node.get())) leaf = &accumulator->variable;
                auto sizes = leaf != nullptr ? leaf->sizes() : at::IntArrayRef();
                visitor.node(visitor.context, place->second, node->name().c_str(),
                             leaf != nullptr ? reinterpret_cast<const intptr_t *>(sizes.data()) : nullptr,
                             static_cast<intptr_t>(sizes.size()));
                queue.push_back(node);
            }
            return place->second;
        };
        for (const auto &output : list(outputs, output_count))
            if (output.requires_grad()) id_of(torch::autograd::impl::gradient_edge(output).function);
        while (!queue.empty()) {
            auto node = queue.front();
            queue.pop_front();
            auto from = ids.at(node.get());
            for (const auto &edge : node->next_edges())
                if (edge.function) visitor.edge(visitor.context, from, id_of(edge.function));
        }
        auto tensors = list(named, named_count);
        for (size_t index = 0; index < tensors.size(); index++) {
            if (!tensors[index].requires_grad()) continue;
            auto found = ids.find(torch::autograd::impl::gradient_edge(tensors[index]).function.get());
            if (found != ids.end()) visitor.named(visitor.context, static_cast<intptr_t>(index), found->second);
        }
    });
}

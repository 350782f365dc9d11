// Many small perceptrons at once, with derivatives written by hand.
//
// One task's network, activations and derivatives fit into the first caches, so tasks are worked on one after another
// (or on several threads), all layers of each at once.
#include "shim.hpp"
#include "small_matrices.hpp"

#include <ATen/Dispatch.h>
#include <ATen/Parallel.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/empty.h>

#include <cmath>

using namespace shim;
using small::multiply;
using small::transpose;

namespace {

struct Shape {
    std::vector<int64_t> sizes;
    int64_t tasks, points, parameters, widest;
    int32_t activation;

    int64_t layers() const { return static_cast<int64_t>(sizes.size()) - 1; }
    int64_t units() const {
        int64_t sum = 0;
        for (auto size : sizes) sum += size;
        return sum;
    }
};

// One task's numbers: activations, errors and their directional derivatives, each [points, units] layer after layer; and
// the weights turned, where they stand in a row, with one layer of the direction's.
template <class Number> struct Scratch {
    std::vector<Number> activations, errors, moved, movedErrors, turned, turnedDirection;

    explicit Scratch(const Shape &shape)
        : activations(static_cast<size_t>(shape.units() * shape.points)), errors(activations.size()),
          moved(activations.size()), movedErrors(activations.size()),
          turned(static_cast<size_t>(shape.parameters)),
          turnedDirection(static_cast<size_t>(shape.widest * shape.widest)) {}
};

// The derivative of an activation by its argument, from its value.
template <class Number> INLINE Number slope(Number value, int32_t activation) {
    return activation == CT_PERCEPTRON_RELU ? Number(value > 0) : 1 - value * value;
}

// Rows of biases, to which products are added.
template <class Number> INLINE void fill(Number *target, const Number *biases, int64_t rows, int64_t columns) {
    for (int64_t r = 0; r < rows; r++)
        for (int64_t o = 0; o < columns; o++) target[r * columns + o] = biases[o];
}

template <class Number> INLINE Number forward(const Shape &shape, const Number *row, const Number *inputs,
                                              const Number *targets, Scratch<Number> &scratch) {
    const int64_t n = shape.points;
    Number *a = scratch.activations.data();
    std::copy(inputs, inputs + n * shape.sizes[0], a);
    for (int64_t l = 0; l < shape.layers(); l++) {
        const int64_t in = shape.sizes[l], out = shape.sizes[l + 1];
        Number *next = a + n * in;
        fill(next, row + in * out, n, out);
        multiply(a, in, int64_t(1), row, next, n, in, out);
        if (l + 1 < shape.layers()) {
            if (shape.activation == CT_PERCEPTRON_RELU)
                for (int64_t i = 0; i < n * out; i++) next[i] = next[i] > 0 ? next[i] : Number(0);
            else
                for (int64_t i = 0; i < n * out; i++) next[i] = std::tanh(next[i]);
        }
        row += in * out + out;
        a = next;
    }
    const int64_t count = n * shape.sizes.back();
    Number *error = scratch.errors.data() + (a - scratch.activations.data());
    Number sum = 0;
    for (int64_t i = 0; i < count; i++) {
        const Number difference = a[i] - targets[i];
        sum += difference * difference;
        error[i] = 2 * difference / Number(count);
    }
    return sum / Number(count);
}

// The gradient (unless null), the errors of every layer's sums, and the weights turned.
template <class Number>
INLINE void backward(const Shape &shape, const Number *row, Number *gradient, Scratch<Number> &scratch) {
    const int64_t n = shape.points;
    int64_t place = shape.units() * n, weights = shape.parameters;
    for (int64_t l = shape.layers() - 1; l >= 0; l--) {
        const int64_t in = shape.sizes[l], out = shape.sizes[l + 1];
        place -= n * out;
        weights -= in * out + out;
        const int64_t below = place - n * in;
        const Number *error = scratch.errors.data() + place, *a = scratch.activations.data() + below;
        if (gradient != nullptr) {
            Number *w = gradient + weights, *b = w + in * out;
            std::fill(w, b + out, Number(0));
            multiply(a, int64_t(1), in, error, w, in, n, out);
            for (int64_t r = 0; r < n; r++)
                for (int64_t o = 0; o < out; o++) b[o] += error[r * out + o];
        }
        if (l == 0) return;
        Number *lower = scratch.errors.data() + below;
        transpose(row + weights, scratch.turned.data() + weights, in, out);
        std::fill(lower, lower + n * in, Number(0));
        multiply(error, out, int64_t(1), scratch.turned.data() + weights, lower, n, out, in);
        // The errors of the layer's values; the slope turns them into those of its sums.
        for (int64_t i = 0; i < n * in; i++) lower[i] *= slope(a[i], shape.activation);
    }
}

// The derivative of `forward` along a direction, in `moved`, and of the last errors.
template <class Number>
INLINE void movedForward(const Shape &shape, const Number *row, const Number *direction, Scratch<Number> &scratch) {
    const int64_t n = shape.points;
    int64_t place = 0;
    std::fill(scratch.moved.data(), scratch.moved.data() + n * shape.sizes[0], Number(0));
    for (int64_t l = 0; l < shape.layers(); l++) {
        const int64_t in = shape.sizes[l], out = shape.sizes[l + 1], above = place + n * in;
        Number *next = scratch.moved.data() + above;
        fill(next, direction + in * out, n, out);
        multiply(scratch.activations.data() + place, in, int64_t(1), direction, next, n, in, out);
        if (l > 0) multiply(scratch.moved.data() + place, in, int64_t(1), row, next, n, in, out);
        const Number *a = scratch.activations.data() + above;
        if (l + 1 < shape.layers())
            for (int64_t i = 0; i < n * out; i++) next[i] *= slope(a[i], shape.activation);
        row += in * out + out;
        direction += in * out + out;
        place = above;
    }
    const int64_t count = n * shape.sizes.back();
    for (int64_t i = 0; i < count; i++)
        scratch.movedErrors[static_cast<size_t>(place + i)] =
            2 * scratch.moved[static_cast<size_t>(place + i)] / Number(count);
}

// The derivative of `backward` along a direction.
template <class Number>
INLINE void movedBackward(const Shape &shape, const Number *direction, Number *product,
                          Scratch<Number> &scratch) {
    const int64_t n = shape.points;
    int64_t place = shape.units() * n, weights = shape.parameters;
    for (int64_t l = shape.layers() - 1; l >= 0; l--) {
        const int64_t in = shape.sizes[l], out = shape.sizes[l + 1];
        place -= n * out;
        weights -= in * out + out;
        const int64_t below = place - n * in;
        const Number *error = scratch.errors.data() + place, *movedError = scratch.movedErrors.data() + place;
        const Number *a = scratch.activations.data() + below, *moved = scratch.moved.data() + below;
        Number *w = product + weights, *b = w + in * out;
        std::fill(w, b + out, Number(0));
        multiply(a, int64_t(1), in, movedError, w, in, n, out);
        if (l > 0) multiply(moved, int64_t(1), in, error, w, in, n, out);
        for (int64_t r = 0; r < n; r++)
            for (int64_t o = 0; o < out; o++) b[o] += movedError[r * out + o];
        if (l == 0) return;
        Number *lower = scratch.movedErrors.data() + below;
        const Number *lowerError = scratch.errors.data() + below;
        transpose(direction + weights, scratch.turnedDirection.data(), in, out);
        std::fill(lower, lower + n * in, Number(0));
        multiply(movedError, out, int64_t(1), scratch.turned.data() + weights, lower, n, out, in);
        multiply(error, out, int64_t(1), scratch.turnedDirection.data(), lower, n, out, in);
        if (shape.activation == CT_PERCEPTRON_RELU)
            for (int64_t i = 0; i < n * in; i++) lower[i] *= slope(a[i], shape.activation);
        else
            // `lowerError` has the slope s = 1 - a^2 in it already, and s' = -2 a times the moved sum; the moved value
            // has its slope in it, too, so -2 a (lowerError / s) (moved / s) s = -2 a lowerError moved / s.
            for (int64_t i = 0; i < n * in; i++) {
                const Number s = slope(a[i], shape.activation);
                lower[i] = lower[i] * s - (s > 0 ? 2 * a[i] * lowerError[i] * moved[i] / s : Number(0));
            }
    }
}

template <class Number> struct Call {
    const Shape &shape;
    const Number *rows, *inputs, *targets, *directions;
    Number *losses, *result;
};

template <class Number> INLINE void run(const Call<Number> &call, int64_t begin, int64_t end) {
    const Shape &shape = call.shape;
    Scratch<Number> scratch(shape);
    for (int64_t task = begin; task < end; task++) {
        const Number *row = call.rows + task * shape.parameters;
        Number *result = call.result + task * shape.parameters;
        const Number loss = forward(
            shape, row, call.inputs + task * shape.points * shape.sizes[0],
            call.targets + task * shape.points * shape.sizes.back(), scratch);
        if (call.losses != nullptr) call.losses[task] = loss;
        backward(shape, row, call.directions == nullptr ? result : nullptr, scratch);
        if (call.directions == nullptr) continue;
        const Number *direction = call.directions + task * shape.parameters;
        movedForward(shape, row, direction, scratch);
        movedBackward(shape, direction, result, scratch);
    }
}

// The same code for the widest vectors that the processor has.
#if defined(__x86_64__)
#define FOR_PROCESSORS __attribute__((target("arch=x86-64-v4")))
#define FOR_OLDER_PROCESSORS __attribute__((target("arch=x86-64-v3")))
template <class Number> FOR_PROCESSORS void run512(const Call<Number> &call, int64_t begin, int64_t end) {
    run(call, begin, end);
}
template <class Number> FOR_OLDER_PROCESSORS void run256(const Call<Number> &call, int64_t begin, int64_t end) {
    run(call, begin, end);
}
#endif

template <class Number> void runAnywhere(const Call<Number> &call, int64_t begin, int64_t end) {
#if defined(__x86_64__)
    static const bool has512 = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl")
        && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512cd");
    static const bool has256 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
    if (has512) return run512(call, begin, end);
    if (has256) return run256(call, begin, end);
#endif
    run(call, begin, end);
}

Shape shape_of(const at::Tensor &rows, const at::Tensor &inputs, const at::Tensor &targets, const intptr_t *sizes,
               intptr_t count, int32_t activation) {
    Shape shape{ints(sizes, count).vec(), 0, 0, 0, 0, activation};
    TORCH_CHECK(count >= 2 && rows.dim() == 2 && inputs.dim() == 3 && targets.dim() == 3,
                "rows must be [tasks, parameters], inputs and targets [tasks, points, width]");
    for (int64_t l = 0; l < shape.layers(); l++) shape.parameters += (shape.sizes[l] + 1) * shape.sizes[l + 1];
    for (auto size : shape.sizes) shape.widest = std::max(shape.widest, size);
    shape.tasks = rows.size(0);
    shape.points = inputs.size(1);
    TORCH_CHECK(rows.size(1) == shape.parameters, "a row has ", rows.size(1), " numbers, must be ", shape.parameters);
    TORCH_CHECK(inputs.size(0) == shape.tasks && targets.size(0) == shape.tasks && shape.points > 0
                    && targets.size(1) == shape.points && inputs.size(2) == shape.sizes.front()
                    && targets.size(2) == shape.sizes.back(),
                "inputs ", inputs.sizes(), " and targets ", targets.sizes(), " for ", shape.tasks, " tasks of widths ",
                shape.sizes);
    TORCH_CHECK(rows.scalar_type() == inputs.scalar_type() && rows.scalar_type() == targets.scalar_type()
                    && rows.is_cpu(), "rows, inputs and targets must be of one type, on the CPU");
    return shape;
}

void compute(const at::Tensor &rows, const at::Tensor &inputs, const at::Tensor &targets, const at::Tensor *directions,
             const Shape &shape, at::Tensor *losses, at::Tensor &result) {
    auto r = rows.contiguous(), x = inputs.contiguous(), y = targets.contiguous();
    at::Tensor v = directions != nullptr ? directions->contiguous() : at::Tensor();
    AT_DISPATCH_FLOATING_TYPES(rows.scalar_type(), "perceptron", [&] {
        Call<scalar_t> call{shape, r.const_data_ptr<scalar_t>(), x.const_data_ptr<scalar_t>(),
                            y.const_data_ptr<scalar_t>(), v.defined() ? v.const_data_ptr<scalar_t>() : nullptr,
                            losses != nullptr ? losses->mutable_data_ptr<scalar_t>() : nullptr,
                            result.mutable_data_ptr<scalar_t>()};
        at::parallel_for(0, shape.tasks, 1, [&](int64_t begin, int64_t end) { runAnywhere(call, begin, end); });
    });
}

} // namespace

int32_t ct_perceptron_gradient(CTTensor rows, CTTensor inputs, CTTensor targets, const intptr_t *sizes, intptr_t count,
                               int32_t activation, CTTensor *out, CTError *error) {
    return guard_status(error, [&] {
        at::NoGradGuard guard;
        auto shape = shape_of(T(rows), T(inputs), T(targets), sizes, count, activation);
        auto losses = at::empty({shape.tasks}, T(rows).options());
        auto gradient = at::empty({shape.tasks, shape.parameters}, T(rows).options());
        compute(T(rows), T(inputs), T(targets), nullptr, shape, &losses, gradient);
        out[0] = give(std::move(losses));
        out[1] = give(std::move(gradient));
    });
}

CTTensor ct_perceptron_product(CTTensor rows, CTTensor inputs, CTTensor targets, CTTensor directions,
                               const intptr_t *sizes, intptr_t count, int32_t activation, CTError *error) {
    return guard(error, [&] {
        at::NoGradGuard no_grad;
        auto shape = shape_of(T(rows), T(inputs), T(targets), sizes, count, activation);
        TORCH_CHECK(T(directions).sizes() == T(rows).sizes() && T(directions).scalar_type() == T(rows).scalar_type(),
                    "directions are ", T(directions).sizes(), ", rows ", T(rows).sizes());
        auto result = at::empty({shape.tasks, shape.parameters}, T(rows).options());
        compute(T(rows), T(inputs), T(targets), &T(directions), shape, nullptr, result);
        return result;
    });
}

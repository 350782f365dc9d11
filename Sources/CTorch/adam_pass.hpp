// Adam's numbers, and its one pass over memory forward and backward.
#pragma once
#include "CTOptimizers.h"

#include <ATen/Parallel.h>

#include <cmath>
#include <cstdint>

namespace adam {

/// What the formulas need of the options, worked out once.
struct Numbers {
    double beta1, beta2, epsilon, epsilon_root;
    /// 1 − β₂ᵗ.
    double correction;
    /// scale / (1 − β₁ᵗ).
    double factor;

    explicit Numbers(const CTAdamDirection &options)
        : beta1(options.beta1), beta2(options.beta2), epsilon(options.epsilon), epsilon_root(options.epsilon_root),
          correction(1 - std::pow(options.beta2, double(options.step))),
          factor(options.scale / (1 - std::pow(options.beta1, double(options.step)))) {}
};

template <class Real> struct Forward {
    const Real *__restrict g, *__restrict m, *__restrict v;
    Real *__restrict direction, *__restrict first, *__restrict second;
};

template <class Real> struct Backward {
    // Gradients at the results; those at the moments may be null together.
    const Real *__restrict direction, *__restrict first_gradient, *__restrict second_gradient;
    const Real *__restrict g, *__restrict first, *__restrict second;
    // Gradients at the arguments; those at the moments may be null together.
    Real *__restrict at_g, *__restrict at_m, *__restrict at_v;
};

#define PASS inline __attribute__((always_inline)) void

template <class Real> PASS forward_pass(const Forward<Real> &x, int64_t begin, int64_t end, const Numbers &n) {
    const Real weight1 = Real(1 - n.beta1), beta2 = Real(n.beta2), weight2 = Real(1 - n.beta2), factor = Real(n.factor);
    const Real inverse = Real(1 / n.correction), inside = Real(n.epsilon_root), epsilon = Real(n.epsilon);
    const Real outer = n.epsilon_root == 0 ? Real(1 / std::sqrt(n.correction)) : Real(1);
    const Real inner = n.epsilon_root == 0 ? Real(1) : inverse;
#pragma clang loop vectorize(enable)
    for (int64_t i = begin; i < end; i++) {
        const Real g = x.g[i];
        const Real first = x.m[i] + weight1 * (g - x.m[i]);
        const Real second = beta2 * x.v[i] + weight2 * g * g;
        x.first[i] = first;
        x.second[i] = second;
        x.direction[i] = factor * first / (__builtin_elementwise_sqrt(second * inner + inside) * outer + epsilon);
    }
}

template <class Real, bool has_moments, bool wants_moments>
PASS backward_pass(const Backward<Real> &x, int64_t begin, int64_t end, const Numbers &n) {
    const Real beta1 = Real(n.beta1), weight1 = Real(1 - n.beta1), factor = Real(n.factor);
    const Real beta2 = Real(n.beta2), weight2 = Real(2 * (1 - n.beta2));
    const Real inverse = Real(1 / n.correction), half = Real(0.5 / n.correction);
    const Real inside = Real(n.epsilon_root), epsilon = Real(n.epsilon);
#pragma clang loop vectorize(enable)
    for (int64_t i = begin; i < end; i++) {
        const Real root = __builtin_elementwise_sqrt(x.second[i] * inverse + inside);
        const Real reciprocal = 1 / (root + epsilon);
        const Real part = factor * x.direction[i] * reciprocal;
        const Real slope = root == 0 ? Real(0) : half / root;
        Real at_first = part, at_second = -part * x.first[i] * reciprocal * slope;
        if constexpr (has_moments) {
            at_first += x.first_gradient[i];
            at_second += x.second_gradient[i];
        }
        x.at_g[i] = weight1 * at_first + weight2 * at_second * x.g[i];
        if constexpr (wants_moments) {
            x.at_m[i] = beta1 * at_first;
            x.at_v[i] = beta2 * at_second;
        }
    }
}

template <class Real> PASS backward_any(const Backward<Real> &x, int64_t begin, int64_t end, const Numbers &n) {
    if (x.first_gradient != nullptr) {
        if (x.at_m != nullptr) backward_pass<Real, true, true>(x, begin, end, n);
        else backward_pass<Real, true, false>(x, begin, end, n);
    } else {
        if (x.at_m != nullptr) backward_pass<Real, false, true>(x, begin, end, n);
        else backward_pass<Real, false, false>(x, begin, end, n);
    }
}

// The same passes for processors with AVX2, chosen when the program runs.
#if defined(__x86_64__)
#define WIDE __attribute__((target("avx2,fma")))
template <class Real> WIDE void forward_wide(const Forward<Real> &x, int64_t begin, int64_t end, const Numbers &n) {
    forward_pass(x, begin, end, n);
}
template <class Real> WIDE void backward_wide(const Backward<Real> &x, int64_t begin, int64_t end, const Numbers &n) {
    backward_any(x, begin, end, n);
}
inline bool is_wide() {
    static const bool result = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
    return result;
}
#else
template <class Real> void forward_wide(const Forward<Real> &, int64_t, int64_t, const Numbers &) {}
template <class Real> void backward_wide(const Backward<Real> &, int64_t, int64_t, const Numbers &) {}
inline bool is_wide() { return false; }
#endif

/// Elements that one thread takes at least.
constexpr int64_t grain = 1 << 16;

template <class Real> void run(const Forward<Real> &x, int64_t count, const Numbers &n) {
    at::parallel_for(0, count, grain, [&](int64_t begin, int64_t end) {
        is_wide() ? forward_wide(x, begin, end, n) : forward_pass(x, begin, end, n);
    });
}

template <class Real> void run(const Backward<Real> &x, int64_t count, const Numbers &n) {
    at::parallel_for(0, count, grain, [&](int64_t begin, int64_t end) {
        is_wide() ? backward_wide(x, begin, end, n) : backward_any(x, begin, end, n);
    });
}

#undef PASS
#undef WIDE

} // namespace adam

// Products of matrices so small that a library's call costs more than the work.
#pragma once
#include <algorithm>
#include <cstdint>

namespace small {

#define INLINE inline __attribute__((always_inline))

// 64 bytes of numbers, at any address.
template <class Number> struct Wide {
    typedef Number type __attribute__((vector_size(64), aligned(alignof(Number)), may_alias));
    static constexpr int64_t count = 64 / sizeof(Number);
};

// C (R rows, two vectors wide) += A B: A's element (r, k) at a[r * row + k * column], B's rows `columns` apart.
template <class Number, int R>
INLINE void block(const Number *a, int64_t row, int64_t column, const Number *b, Number *c, int64_t inner,
                  int64_t columns) {
    using V = typename Wide<Number>::type;
    constexpr int64_t W = Wide<Number>::count;
    V left[R], right[R];
    for (int r = 0; r < R; r++) {
        left[r] = *reinterpret_cast<const V *>(c + r * columns);
        right[r] = *reinterpret_cast<const V *>(c + r * columns + W);
    }
    for (int64_t k = 0; k < inner; k++) {
        const V first = *reinterpret_cast<const V *>(b + k * columns);
        const V second = *reinterpret_cast<const V *>(b + k * columns + W);
        for (int r = 0; r < R; r++) {
            const Number factor = a[r * row + k * column];
            left[r] += factor * first;
            right[r] += factor * second;
        }
    }
    for (int r = 0; r < R; r++) {
        *reinterpret_cast<V *>(c + r * columns) = left[r];
        *reinterpret_cast<V *>(c + r * columns + W) = right[r];
    }
}

// C [rows, columns] += A B [inner, columns], A with strides as above.
template <class Number>
INLINE void multiply(const Number *a, int64_t row, int64_t column, const Number *b, Number *c, int64_t rows,
                     int64_t inner, int64_t columns) {
    constexpr int64_t width = 2 * Wide<Number>::count;
    int64_t o = 0;
    for (; o + width <= columns; o += width) {
        int64_t r = 0;
        for (; r + 5 <= rows; r += 5) block<Number, 5>(a + r * row, row, column, b + o, c + r * columns + o, inner, columns);
        for (; r < rows; r++) block<Number, 1>(a + r * row, row, column, b + o, c + r * columns + o, inner, columns);
    }
    if (o == columns) return;
    for (int64_t r = 0; r < rows; r++)
        for (int64_t k = 0; k < inner; k++) {
            const Number factor = a[r * row + k * column];
            for (int64_t rest = o; rest < columns; rest++) c[r * columns + rest] += factor * b[k * columns + rest];
        }
}

template <class Number> INLINE void transpose(const Number *a, Number *b, int64_t rows, int64_t columns) {
    for (int64_t start = 0; start < columns; start += 16)
        for (int64_t r = 0; r < rows; r++)
            for (int64_t k = start; k < std::min(start + 16, columns); k++) b[k * rows + r] = a[r * columns + k];
}

} // namespace small

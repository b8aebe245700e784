#include "scenes/kernels/smear.h"

namespace scenes::GIGEMU_ISA {
namespace {

/// Light and coverage of two samples that follow one another.
using Two = float __attribute__((vector_size(16)));

inline float clamped(float v, float low, float high) { return v < low ? low : v > high ? high : v; }

inline Two loaded(const float* from) {
    Two pair;
    __builtin_memcpy(&pair, from, sizeof pair);
    return pair;
}

/// Where a run reads the sums: indices of the samples before both ends, and how far the ends are beyond them.
struct Reads {
    int from[kSmearMax], to[kSmearMax];
    float from_part[kSmearMax], to_part[kSmearMax], line_part[kSmearMax], scale[kSmearMax];
};

/// A way shorter than a sample is taken as one sample, which is linear interpolation.
inline void find(const Smear& s, Reads& reads) {
    const float last = static_cast<float>(s.length - 1) - 0.001F;
    const float last_line = static_cast<float>(s.lines - 2);
    for (int i = 0; i < s.count; ++i) {
        const auto n = static_cast<float>(i);
        const float a = s.a + n * s.a_step, b = s.b + n * s.b_step;
        const float middle = 0.5F * (a + b), difference = a < b ? b - a : a - b;
        const float way = difference < 1.0F ? 1.0F : difference;
        const float from = clamped(middle - 0.5F * way, 0.0F, last),
                    to = clamped(middle + 0.5F * way, 0.0F, last);
        const float line = clamped(s.across + n * s.across_step, 0.0F, last_line);
        const int row = static_cast<int>(line), from_i = static_cast<int>(from), to_i = static_cast<int>(to);
        reads.from[i] = row * s.length + from_i, reads.to[i] = row * s.length + to_i;
        reads.from_part[i] = from - static_cast<float>(from_i),
        reads.to_part[i] = to - static_cast<float>(to_i);
        reads.line_part[i] = line - static_cast<float>(row);
        reads.scale[i] = s.weight / way;
    }
}

}  // namespace

/// The mean of a line between two places is the difference of its sums over their distance; the sums go
/// straight from sample to sample, and from line to line.
void smear_run(const Smear& s, float* light, float* coverage) {
    Reads reads;
    find(s, reads);
    for (int i = 0; i < s.count; ++i) {
        const float* to = s.sums + 2 * reads.to[i];
        const float* from = s.sums + 2 * reads.from[i];
        __builtin_prefetch(from + 4 * s.length);
        __builtin_prefetch(from + 6 * s.length);
        const float line = reads.line_part[i], t = reads.to_part[i], f = reads.from_part[i];
        const Two lines{line, line, line, line}, to_parts{1 - t, 1 - t, t, t}, from_parts{1 - f, 1 - f, f, f};
        const Two to_upper = loaded(to), from_upper = loaded(from);
        const Two at_to = to_upper + lines * (loaded(to + 2 * s.length) - to_upper);
        const Two at_from = from_upper + lines * (loaded(from + 2 * s.length) - from_upper);
        const Two sum = at_to * to_parts - at_from * from_parts;
        light[2 * i] += reads.scale[i] * (sum[0] + sum[2]);
        coverage[2 * i] += reads.scale[i] * (sum[1] + sum[3]);
    }
}

}  // namespace scenes::GIGEMU_ISA

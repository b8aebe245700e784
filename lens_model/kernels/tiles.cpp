#include "lens_model/kernels/tiles.h"

namespace lens_model::GIGEMU_ISA {

namespace {

constexpr int kStrip = 16;  // columns that are transformed side by side; they fill a cache line
constexpr int kSizeMax = 256;

using Strip = float[kSizeMax * kStrip];

/// A row of a strip: sixteen complex numbers of different columns.
struct Row {
    float re[kStrip], im[kStrip];
};

inline Row load(const float* re, const float* im, int row) {
    Row r;
    for (int x = 0; x < kStrip; ++x) r.re[x] = re[row * kStrip + x];
    for (int x = 0; x < kStrip; ++x) r.im[x] = im[row * kStrip + x];
    return r;
}

/// Stores (a_re, a_im) times the conjugate of the twiddle factor c + i s.
inline void store_turned(float* __restrict re, float* __restrict im, int row, const Row& a, float c,
                         float s) {
    for (int x = 0; x < kStrip; ++x) {
        re[row * kStrip + x] = a.re[x] * c + a.im[x] * s;
        im[row * kStrip + x] = a.im[x] * c - a.re[x] * s;
    }
}

/// One butterfly of four, decimating in frequency; the rows are `quarter` apart.
inline void butterfly4(float* __restrict re, float* __restrict im, int first, int quarter, const float* w) {
    const Row a = load(re, im, first), b = load(re, im, first + quarter);
    const Row c = load(re, im, first + 2 * quarter), d = load(re, im, first + 3 * quarter);
    Row y1, y2, y3;
    for (int x = 0; x < kStrip; ++x) {
        const float p_re = a.re[x] + c.re[x], p_im = a.im[x] + c.im[x];
        const float m_re = a.re[x] - c.re[x], m_im = a.im[x] - c.im[x];
        const float q_re = b.re[x] + d.re[x], q_im = b.im[x] + d.im[x];
        const float n_re = b.re[x] - d.re[x], n_im = b.im[x] - d.im[x];
        re[first * kStrip + x] = p_re + q_re;
        im[first * kStrip + x] = p_im + q_im;
        y1.re[x] = m_re + n_im;
        y1.im[x] = m_im - n_re;
        y2.re[x] = p_re - q_re;
        y2.im[x] = p_im - q_im;
        y3.re[x] = m_re - n_im;
        y3.im[x] = m_im + n_re;
    }
    store_turned(re, im, first + quarter, y1, w[0], w[1]);
    store_turned(re, im, first + 2 * quarter, y2, w[2], w[3]);
    store_turned(re, im, first + 3 * quarter, y3, w[4], w[5]);
}

inline void butterfly2(float* __restrict re, float* __restrict im, int first) {
    const Row a = load(re, im, first), b = load(re, im, first + 1);
    for (int x = 0; x < kStrip; ++x) {
        re[first * kStrip + x] = a.re[x] + b.re[x];
        im[first * kStrip + x] = a.im[x] + b.im[x];
        re[(first + 1) * kStrip + x] = a.re[x] - b.re[x];
        im[(first + 1) * kStrip + x] = a.im[x] - b.im[x];
    }
}

void transform_strip(const Transform& plan, float* re, float* im) {
    const int n = plan.size;
    int block = n;
    for (; block >= 4; block /= 4) {
        const int quarter = block / 4, step = n / block;
        for (int j = 0; j < quarter; ++j) {
            const float w[6] = {plan.cosine[j * step],   plan.sine[j * step],       plan.cosine[2 * j * step],
                                plan.sine[2 * j * step], plan.cosine[3 * j * step], plan.sine[3 * j * step]};
            for (int start = j; start < n; start += block) butterfly4(re, im, start, quarter, w);
        }
    }
    if (block == 2) {
        for (int start = 0; start < n; start += 2) butterfly2(re, im, start);
    }
}

using Four = float __attribute__((vector_size(16)));

inline Four loaded(const float* from) {
    Four four;
    __builtin_memcpy(&four, from, sizeof four);
    return four;
}

inline void store(float* to, Four four) { __builtin_memcpy(to, &four, sizeof four); }

/// Columns of a strip to rows of `out`, frequencies in order: squares of four by four are turned in
/// registers.
void write_transposed(const Transform& plan, const float* strip, float* out) {
    const int n = plan.size;
    for (int k = 0; k < n; k += 4) {
        const float* const a = strip + plan.place[k] * kStrip;
        const float* const b = strip + plan.place[k + 1] * kStrip;
        const float* const c = strip + plan.place[k + 2] * kStrip;
        const float* const d = strip + plan.place[k + 3] * kStrip;
        for (int x = 0; x < kStrip; x += 4) {
            const Four ra = loaded(a + x), rb = loaded(b + x), rc = loaded(c + x), rd = loaded(d + x);
            const Four ab_low = __builtin_shufflevector(ra, rb, 0, 4, 1, 5);
            const Four ab_high = __builtin_shufflevector(ra, rb, 2, 6, 3, 7);
            const Four cd_low = __builtin_shufflevector(rc, rd, 0, 4, 1, 5);
            const Four cd_high = __builtin_shufflevector(rc, rd, 2, 6, 3, 7);
            float* const to = out + x * n + k;
            store(to, __builtin_shufflevector(ab_low, cd_low, 0, 1, 4, 5));
            store(to + n, __builtin_shufflevector(ab_low, cd_low, 2, 3, 6, 7));
            store(to + 2 * n, __builtin_shufflevector(ab_high, cd_high, 0, 1, 4, 5));
            store(to + 3 * n, __builtin_shufflevector(ab_high, cd_high, 2, 3, 6, 7));
        }
    }
}

void columns(const Transform& plan, Complex in, Complex out) {
    Strip re, im;
    const int n = plan.size;
    for (int x0 = 0; x0 < n; x0 += kStrip) {
        for (int y = 0; y < n; ++y) {
            for (int x = 0; x < kStrip; ++x) {
                re[y * kStrip + x] = in.re[y * n + x0 + x];
                im[y * kStrip + x] = in.im[y * n + x0 + x];
            }
        }
        transform_strip(plan, re, im);
        write_transposed(plan, re, out.re + x0 * n);
        write_transposed(plan, im, out.im + x0 * n);
    }
}

/// One row of a filtered spectrum, averaged and folded onto the row of `out` where it aliases to.
void fold_row(const Transfer& t, int ky, const float* __restrict re, const float* __restrict im,
              Complex out) {
    const int m = t.size / t.folds;
    float* __restrict out_re = out.re + (ky % m) * m;
    float* __restrict out_im = out.im + (ky % m) * m;
    const float yc = t.box_re[ky], ys = t.box_im[ky];
    for (int k0 = 0; k0 < t.size; k0 += m) {
        for (int x = 0; x < m; ++x) {
            const float xc = t.box_re[k0 + x], xs = t.box_im[k0 + x];
            const float c = xc * yc - xs * ys, s = xc * ys + xs * yc;
            // NOLINTNEXTLINE(clang-analyzer-core.UndefinedBinaryOperatorResult): the whole row was written.
            out_re[x] += re[k0 + x] * c - im[k0 + x] * s;
            out_im[x] += re[k0 + x] * s + im[k0 + x] * c;
        }
    }
}

/// A row of the spectrum at the negative frequencies of row `ky`.
void reverse_row(int n, int ky, Complex in, float* __restrict re, float* __restrict im) {
    const float* __restrict in_re = in.re + ((n - ky) % n) * n;
    const float* __restrict in_im = in.im + ((n - ky) % n) * n;
    re[0] = in_re[0];
    im[0] = in_im[0];
    for (int x = 1; x < n; ++x) {
        re[x] = in_re[n - x];
        im[x] = in_im[n - x];
    }
}

int mirrored(int n, int ky) { return (ky <= n / 2 ? ky : n - ky) * n; }

/// With Z the transform of red + i blue, red is (Z + Z'*)/2 and i blue is (Z − Z'*)/2, Z' at negative
/// frequency.
void filter_red_blue(const Transfer& t, Complex in, Complex out) {
    float back_re[kSizeMax], back_im[kSizeMax], re[kSizeMax], im[kSizeMax];
    const int n = t.size;
    for (int ky = 0; ky < n; ++ky) {
        reverse_row(n, ky, in, back_re, back_im);
        const float* __restrict sum = t.half_sum + mirrored(n, ky);
        const float* __restrict difference = t.half_difference + mirrored(n, ky);
        const float* __restrict in_re = in.re + ky * n;
        const float* __restrict in_im = in.im + ky * n;
        for (int x = 0; x < n; ++x) {
            re[x] = in_re[x] * sum[x] + back_re[x] * difference[x];
            im[x] = in_im[x] * sum[x] - back_im[x] * difference[x];
        }
        fold_row(t, ky, re, im, out);
    }
}

void filter_green(const Transfer& t, Complex in, Complex out) {
    float re[kSizeMax], im[kSizeMax];
    const int n = t.size;
    for (int ky = 0; ky < n; ++ky) {
        const float* __restrict green = t.green + mirrored(n, ky);
        const float* __restrict in_re = in.re + ky * n;
        const float* __restrict in_im = in.im + ky * n;
        for (int x = 0; x < n; ++x) {
            re[x] = in_re[x] * green[x];
            im[x] = in_im[x] * green[x];
        }
        fold_row(t, ky, re, im, out);
    }
}

/// With D = (Z − Z'*)/2 = i C: C (red + i blue) = D (blue − i red).
void filter_coverage(const Transfer& t, Complex in, Complex out) {
    float back_re[kSizeMax], back_im[kSizeMax], re[kSizeMax], im[kSizeMax];
    const int n = t.size;
    for (int ky = 0; ky < n; ++ky) {
        reverse_row(n, ky, in, back_re, back_im);
        const float* __restrict sum = t.half_sum + mirrored(n, ky);
        const float* __restrict difference = t.half_difference + mirrored(n, ky);
        const float* __restrict in_re = in.re + ky * n;
        const float* __restrict in_im = in.im + ky * n;
        for (int x = 0; x < n; ++x) {
            const float red = sum[x] + difference[x], blue = sum[x] - difference[x];
            const float d_re = 0.5F * (in_re[x] - back_re[x]), d_im = 0.5F * (in_im[x] + back_im[x]);
            re[x] = d_re * blue + d_im * red;
            im[x] = d_im * blue - d_re * red;
        }
        fold_row(t, ky, re, im, out);
    }
}

void smooth(const float* const* rows, const float* weight, int taps, int width, float* __restrict work,
            float* __restrict out) {
    const int wide = width + taps - 1;
    for (int x = 0; x < wide; ++x) work[x] = weight[0] * rows[0][x];
    for (int t = 1; t < taps; ++t) {
        const float* __restrict row = rows[t];
        const float w = weight[t];
        for (int x = 0; x < wide; ++x) work[x] += w * row[x];
    }
    for (int x = 0; x < width; ++x) out[x] = weight[0] * work[x];
    for (int t = 1; t < taps; ++t) {
        const float w = weight[t];
        for (int x = 0; x < width; ++x) out[x] += w * work[x + t];
    }
}

}  // namespace

const TileKernels& kernels() {
    static constexpr TileKernels all{columns, filter_red_blue, filter_green, filter_coverage, smooth};
    return all;
}

}  // namespace lens_model::GIGEMU_ISA

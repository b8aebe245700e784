#include "sensor_model/kernels/pixels.h"

namespace sensor_model::GIGEMU_ISA {
namespace {

constexpr int kGroups = 16, kLanes = 32, kBlock = kGroups * kLanes;

/// Random bits from a counter. Two keys, one before and one between the rounds: with one alone, rows whose
/// keys are neighbours would see each other's numbers in another order.
inline std::uint32_t mixed(std::uint32_t counter, NoiseKey key) {
    std::uint32_t x = counter ^ key.low;
    x = (x ^ (x >> 16)) * 0x7feb352dU + key.high;
    x = (x ^ (x >> 15)) * 0x846ca68bU;
    return x ^ (x >> 16);
}

inline std::uint16_t high_half(std::uint16_t a, std::uint16_t b) {
    return static_cast<std::uint16_t>((static_cast<std::uint32_t>(a) * b) >> 16);
}

/// The size of a term from 15 of its bits, the sign from the last one: exactly symmetric about zero.
/// Squares are flatter and cubes are more peaked than the normal law; twelve of one and four of the other
/// cancel.
template <bool kCube>
inline std::int16_t term(std::uint16_t bits) {
    const auto uniform = static_cast<std::uint16_t>(bits & 0xfffeU);
    const auto square = high_half(uniform, uniform);
    const auto size = kCube ? high_half(high_half(square, uniform), 2315) : high_half(square, 1957);
    const auto sign = static_cast<std::int16_t>(-(bits & 1));
    return static_cast<std::int16_t>((static_cast<std::int16_t>(size) ^ sign) - sign);
}

/// Sums and differences of all groups: each output is a sum of 16 terms, and no two outputs are correlated.
inline void mix_groups(std::int16_t* z) {
    for (int distance = 1; distance < kGroups; distance *= 2) {
        for (int group = 0; group < kGroups; ++group) {
            if (group & distance) continue;
            std::int16_t* a = z + group * kLanes;
            std::int16_t* b = a + distance * kLanes;
            for (int lane = 0; lane < kLanes; ++lane) {
                const int sum = a[lane] + b[lane], difference = a[lane] - b[lane];
                a[lane] = static_cast<std::int16_t>(sum);
                b[lane] = static_cast<std::int16_t>(difference);
            }
        }
    }
}

inline void make_block(NoiseKey key, std::uint32_t block, std::int16_t* z) {
    std::uint32_t words[kBlock / 2];
    for (int i = 0; i < kBlock / 2; ++i)
        words[i] = mixed(block * (kBlock / 2) + static_cast<std::uint32_t>(i), key);
    // Two numbers out of each word, without a copy: a call to memcpy is a twentieth of the cost of a frame.
    using Bits [[gnu::may_alias]] = std::uint16_t;
    const Bits* bits = reinterpret_cast<const Bits*>(words);
    for (int i = 0; i < 12 * kLanes; ++i) z[i] = term<false>(bits[i]);
    for (int i = 12 * kLanes; i < kBlock; ++i) z[i] = term<true>(bits[i]);
    mix_groups(z);
}

inline float smaller(float a, float b) { return a < b ? a : b; }
inline float larger(float a, float b) { return a > b ? a : b; }

/// Electrons before the response: photons times PRNU, and thermal ones. Returns the largest, as its bits:
/// those of positive numbers have the order of the numbers.
template <bool kDark>
inline std::int32_t collect(const RowInput& in, const RowLaw& law, int first, int count, float* electrons) {
    const float* light_e = in.light_e + first;
    const std::int8_t* prnu = in.prnu + first;
    const std::uint8_t* dark = kDark ? in.dark + first : nullptr;
    const float prnu_step = law.prnu_step, dark_e = law.dark_e;
    std::int32_t largest = 0;
    for (int i = 0; i < count; ++i) {
        const float thermal = kDark ? dark_e * static_cast<float>(dark[i]) : dark_e;
        const float n = light_e[i] * (1 + prnu_step * static_cast<float>(prnu[i])) + thermal;
        electrons[i] = n;
        const auto bits = __builtin_bit_cast(std::int32_t, n);
        largest = bits > largest ? bits : largest;
    }
    return largest;
}

inline float straight_response(const RowLaw& law, float n) {
    return n * (law.linear[0] + n * (law.linear[1] + n * law.linear[2]));
}

/// Beyond the bend the response is a parabola that ends flat at full well, and shot noise passes through its
/// slope. Turns electrons into the variance of their shot noise.
inline void bend(const RowLaw& law, int count, float* electrons, float* mean_e) {
    const float bend_e = law.bend_e, full_e = law.full_e, per_span = 1 / (full_e - bend_e);
    for (int i = 0; i < count; ++i) {
        const float n = electrons[i];
        const float straight = smaller(n, bend_e);
        const float beyond = smaller(n, full_e) - straight;
        const float fall = beyond * per_span, slope = 1 - fall;
        mean_e[i] = straight_response(law, straight) + beyond * (1 - 0.5F * fall);
        electrons[i] = n * slope * slope;
    }
}

/// Adds shot and read noise, with the mean, the variance and the skewness of Poisson: sigma z + skew (z² -
/// 1). Where nothing is bent, the variance of shot noise is the electrons themselves, and the mean follows
/// from them.
template <bool kBent>
inline void add_noise(const RowLaw& law, const std::int16_t* z, int count, const float* shot_variance_e2,
                      float* mean_e) {
    constexpr float kPerUnit = 1 / kNormalUnit;
    const float read_variance_e2 = law.read_variance_e2;
    for (int i = 0; i < count; ++i) {
        const float shot = shot_variance_e2[i], variance = shot + read_variance_e2;
        const float mean = kBent ? mean_e[i] : straight_response(law, shot);
        const float unit = static_cast<float>(z[i]) * kPerUnit;
        mean_e[i] = mean + (__builtin_sqrtf(variance) * unit + shot / (6 * variance) * (unit * unit - 1));
    }
}

/// Amplifier, offsets, ADC.
inline void digitise(const RowInput& in, const RowLaw& law, int first, int count, float* electrons,
                     std::uint16_t* dn) {
    const std::int8_t* dsnu = in.dsnu + first;
    const float* column_dn = in.column_dn + first;
    const float gain = law.gain_dn_per_e, dsnu_step_dn = law.dsnu_step_dn, base_dn = law.base_dn + 0.5F;
    for (int i = 0; i < count; ++i) {
        const float offset_dn = static_cast<float>(dsnu[i]) * dsnu_step_dn + (column_dn[i] + base_dn);
        electrons[i] = electrons[i] * gain + offset_dn;
    }
    for (int i = 0; i < count; ++i)
        dn[i] = static_cast<std::uint16_t>(static_cast<int>(smaller(larger(electrons[i], 0.0F), 4095.5F)));
}

void add_light(float* light_e, const float* rate_e_s, const float* seconds, int width, bool first) {
    const float even = seconds[0], odd = seconds[1];
    if (first) {
        for (int i = 0; i < width; i += 2) {
            light_e[i] = rate_e_s[i] * even;
            light_e[i + 1] = rate_e_s[i + 1] * odd;
        }
    } else {
        for (int i = 0; i < width; i += 2) {
            light_e[i] += rate_e_s[i] * even;
            light_e[i + 1] += rate_e_s[i + 1] * odd;
        }
    }
}

/// The next row in the place of this block: every fourth of its maps, beginning with this one.
inline void fetch_next(const RowInput& in, int first, int count, int begin) {
    constexpr int kPerLine = 64 / sizeof(float);
    for (int i = begin; i < in.next_count; i += 4)
        for (int at = 0; at < count; at += kPerLine) __builtin_prefetch(in.next[i] + first + at);
}

void convert(const RowInput& in, const RowLaw& law, NoiseKey key, std::uint16_t* dn) {
    // In steps through blocks that stay in the nearest cache: one long loop would wait for its own divisions.
    std::int16_t z[kBlock];
    float shot_variance_e2[kBlock], noisy_e[kBlock];
    const auto bend_bits = __builtin_bit_cast(std::int32_t, law.bend_e);
    for (int first = 0; first < in.width; first += kBlock) {
        const int count = in.width - first < kBlock ? in.width - first : kBlock;
        const auto largest = in.dark ? collect<true>(in, law, first, count, shot_variance_e2)
                                     : collect<false>(in, law, first, count, shot_variance_e2);
        fetch_next(in, first, count, 0);
        make_block(key, static_cast<std::uint32_t>(first / kBlock), z);
        fetch_next(in, first, count, 1);
        if (largest > bend_bits) {
            bend(law, count, shot_variance_e2, noisy_e);
            add_noise<true>(law, z, count, shot_variance_e2, noisy_e);
        } else {
            add_noise<false>(law, z, count, shot_variance_e2, noisy_e);
        }
        fetch_next(in, first, count, 2);
        digitise(in, law, first, count, noisy_e, dn + first);
        fetch_next(in, first, count, 3);
    }
}

void multiply(std::uint16_t* dn, float factor, float black_dn, int width) {
    for (int i = 0; i < width; ++i) {
        const float code = (static_cast<float>(dn[i]) - black_dn) * factor + (black_dn + 0.5F);
        dn[i] = static_cast<std::uint16_t>(static_cast<int>(smaller(larger(code, 0.0F), 4095.5F)));
    }
}

void reverse(const std::uint16_t* from, std::uint16_t* to, int count) {
    for (int i = 0; i < count; ++i) to[i] = from[count - 1 - i];
}

void normals(NoiseKey key, std::int16_t* out, int count) {
    std::int16_t z[kBlock];
    for (int first = 0; first < count; first += kBlock) {
        make_block(key, static_cast<std::uint32_t>(first / kBlock), z);
        const int part = count - first < kBlock ? count - first : kBlock;
        __builtin_memcpy(out + first, z, static_cast<unsigned>(part) * sizeof *z);
    }
}

constexpr PixelKernels kKernels{add_light, convert, multiply, reverse, normals};

}  // namespace

const PixelKernels& kernels() { return kKernels; }

}  // namespace sensor_model::GIGEMU_ISA

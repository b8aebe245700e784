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

/// Sums and differences of groups that are so far apart, of one lane.
template <int kDistance>
inline void mix_pairs(std::int16_t* a) {
    for (int group = 0; group < kGroups; ++group) {
        if (group & kDistance) continue;
        const int sum = a[group] + a[group + kDistance], difference = a[group] - a[group + kDistance];
        a[group] = static_cast<std::int16_t>(sum);
        a[group + kDistance] = static_cast<std::int16_t>(difference);
    }
}

/// Sums and differences of all groups: each output is a sum of 16 terms, and no two outputs are correlated.
/// Lane by lane, so that all groups of some lanes are in registers from the first step to the last.
inline void mix_groups(std::int16_t* z) {
    for (int lane = 0; lane < kLanes; ++lane) {
        std::int16_t a[kGroups];
        for (int group = 0; group < kGroups; ++group) a[group] = z[group * kLanes + lane];
        mix_pairs<1>(a);
        mix_pairs<2>(a);
        mix_pairs<4>(a);
        mix_pairs<8>(a);
        for (int group = 0; group < kGroups; ++group) z[group * kLanes + lane] = a[group];
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

inline float straight_response(const RowLaw& law, float n) {
    return n * (law.linear[0] + n * (law.linear[1] + n * law.linear[2]));
}

/// Mean after the response, and the variance of shot noise, in electrons.
struct Signal {
    float mean_e, shot_variance_e2;
};

/// Beyond the bend the response is a parabola that ends flat at full well, and shot noise passes through its
/// slope. Below it, and where `kBent` is false, the variance of shot noise is the electrons themselves.
template <bool kBent>
inline Signal respond(const RowLaw& law, float per_span, float n) {
    if (!kBent) return {straight_response(law, n), n};
    const float straight = smaller(n, law.bend_e);
    const float beyond = smaller(n, law.full_e) - straight;
    const float fall = beyond * per_span, slope = 1 - fall;
    return {straight_response(law, straight) + beyond * (1 - 0.5F * fall), n * slope * slope};
}

/// Shot and read noise with the variance and the skewness of Poisson: sigma z + skew (z² - 1).
inline float noise(float shot, float read_variance_e2, std::int16_t z) {
    constexpr float kPerUnit = 1 / kNormalUnit;
    const float variance = shot + read_variance_e2, unit = static_cast<float>(z) * kPerUnit;
    return __builtin_sqrtf(variance) * unit + shot / (6 * variance) * (unit * unit - 1);
}

/// Rounds down to a code. Compared as bits, as those of positive numbers have the order of the numbers:
/// compilers would turn comparisons of numbers into masks.
inline std::uint16_t clipped(float dn) {
    constexpr std::int32_t kMost = __builtin_bit_cast(std::int32_t, 4095.5F);
    const auto bits = __builtin_bit_cast(std::int32_t, dn);
    const std::int32_t positive = bits > 0 ? bits : 0, code = positive < kMost ? positive : kMost;
    return static_cast<std::uint16_t>(static_cast<std::int32_t>(__builtin_bit_cast(float, code)));
}

/// Pixels of a row from electrons to codes: photons times PRNU, and thermal electrons; response and noise;
/// amplifier, offsets, ADC. Returns the most electrons before the response, as their bits.
template <bool kDark, bool kBent>
std::int32_t convert_part(const RowInput& in, const RowLaw& row, int first, int count, const std::int16_t* z,
                          std::uint16_t* __restrict dn) {
    const float* __restrict light_e = in.light_e + first;
    const std::int8_t* __restrict prnu = in.prnu + first, * __restrict dsnu = in.dsnu + first;
    const std::uint8_t* __restrict dark = kDark ? in.dark + first : nullptr;
    const float* __restrict column_dn = in.column_dn + first;
    const RowLaw law = row;  // no store can change it
    const float per_span = 1 / (law.full_e - law.bend_e), base_dn = law.base_dn + 0.5F;
    std::int32_t largest = 0;
    for (int i = 0; i < count; ++i) {
        const float thermal = kDark ? law.dark_e * static_cast<float>(dark[i]) : law.dark_e;
        const float n = light_e[i] * (1 + law.prnu_step * static_cast<float>(prnu[i])) + thermal;
        const auto bits = __builtin_bit_cast(std::int32_t, n);
        largest = bits > largest ? bits : largest;
        const Signal signal = respond<kBent>(law, per_span, n);
        const float noisy_e = signal.mean_e + noise(signal.shot_variance_e2, law.read_variance_e2, z[i]);
        const float offset_dn = static_cast<float>(dsnu[i]) * law.dsnu_step_dn + (column_dn[i] + base_dn);
        dn[i] = clipped(noisy_e * law.gain_dn_per_e + offset_dn);
    }
    return largest;
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

/// The next row in the place of this block.
inline void fetch_next(const RowInput& in, int first, int count) {
    constexpr int kPerLine = 64 / sizeof(float);
    for (int i = 0; i < in.next_count; ++i)
        for (int at = 0; at < count; at += kPerLine) __builtin_prefetch(in.next[i] + first + at);
}

void convert(const RowInput& in, const RowLaw& law, NoiseKey key, std::uint16_t* dn) {
    const auto straight = in.dark ? convert_part<true, false> : convert_part<false, false>;
    const auto bent = in.dark ? convert_part<true, true> : convert_part<false, true>;
    const auto bend_bits = __builtin_bit_cast(std::int32_t, law.bend_e);
    std::int16_t z[kBlock];
    // The bent response gives the same codes where nothing is beyond the bend, and takes longer.
    bool bends = false;
    for (int first = 0; first < in.width; first += kBlock) {
        const int count = in.width - first < kBlock ? in.width - first : kBlock;
        fetch_next(in, first, count);
        make_block(key, static_cast<std::uint32_t>(first / kBlock), z);
        const bool bent_before = bends;
        bends = (bent_before ? bent : straight)(in, law, first, count, z, dn + first) > bend_bits;
        if (bends && !bent_before) bent(in, law, first, count, z, dn + first);
    }
}

void multiply(std::uint16_t* dn, float factor, float black_dn, int width) {
    for (int i = 0; i < width; ++i) {
        dn[i] = clipped((static_cast<float>(dn[i]) - black_dn) * factor + (black_dn + 0.5F));
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

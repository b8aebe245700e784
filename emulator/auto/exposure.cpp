#include "emulator/auto/exposure.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "sensor_model/chip.h"
#include "sensor_model/exact_math.h"

namespace emulator::auto_functions {
namespace {

constexpr double kLeastRatio = 1.0 / 64, kMostRatio = 256;  // of what one frame can say about another
constexpr double kBright_dn = 3840;                         // 240 in 8 bits: what highlight reduction counts
constexpr double kManyBright = 0.15,
                 kFewBright = 0.01;  // shares of the samples: it acts above, and lets go below
constexpr double kReducedTo = 0.12, kLetGoTo = 0.02;  // what it aims at then
constexpr int kLetGo = 3;                             // in codes: less is not worth a step
constexpr double kSettle = 0.8, kLeave = 1.6;         // in 8-bit codes about the reference
constexpr double kMuchWrong = 8;                      // a scene that has changed, rather than one that drifts
constexpr double kSwing = 16;                         // between frames under a lamp that flickers
constexpr double kSwingLeft = 1.0 / 72;  // of that, in the mean of frames that hold no whole beats
/// In frames: how many are judged together once settled, and how many in a row make a scene another one.
constexpr int kTogether = 12, kTogetherUnsteady = 36;
constexpr int kInARow = 3, kInARowUnsteady = 12;
constexpr int kStepsMost = 8;  // that a scene may need if the light is steady
constexpr int kCautionMost = 2;
constexpr double kGuessed = 0.05;  // of the picture clips: how bright it is nobody knows
constexpr int kLatencyMost = 4;    // frames after which settings that never take effect are given up
constexpr double kCoarse_us = 64;  // below, a step of 1 us is too coarse for the band
constexpr double kDbPerLog = 8.685889638065035;  // 20 / ln 10

double db_from_factor(double factor) { return kDbPerLog * sensor_model::exact_log(factor); }

/// What clipped samples may really be, as a multiple of what they show: the more of them, the brighter the
/// scene can be, and the bolder the step down.
double hidden(double clipped_share) { return 1 + 63 * clipped_share * clipped_share; }

/// The mean above black, in 12-bit codes, if there were `factor` times as much light.
double predicted_dn(const Statistics& seen, double factor) {
    const double full = sensor_model::kAdcMaxDn - seen.black_dn;
    const Histogram& h = seen.histogram;
    double sum = 0, samples = h.clipped;
    for (std::size_t bin = 0; bin < h.count.size(); ++bin) {
        if (h.count[bin] == 0) continue;
        const double count = h.count[bin];
        samples += count;
        sum += std::min(factor * static_cast<double>(h.sum_dn[bin]), full * count);
    }
    const double clipped = h.clipped;
    if (h.clipped > 0) {
        const double real = static_cast<double>(h.clipped_sum_dn) * hidden(clipped / samples);
        sum += std::min(factor * real, full * clipped);
    }
    return samples > 0 ? sum / samples : 0;
}

/// By halving the interval, in steps of equal ratio: square roots are the same on every machine.
double factor_to_reach(const Statistics& seen, double wanted_dn) {
    double low = kLeastRatio, high = kMostRatio;
    for (int i = 0; i < 32; ++i) {
        const double middle = std::sqrt(low * high);
        (predicted_dn(seen, middle) < wanted_dn ? low : high) = middle;
    }
    return std::sqrt(low * high);
}

/// The share of samples that would be bright if there were `factor` times as much light.
double bright_share(const Statistics& seen, double factor) {
    const Histogram& h = seen.histogram;
    const double clipped = h.clipped, from_dn = (kBright_dn - seen.black_dn) / factor;
    double samples = clipped;
    for (const auto count : h.count) samples += count;
    if (samples == 0) return 0;
    const double real_dn = static_cast<double>(h.clipped_sum_dn) * hidden(clipped / samples);
    double above = real_dn >= from_dn * clipped ? clipped : 0;
    for (std::size_t bin = h.count.size(); bin-- > 0;) {
        const double bins_above = static_cast<double>(bin) + 1 - from_dn / Histogram::kBinWidth_dn;
        if (bins_above <= 0) break;
        above += h.count[bin] * std::min(1.0, bins_above);
    }
    return above / samples;
}

/// The most light under which no more than this share is bright.
double factor_for_bright(const Statistics& seen, double share) {
    double low = kLeastRatio, high = kMostRatio;
    for (int i = 0; i < 32; ++i) {
        const double middle = std::sqrt(low * high);
        (bright_share(seen, middle) <= share ? low : high) = middle;
    }
    return low;
}

/// What a mean of so many 8-bit codes is above black. Codes that are cut to 8 bits are half a step below.
double dn_of_mean(int code, int black_dn) { return 16 * code + 7.5 - black_dn; }

/// By how much highlight reduction lowers the reference, in 8-bit codes.
int held_back(int before, const Statistics& seen, const AutoExposureSettings& settings) {
    if (!settings.highlight_reduction) return 0;
    const int aim = settings.reference - before;
    const double share = bright_share(seen, factor_to_reach(seen, dn_of_mean(aim, seen.black_dn)));
    const bool acts = share > kManyBright;
    if (!acts && (share >= kFewBright || before == 0)) return before;
    const double goal_dn = predicted_dn(seen, factor_for_bright(seen, acts ? kReducedTo : kLetGoTo));
    const int goal = static_cast<int>(std::floor((goal_dn + seen.black_dn - 7.5) / 16));
    const int after = std::clamp(settings.reference - goal, 0, std::max(0, settings.reference - 1));
    if (acts) return std::max(after, before);
    return after == 0 || after + kLetGo <= before ? std::min(after, before) : before;
}

/// Light through the iris relative to the open one.
double iris_light(double steps, const ExposureLimits& limits) {
    const double open = std::max(1.0, steps - limits.iris_steps_closed) / (255 - limits.iris_steps_closed);
    return open * open;
}

ExposureTriple within(ExposureTriple triple, const AutoExposureSettings& settings) {
    const auto& limits = settings.limits;
    if (settings.exposure)
        triple.exposure_us = std::clamp(triple.exposure_us, limits.exposure_us_min,
                                        std::max(limits.exposure_us_min, limits.exposure_us_max));
    if (settings.gain)
        triple.gain_db =
            std::clamp(triple.gain_db, limits.gain_db_min, std::max(limits.gain_db_min, limits.gain_db_max));
    if (settings.iris) triple.iris_steps = std::clamp(triple.iris_steps, limits.iris_steps_min, 255.0);
    return triple;
}

/// Whether the frame was made with these. The iris may still be moving: its place is part of what was
/// measured.
bool made_with(const ExposureTriple& measured, const ExposureTriple& triple) {
    return std::abs(measured.exposure_us - triple.exposure_us) <= 0.002 * triple.exposure_us + 0.5 &&
           std::abs(measured.gain_db - triple.gain_db) < 0.051;
}

/// What the reference is above black, in 8-bit codes.
double wanted_codes(const AutoExposureSettings& settings, int black_dn) {
    return std::max(1.0, settings.reference - black_dn / 16.0);
}

/// How far the brightness is off, in 8-bit codes of a picture that is bright as wanted.
double error(double factor, const AutoExposureSettings& settings, int black_dn) {
    return (1 - factor) * wanted_codes(settings, black_dn);
}

/// What frames say together that were made with the same settings: nothing for a while, then by how much all
/// of them are off, or that the scene has changed. Lamps that flicker must not be chased: under them nothing
/// but a mean counts. The frames in its middle weigh most, so that it hardly matters where in a beat it
/// begins.
enum class Verdict { wait, adjust, start_again };
Verdict judge(ExposureState& state, double factor, const AutoExposureSettings& settings, int black_dn) {
    const double codes = wanted_codes(settings, black_dn);
    const double light = std::min(1 / factor, (255 - black_dn / 16.0) / codes);  // white shows no more
    state.light_least = state.frames_seen == 0 ? light : std::min(state.light_least, light);
    state.light_most = std::max(state.light_most, light);
    ++state.frames_seen;
    const int weight = std::min(state.frames_seen, kTogetherUnsteady + 1 - state.frames_seen);
    state.light_sum += weight * light;
    state.weights += weight;
    const double off = error(factor, settings, black_dn);
    const int direction = off > kMuchWrong ? -1 : off < -kMuchWrong ? 1 : 0;
    state.frames_far = direction * state.frames_far > 0 ? state.frames_far + direction : direction;
    if (!state.unsteady && std::abs(state.frames_far) >= kInARow) return Verdict::start_again;
    if (std::abs(state.frames_far) >= kInARowUnsteady) return Verdict::adjust;
    const bool swings = (state.light_most - state.light_least) * codes > kSwing;
    return state.frames_seen < (swings ? kTogetherUnsteady : kTogether) ? Verdict::wait : Verdict::adjust;
}

void begin_watching(ExposureState& state) {
    state.frames_seen = state.frames_far = state.weights = 0;
    state.light_sum = state.light_most = 0;
}

/// A step that goes all the way, or half of it after one that went too far: an exposure that ends where a
/// lamp grows brighter takes in up to three times as much more light as it is longer, and whole steps would
/// go to and fro for ever.
void go(ExposureState& state, double factor, bool guessed, const ExposureTriple& measured_with,
        const AutoExposureSettings& settings) {
    const int direction = factor > 1 ? 1 : -1, turn = direction * state.direction;
    state.caution = std::clamp(state.caution - turn, 0, kCautionMost);
    state.direction = guessed ? 0 : direction;
    for (int i = 0; i < state.caution; ++i) factor = std::sqrt(factor);
    const ExposureTriple triple = brightened(measured_with, factor, state.triple, settings);
    state.settled = triple == state.triple;  // at a limit, or as near as the steps allow
    state.triple = triple;
}

/// All frames together. A mean over beats grows as exposure does, so that no step after it goes too far.
void adjust(ExposureState& state, const ExposureTriple& measured_with, const AutoExposureSettings& settings,
            int black_dn) {
    const double factor = state.weights / state.light_sum;
    const double apart = (state.light_most - state.light_least) * wanted_codes(settings, black_dn);
    state.unsteady = apart > kSwing;
    if (state.unsteady)
        state.direction = state.caution = 0;
    else
        state.steps = 0;
    const double allowed = std::max(kLeave, apart * kSwingLeft);
    if (std::abs(error(factor, settings, black_dn)) > allowed)
        go(state, factor, false, measured_with, settings);
    state.settled = true;
    begin_watching(state);
}

}  // namespace

double longest_exposure_us(double frame_rate_hz) {
    return std::clamp(std::floor(1e6 / frame_rate_hz), 20.0, 30e6);
}

double wanted_factor(const Statistics& seen, const AutoExposureSettings& settings) {
    const double wanted_dn = dn_of_mean(settings.reference, seen.black_dn);
    return wanted_dn > 0 ? factor_to_reach(seen, wanted_dn) : kLeastRatio;
}

ExposureTriple brightened(const ExposureTriple& from, double factor, const ExposureTriple& current,
                          const AutoExposureSettings& settings) {
    const auto& limits = settings.limits;
    ExposureTriple triple = within(current, settings);
    // All the light there has to be; what is not automatic is part of it as it stands.
    double light = factor * from.exposure_us * sensor_model::factor_from_db(from.gain_db) *
                   iris_light(from.iris_steps, limits);
    const double least_gain_db = settings.gain ? limits.gain_db_min : triple.gain_db;
    light /= sensor_model::factor_from_db(least_gain_db);

    // Exposure, with the iris as far closed as it may be.
    const double least_iris = settings.iris ? limits.iris_steps_min : triple.iris_steps;
    const double longest_us =
        settings.exposure ? std::max(limits.exposure_us_min, limits.exposure_us_max) : triple.exposure_us;
    // Then the iris, by whole steps; the exposure makes up for what they are too coarse for.
    if (settings.iris) {
        const double open =
            std::sqrt(light / longest_us) * (255 - limits.iris_steps_closed) + limits.iris_steps_closed;
        triple.iris_steps = std::clamp(std::ceil(open - 1e-6), least_iris, 255.0);
    }
    const double through = iris_light(triple.iris_steps, limits);
    if (settings.exposure) {
        const double exact_us = std::clamp(light / through, limits.exposure_us_min, longest_us);
        const bool coarse = settings.gain && exact_us < kCoarse_us;
        triple.exposure_us = std::clamp(coarse ? std::floor(exact_us) : std::floor(exact_us + 0.5),
                                        limits.exposure_us_min, longest_us);
    }
    // Gain for the rest, in steps of 0.1 dB.
    if (settings.gain) {
        const double left = light / (through * triple.exposure_us);
        const bool used = left > 1.004;
        const double gain_db =
            limits.gain_db_min + (used ? std::floor(10 * db_from_factor(left) + 0.5) / 10 : 0);
        triple.gain_db =
            std::clamp(gain_db, limits.gain_db_min, std::max(limits.gain_db_min, limits.gain_db_max));
    }
    return triple;
}

ExposureState next(const ExposureState& before, const Statistics& seen, const ExposureTriple& measured_with,
                   const AutoExposureSettings& asked, double rebalanced) {
    ExposureState state = before;
    AutoExposureSettings settings = asked;
    state.triple = within(state.triple, settings);
    if (!settings.exposure && !settings.gain && !settings.iris) return state;
    if (!made_with(measured_with, state.triple) && ++state.frames_waited <= kLatencyMost) return state;
    state.frames_waited = 0;
    state.held_back = held_back(state.held_back, seen, asked);
    settings.reference -= state.held_back;

    const double factor = wanted_factor(seen, settings) / rebalanced;
    if (state.settled) {
        const Verdict verdict = judge(state, factor, settings, seen.black_dn);
        if (verdict == Verdict::wait) return state;
        if (verdict == Verdict::adjust) {
            adjust(state, measured_with, settings, seen.black_dn);
            return state;
        }
        state.settled = false;
        state.caution = state.direction = 0;
    }
    begin_watching(state);
    const bool iris_stands = measured_with.iris_steps == state.triple.iris_steps;
    state.settled = iris_stands && std::abs(error(factor, settings, seen.black_dn)) <= kSettle;
    if (!state.settled) {
        go(state, factor, !iris_stands || seen.clipped_share > kGuessed, measured_with, settings);
        state.steps += iris_stands && rebalanced == 1 && !state.settled;
        if (state.steps > kStepsMost) state.settled = state.unsteady = true;
    }
    if (state.settled) state.direction = state.caution = 0;
    return state;
}

}  // namespace emulator::auto_functions

#include "lens_model/optics/motor.h"

#include "scenes/light/random.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "lens_model/optics/zoom.h"

namespace lens_model {

namespace {

/// A move in three parts: change to cruising speed, cruise, brake.
struct Profile {
    double direction = 1, acceleration_per_s2 = 1;
    double entry_per_s = 0, cruise_per_s = 0;  // speeds along `direction`; the entry may be backward
    double change_s = 0, cruise_s = 0, brake_s = 0;
};

double reached(const Motion& motion) { return motion.to + motion.error; }

Profile profile_of(const Motor& motor, const Motion& motion) {
    Profile p;
    p.acceleration_per_s2 = motor.speed_per_s / motor.ramp_s;
    const double a = p.acceleration_per_s2, v = motion.velocity_per_s;
    const double stops_at = motion.from + v * std::abs(v) / (2 * a);
    p.direction = reached(motion) >= stops_at ? 1 : -1;
    const double way = p.direction * (reached(motion) - motion.from);
    p.entry_per_s = p.direction * v;
    p.cruise_per_s =
        std::min(motor.speed_per_s, std::sqrt(std::max(0.0, a * way + p.entry_per_s * p.entry_per_s / 2)));
    p.change_s = std::max(0.0, (p.cruise_per_s - p.entry_per_s) / a);
    p.brake_s = p.cruise_per_s / a;
    const double ramps = (2 * p.cruise_per_s * p.cruise_per_s - p.entry_per_s * p.entry_per_s) / (2 * a);
    p.cruise_s = p.cruise_per_s > 0 ? std::max(0.0, (way - ramps) / p.cruise_per_s) : 0;
    return p;
}

double length_s(const Profile& p) { return p.change_s + p.cruise_s + p.brake_s; }

struct Place {
    double position, velocity_per_s;
};

Place place(const Profile& p, const Motion& motion, double since_s) {
    if (since_s <= 0) return {motion.from, motion.velocity_per_s};
    if (since_s >= length_s(p)) return {reached(motion), 0};
    const double a = p.acceleration_per_s2;
    const double left_s = length_s(p) - since_s;
    if (left_s < p.brake_s) {
        return {reached(motion) - p.direction * a * left_s * left_s / 2, p.direction * a * left_s};
    }
    const double changing_s = std::min(since_s, p.change_s), cruising_s = since_s - changing_s;
    const double way =
        p.entry_per_s * changing_s + a * changing_s * changing_s / 2 + p.cruise_per_s * cruising_s;
    return {motion.from + p.direction * way, p.direction * (p.entry_per_s + a * changing_s)};
}

/// Backlash: the element follows the drive upward directly, downward only after the play.
double follow(double element, double drive, double backlash) {
    return std::clamp(element, drive, drive + backlash);
}

/// One draw of a standard normal, the same on every machine with IEEE arithmetic up to the last bit of log
/// and cos.
double normal_from(std::uint64_t seed) {
    const auto next = [&seed] {
        const auto bits = scenes::light::splitmix64(seed);
        seed += 0x9E3779B97F4A7C15U;
        return scenes::light::share(bits);
    };
    const double u = 1 - next(), angle = 2 * std::numbers::pi * next();
    return std::sqrt(-2 * std::log(u)) * std::cos(angle);
}

}  // namespace

Motor zoom_motor(const Constants& c) {
    return {0, kZoomMax_steps, c.zoom_speed_per_s, c.zoom_ramp_s, c.zoom_backlash, c.zoom_repeatability};
}

Motor focus_motor(const Constants& c) {
    return {0, 10000, c.focus_speed_per_s, c.focus_ramp_s, c.focus_backlash, c.focus_repeatability};
}

Motor iris_motor(const Constants& c) { return {0, 255, c.iris_speed_per_s, c.iris_ramp_s, 0, 0}; }

Motor ir_cut_motor(const Constants& c) {
    const double ramp_s = c.ir_cut_travel_s / 10;
    return {0, 1, 1 / (c.ir_cut_travel_s - ramp_s), ramp_s, 0, 0};
}

Motion at_rest(double position) { return {0, position, 0, position, 0, position}; }

Motion moved(const Motor& motor, const Motion& before, double now_s, double target, std::uint64_t seed) {
    const Place now = place(profile_of(motor, before), before, now_s - before.start_s);
    Motion motion;
    motion.start_s = now_s;
    motion.from = now.position;
    motion.velocity_per_s = now.velocity_per_s;
    motion.to = std::clamp(target, motor.lowest, motor.highest);
    motion.error = motor.repeatability > 0 ? motor.repeatability * normal_from(seed) : 0;
    motion.element = element(motor, before, now_s);
    return motion;
}

double counter(const Motor& motor, const Motion& motion, double time_s) {
    const Profile p = profile_of(motor, motion);
    const double since_s = time_s - motion.start_s;
    if (since_s >= length_s(p)) return motion.to;
    const double position = place(p, motion, since_s).position;
    return std::clamp(position, motor.lowest, motor.highest);
}

double element(const Motor& motor, const Motion& motion, double time_s) {
    const Profile p = profile_of(motor, motion);
    const double since_s = time_s - motion.start_s;
    // A drive that still runs backward when the move begins turns once; in between the element may be pushed.
    const double turn_s = p.entry_per_s < 0 ? -p.entry_per_s / p.acceleration_per_s2 : 0;
    double at = motion.element;
    if (since_s > turn_s) at = follow(at, place(p, motion, turn_s).position, motor.backlash);
    return follow(at, place(p, motion, since_s).position, motor.backlash);
}

double done_s(const Motor& motor, const Motion& motion) {
    return motion.start_s + length_s(profile_of(motor, motion));
}

}  // namespace lens_model

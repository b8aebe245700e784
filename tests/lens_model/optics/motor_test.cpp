#include <doctest/doctest.h>

#include <cmath>

#include "lens_model/optics/motor.h"

using namespace lens_model;

namespace {

Motor exact(Motor motor) {
    motor.repeatability = 0;
    motor.backlash = 0;
    return motor;
}

}  // namespace

TEST_CASE("from end to end the zoom takes 4 s, the focus 3 s, the iris 0.5 s, the filter 0.3 s, and a ramp") {
    const auto full_s = [](const Motor& motor) {
        return done_s(motor, moved(motor, at_rest(motor.lowest), 10, motor.highest, 1)) - 10;
    };
    const Constants c;
    CHECK(full_s(exact(zoom_motor(c))) == doctest::Approx(4.0 + c.zoom_ramp_s));
    CHECK(full_s(exact(focus_motor(c))) == doctest::Approx(3.0 + c.focus_ramp_s).epsilon(0.001));
    CHECK(full_s(exact(iris_motor(c))) == doctest::Approx(0.5 + c.iris_ramp_s));
    CHECK(full_s(exact(ir_cut_motor(c))) == doctest::Approx(0.3));
}

TEST_CASE("a move begins and ends gently and never exceeds its speed") {
    const Motor motor = exact(focus_motor({}));
    const Motion motion = moved(motor, at_rest(2000), 1, 5000, 1);
    const double a = motor.speed_per_s / motor.ramp_s, end_s = done_s(motor, motion);
    CHECK(counter(motor, motion, 1.03) - 2000 == doctest::Approx(a * 0.03 * 0.03 / 2));
    CHECK(5000 - element(motor, motion, end_s - 0.03) == doctest::Approx(a * 0.03 * 0.03 / 2));
    double last = 2000;
    for (double t = 1; t < end_s + 0.1; t += 1e-3) {
        const double at = counter(motor, motion, t);
        CHECK(at >= last);
        CHECK(at - last <= motor.speed_per_s * 1e-3 + 1e-6);
        last = at;
    }
    CHECK(last == 5000);
}

TEST_CASE("a short move never reaches full speed") {
    const Motor motor = exact(focus_motor({}));
    const double a = motor.speed_per_s / motor.ramp_s;
    const Motion motion = moved(motor, at_rest(5000), 0, 5020, 1);
    CHECK(done_s(motor, motion) == doctest::Approx(2 * std::sqrt(20 / a)));
}

TEST_CASE("before a move the drive is where it was, after it where it was sent") {
    const Motor motor = focus_motor({});
    const Motion motion = moved(motor, at_rest(5000), 3, 400, 7);
    CHECK(counter(motor, motion, 2) == 5000);
    CHECK(counter(motor, motion, 3) == 5000);
    CHECK(counter(motor, motion, 100) == 400);
    CHECK(moved(motor, at_rest(0), 0, 1e9, 7).to == 10000);
}

TEST_CASE("a new target on the way is reached without a jump of position or speed") {
    const Motor motor = exact(focus_motor({}));
    for (const double target : {0.0, 1900.0, 2100.0, 9000.0}) {
        CAPTURE(target);
        const Motion first = moved(motor, at_rest(1000), 0, 8000, 1);
        const double turn_s = 0.33;
        const Motion second = moved(motor, first, turn_s, target, 2);
        const auto at = [&](double t) { return counter(motor, t < turn_s ? first : second, t); };
        const double h = 1e-5, a = motor.speed_per_s / motor.ramp_s;
        CHECK(at(turn_s) == doctest::Approx(at(turn_s - 1e-9)));
        for (double t = turn_s - 0.05; t < done_s(motor, second); t += 0.0007) {
            const double acceleration = (at(t + h) - 2 * at(t) + at(t - h)) / (h * h);
            CHECK(std::abs(acceleration) < a * 1.02 + 1);
        }
        CHECK(at(done_s(motor, second) + 1) == target);
    }
}

TEST_CASE("downward the lens element follows only after the backlash") {
    Motor motor = focus_motor({});
    motor.repeatability = 0;
    const Motion up = moved(motor, at_rest(1000), 0, 5000, 1);
    CHECK(element(motor, up, 10) == 5000);
    const Motion down = moved(motor, up, 10, 4000, 2);
    CHECK(element(motor, down, 20) == 4012);
    CHECK(counter(motor, down, 20) == 4000);
    const Motion less = moved(motor, down, 20, 4007, 3);
    CHECK(element(motor, less, 30) == 4012);  // the play is not yet taken up
    const Motion more = moved(motor, less, 30, 4020, 4);
    CHECK(element(motor, more, 40) == 4020);
}

TEST_CASE("a drive that turns on its way pushes its element to where it turned") {
    Motor motor = exact(focus_motor({}));
    motor.backlash = 1000;
    const Motion up = moved(motor, at_rest(0), 0, 8000, 1);
    const double turn_s = 2;
    const Motion back = moved(motor, up, turn_s, 4000, 2);
    const double brakes = motor.speed_per_s * motor.ramp_s / 2;
    const double highest = counter(motor, up, turn_s) + brakes;
    CHECK(element(motor, back, turn_s + motor.ramp_s) == doctest::Approx(highest));
    CHECK(element(motor, back, turn_s + motor.ramp_s + 0.05) == doctest::Approx(highest));
    CHECK(element(motor, back, 100) == doctest::Approx(std::min(highest, 5000.0)));
}

TEST_CASE("moves miss their target by the repeatability, and the same seed by the same amount") {
    const Motor motor = focus_motor({});
    double sum = 0, squares = 0;
    const int n = 4000;  // the standard deviation is then known to 1.1 %
    for (int seed = 0; seed < n; ++seed) {
        const Motion motion = moved(motor, at_rest(1000), 0, 5000, static_cast<std::uint64_t>(seed));
        const double miss = element(motor, motion, 100) - 5000;
        sum += miss;
        squares += miss * miss;
    }
    CHECK(std::abs(sum / n) < 0.15);
    CHECK(std::sqrt(squares / n) == doctest::Approx(2).epsilon(0.05));
    CHECK(moved(motor, at_rest(1000), 0, 5000, 9) == moved(motor, at_rest(1000), 0, 5000, 9));
}

TEST_CASE("positions may be requested in any order") {
    const Motor motor = zoom_motor({});
    const Motion motion = moved(motor, at_rest(100), 0, 900, 5);
    const double late = element(motor, motion, 3), early = element(motor, motion, 1);
    CHECK(element(motor, motion, 1) == early);
    CHECK(element(motor, motion, 3) == late);
    CHECK(early < late);
}

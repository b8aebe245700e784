#include <doctest/doctest.h>

#include "scenes/kernels/smear.h"
#include "scenes/light/random.h"
#include "tests/scenes/motion/flying.h"

using namespace scenes;
using namespace scenes::testing;
using namespace std::chrono_literals;

namespace {

/// Light along a row (green pixels), as a share of the brightest.
std::vector<double> profile(const light::Mosaic& frame, int y) {
    std::vector<double> row;
    for (int x = 1 - (y & 1); x < frame.width; x += 2) row.push_back(frame.at(x, y));
    const double most = *std::max_element(row.begin(), row.end());
    for (double& v : row) v /= most;
    return row;
}

/// The width of the ramp at the left side of something: from 5 to 95 %, stretched to 0 to 100 %.
double ramp_px(const std::vector<double>& row) {
    const auto crossing = [&](double level) {
        for (std::size_t i = 1; i < row.size(); ++i)
            if (row[i] >= level)
                return 2 * (static_cast<double>(i) - (row[i] - level) / (row[i] - row[i - 1]));
        return 0.0;
    };
    return (crossing(0.95) - crossing(0.05)) / 0.9;
}

double total(const light::Mosaic& frame) {
    double sum = 0;
    for (const float v : frame.samples) sum += v;
    return sum;
}

/// Of the light in a frame, in pixels.
Point centre_of(const light::Mosaic& frame) {
    double x_sum = 0, y_sum = 0, sum = 0;
    for (int y = 0; y < frame.height; ++y)
        for (int x = 0; x < frame.width; ++x) {
            const double light = frame.at(x, y);
            x_sum += light * (x + 0.5), y_sum += light * (y + 0.5), sum += light;
        }
    return {x_sum / sum, y_sum / sum};
}

}  // namespace

TEST_CASE("a thing that moves v px/s is smeared over v t px, to 2 %") {
    const World world = flying("[0.4, 0, 0]");
    const light::View view = plain_view(19);
    const light::Mosaic still = still_of(world, view);
    const double px_per_s = 0.4 / 2 * view.focal_length_px;
    CHECK(truth(world, view, 0ns).items[0].velocity_px_s.x == doctest::Approx(px_per_s).epsilon(1e-4));
    for (const Time exposure : {20ms, 50ms, 100ms}) {
        const light::Mosaic frame = exposed(world, view, still, 0ns, exposure, 0ns, exposure);
        const double wanted_px = px_per_s * std::chrono::duration<double>(exposure).count();
        CHECK(ramp_px(profile(frame, 796)) == doctest::Approx(wanted_px).epsilon(0.02));
    }
}

TEST_CASE("a flash freezes what the exposure would smear") {
    const World world = flying("[0.4, 0, 0]");
    const light::View view = plain_view(19);
    const light::Mosaic still = still_of(world, view);
    const auto frame = exposed(world, view, still, 0ns, 50ms, 20ms, 20ms + 100us);
    CHECK(ramp_px(profile(frame, 796)) < 5);
    const auto plain = exposed(world, view, still, 20ms, 20ms + 100us, 20ms, 20ms + 100us);
    CHECK(frame.at(1024, 796) == doctest::Approx(500 * plain.at(1024, 796)).epsilon(0.001));
}

TEST_CASE("whichever way a thing goes, it is as bright and in the same place as the same thing at rest") {
    for (const std::string motion :
         {"[0, 0.3, 0]", "[0.2, -0.3, 0]", "[0, 0, 0], \"spin_deg_s\": [0, 0, 400]", "[0.1, 0, 0.5]"}) {
        CAPTURE(motion);
        const World world = flying(motion);
        const light::View view = wide_view();
        const light::Mosaic still = still_of(world, view);
        World stopped = world;
        stopped.items[0].pose = pose_at(world.items[0], 100ms);
        stopped.items[0].velocity_m_s = stopped.items[0].spin_deg_s = {};
        light::Mosaic wanted = still_of(stopped, view);
        const light::Mosaic got = exposed(world, view, still, 100ms, 100ms + 1us, 100ms, 100ms + 1us);
        CHECK(1e6 * total(got) == doctest::Approx(total(wanted)).epsilon(0.01));
        CHECK(centre_of(got).x == doctest::Approx(centre_of(wanted).x).epsilon(0.0002));
        CHECK(centre_of(got).y == doctest::Approx(centre_of(wanted).y).epsilon(0.0002));
    }
}

TEST_CASE("the rim of a patch is the still picture, though the sprite is lit up to its last pixel") {
    for (const std::string velocity : {"[0.4, 0, 0]", "[0.03, -0.13, 0]", "[0.1, 0.02, 0.5]"}) {
        CAPTURE(velocity);
        const World world = flying(velocity);
        const light::View view = plain_view(19);
        light::Mosaic still(2048, 1536);
        for (std::size_t i = 0; i < still.samples.size(); ++i) still.samples[i] = static_cast<float>(i % 97);
        const auto things = moving(world, view, 0ns, 20ms, barely_blurred);
        REQUIRE(things.size() == 1);
        Sprite sprite =
            sprite_of(render_sprite(world, things[0], view, response(), 0, Raster{.margin_px = 4}));
        for (auto& light : sprite.light) std::ranges::fill(light.samples, 1000.0F);
        std::ranges::fill(sprite.coverage.samples, 1.0F);
        const auto sums = motion_sums_of(sprite, things[0]);

        int patches = 0;
        const auto look = [&](std::size_t, Patch patch) {
            ++patches;
            const auto [left, top, width, height] = patch.where;
            CHECK(patch.electrons.at(width / 2, height / 2) != still.at(left + width / 2, top + height / 2));
            for (int y = 0; y < height; ++y)
                for (int x = 0; x < width; ++x) {
                    if (std::min({x, y, width - 1 - x, height - 1 - y}) >= kPatchRim) continue;
                    REQUIRE(patch.electrons.at(x, y) == still.at(left + x, top + y));
                }
            return patch;
        };
        const Placed placed{&things[0], sprite.where, sprite.samples_per_pixel};
        const LampExposure lamp{0, &still, 0ns, 20ms, {1, 1, 1}};
        (void)compose(
            world, view, {&placed, 1}, [&](const Moving&, std::size_t) -> const MotionSums& { return sums; },
            {&lamp, 1}, {}, look);
        CHECK(patches == 1);
    }
}

TEST_CASE("where things are depends on the time alone, asked in any order") {
    const World world = scene("conveyor", {"conveyor.speed_m_s=0.37"});
    const light::View view = plain_view(14.7);
    const auto at_once = truth(world, view, 1234567ms);
    for (const Time other : {0ms, 99999999ms, 5ms}) CHECK(truth(world, view, other).items.size() >= 3);
    const auto again = truth(scene("conveyor", {"conveyor.speed_m_s=0.37"}), view, 1234567ms);
    REQUIRE(at_once.items.size() == again.items.size());
    for (std::size_t i = 0; i < again.items.size(); ++i) {
        CHECK(at_once.items[i].pose == again.items[i].pose);
        CHECK(at_once.items[i].content == again.items[i].content);
        CHECK(at_once.items[i].corners_px == again.items[i].corners_px);
    }
}

TEST_CASE("a part goes on at the speed of the belt, also late in the life of a clock") {
    const World world = scene("conveyor");
    const Conveyor& belt = *world.conveyor;
    for (const Time start : {Time(0ns), Time(1'700'000'000s)}) {
        const std::int64_t part = parts_on(belt, start).first + 2;
        const Pose a = part_pose(belt, world.seed, part, start),
                   b = part_pose(belt, world.seed, part, start + 10ms);
        CHECK(b.position_m.x - a.position_m.x == doctest::Approx(0.01 * belt.speed_m_s).epsilon(1e-4));
        CHECK(b.position_m.y == a.position_m.y);
    }
}

TEST_CASE("a belt looks the same a part later, and goes on smoothly, also by a clock that counts from 1970") {
    Conveyor belt;
    belt.speed_m_s = 0.25, belt.pitch_m = 0.125, belt.sway_m = belt.turn_deg = 0;
    const std::int64_t parts = 3'600'000'000;
    constexpr Time kPerPart = 500ms;
    for (Time time{}; time < 1s; time += 12'345'679ns) {
        const Time late = time + parts * kPerPart;
        const auto few = parts_on(belt, time), many = parts_on(belt, late);
        REQUIRE(many.first == few.first + parts);
        REQUIRE(many.last == few.last + parts);
        const Pose a = part_pose(belt, 1, few.first, time), b = part_pose(belt, 1, many.first, late);
        CHECK(std::abs(b.position_m.x - a.position_m.x) < 1e-15);
        const Pose next = part_pose(belt, 1, many.first, late + 1ns);
        CHECK(next.position_m.x - b.position_m.x == doctest::Approx(0.25e-9).epsilon(1e-5));
    }
}

TEST_CASE("a motion that begins again does so after each period, also by a clock that counts from 1970") {
    const World world = flying("[0.4, 0, 0], \"period_s\": 0.5");
    const Item& item = world.items[0];
    for (Time time{}; time < 500ms; time += 12'345'679ns) {
        const Time late = time + 3'600'000'000 * Time(500ms);
        CHECK(std::abs(pose_at(item, late).position_m.x - pose_at(item, time).position_m.x) < 1e-12);
        CHECK(pose_at(item, late + 1ns).position_m.x - pose_at(item, late).position_m.x ==
              doctest::Approx(0.4e-9).epsilon(1e-5));
    }
}

TEST_CASE("the same seed makes the same parts, another one others; defects come as often as the scene says") {
    Conveyor belt;
    belt.scratch_share = 0.2, belt.missing_hole_share = 0.1, belt.wrong_colour_share = 0.05;
    int scratched = 0, missing = 0, red = 0, differ = 0;
    constexpr int kParts = 2000;
    for (int part = 0; part < kParts; ++part) {
        const auto defects = part_items(belt, 7, part, {})[0].defects;
        CHECK(defects == part_items(belt, 7, part, {})[0].defects);
        differ += defects != part_items(belt, 8, part, {})[0].defects;
        for (const std::string& defect : defects)
            scratched += defect == "scratch", missing += defect == "missing_hole",
                red += defect == "wrong_colour";
    }
    // Three standard deviations of a binomial count.
    const auto likely = [](int count, double share) {
        return std::abs(count - share * kParts) < 3 * std::sqrt(share * (1 - share) * kParts);
    };
    CHECK(likely(scratched, 0.2));
    CHECK(likely(missing, 0.1));
    CHECK(likely(red, 0.05));
    CHECK(differ > kParts / 10);
}

TEST_CASE("the missing hole is closed, and the others are open") {
    Conveyor belt;
    belt.missing_hole_share = 1;
    for (int part = 0; part < 20; ++part)
        CHECK(std::get<targets::Plate>(part_items(belt, 1, part, {})[0].target).holes.size() == 3);
}

TEST_CASE("the code on a part, cut out of the frame by its true corners, has the modules of its text") {
    const World world = scene("conveyor", {"conveyor.turn_deg=3"});
    const light::View view = plain_view(14.7);
    const Time time = 70s + 123ms;
    const light::Mosaic still = still_of(world, view);
    const light::Mosaic frame = exposed(world, view, still, time, time + 100us, time, time + 100us);
    int read = 0;
    for (const TruthItem& item : truth(world, view, time).items) {
        if ((item.kind != "qr" && item.kind != "data_matrix") || item.visible != Visible::whole) continue;
        const auto kind = item.kind == "qr" ? targets::CodeKind::qr : targets::CodeKind::data_matrix;
        const auto code = targets::encode(kind, item.content, 1);
        REQUIRE(code);
        const int quiet = targets::quiet_modules(kind), across = code->columns + 2 * quiet;
        int wrong = 0;
        double dark = 0, bright = 0;
        std::vector<double> light;
        for (int j = 0; j < across; ++j)
            for (int i = 0; i < across; ++i) {
                const double u = (i + 0.5) / across, v = (j + 0.5) / across;
                const auto& c = item.corners_px;
                const double x = c[0].x + u * (c[1].x - c[0].x) + v * (c[3].x - c[0].x);
                const double y = c[0].y + u * (c[1].y - c[0].y) + v * (c[3].y - c[0].y);
                const int green_x = static_cast<int>(x), row = static_cast<int>(y);
                light.push_back(frame.at(green_x + ((green_x + row + 1) & 1), row));
                bright = std::max(bright, light.back()),
                dark = dark == 0 ? light.back() : std::min(dark, light.back());
            }
        for (int j = 0; j < across; ++j)
            for (int i = 0; i < across; ++i)
                wrong += (light[static_cast<std::size_t>(j * across + i)] < 0.5 * (dark + bright)) !=
                         code->is_dark(i - quiet, j - quiet);
        CHECK(wrong == 0);
        ++read;
    }
    CHECK(read >= 4);
}

TEST_CASE("each instruction set smears alike, to the last bit") {
    constexpr int kLength = 200, kLines = 40;
    std::vector<float> sums(2 * kLength * kLines);
    for (std::size_t i = 0; i < sums.size(); ++i)
        sums[i] = static_cast<float>(1e6 * scenes::light::share(scenes::light::hash(1, i, 0)));
    std::vector<SmearRun> runs;
    for (const auto isa : scenes::light::kIsas)
        if (supported(isa)) runs.push_back(GIGEMU_KERNEL(isa, smear_run));
    for (std::uint64_t trial = 0; trial < 500; ++trial) {
        const auto draw = [&](std::uint64_t purpose, double from, double to) {
            return static_cast<float>(
                from + (to - from) * scenes::light::share(scenes::light::hash(2, trial, purpose)));
        };
        const float start = draw(0, -20, 220);
        const Smear smear{sums.data(),
                          kLength,
                          kLines,
                          start,
                          draw(1, -2, 2),
                          start + draw(2, -40, 40),
                          draw(3, -2, 2),
                          draw(4, -3, 45),
                          draw(5, -0.1, 0.1),
                          1,
                          16};
        std::vector<std::vector<float>> results;
        for (const SmearRun run : runs) {
            std::vector<float> both(64);
            run(smear, both.data(), both.data() + 32);
            results.push_back(both);
        }
        for (const auto& result : results) CHECK(result == results[0]);
    }
}

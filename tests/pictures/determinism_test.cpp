#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>
#include <thread>

#include "emulator/imaging/frame_source.h"
#include "emulator/isp/pack.h"
#include "sensor_model/thermal.h"
#include "tests/pictures/live_camera.h"

using namespace measure;
using namespace std::chrono_literals;
namespace light = scenes::light;

namespace {

/// Does rows `first` to `last` in turns of `step`, each worker its own.
template <class Work>
void share_out(int workers, int rows, int step, const Work& work) {
    std::vector<std::thread> threads;
    for (int worker = 0; worker < workers; ++worker) {
        threads.emplace_back([=] {
            for (int first = worker * step; first < rows; first += workers * step) {
                work(first, std::min(rows, first + step));
            }
        });
    }
    for (auto& thread : threads) thread.join();
}

/// The physics of a frame, put together by hand. All of the scene stands at the distance of its background.
class ByHand {
  public:
    ByHand(const Bench& bench, const scenes::World& world) : bench_(bench), chip_(bench.profile().chip) {
        const emulator::SceneRenderer renderer(bench.profile(), world, bench.lens());
        pls_ = renderer.pls(0);
        crosstalk_ = renderer.crosstalk(0);
        radiance_ = renderer.render(0, emulator::kSensor, emulator::kFull, {});
        // The mean of a frame, which the lens scatters, comes from a coarse picture.
        radiance_.frame_mean = renderer.frame_mean(0, {});
    }

    [[nodiscard]] light::Mosaic still(int workers) const {
        light::Mosaic whole(chip_.width, chip_.height), held = whole;
        share_out(workers, whole.height, 208, [&](int first, int last) {
            const auto part = lens_model::image(radiance_, {0, first, whole.width, last - first},
                                                bench_.profile().lens, bench_.lens());
            std::copy(part.samples.begin(), part.samples.end(), whole.row(first));
        });
        sensor_model::exchange(whole, emulator::kSensor, crosstalk_, held, emulator::kSensor);
        return held;
    }

    [[nodiscard]] sensor_model::RawFrame expose(const light::Mosaic& still, int workers,
                                                scenes::light::Isa isa, std::uint64_t number) const {
        const auto& chosen = bench_.settings.exposure;
        const double cold_c = sensor_model::temperature_c(chip_, bench_.profile().housing_c, {});
        const sensor_model::Settings settings{.exposure_us = chosen.time_us,
                                              .gain_db = chosen.gain_db,
                                              .black_level_dn = chosen.black_level_dn,
                                              .temperature_c = cold_c};
        const sensor_model::Exposure exposure{
            {{.electrons_per_s = &still, .exposure_s = 1e-6 * chosen.time_us, .pls = pls_}}, {}};
        auto frame = sensor_model::unexposed(settings);
        share_out(workers, frame.dn.height, 50, [&](int first, int last) {
            sensor_model::expose_rows(chip_, pattern_, exposure, settings, {seed(), number}, {first, last},
                                      frame, isa);
        });
        return frame;
    }

  private:
    [[nodiscard]] std::uint64_t seed() const { return static_cast<std::uint64_t>(bench_.profile().seed); }

    const Bench& bench_;
    const sensor_model::Chip& chip_;
    sensor_model::FixedPattern pattern_ = sensor_model::make_fixed_pattern(chip_, seed());
    light::Radiance radiance_;
    double pls_ = 1;
    sensor_model::Crosstalk crosstalk_{};
};

std::size_t hash(const protocol::Bytes& bytes) {
    return std::hash<std::string_view>{}({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
}

}  // namespace

TEST_CASE("the same seed gives the same frames, in any order; another number or time gives others") {
    Bench first("conveyor"), second("conveyor");
    for (Bench* bench : {&first, &second}) bench->aim_at_axis(1024, 256);
    const auto at = [](int frame) { return frame * std::chrono::milliseconds(37); };
    std::vector<std::size_t> frames;
    for (int frame = 0; frame < 3; ++frame) frames.push_back(hash(first.payload(at(frame), 10)));
    for (int frame = 2; frame >= 0; --frame) {
        CHECK(hash(second.payload(at(frame), 10)) == frames[static_cast<std::size_t>(frame)]);
    }
    CHECK(frames[0] != frames[1]);
    CHECK(hash(second.payload(at(0), 11)) != frames[0]);
}

TEST_CASE(
    "frames are the same to the bit whenever acquisitions start, however many frames the first one had") {
    // Each run: an acquisition, a pause, and another one, of which the frames are kept.
    const auto run = [](emulator::Time pause, std::size_t count) {
        auto profile = support::small_profile();
        profile.chip.rts_density = 0.01;
        LiveCamera live(scene_named("colour_chart"), profile, Acquisition::stopped);
        auto& client = live.client;
        auto& camera = live.camera;
        const auto acquire = [&](std::size_t wanted) {
            camera.run_for(pause);
            const auto before = static_cast<std::ptrdiff_t>(client.blocks.size());
            client.start();
            while (client.blocks.size() < static_cast<std::size_t>(before) + wanted) camera.run_for(1ms);
            client.stop();
            camera.run_for(100ms);
            return std::next(client.blocks.begin(), before);
        };
        acquire(count);
        auto block = acquire(4);
        std::vector<protocol::Bytes> frames;
        for (int i = 0; i < 4; ++i, ++block) frames.push_back(block->second.payload());
        return frames;
    };
    const auto frames = run(0s, 3);
    CHECK(std::adjacent_find(frames.begin(), frames.end()) == frames.end());
    CHECK(frames == run(1237ms, 3));
    CHECK(frames == run(40s, 6));
}

TEST_CASE("a frame is the same from any number of workers and with every instruction set") {
    Bench bench("slanted_edge");
    const ByHand by_hand(bench, scene_named("slanted_edge"));
    const auto fingerprint = [&](const light::Mosaic& still, int workers, light::Isa isa) {
        const auto frame = by_hand.expose(still, workers, isa, 5);
        return hash(emulator::isp::pack(frame.dn, bench.settings.image.pixel_format));
    };
    const auto reference = fingerprint(by_hand.still(1), 1, light::Isa::baseline);
    for (const int workers : {1, 2, 3}) {
        CAPTURE(workers);
        const auto still = by_hand.still(workers);
        for (const auto isa : light::kIsas) {
            if (light::supported(isa)) CHECK(fingerprint(still, workers, isa) == reference);
        }
    }
}

TEST_CASE("a picture that was begun while the lens moved is the one that would have been made afterwards") {
    using emulator::StillCache;
    using emulator::Time;
    const auto world = std::make_shared<const scenes::World>(scene_named("conveyor"));
    const emulator::Profile profile;
    const lens_model::State on_its_way{.zoom_steps = 380, .focus_counts = 9800};
    const lens_model::State elsewhere{.zoom_steps = 300, .focus_counts = 9800};
    const lens_model::State rest{.zoom_steps = 400, .focus_counts = 9807};
    const Time before{}, after = std::chrono::milliseconds(20), end = std::chrono::milliseconds(22);

    StillCache one(profile), two(profile, StillCache::Threads::two);
    two.look(world, on_its_way, true, before);
    two.expect(world, elsewhere, after);
    two.expect(world, rest, after);  // the move has another goal now
    const auto patches = [&](StillCache& cache) {
        cache.look(world, rest, false, after);
        const emulator::LampLight steady{.pulses = {{after, end, {1, 1, 1}}}, .seconds = {1, 1, 1}};
        return cache.moving(std::array{steady}, after, end);
    };
    const auto first = patches(one), second = patches(two);
    CHECK(one.still(0) == two.still(0));
    REQUIRE(first.size() == second.size());
    for (std::size_t i = 0; i < first.size(); ++i) CHECK(first[i].electrons == second[i].electrons);
}

TEST_CASE("frames that are cancelled, at any moment, change nothing in those that come") {
    using emulator::StillCache;
    emulator::Profile profile;
    profile.power_up.image.width = 528, profile.power_up.image.height = 64;
    const auto world = std::make_shared<const scenes::World>(scene_named("conveyor"));
    emulator::FrameSource undisturbed(profile), disturbed(profile, StillCache::Threads::two);
    emulator::FrameRequest request{
        .settings = profile.power_up, .lens = {profile.lens, {.zoom = 400, .focus = 9807}}, .world = world};
    const auto cancelled_after = [&](int turns) {
        std::stop_source stop;
        std::jthread other([&stop, turns] {
            for (int turn = 0; turn < turns; ++turn) std::this_thread::yield();
            stop.request_stop();
        });
        try {
            (void)disturbed.take(request, stop.get_token());
        } catch (const emulator::Cancelled&) {
            return true;
        }
        return false;
    };
    std::stop_source before;
    before.request_stop();
    CHECK_THROWS_AS((void)disturbed.take(request, before.get_token()), emulator::Cancelled);
    int cancelled = 1;
    for (int turns = 1; turns < 1'000'000; turns *= 8) {
        request.lens.go_to({.zoom = 400 + turns % 7, .focus = 9807}, request.start, 1);
        request.start += std::chrono::milliseconds(20);  // the lens is on its way
        request.stamp = protocol::Timestamp(request.start);
        cancelled += cancelled_after(turns);
        request.start = request.lens.done() + std::chrono::seconds(1);
        request.stamp = protocol::Timestamp(request.start);
        disturbed.expect(world, request.lens.state(request.start, profile.housing_c), request.stamp);
        cancelled += cancelled_after(turns);
    }
    MESSAGE(cancelled << " frames were cancelled");
    CHECK(hash(disturbed.take(request).payload) == hash(undisturbed.take(request).payload));
}

TEST_CASE("a picture that is made in parts is the one that is made at once, within a ten thousandth") {
    const Bench bench("slanted_edge");
    const auto world = std::make_shared<const scenes::World>(scene_named("slanted_edge"));
    emulator::StillCache cache(bench.profile());
    cache.look(world, bench.lens(), false, {});
    const auto whole = ByHand(bench, *world).still(1);
    double worst = 0;
    for (std::size_t i = 0; i < whole.samples.size(); ++i)
        worst = std::max(worst, std::abs(cache.still(0).samples[i] / whole.samples[i] - 1.0));
    CHECK(worst < 1e-4);
}

#include <doctest/doctest.h>

#include <algorithm>
#include <string_view>
#include <thread>

#include "emulator/isp/pack.h"
#include "sensor_model/quantum_efficiency.h"
#include "sensor_model/thermal.h"
#include "tests/support/measure_bench.h"

using namespace measure;
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
        std::array<light::Spectrum, 3> efficiency;
        for (std::size_t c = 0; c < 3; ++c) {
            for (int i = 0; i < light::kWavelengths; ++i) {
                efficiency[c][i] =
                    sensor_model::quantum_efficiency(static_cast<int>(c), light::wavelength_nm(i));
            }
        }
        const auto response = light::response(
            efficiency, lens_model::transmission(bench.profile().lens, bench.lens()), chip_.pixel_pitch_um);
        const int margin =
            lens_model::margin_px(bench.profile().lens, bench.lens(), world.background.distance_m);
        radiance_ = scenes::render_still(world, bench.view(), response, 0, {.margin_px = margin});
    }

    [[nodiscard]] light::Mosaic still(int workers) const {
        light::Mosaic whole(chip_.width, chip_.height);
        share_out(workers, whole.height, 208, [&](int first, int last) {
            const auto part = lens_model::image(radiance_, {0, first, whole.width, last - first},
                                                bench_.profile().lens, bench_.lens());
            std::copy(part.samples.begin(), part.samples.end(), whole.row(first));
        });
        return whole;
    }

    [[nodiscard]] sensor_model::RawFrame expose(const light::Mosaic& still, int workers,
                                                sensor_model::Isa isa, std::uint64_t number) const {
        const auto& chosen = bench_.settings.exposure;
        const double cold_c = sensor_model::temperature_c(chip_, bench_.profile().housing_c, {});
        const sensor_model::Settings settings{.exposure_us = chosen.time_us,
                                              .gain_db = chosen.gain_db,
                                              .black_level_dn = chosen.black_level_dn,
                                              .temperature_c = cold_c};
        const sensor_model::Exposure exposure{{{&still, 1e-6 * chosen.time_us}}, {}};
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

TEST_CASE("a frame is the same from any number of workers and with every instruction set") {
    Bench bench("slanted_edge");
    const auto reference = hash(bench.payload({}, 5));
    const ByHand by_hand(bench, scene_named("slanted_edge"));
    for (const int workers : {1, 2, 3}) {
        CAPTURE(workers);
        const auto still = by_hand.still(workers);
        for (const auto isa : {sensor_model::Isa::baseline, sensor_model::Isa::v3, sensor_model::Isa::v4}) {
            if (!sensor_model::supported(isa)) continue;
            const auto frame = by_hand.expose(still, workers, isa, 5);
            CHECK(hash(emulator::isp::pack(frame.dn, bench.settings.image.pixel_format)) == reference);
        }
    }
}

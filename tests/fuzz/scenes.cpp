#include <array>
#include <cmath>

#include "emulator/imaging/scene_renderer.h"
#include "scenes/json/config_error.h"
#include "tests/fuzz/fuzz.h"

// A scene of the program with some of its keys overwritten: it is refused with a sentence, or a part of it is
// rendered through any state of the lens, and no light is negative or no number.

namespace {

constexpr std::array kKeys{"light.spectrum",
                           "light.illuminance_lx",
                           "light.temperature_k",
                           "light.flicker",
                           "light.waveform",
                           "background.distance_m",
                           "background.reflectance",
                           "items.0.kind",
                           "items.0.position_m",
                           "items.0.rotation_deg",
                           "items.0.size_m",
                           "items.0.velocity_m_s",
                           "items.0.spin_deg_s",
                           "items.0.period_s",
                           "items.0.text",
                           "items.0.file",
                           "items.0.luminance_cd_m2",
                           "items.0.diameter_m",
                           "items.0.width_m",
                           "items.0.columns",
                           "items.0.rows",
                           "items.0.pitch_m",
                           "items.0.reflectances",
                           "items.0.lamp",
                           "conveyor.speed_m_s",
                           "conveyor.distance_m",
                           "conveyor.pitch_m",
                           "conveyor.length_m",
                           "conveyor.heading_deg",
                           "conveyor.part_size_m",
                           "conveyor.sway_m",
                           "conveyor.first_serial",
                           "camera_pose.position_m",
                           "camera_pose.rotation_deg",
                           "camera_pose.velocity_m_s",
                           "camera_pose.spin_deg_s",
                           "camera_pose.path",
                           "camera.zoom",
                           "camera.exposure_us",
                           "items",
                           "light",
                           "seed",
                           "title"};

constexpr std::array kValues{"0",
                             "1",
                             "-1",
                             "1e-5",
                             "1e300",
                             "-1e300",
                             "1000",
                             "0.001",
                             "10000",
                             "null",
                             "true",
                             "\"\"",
                             "\"#808080\"",
                             "[]",
                             "{}",
                             "[0,0,0.001]",
                             "[0,0,1]",
                             "[9999,0,1]",
                             "[0,90,0]",
                             "[89,0,45]",
                             "[1000,1000]",
                             "[1e-5,1e-5]",
                             "[-1000,0,1000]",
                             "[1e5,1e5,1e5]",
                             "\"qr\"",
                             "\"text\"",
                             "\"conveyor\"",
                             "\"point_light\"",
                             "\"picture\"",
                             "\"checkerboard\"",
                             "\"dot_grid\"",
                             "\"FL11\"",
                             "\"led\"",
                             "\"blackbody\"",
                             "\"D65\""};

std::vector<std::string> overrides(fuzz::Source& source) {
    std::vector<std::string> made;
    for (auto count = source.below(4); count > 0; --count) {
        const std::string key = kKeys[source.below(kKeys.size())];
        if (source.number(1) % 4 != 0) {
            made.push_back(key + "=" + kValues[source.below(kValues.size())]);
        } else {
            const auto bytes = source.take(source.below(24));
            made.push_back(key + "=" + std::string(bytes.begin(), bytes.end()));
        }
    }
    return made;
}

std::optional<scenes::World> load(fuzz::Source& source) {
    const auto names = scenes::names();
    try {
        return scenes::load(names[source.below(names.size())], overrides(source));
    } catch (const scenes::ConfigError& error) {
        fuzz::must(std::string_view(error.what()).size() > 10, "a refusal is a sentence");
        return std::nullopt;
    }
}

constexpr emulator::SamplingDensity kCoarse{.pixels_per_sample = 8, .draft = true};

void must_be_light(const scenes::light::Mosaic& image) {
    for (const float sample : image.samples)
        fuzz::must(std::isfinite(sample) && sample >= 0, "light is a number, and not negative");
}

/// A corner, an edge or the middle of the sensor.
scenes::light::Rect part(fuzz::Source& source) {
    constexpr std::array kX{0, 1008, 2016}, kY{0, 752, 1504};
    return {kX[source.below(3)], kY[source.below(3)], 32, 32};
}

void render(const scenes::World& world, const lens_model::State& lens, fuzz::Source& source) {
    static const emulator::Profile profile;
    const emulator::SceneRenderer renderer(profile, world, lens);
    const auto density = source.number(1) % 8 == 0 ? emulator::kFull : emulator::kDraft;
    const auto where = part(source);
    const scenes::Time time(static_cast<std::int64_t>(source.number(8) >> 2));
    scenes::TextureCache textures;
    textures.prepare(world, renderer.response(), time);
    for (std::size_t lamp = 0; lamp < world.lamps.size(); ++lamp) {
        must_be_light(renderer.image(lamp, where, density, textures, {}));
    }
    for (const auto& thing : renderer.moving(time, time)) {
        const auto motion_sums = renderer.motion_sums(thing, 0, kCoarse, {});
        for (const auto& sums : motion_sums.sums)
            for (const float sum : sums)
                fuzz::must(std::isfinite(sum), "what moves has light that is a number");
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    fuzz::Source source(data, size);
    const auto world = load(source);
    if (!world) return 0;
    lens_model::State lens;
    lens.zoom_steps = static_cast<double>(source.below(1001));
    lens.focus_counts = static_cast<double>(source.below(10'001));
    lens.iris_steps = static_cast<double>(source.below(256));
    render(*world, lens, source);
    return 0;
}

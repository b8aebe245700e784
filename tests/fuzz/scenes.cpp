#include <array>
#include <cmath>

#include "emulator/imaging/scene_renderer.h"
#include "scenes/json/config_error.h"
#include "scenes/load/scene_file.h"
#include "tests/fuzz/nearly_fitting.h"

// A scene of the program with some of its keys overwritten: it is refused with a sentence, or a part of it is
// rendered through any state of the lens, and no light is negative or no number.

namespace {

using nlohmann::json;

/// A key of a scene, dotted, with the schema of its value.
struct Key {
    std::string dotted;
    json schema;
};

void collect(const json& schema, const std::string& prefix, std::vector<Key>& keys) {
    for (const char* choice : {"anyOf", "oneOf"})
        for (const auto& one : schema.value(choice, json::array())) collect(one, prefix, keys);
    if (!prefix.empty()) keys.push_back({prefix, schema});
    const auto below = [&](const std::string& key) { return prefix.empty() ? key : prefix + '.' + key; };
    const auto properties = schema.value("properties", json::object());
    for (const auto& [key, value] : properties.items()) collect(value, below(key), keys);
    if (schema.contains("items")) collect(schema["items"], below("0"), keys);
}

const std::vector<Key>& keys() {
    static const auto all = [] {
        std::vector<Key> found;
        collect(scenes::scene_schema(), "", found);
        return found;
    }();
    return all;
}

/// Those with pictures take long to load: pictures have a fuzzer of their own.
std::vector<std::string> quick_scenes() {
    auto names = scenes::names();
    std::erase_if(names, [](const std::string& name) { return name == "picture" || name == "depth_range"; });
    return names;
}

std::vector<std::string> overrides(fuzz::Source& source) {
    std::vector<std::string> made;
    for (auto count = source.number(1) % 4; count > 0; --count) {
        const auto& key = keys()[source.number(2) % keys().size()];
        const auto value = fuzz::nearly_fitting(source, key.schema);
        made.push_back(key.dotted + "=" + value.dump(-1, ' ', false, json::error_handler_t::replace));
    }
    return made;
}

std::optional<scenes::World> load(fuzz::Source& source) {
    static const auto names = quick_scenes();
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

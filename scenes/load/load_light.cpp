#include <algorithm>

#include "scenes/light/illuminants.h"
#include "scenes/light/materials.h"
#include "scenes/load/loading.h"

namespace scenes {
namespace {

using light::Spectrum;

std::vector<std::string_view> list(std::span<const std::string_view> names) {
    return {names.begin(), names.end()};
}

Spectrum read_shape(const Node& node) {
    const Kinds kinds = lamp_kinds();
    const std::string name = node.choice(kinds.key, kinds.names, std::string(kinds.otherwise));
    if (name == "blackbody") return light::blackbody(node.number("temperature_k", {1000, 20'000, "K"}));
    if (name == "daylight") return light::cie_d(node.number("temperature_k", {4000, 25'000, "K"}));
    if (name == "led")
        return light::led(node.number("peak_nm", {380, 1000, "nm"}),
                          node.number_or("width_nm", {5, 200, "nm"}, 20));
    return *light::illuminant(name);
}

light::Waveform read_waveform(const Node& node) {
    light::Waveform wave;
    node.exclude("flicker", "line", "a lamp flickers or is switched by a line of the camera, not both.");
    if (node.has("flicker")) {
        const Node flicker = node.object("flicker");
        wave.kind = light::Waveform::Kind::flicker;
        wave.flicker.mains_hz = flicker.number_or("mains_hz", {10, 1000, "Hz"}, 50);
        if (flicker.has("depth")) {
            const auto depth = flicker.numbers("depth", 1, 3, {0, 1});
            std::copy(depth.begin(), depth.end(), wave.flicker.depth.begin());
        }
        const auto three = [&](const char* key, Bounds bounds, std::array<double, 3>& to, double scale) {
            if (!flicker.has(key)) return;
            const auto list = flicker.numbers(key, 3, 3, bounds);
            std::transform(list.begin(), list.end(), to.begin(), [&](double v) { return v * scale; });
        };
        three("phase_rad", {-10, 10, "rad"}, wave.flicker.phase_rad, 1);
        three("lag_ms", {0, 20, "ms"}, wave.flicker.lag_s, 1e-3);
        flicker.done();
    }
    if (node.has("line")) {
        const Node line = node.object("line");
        wave.kind = light::Waveform::Kind::driven;
        wave.driven.delay_s = 1e-6 * line.number_or("delay_us", {0, 1e6 * light::kLongestDelay_s, "us"}, 0);
        wave.driven.level_off = line.number_or("level_off", {0, 1}, 0);
        wave.driven.active_low = line.flag_or("active_low", false);
        line.done();
    }
    return wave;
}

}  // namespace

Kinds lamp_kinds() {
    Kinds kinds{"spectrum", {"blackbody", "daylight", "led"}, "D65"};
    for (const auto name : light::illuminant_names()) kinds.names.push_back(name);
    return kinds;
}

light::Lamp read_lamp(const Node& node, Spectrum& shape) {
    shape = read_shape(node);
    const light::Waveform wave = read_waveform(node);
    light::Lamp lamp{{}, wave};
    node.exclude("illuminance_lx", "irradiance_w_m2", "a lamp has either this or illuminance_lx, not both.");
    const double lux = node.number_or("illuminance_lx", {0, 200'000, "lx"}, 500);
    if (node.has("irradiance_w_m2")) {
        lamp.irradiance =
            light::normalised_to_w_m2(shape, node.number("irradiance_w_m2", {0, 10'000, "W/m2"}));
    } else {
        if (light::illuminance_lx(shape) <= 1e-3 * light::integral(shape))
            node.unfit("irradiance_w_m2",
                       "This light is infrared and has no lux, so a number from 0 to 10000 (W/m2)");
        lamp.irradiance = light::normalised_to_lux(shape, lux);
    }
    node.done();
    return lamp;
}

Spectrum read_reflectance(const Node& node, const std::string& key, double otherwise) {
    static const auto names = [] {
        auto all = list(light::material_names());
        for (const auto patch : light::colour_checker_names()) all.push_back(patch);
        return all;
    }();
    std::string materials;
    for (const auto name : light::material_names())
        materials += (materials.empty() ? "" : ", ") + std::string(name);
    const auto value = node.number_or_name(
        key, {0, 1}, names, "^#[0-9a-fA-F]{6}$",
        "A reflectance (a number from 0 to 1, \"#rrggbb\", a patch of the colour chart, or " + materials +
            ")");
    if (value.is_null()) return light::constant(otherwise);
    if (value.is_number()) return light::constant(value);
    const std::string name = value;
    if (const auto named = light::material(name)) return *named;
    const auto patches = light::colour_checker_names();
    if (const auto found = std::find(patches.begin(), patches.end(), name); found != patches.end())
        return light::colour_checker(static_cast<int>(found - patches.begin()));
    const auto part = [&](std::size_t at) { return std::stoi(name.substr(at, 2), nullptr, 16) / 255.0; };
    return light::reflectance_from_srgb({part(1), part(3), part(5)});
}

}  // namespace scenes

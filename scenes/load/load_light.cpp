#include <algorithm>

#include "scenes/light/illuminants.h"
#include "scenes/light/materials.h"
#include "scenes/load/loading.h"

namespace scenes {
namespace {

using light::Spectrum;

std::string list_of(std::span<const std::string_view> names) {
    std::string list;
    for (const std::string_view name : names) list += (list.empty() ? "" : ", ") + std::string(name);
    return list;
}

Spectrum read_shape(const Node& node) {
    const std::string name = node.text_or("spectrum", "D65");
    if (name == "blackbody") return light::blackbody(node.number("temperature_k", {1000, 20'000, "K"}));
    if (name == "daylight") return light::cie_d(node.number("temperature_k", {4000, 25'000, "K"}));
    if (name == "led")
        return light::led(node.number("peak_nm", {380, 1000, "nm"}),
                          node.number_or("width_nm", {5, 200, "nm"}, 20));
    if (const auto shape = light::illuminant(name)) return *shape;
    node.unfit("spectrum", "One of blackbody, daylight, led, " + list_of(light::illuminant_names()));
}

light::Waveform read_waveform(const Node& node) {
    light::Waveform wave;
    if (node.has("flicker") && node.has("line"))
        node.wrong("line", "a lamp flickers or is switched by a line of the camera, not both.");
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

light::Lamp read_lamp(const Node& node, Spectrum& shape) {
    shape = read_shape(node);
    const light::Waveform wave = read_waveform(node);
    light::Lamp lamp{{}, wave};
    if (node.has("irradiance_w_m2")) {
        if (node.has("illuminance_lx"))
            node.wrong("irradiance_w_m2", "a lamp has either this or illuminance_lx, not both.");
        lamp.irradiance =
            light::normalised_to_w_m2(shape, node.number("irradiance_w_m2", {0, 10'000, "W/m2"}));
    } else {
        const double lux = node.number_or("illuminance_lx", {0, 200'000, "lx"}, 500);
        if (light::illuminance_lx(shape) <= 1e-3 * light::integral(shape))
            node.unfit("irradiance_w_m2",
                       "This light is infrared and has no lux, so a number from 0 to 10000 (W/m2)");
        lamp.irradiance = light::normalised_to_lux(shape, lux);
    }
    node.done();
    return lamp;
}

Spectrum read_reflectance(const Node& node, const std::string& key, double otherwise) {
    const nlohmann::json* there = node.value(key);
    if (there == nullptr) return light::constant(otherwise);
    if (there->is_number()) return light::constant(node.number(key, {0, 1}));
    const std::string expected =
        "A reflectance (a number from 0 to 1, \"#rrggbb\", a patch of the colour chart, or " +
        list_of(light::material_names()) + ")";
    if (!there->is_string()) node.unfit(key, expected);
    const std::string name = there->get<std::string>();
    if (const auto named = light::material(name)) return *named;
    const auto patches = light::colour_checker_names();
    if (const auto found = std::find(patches.begin(), patches.end(), name); found != patches.end())
        return light::colour_checker(static_cast<int>(found - patches.begin()));
    if (name.size() == 7 && name[0] == '#' &&
        name.find_first_not_of("0123456789abcdefABCDEF", 1) == std::string::npos) {
        const auto part = [&](std::size_t at) { return std::stoi(name.substr(at, 2), nullptr, 16) / 255.0; };
        return light::reflectance_from_srgb({part(1), part(3), part(5)});
    }
    node.unfit(key, expected);
}

}  // namespace scenes

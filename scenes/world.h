#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <limits>
#include <span>
#include <string>
#include <vector>

#include "scenes/camera_hints.h"
#include "scenes/item.h"
#include "scenes/json/config_error.h"
#include "scenes/light/lamp.h"
#include "scenes/light/radiance.h"
#include "scenes/light/response.h"
#include "scenes/light/view.h"
#include "scenes/motion/conveyor.h"

namespace scenes {

using Folders = std::span<const std::filesystem::path>;

/// Background behind all items: a plane without end across the z axis of the world. Infinitely far, it fills
/// the view of every camera.
struct Background {
    double distance_m = std::numeric_limits<double>::infinity();
    light::Spectrum reflectance{};
};

/// World: the whole scene as a value, and where its camera stands; everything in it that depends on time is a
/// pure function of time and the seed.
struct World {
    std::string name, title;
    std::uint64_t seed = 1;
    std::vector<light::Lamp> lamps;
    Background background;
    std::vector<Item> items;
    std::optional<Conveyor> conveyor;
    CameraHints camera;
    Motion camera_pose;  // of the front of the lens; z is the optical axis, x goes right and y down
};

/// The scenes that the program carries, and those of the folders, in order.
[[nodiscard]] std::vector<std::string> names(Folders = {});

/// Kinds of items, in a lasting order: of scene files, and parts.
[[nodiscard]] std::vector<std::string> kinds();

/// Reads a scene by its name (looked for in `folders`, then in the program) or by its file, after applying
/// overrides like "light.illuminance_lx=500" or "items.0.position_m=[0,0,2]"; an item may be addressed by its
/// name.
/// Throws ConfigError for everything that is wrong; nothing else in this module throws.
[[nodiscard]] World load(const std::string& name_or_file, std::span<const std::string> overrides,
                         Folders folders = {});

/// Version of the still part of the world: equal as long as it looks the same. While the camera moves each
/// exposure has one of its own.
[[nodiscard]] std::uint64_t still_version(const World&, Span);

/// What part of the sensor to render, and how finely. The margin around it is what blur may take from.
struct Raster {
    light::Rect pixels = light::kSensor;
    int margin_px = 0;
    int samples_per_pixel = 2;
    /// 2, 4 or 8: without lateral colour; `samples_per_pixel` is then 1.
    int pixels_per_sample = 1;
    /// All colours are drawn as green sees them, and samples with several edges roughly.
    bool draft = false;
};

/// Sampling of a layer at a distance, for a raster.
using SamplingOf = std::function<light::Sampling(double distance_m)>;

/// Radiance of what stands still before the camera, lit by one lamp at its full and steady level. The light
/// of several lamps adds up. `TextureCache` must be prepared for the same response. Without `SamplingOf` all
/// layers are drawn as the raster says.
class TextureCache;
struct SeenScene;
[[nodiscard]] light::Radiance render_still(const World&, const SeenScene&, const light::View&,
                                           const light::Response&, std::size_t lamp, const Raster&,
                                           const TextureCache&, const SamplingOf& = {});

}  // namespace scenes

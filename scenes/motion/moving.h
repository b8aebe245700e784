#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "scenes/light/lamp.h"
#include "scenes/world.h"

/// What moves is drawn once, blurred by the lens once, and then laid over the still picture of each frame
/// where it is during the exposure:
///
///     moving() -> render_sprite() -> (the lens) -> Sprite -> compose() -> patches of the mosaic
///                 once per `key`, lamp and lens              each frame
namespace scenes {

/// A thing that moves in the picture. Things with the same key look the same and share their sprites.
struct Moving {
    std::uint64_t key = 0;
    std::optional<std::int64_t> part;  // on the conveyor; else
    std::size_t item = 0;              // in the world's list
    /// Where its sprite is drawn, in the frame of the camera: on its way, close to the optical axis. Where
    /// that would not hold for other exposures, in the middle of this one.
    Pose reference;
    double distance_m = 0;
    Time seen{};           // a moving picture shows its frame of this time
    bool upright = false;  // it goes more up or down than sideways in the picture
    bool glides = false;   // straight on at its distance, without turning
    /// The pixels of its sprite that are drawn; nothing: all. Of what glides they are a tile; of anything
    /// else they are what this exposure may show.
    std::optional<light::Rect> shown{};

    [[nodiscard]] bool is_tile() const { return glides && shown; }
};

/// What glides and is larger is drawn in tiles, each when the frame shows it first.
inline constexpr int kWhole_px = 512;
/// The length of a tile, and half of its breadth: as parts of a still picture the lens blurs it without
/// waste. It is longer where the smear is, so that few tiles meet in a pixel, and larger where blur is wide.
inline constexpr int kTile_px = 208;

/// Blur radius of a thing at a distance, in pixels.
using BlurReach = std::function<double(double distance_m)>;
[[nodiscard]] inline double usual_reach(double) { return 200; }

/// All that moves and is in the frame at any moment of the span, or that blur brings in, from far to near.
[[nodiscard]] std::vector<Moving> moving_wholes(const World&, const light::View&, Time from, Time to,
                                                const BlurReach& = usual_reach);
/// The same as it is drawn: what glides in tiles, which follow one another.
[[nodiscard]] std::vector<Moving> moving(const World&, const light::View&, Time from, Time to,
                                         const BlurReach& = usual_reach);

/// A way in the frame of the camera: poses at equal times, close enough together that between two the thing
/// goes straight in the picture, and the share of the span that they take.
struct Way {
    std::vector<Pose> poses;
    double share = 1;
};

/// The way of a thing, of which the sprite has these pixels. A long way of what glides leaves out when the
/// frame shows nothing of them: without any poses that is always.
[[nodiscard]] Way seen_way(const World&, const light::View&, const Moving&, const light::Rect& sprite, Span);

/// Its own layer, at the reference pose, as finely as the raster says, whose margin is for blur and whose
/// pixels are ignored. `pixels` of the result holds the blur.
[[nodiscard]] light::Radiance render_sprite(const World&, const Moving&, const light::View&,
                                            const light::Response&, std::size_t lamp, const Raster&);

/// The pixels of `render_sprite`'s result, without drawing.
[[nodiscard]] light::Rect sprite_pixels(const World&, const Moving&, const light::View&, const Raster&);

/// A thing after the lens: electrons per second of a pixel of each colour at the lamp's full level, as on the
/// axis (no relative illumination), and the share of the background that it hides. With more than one sample
/// per pixel each still is the mean over a whole pixel about its place; that keeps edges sharper while the
/// sprite is moved.
struct Sprite {
    light::Rect where;             // in pixels of the sensor, and beyond it
    double samples_per_pixel = 1;  // 1/2, 1/4, … in a draft, or where blur is wide
    std::array<light::Image<float>, 3> light;
    light::Image<float> coverage;
};

/// The same, summed up along a motion: what `compose` works on. Make it once per sprite.
struct MotionSums {
    light::Rect where;
    double samples_per_pixel = 1;
    int width = 0, height = 0;               // of the sums, in samples, with a rim of nothing
    bool upright = false;                    // summed along columns instead of rows
    std::array<std::vector<float>, 3> sums;  // pairs of light and coverage
};

[[nodiscard]] MotionSums motion_sums_of(const Sprite&, const Moving&);
/// The memory of sums of that size.
[[nodiscard]] inline std::size_t motion_sums_bytes(int width, int height) {
    return 6 * sizeof(float) * static_cast<std::size_t>(width) * static_cast<std::size_t>(height);
}

/// A thing in a frame, and the pixels of its motion sums.
struct Placed {
    const Moving* thing = nullptr;
    light::Rect where;
    double samples_per_pixel = 1;
};
/// Returns the motion sums of a thing by a lamp, valid until the next call: all motion sums of a long
/// exposure may exceed the memory.
using MotionSumsSource = std::function<const MotionSums&(const Moving&, std::size_t lamp)>;

/// Lamp exposure: light of a lamp during one exposure or a part of it: the still picture at full level, when
/// it shone, and for how many seconds of full level (R, G, B). A lamp that flashes for a part of the exposure
/// freezes motion to that part; each further flash is an exposure of its own.
struct LampExposure {
    std::size_t lamp = 0;
    const light::Mosaic* still_e_s = nullptr;
    Time from{}, to{};
    std::array<double, 3> seconds{};
};

/// Relative illumination: light at a place in the field over light on the axis, in so many steps from 0 to
/// the half diagonal, and perhaps beyond; empty means 1.
inline constexpr int kFalloffSteps = 32;
using RelativeIllumination = std::vector<float>;

/// A rectangle of the frame that differs from the still picture: electrons of the whole exposure.
struct Patch {
    light::Rect where;
    light::Mosaic electrons;
};

/// Composites all things over a part of the picture, by one lamp, in electrons per second. Its outermost
/// `kPatchRim` pixels show the still picture alone; one of them may be cut off.
using Finish = std::function<Patch(std::size_t lamp, Patch)>;
inline constexpr int kPatchRim = 2;

/// Lays moving things over the still picture, smeared along the way they go during each lamp exposure (motion
/// blur). The patches do not overlap. `things` go from far to near; parts that lie side by side on a belt,
/// and tiles, do not hide one another. Where nothing shines there is no patch.
[[nodiscard]] std::vector<Patch> compose(const World&, const light::View&, std::span<const Placed> things,
                                         const MotionSumsSource&, std::span<const LampExposure> exposures,
                                         const RelativeIllumination& = {}, const Finish& = {});

}  // namespace scenes

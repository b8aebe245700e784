#pragma once

#include <array>
#include <functional>
#include <memory>

#include "lens_model/optics/constants.h"
#include "scenes/light/image.h"
#include "scenes/light/radiance.h"
#include "scenes/light/spectrum.h"
#include "scenes/light/view.h"

namespace lens_model {

inline constexpr double kPixelPitch_um = 3.45;

/// Lens state: positions of zoom, focus, iris and filter at a time; `optics/motor.h` has their motion.
struct State {
    double zoom_steps = 0;        // 0 wide .. 1000 tele
    double focus_counts = 10000;  // 0 near .. 10000 beyond infinity
    double iris_steps = 255;      // 0 closed .. 255 open
    double ir_cut_position = 1;   // 1 in the light, 0 out of it; between while it moves
    double temperature_c = 25;
    bool operator==(const State&) const = default;
};

/// Projection of directions onto the sensor: zoom, breathing, entrance pupil, boresight, distortion, lateral
/// colour.
[[nodiscard]] scenes::light::View view(const Constants&, const State&);

/// Spectral transmission T(λ) of lens and infrared cut filter. Multiply it into the response.
[[nodiscard]] scenes::light::Spectrum transmission(const Constants&, const State&);

/// Electrons per second of a place on the axis, per unit of signal: π/(4 F_w²), F_w as in iris.h.
[[nodiscard]] double exposure_factor(const Constants&, const State&);

/// Where images get the tables of their transfer functions from (lens_model/blur/transfer.h): those that
/// share them are made faster, and are the same.
struct TransferKey;
class TransferTables;
using TransferSource = std::function<std::shared_ptr<const TransferTables>(const TransferKey&)>;

/// Full: each part of the field with its own PSF, by Fourier transform. Coarse: Gaussians of the same MTF50,
/// for frames taken while a motor moves; layers are drawn as green sees them, with one sample per pixel or
/// fewer.
enum class Quality { full, coarse };

/// Radius of the point spread of an object at this distance, in pixels.
[[nodiscard]] int margin_px(const Constants&, const State&, double distance_m,
                            const scenes::light::Diffusion& = {});

/// How a layer at this distance must be drawn for a radiance that has no layers yet, so that `image` finds
/// all it needs: any part is equal to that of the whole sensor, to the bit.
[[nodiscard]] scenes::light::Sampling sampling(const scenes::light::Radiance& wanted, double distance_m,
                                               const Constants&, const State&, Quality = Quality::full);

/// Mean signal of each channel, layers composited; what `Radiance::frame_mean` wants.
[[nodiscard]] std::array<double, 3> frame_mean(const scenes::light::Radiance&);

/// Light on the sensor, in electrons per second of each pixel of the mosaic; `part` is in sensor pixels.
///
/// Blurs each layer by its distance and colour, composites from far to near, then applies aperture, relative
/// illumination and veiling glare. Lateral colour and distortion are in the view: the renderer has applied
/// them. Parts may be imaged one by one, in any order, from one `Radiance`: together they are the whole, to
/// the bit.
[[nodiscard]] scenes::light::Mosaic image(const scenes::light::Radiance&, scenes::light::Rect part,
                                          const Constants&, const State&, Quality = Quality::full,
                                          const TransferSource* = nullptr);
[[nodiscard]] scenes::light::Mosaic image(const scenes::light::Radiance&, const Constants&, const State&,
                                          Quality = Quality::full, const TransferSource* = nullptr);
/// The same, reusing the memory of an old image.
void image_into(scenes::light::Mosaic&, const scenes::light::Radiance&, scenes::light::Rect part,
                const Constants&, const State&, Quality = Quality::full, const TransferSource* = nullptr);
/// Parts of these sizes are imaged fastest, along each axis: so much of the blur of a layer is done at once,
/// in pixels.
[[nodiscard]] int tile_px(const scenes::light::Radiance& wanted, double distance_m, const Constants&,
                          const State&);

/// Layers after the lens, every colour at every sample: for a thing that will be laid over other images.
///
/// Electrons per second of a pixel centred there, as on the axis (no relative illumination), with the stray
/// light of `frame_mean` that falls where the layers cover; coverage is what green hides of what is behind.
struct PsfLayer {
    scenes::light::Rect where;     // in pixels
    double samples_per_pixel = 1;  // less in a draft
    std::array<scenes::light::Image<float>, 3> light;
    scenes::light::Image<float> coverage;
};
[[nodiscard]] PsfLayer spread(const scenes::light::Radiance&, const Constants&, const State&,
                              Quality = Quality::full, const TransferSource* = nullptr);

}  // namespace lens_model

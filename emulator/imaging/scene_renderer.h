#pragma once

#include "emulator/imaging/shared_transfers.h"
#include "emulator/profile.h"
#include "lens_model/lens.h"
#include "scenes/motion/moving.h"
#include "scenes/raster/texture_cache.h"
#include "scenes/seen.h"
#include "sensor_model/crosstalk.h"

namespace emulator {

using scenes::light::kSensor;

/// How finely a scene is drawn.
struct SamplingDensity {
    int samples_per_pixel = 1, pixels_per_sample = 1;
    bool draft = false;
};
/// Two samples along each axis of a pixel resolve what the lens resolves.
inline constexpr SamplingDensity kFull{.samples_per_pixel = 2};
/// While the lens moves every frame is drawn anew.
inline constexpr SamplingDensity kDraft{.draft = true};
/// Scene renderer: the scene through one lens state in a span of time. Immutable, so several threads may use
/// it. Refers to profile and world.
class SceneRenderer {
  public:
    SceneRenderer(const Profile&, const scenes::World&, const lens_model::State&, scenes::Span during = {});

    [[nodiscard]] const lens_model::State& lens() const { return lens_; }
    /// What only makes the next picture faster is given up.
    void spare_memory() const { transfers_->clear(); }
    /// Of the world.
    [[nodiscard]] bool camera_moves() const { return scenes::camera_moves(world_, during_); }
    [[nodiscard]] scenes::Pose camera() const { return scenes::camera_at(world_, during_.middle()); }
    [[nodiscard]] const scenes::light::View& view() const { return view_; }
    /// Of pixels without neighbours: crosstalk is added to the picture.
    [[nodiscard]] const scenes::light::Response& response() const { return response_; }
    [[nodiscard]] const scenes::RelativeIllumination& falloff() const { return falloff_; }

    /// How many times as much of this lamp's light reaches the stored charge as of light of 550 nm.
    [[nodiscard]] double pls(std::size_t lamp) const;
    /// How much of this lamp's light pixels give to their neighbours.
    [[nodiscard]] sensor_model::Crosstalk crosstalk(std::size_t lamp) const;

    /// Radiance of the still scene by one lamp at its full level, for the image of these pixels. `textures`
    /// are prepared for the response.
    [[nodiscard]] scenes::light::Radiance render(std::size_t lamp, scenes::light::Rect pixels,
                                                 SamplingDensity, const scenes::TextureCache& textures) const;
    /// The whole of it, coarsely, and of a scene that only the camera moves through.
    [[nodiscard]] scenes::light::Radiance overview(std::size_t lamp,
                                                   const scenes::TextureCache& textures) const;
    /// What the lens scatters of it.
    [[nodiscard]] std::array<double, 3> frame_mean(std::size_t lamp,
                                                   const scenes::TextureCache& textures) const;
    /// Stars and ghosts of lamps, over the whole sensor; empty if nothing is bright enough in a radiance that
    /// shows all of it.
    [[nodiscard]] scenes::light::Mosaic flare(std::size_t lamp, const scenes::light::Radiance& whole,
                                              const scenes::TextureCache& textures) const;
    /// Its image before crosstalk, out of nothing but the pixels' own surroundings: parts are the whole, to
    /// the bit.
    [[nodiscard]] scenes::light::Mosaic image(std::size_t lamp, scenes::light::Rect pixels, SamplingDensity,
                                              const scenes::TextureCache& textures,
                                              const std::array<double, 3>& frame_mean) const;
    /// In pixels along each axis: an image is made fastest in parts of so many, or of several times as many.
    [[nodiscard]] int tile_px(std::size_t lamp, double distance_m) const;
    /// Moving things that are visible in the time span.
    [[nodiscard]] std::vector<scenes::Moving> moving(scenes::Time from, scenes::Time to) const;
    /// The pixels of its motion sums, and the memory that these take.
    [[nodiscard]] scenes::Placed placed(const scenes::Moving&, SamplingDensity) const;
    [[nodiscard]] std::size_t motion_sums_bytes(const scenes::Moving&, SamplingDensity) const;
    /// One thing that moves, by one lamp; `frame_mean` is what the lens scatters of the still scene.
    [[nodiscard]] scenes::MotionSums motion_sums(const scenes::Moving&, std::size_t lamp, SamplingDensity,
                                                 const std::array<double, 3>& frame_mean) const;

  private:
    [[nodiscard]] scenes::Raster motion_sums_raster(const scenes::Moving&, SamplingDensity) const;
    [[nodiscard]] int margin_px(double distance_m) const;
    /// A radiance without layers yet.
    [[nodiscard]] scenes::light::Radiance wanted(std::size_t lamp, scenes::light::Rect pixels,
                                                 SamplingDensity) const;

    const Profile& profile_;
    const scenes::World& world_;
    lens_model::State lens_;
    scenes::Span during_;
    scenes::light::View view_;
    scenes::SeenScene still_, resting_;
    scenes::light::Response response_;
    scenes::light::Diffusion diffusion_;
    scenes::RelativeIllumination falloff_;
    std::shared_ptr<SharedTransfers> transfers_;
};

}  // namespace emulator

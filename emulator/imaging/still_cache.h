#pragma once

#include <map>
#include <memory>
#include <optional>

#include "emulator/imaging/background_renderer.h"
#include "emulator/imaging/lighting.h"

namespace emulator {

/// Cache of rendered light on the sensor: the still scene, rendered once per change of lens or world, and
/// motion sums, once per moving thing.
class StillCache {
  public:
    /// Number of threads: with two, announced pictures are rendered on the second one, and both render what
    /// is missing when it is needed. Frames are equal to the bit.
    enum class Threads { one, two };
    explicit StillCache(const Profile& profile, Threads threads = Threads::one)
        : profile_(profile), threads_(threads) {}

    /// Renders anew what has changed since the last call. While the lens moves every frame is new, so it is a
    /// draft then; but what stands still in `sharp`, a part of the sensor, is drawn pixel by pixel. Where all
    /// is far out of focus, a draft shows the same. While the camera moves every exposure is new. Throws
    /// `Cancelled`; the next call then begins anew.
    void look(const std::shared_ptr<const scenes::World>&, const lens_model::State&, bool lens_moves,
              scenes::Span exposure, scenes::light::Rect sharp = {}, const std::stop_token& = {});
    /// Announces a world, if there is one, and a lens state at rest, at a time. What is missing of it is
    /// rendered in the background; an earlier announcement is dropped. If its camera moves then there is
    /// nothing to render ahead.
    void expect(const std::shared_ptr<const scenes::World>&, const lens_model::State&, Time);

    /// The picture that was looked at last need not be rendered again, whatever is looked at meanwhile.
    void keep();

    /// The world that was looked at last; all below is about it.
    [[nodiscard]] const scenes::World& world() const { return *world_; }
    /// Electrons per second of the still scene by this lamp alone, at its full level.
    [[nodiscard]] const scenes::light::Mosaic& still(std::size_t lamp) const { return stills_[lamp]->mosaic; }
    /// Its mean over the frame, before the lens, for each colour.
    [[nodiscard]] const std::array<double, 3>& frame_mean(std::size_t lamp) const {
        return stills_[lamp]->frame_mean;
    }
    /// How much of it reaches the stored charge, over light of 550 nm.
    [[nodiscard]] double pls(std::size_t lamp) const { return stills_[lamp]->pls; }
    /// Electrons of what moves during an exposure, laid over the still scene. Throws `Cancelled`.
    [[nodiscard]] std::vector<scenes::Patch> moving(std::span<const LampLight> lamps, Time from, Time to,
                                                    const std::stop_token& = {});

  private:
    struct KeptSums {
        scenes::MotionSums motion_sums;
        std::uint64_t used_at = 0;  // the frame that it was used in last
        std::uint64_t turn = 0;     // which came later within it
    };
    /// A full picture.
    struct Picture {
        std::shared_ptr<const scenes::World> world;
        SceneRenderer renderer;
        std::uint64_t version = 0;
        std::vector<std::shared_ptr<Still>> stills;
    };
    void take_draft(const lens_model::State&, scenes::Span exposure, const std::stop_token&);
    void take(RenderJob&, SamplingDensity);
    void render_sharp(std::size_t lamp);
    void collect(std::size_t lamp);
    void add_flare(std::size_t lamp, const scenes::light::Rect& where, scenes::light::Mosaic& light) const;
    [[nodiscard]] scenes::Patch collected(std::size_t lamp, scenes::Patch alone) const;
    void take_full(const lens_model::State&, scenes::Span exposure, const std::stop_token&);
    void begin_ahead(const std::shared_ptr<const scenes::World>&, const lens_model::State&, scenes::Span,
                     bool with_stills);
    void take_motion_sums(const std::stop_token&);
    [[nodiscard]] std::size_t missing_motion_sums(std::span<const scenes::Moving>,
                                                  std::span<const LampLight>) const;
    void make_motion_sums(std::span<const scenes::Moving>, std::span<const LampLight>, Time time,
                          const std::stop_token&);
    const scenes::MotionSums& motion_sums(const scenes::Moving&, std::size_t lamp);
    void forget_unused();
    void make_room(std::size_t bytes);

    const Profile& profile_;
    std::shared_ptr<const scenes::World> world_;
    Threads threads_;
    scenes::TextureCache textures_;  // of drafts
    std::optional<SceneRenderer> renderer_;
    bool complete_ = false;  // all below shows the scene through `renderer_`
    SamplingDensity density_;
    scenes::light::Rect sharp_;
    std::uint64_t version_ = 0;
    std::vector<std::shared_ptr<Still>> stills_;  // one for each lamp; those of a kept picture do not change
    std::optional<Picture> kept_;
    std::map<MotionSumsKey, KeptSums> sums_;
    std::uint64_t frames_ = 0, turns_ = 0;
    std::shared_ptr<RenderJob> ahead_;  // expected, or being made
    BackgroundRenderer background_;
};

}  // namespace emulator

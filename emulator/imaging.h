#pragma once

#include <list>
#include <map>
#include <memory>
#include <optional>

#include "emulator/full_picture.h"

namespace emulator {

/// What the scene looks like on the sensor. What stands still is rendered once for each change of lens or
/// scene, and what moves once for each thing; both are kept.
class Imaging {
  public:
    /// How many threads it has: with two, a full picture is made beside the drafts of a move, ready when the
    /// lens comes to rest. Frames are the same to the bit.
    enum class Threads { one, two };
    Imaging(const Profile& profile, scenes::World world, Threads threads = Threads::one)
        : profile_(profile), world_(std::move(world)), threads_(threads) {}

    /// Renders anew what has changed since the last call. While the lens moves every frame is new, so it is a
    /// draft then; but what stands still in `sharp`, a part of the sensor, is drawn pixel by pixel. Where all
    /// is far out of focus, a draft shows the same.
    void look(const lens_model::State&, bool lens_moves, Time time, scenes::light::Rect sharp = {});
    /// Where the lens is going to be at rest, from a time on.
    void expect(const lens_model::State&, Time);

    [[nodiscard]] const scenes::World& world() const { return world_; }
    /// Electrons per second of the still scene by this lamp alone, at its full level.
    [[nodiscard]] const scenes::light::Mosaic& still(std::size_t lamp) const { return stills_[lamp].mosaic; }
    /// Its mean over the frame, before the lens, for each colour.
    [[nodiscard]] const std::array<double, 3>& frame_mean(std::size_t lamp) const {
        return stills_[lamp].frame_mean;
    }
    /// How much of it reaches the stored charge, over light of 550 nm.
    [[nodiscard]] double parasitic(std::size_t lamp) const { return stills_[lamp].parasitic; }
    /// Electrons of what moves during an exposure, laid over the still scene.
    [[nodiscard]] std::vector<scenes::Patch> moving(std::span<const scenes::Shine> shines, Time from,
                                                    Time to);

  private:
    struct KeptTrail {
        scenes::Trail trail;
        std::uint64_t used_at = 0;
    };
    void render_drafts(Time time);
    void render_sharp(std::size_t lamp);
    void take_full(const lens_model::State&, Time time);
    void abandon_ahead();
    const scenes::Trail& trail(const scenes::Moving&, std::size_t lamp);
    void forget_unused();

    const Profile& profile_;
    scenes::World world_;
    Threads threads_;
    scenes::Prints prints_;  // of drafts
    std::optional<Sight> sight_;
    Grain grain_;
    scenes::light::Rect sharp_;
    std::uint64_t version_ = 0;
    std::vector<Still> stills_;  // one for each lamp
    std::map<TrailKey, KeptTrail> trails_;
    std::uint64_t frames_ = 0;
    std::unique_ptr<FullPicture> ahead_;
    std::list<std::unique_ptr<FullPicture>> abandoned_;  // until their threads have noticed
};

}  // namespace emulator

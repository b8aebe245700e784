#pragma once

#include <map>
#include <optional>
#include <tuple>
#include <vector>

#include "emulator/outside.h"
#include "emulator/profile.h"
#include "lens_model/lens.h"
#include "scenes/moving.h"
#include "scenes/prints.h"

namespace emulator {

/// What the scene looks like on the sensor. What stands still is rendered once for each change of lens or
/// scene, and what moves once for each thing; both are kept.
class Imaging {
  public:
    Imaging(const Profile& profile, scenes::World world) : profile_(profile), world_(std::move(world)) {}

    /// Renders anew what has changed since the last call. While the lens moves every frame is new, so it is a
    /// draft then; but what stands still in `sharp`, a part of the sensor, is drawn at full quality.
    void look(const lens_model::State&, bool lens_moves, Time time, scenes::light::Rect sharp = {});

    [[nodiscard]] const scenes::World& world() const { return world_; }
    /// Electrons per second of the still scene by this lamp alone, at its full level.
    [[nodiscard]] const scenes::light::Mosaic& still(std::size_t lamp) const { return stills_[lamp].mosaic; }
    /// Electrons of what moves during an exposure, laid over the still scene.
    [[nodiscard]] std::vector<scenes::Patch> moving(std::span<const scenes::Shine> shines, Time from,
                                                    Time to);

  private:
    struct Still {
        scenes::light::Mosaic mosaic;
        std::array<double, 3> frame_mean{};  // what the lens scatters
    };
    using TrailKey = std::tuple<std::uint64_t, std::size_t, bool>;  // thing, lamp, upright
    struct KeptTrail {
        scenes::Trail trail;
        std::uint64_t used_at = 0;
    };
    [[nodiscard]] scenes::light::Radiance render(std::size_t lamp, Time time, scenes::light::Rect pixels,
                                                 int pixels_per_sample);
    void render_still(std::size_t lamp, Time time);
    const scenes::Trail& trail(const scenes::Moving&, std::size_t lamp);
    void forget_unused();

    const Profile& profile_;
    scenes::World world_;
    scenes::Prints prints_;
    std::optional<lens_model::State> lens_;
    bool draft_ = false;
    scenes::light::Rect sharp_;
    std::uint64_t version_ = 0;
    scenes::light::View view_;
    scenes::light::Response response_;
    scenes::RelativeIllumination falloff_;
    std::vector<Still> stills_;  // one for each lamp
    std::map<TrailKey, KeptTrail> trails_;
    std::uint64_t frames_ = 0;
};

}  // namespace emulator

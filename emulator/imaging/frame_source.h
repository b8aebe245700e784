#pragma once

#include "emulator/imaging/frame_request.h"
#include "emulator/imaging/still_cache.h"
#include "sensor_model/sensor.h"

namespace emulator {

/// Takes frames: the whole physics, in the order in which light meets it.
///
/// A frame is a function of the request and the profile alone.
class FrameSource {
  public:
    explicit FrameSource(const Profile& profile, StillCache::Threads threads = StillCache::Threads::one);

    /// Throws `Cancelled` once it is known that nobody wants the frame; that changes no other frame.
    [[nodiscard]] MadeFrame take(const FrameRequest&, const std::stop_token& = {});
    /// Frames to come will see this world through this lens, from a time on.
    void expect(const std::shared_ptr<const scenes::World>& world, const lens_model::State& lens,
                protocol::Timestamp stamp) {
        cache_.expect(world, lens, scene_time(stamp));
    }
    /// The still picture of the last frame need not be rendered again, whatever comes between.
    void keep_picture() { cache_.keep(); }

  private:
    struct Light;
    [[nodiscard]] Light look(const FrameRequest&, const std::stop_token&);
    [[nodiscard]] const sensor_model::FixedPattern& pattern(std::int64_t seed, int grown_hot_pixels);

    const Profile& profile_;
    StillCache cache_;
    sensor_model::FixedPattern pattern_;
    std::optional<std::int64_t> pattern_seed_;
    int grown_ = 0;  // hot pixels in it
    /// Of the frame at hand: one row, or all where sharpness is measured.
    scenes::light::Image<std::uint16_t> dn_;
};

}  // namespace emulator

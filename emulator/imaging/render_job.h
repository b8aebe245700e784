#pragma once

#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <tuple>

#include "emulator/imaging/cancellation.h"
#include "emulator/imaging/scene_renderer.h"
#include "protocol/time.h"

namespace emulator {

using protocol::Time;

/// The still scene by one lamp at its full level.
struct Still {
    scenes::light::Mosaic alone;         // electrons per second of pixels without neighbours
    scenes::light::Mosaic flare;         // stars and ghosts of lamps, over all that moves; empty without any
    scenes::light::Mosaic mosaic;        // electrons per second of both after crosstalk
    std::array<double, 3> frame_mean{};  // what the lens scatters
    double pls = 1;                      // how much of it reaches the stored charge, over light of 550 nm
};

/// Memory limit of all motion sums together; a single one may exceed it. Two of a large thing near the lens,
/// at full quality, fit in.
inline constexpr std::size_t kMotionSumsBytes = 1'500'000'000;

using MotionSumsKey = std::tuple<std::uint64_t, std::size_t, bool>;  // thing, lamp, upright

/// Results of earlier jobs that are reused.
struct Kept {
    std::vector<std::array<double, 3>> frame_means;  // of the stills of all lamps; empty: they are made, too
    std::set<MotionSumsKey> sums;
    scenes::TextureCache textures;
    std::vector<Still> memory;  // to be overwritten
};

/// Render job: the still scene and, at full quality, the motion sums of visible moving things, in independent
/// parts. Any thread may render any part with the same result.
class RenderJob {
  public:
    RenderJob(const Profile&, std::shared_ptr<const scenes::World>, const lens_model::State&,
              scenes::Span during, SamplingDensity, Kept kept);

    /// Makes the next part; false if none is left to begin. Several threads may call it.
    bool make_part();
    /// Makes what is left, and waits for what others have in hand. Throws `Cancelled` between two parts; the
    /// picture can be finished later.
    void finish(const std::stop_token&);

    [[nodiscard]] bool shows(const std::shared_ptr<const scenes::World>& world, const lens_model::State& lens,
                             std::uint64_t version) const {
        return this->world == world && renderer.lens() == lens && version_ == version;
    }
    [[nodiscard]] bool has_stills() const { return kept_.frame_means.empty(); }

    const std::shared_ptr<const scenes::World> world;  // `renderer` refers to it
    // Complete once it is finished.
    SceneRenderer renderer;
    std::vector<Still> stills;
    std::map<MotionSumsKey, scenes::MotionSums> sums;
    scenes::TextureCache textures;

  private:
    void prepare();
    void plan_stills();
    void plan_motion_sums();

    scenes::Span during_;
    SamplingDensity density_;
    Kept kept_;
    std::uint64_t version_;
    std::once_flag prepared_;
    std::vector<std::function<void()>> parts_;
    std::mutex mutex_;
    std::condition_variable made_one_;
    std::size_t begun_ = 0, made_ = 0;
};

}  // namespace emulator

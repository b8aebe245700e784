#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <mutex>
#include <thread>
#include <tuple>

#include "emulator/outside.h"
#include "emulator/sight.h"

namespace emulator {

/// The still scene by one lamp at its full level.
struct Still {
    scenes::light::Mosaic mosaic;        // electrons per second
    std::array<double, 3> frame_mean{};  // what the lens scatters
    double parasitic = 1;                // how much of it reaches the stored charge, over light of 550 nm
};

using TrailKey = std::tuple<std::uint64_t, std::size_t, bool>;  // thing, lamp, upright

/// A picture at full quality, made part by part by whoever has time. Who makes which part changes nothing in
/// it.
class FullPicture {
  public:
    /// `with_trails`: of the things that move and are seen at `time`, too.
    FullPicture(const Profile&, const scenes::World&, const lens_model::State&, Time time, bool with_trails);

    /// Begins on a thread of its own, which lets others go first.
    void begin_aside();
    /// Makes what is left to make, and waits for what the thread has in hand.
    void finish();
    /// Nobody wants the picture any more. It must not be destroyed before it is `idle`, or that would wait.
    void abandon() { thread_.request_stop(); }
    [[nodiscard]] bool idle() const { return idle_; }

    [[nodiscard]] bool shows(const lens_model::State& lens, std::uint64_t version) const {
        return sight.lens() == lens && version_ == version;
    }

    // Complete once it is finished.
    Sight sight;
    std::vector<Still> stills;
    std::map<TrailKey, scenes::Trail> trails;

  private:
    bool make_part();
    void prepare();
    void plan_trails();

    const scenes::World& world_;
    Time time_;
    bool with_trails_;
    std::uint64_t version_;
    scenes::Prints prints_;
    std::once_flag prepared_;
    std::vector<std::function<void()>> parts_;
    std::atomic<std::size_t> next_part_{0};
    std::atomic<bool> idle_{true};
    std::jthread thread_;
};

}  // namespace emulator

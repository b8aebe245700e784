#pragma once

#include <memory>
#include <optional>

#include "emulator/testbench/bench.h"
#include "emulator/testbench/to_json.h"

namespace emulator::testbench {

/// All that the truth of one moment depends on, as a value: another thread may work it out.
struct Moment {
    std::shared_ptr<const scenes::World> world;
    lens_model::Constants constants;
    lens_model::State lens;
    bool lens_moved = false;
    ImageFormat image;
    scenes::Time time{};
    std::optional<FrameRecord> frame;  // nothing: a time as such

    [[nodiscard]] scenes::light::View view() const { return lens_model::view(constants, lens); }
};

/// A frame, in the middle of its light.
[[nodiscard]] Moment moment_of(const Bench&, const FrameRecord&);
/// Another time, with the image format as it is now and the lens as it will be then if nobody moves it.
[[nodiscard]] Moment moment_at(const Bench&, protocol::Timestamp);

/// The last frames whose exposure has ended, at most so many, the oldest first.
[[nodiscard]] std::vector<Moment> last_frames(const Bench&, std::size_t count);

/// The ground truth, as docs/http.md describes it.
[[nodiscard]] Json to_json(const Moment&);

/// Truth of frames by their numbers, for who follows them.
struct TruthExcerpt {
    std::vector<Moment> moments;
    std::uint64_t next = 0;  // the number to read on with
    std::uint64_t lost = 0;  // frames wanted that are not kept any more
};
/// Of frames whose exposure has ended, so that all of their light is known, from this number on; at most so
/// many. A frame that was broken off has none.
[[nodiscard]] TruthExcerpt truth_since(const Bench&, std::uint64_t number, std::size_t limit);

}  // namespace emulator::testbench

#pragma once

#include <array>
#include <condition_variable>
#include <memory>
#include <mutex>

#include "emulator/imaging/frame_source.h"
#include "emulator/testbench/preview/sight.h"
#include "protocol/gvsp/block.h"

namespace emulator::testbench {

/// A picture for whoever looks on.
struct PreviewPicture {
    std::uint64_t number = 0;  // counts pictures that differ
    bool streamed = false;     // a block that a client was sent; else exposed for the preview alone
    bool draft = false;        // coarse: a better one follows at once
    bool moves = false;        // what is seen changes with time
    double black_dn = 0;       // black level of an own exposure, in 12-bit DN
    protocol::gvsp::Block block;
};

/// Preview: what the camera sees, for people. The last streamed block where blocks are streamed, else an
/// exposure of its own, which the camera knows nothing of. Nothing is done unless somebody asks.
///
/// One thread owns the camera and calls `ask`, `on_submitted` and `idle`; any thread may wait for pictures.
class Preview {
  public:
    using Picture = std::shared_ptr<const PreviewPicture>;

    explicit Preview(const Profile& profile) : profile_(profile), source_(profile_) {}

    /// The next block is wanted, and what the camera sees now.
    [[nodiscard]] Sight ask(const Bench&);
    /// A block is about to be sent: it is copied if somebody has asked since the last one.
    void on_submitted(const protocol::gvsp::Block&, Time host_now);
    /// Nobody has asked for a while.
    [[nodiscard]] bool idle(Time host_now) const;

    /// Waits for the next block while the stream runs, or makes a picture.
    [[nodiscard]] Picture take(const Sight&);
    /// One of the last pictures by its number; null if it is gone.
    [[nodiscard]] Picture kept(std::uint64_t number) const;

  private:
    [[nodiscard]] Picture streamed();
    [[nodiscard]] Picture exposed(const Sight&);
    [[nodiscard]] Picture keep(PreviewPicture);

    const Profile profile_;
    mutable std::mutex mutex_;  // of all down to `exposing_`
    std::condition_variable came_;
    bool wanted_ = false, free_running_ = false, streams_ = false;
    Time asked_{}, submitted_{};
    std::uint64_t pictures_ = 0;
    std::array<Picture, 3> last_{};  // the newest first
    Picture block_;                  // the newest that was streamed

    std::mutex exposing_;  // of all below
    FrameSource source_;
    std::optional<Sight> sight_;
    Picture own_;
};

}  // namespace emulator::testbench

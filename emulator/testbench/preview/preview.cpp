#include "emulator/testbench/preview/preview.h"

#include <algorithm>

namespace emulator::testbench {
namespace {

using namespace std::chrono_literals;

/// For so long after the last block pictures are those of the stream.
constexpr Time kStreamed = 2s;
constexpr auto kNextBlock = 300ms;
constexpr Time kIdle = 20s;

}  // namespace

Sight Preview::ask(const Bench& bench) {
    const std::lock_guard lock(mutex_);
    asked_ = bench.host_now();
    wanted_ = true;
    free_running_ = bench.sending();
    streams_ = bench.camera().streaming() && bench.camera().stream_reaches_client() &&
               (free_running_ || asked_ - submitted_ < kStreamed);
    return sight_of(bench);
}

bool Preview::idle(Time host_now) const {
    const std::lock_guard lock(mutex_);
    return host_now - asked_ > kIdle;
}

void Preview::on_submitted(const protocol::gvsp::Block& block, Time host_now) {
    {
        const std::lock_guard lock(mutex_);
        submitted_ = host_now;
        if (!wanted_) return;
        wanted_ = false;
    }
    const auto picture = keep({.streamed = true, .moves = true, .block = block});
    const std::lock_guard lock(mutex_);
    block_ = picture;
    came_.notify_all();
}

Preview::Picture Preview::keep(PreviewPicture picture) {
    const std::lock_guard lock(mutex_);
    picture.number = ++pictures_;
    std::shift_right(last_.begin(), last_.end(), 1);
    return last_[0] = std::make_shared<const PreviewPicture>(std::move(picture));
}

Preview::Picture Preview::kept(std::uint64_t number) const {
    const std::lock_guard lock(mutex_);
    const auto found = std::ranges::find_if(
        last_, [&](const Picture& one) { return one != nullptr && one->number == number; });
    return found == last_.end() ? nullptr : *found;
}

Preview::Picture Preview::streamed() {
    std::unique_lock lock(mutex_);
    if (!streams_) return nullptr;
    if (free_running_) came_.wait_for(lock, kNextBlock, [this] { return !wanted_; });
    return block_;
}

Preview::Picture Preview::take(const Sight& sight) {
    if (auto picture = streamed()) return picture;
    return exposed(sight);
}

Preview::Picture Preview::exposed(const Sight& sight) {
    const std::lock_guard lock(exposing_);
    const bool same_view = sight_ && sight.has_view_of(*sight_);
    if (own_ && sight_ && sight == *sight_ && !own_->draft) return own_;
    auto request = sight.request;
    // What is new is shown coarsely first, as while the lens moves.
    const bool draft = !same_view && !request.lens.moving(request.middle());
    request.questions.focus_runs = draft;
    auto payload = source_.take(request).payload;
    sight_ = sight;
    own_ = keep({.draft = draft,
                 .moves = sight.moves,
                 .black_dn = request.settings.exposure.black_level_dn,
                 .block = block_of(request, std::move(payload))});
    return own_;
}

}  // namespace emulator::testbench

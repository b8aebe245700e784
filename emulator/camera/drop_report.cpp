#include "emulator/camera/drop_report.h"

#include <algorithm>

namespace emulator {

using acquisition::DropCause;

std::optional<protocol::Time> DropReport::add(DropCause cause, protocol::Time now) {
    if (cause != DropCause::rendering_late && cause != DropCause::sending_late) return std::nullopt;
    const bool planned = not_rendered_ + not_sent_ > 0;
    ++(cause == DropCause::rendering_late ? not_rendered_ : not_sent_);
    if (planned) return std::nullopt;
    due_ = due_ ? std::max(now, *due_ + kPause) : now;
    return due_;
}

std::string DropReport::sentence() {
    auto text = "this host is too slow: frames were lost, " + std::to_string(not_rendered_) +
                " because their images came late, " + std::to_string(not_sent_) +
                " because packets left late";
    not_rendered_ = not_sent_ = 0;
    return text;
}

}  // namespace emulator

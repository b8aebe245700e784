#include "emulator/camera/drop_report.h"

#include "protocol/time.h"

namespace emulator {

using acquisition::DropCause;

std::optional<std::string> DropReport::add(DropCause cause, protocol::Time now) {
    if (cause != DropCause::rendering_late && cause != DropCause::sending_late) return std::nullopt;
    ++(cause == DropCause::rendering_late ? not_rendered_ : not_sent_);
    if (said_ && now < *said_ + kPause) return std::nullopt;
    said_ = now;
    const auto sentence = "this host is too slow: frames were lost, " + std::to_string(not_rendered_) +
                          " because their images came late, " + std::to_string(not_sent_) +
                          " because packets left late";
    not_rendered_ = not_sent_ = 0;
    return sentence;
}

}  // namespace emulator

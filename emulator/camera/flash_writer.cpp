#include "emulator/camera/flash_writer.h"

namespace emulator {

using protocol::Status;

// All changes of one command are saved together; changes outside of commands, now.
Status FlashWriter::change(const Flash& values) {
    if (writing_) return Status::busy;
    if (!before_) {
        before_ = this->values();
        host_.after(Time::zero(), [this] {
            if (unsaved()) save();
        });
    }
    device_ = values.device;
    user_sets_ = values.user_sets;
    return Status::success;
}

Status FlashWriter::change_if_different(const Flash& values) {
    return values == this->values() && !writing_ ? Status::success : change(values);
}

void FlashWriter::save() {
    writing_ = true;
    transport_.store(values(), [this](bool kept) { written(kept); });
}

void FlashWriter::written(bool kept) {
    if (!kept) {
        device_ = before_->device;
        user_sets_ = before_->user_sets;
    }
    before_.reset();
    writing_ = false;
    on_written_(kept);
}

}  // namespace emulator

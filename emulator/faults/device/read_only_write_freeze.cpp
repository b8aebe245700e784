#include "emulator/faults/reply_fault.h"
#include "emulator/faults/table.h"

namespace emulator::faults {
namespace {

class ReadOnlyWriteFreeze final : public Fault {
    bool on_command(const protocol::gvcp::Command& command, protocol::Endpoint) override {
        if (writes(command, "TriggerOverlap")) {
            frozen_ = true;
            count_hit();
        }
        return !frozen_;
    }
    void on_packet(const SentPacket&, PacketFate& fate) override { fate.lost |= frozen_; }
    void end(Camera&) override { frozen_ = false; }

    std::atomic<bool> frozen_ = false;
};

}  // namespace

const Kind& read_only_write_freeze() {
    static const Kind kind{
        .name = "read_only_write_freeze",
        .subject = Subject::device,
        .summary =
            "a write of the read-only TriggerOverlap freezes the camera until its supply is off, "
            "as users of the family report",
        .client =
            "Looks at the access mode in the description file before it writes; loses the camera "
            "and says so.",
        .make = [](const scenes::Node&) -> FaultPtr { return std::make_shared<ReadOnlyWriteFreeze>(); }};
    return kind;
}

}  // namespace emulator::faults

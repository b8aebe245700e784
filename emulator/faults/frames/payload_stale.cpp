#include "emulator/faults/packet_fault.h"
#include "emulator/faults/table.h"

namespace emulator::faults {
namespace {

class PayloadStale final : public BlockFault {
  public:
    using BlockFault::BlockFault;

  private:
    // A block that is taken does not become the one before.
    void on_block(protocol::gvsp::Block& block) override {
        if (takes(block) && hit(block)) return count_hit();
        before_ = block.payload;
    }
    bool hit(protocol::gvsp::Block& block) override {
        if (before_.size() != block.payload.size()) return false;
        block.payload = before_;
        return true;
    }

    protocol::Bytes before_;
};

}  // namespace

const Kind& payload_stale() {
    static const Kind kind{
        .name = "payload_stale",
        .subject = Subject::frames,
        .summary = "a frame carries the pixels of the one before, with its own leader",
        .client =
            "Cannot see it by the protocol; a test of a client that compares images with the "
            "truth can.",
        .make = [](const scenes::Node& node) -> FaultPtr { return std::make_shared<PayloadStale>(node); }};
    return kind;
}

}  // namespace emulator::faults

#include "emulator/faults/packet_fault.h"
#include "emulator/faults/table.h"

namespace emulator::faults {
namespace {

class FrameTruncated final : public BlockFault {
  public:
    explicit FrameTruncated(const scenes::Node& node)
        : BlockFault(node), part_(node.number_or("part", {0, 1}, 0.5)) {}

  private:
    bool hit(protocol::gvsp::Block& block) override {
        const auto lines = static_cast<std::uint32_t>(part_ * block.size_y);
        if (block.size_y == 0 || lines == block.size_y) return false;
        block.payload.resize(block.payload.size() * lines / block.size_y);
        block.lines_sent = lines;
        return true;
    }

    double part_;
};

}  // namespace

const Kind& frame_truncated() {
    static const Kind kind{
        .name = "frame_truncated",
        .subject = Subject::frames,
        .summary =
            "a block ends early: its last lines are not sent, and the trailer counts those that "
            "are",
        .client =
            "Compares the size of the trailer with that of the leader, and delivers the image as "
            "incomplete.",
        .keys = "`part` (0 to 1, default 0.5): of the lines that are sent",
        .make = [](const scenes::Node& node) -> FaultPtr { return std::make_shared<FrameTruncated>(node); }};
    return kind;
}

}  // namespace emulator::faults

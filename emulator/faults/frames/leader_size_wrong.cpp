#include "emulator/faults/packet_fault.h"
#include "emulator/faults/table.h"

namespace emulator::faults {
namespace {

class LeaderSizeWrong final : public BlockFault {
  public:
    explicit LeaderSizeWrong(const scenes::Node& node)
        : BlockFault(node), width_(size(node, "width")), height_(size(node, "height")) {
        if (!node.is_recording() && !width_ && !height_)
            node.wrong("", "width, height or both were expected");
    }

  private:
    bool hit(protocol::gvsp::Block& block) override {
        block.lines_sent = block.lines_sent.value_or(block.size_y);
        block.size_x = width_.value_or(block.size_x);
        block.size_y = height_.value_or(block.size_y);
        return true;
    }

    static std::optional<std::uint32_t> size(const scenes::Node& node, const char* key) {
        if (!node.has(key)) return std::nullopt;
        return static_cast<std::uint32_t>(node.number(key, {0, 4294967295.0, "px"}));
    }

    std::optional<std::uint32_t> width_, height_;
};

}  // namespace

const Kind& leader_size_wrong() {
    static const Kind kind{
        .name = "leader_size_wrong",
        .subject = Subject::frames,
        .summary = "the size in the leader is not that of the image that follows",
        .client =
            "Never writes beyond its buffer; a block with more or fewer bytes than its leader "
            "says is an error.",
        .keys = "`width`, `height` (0 to 4294967295): as the leader says; at least one of them",
        .make = [](const scenes::Node& node) -> FaultPtr { return std::make_shared<LeaderSizeWrong>(node); }};
    return kind;
}

}  // namespace emulator::faults

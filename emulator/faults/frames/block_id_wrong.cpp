#include "emulator/faults/packet_fault.h"
#include "emulator/faults/table.h"

namespace emulator::faults {
namespace {

class BlockIdWrong final : public BlockFault {
  public:
    explicit BlockIdWrong(const scenes::Node& node)
        : BlockFault(node), offset_(node.whole_or("offset", {-1000, 1000}, 7)) {
        if (offset_ == 0) node.wrong("offset", "0 changes nothing");
    }

  private:
    bool hit(protocol::gvsp::Block& block) override {
        const auto id = static_cast<std::int64_t>(block.id) + offset_;
        if (id < 1) return false;
        block.id = static_cast<std::uint64_t>(id);
        return true;
    }

    int offset_;
};

}  // namespace

const Kind& block_id_wrong() {
    static const Kind kind{
        .name = "block_id_wrong",
        .subject = Subject::frames,
        .summary = "the block id of a frame is another one",
        .client =
            "Sees a gap, or an id that it has had; counts lost blocks by the ids, and does not "
            "mix two blocks of one id.",
        .keys = "`offset` (-1000 to 1000, default 7), not 0",
        .make = [](const scenes::Node& node) -> FaultPtr { return std::make_shared<BlockIdWrong>(node); }};
    return kind;
}

}  // namespace emulator::faults

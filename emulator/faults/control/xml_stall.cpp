#include "emulator/faults/fault.h"
#include "emulator/faults/table.h"
#include "emulator/features/description_file.h"

namespace emulator::faults {
namespace {

class XmlStall final : public Fault {
  public:
    explicit XmlStall(const scenes::Node& node)
        : after_bytes_(static_cast<std::uint32_t>(node.whole_or("after_bytes", {0, 1e6}, 4096))) {}

  private:
    bool on_command(const protocol::gvcp::Command& command, protocol::Endpoint) override {
        if (!command.is(protocol::gvcp::Code::read_memory) || command.payload.size() < 8) return true;
        const auto address = protocol::load<std::uint32_t>(command.payload);
        const auto bytes = protocol::load<std::uint32_t>(command.payload.subspan(4)) & 0xFFFF;
        if (address < features::kDescriptionFileAddress ||
            address + bytes - features::kDescriptionFileAddress <= after_bytes_)
            return true;
        count_hit();
        return false;
    }

    std::uint32_t after_bytes_;
};

}  // namespace

const Kind& xml_stall() {
    static const Kind kind{
        .name = "xml_stall",
        .subject = Subject::control,
        .summary =
            "the description file stops in the middle: its reads beyond some bytes are not "
            "answered",
        .client =
            "Gives up with a timeout, or takes the file from its cache; it does not parse half a "
            "file.",
        .keys = "`after_bytes` (0 to 1 000 000, default 4096) of the file",
        .make = [](const scenes::Node& node) -> FaultPtr { return std::make_shared<XmlStall>(node); }};
    return kind;
}

}  // namespace emulator::faults

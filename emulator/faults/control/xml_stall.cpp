#include "emulator/faults/fault.h"
#include "emulator/faults/table.h"
#include "emulator/features/description_file.h"
#include "protocol/gvcp/register_access.h"

namespace emulator::faults {
namespace {

class XmlStall final : public Fault {
  public:
    explicit XmlStall(const scenes::Node& node)
        : after_bytes_(static_cast<std::uint32_t>(node.whole_or("after_bytes", {0, 1e6}, 4096))) {}

  private:
    bool on_command(const protocol::gvcp::Command& command, protocol::Endpoint) override {
        if (protocol::gvcp::is_write(command)) return true;
        const auto end = std::uint64_t{features::kDescriptionFileAddress} + after_bytes_;
        for (const auto& access : protocol::gvcp::accesses_of(command, {})) {
            if (access.address < features::kDescriptionFileAddress ||
                access.address >= features::kDescriptionFileEnd || access.address + access.size_bytes <= end)
                continue;
            count_hit();
            return false;
        }
        return true;
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

#include "emulator/faults/table.h"

namespace emulator::faults {
namespace {

class DeviceInfoUnreadable final : public Fault {
    bool on_command(const protocol::gvcp::Command& command, protocol::Endpoint) override {
        if (!command.is(protocol::gvcp::Code::read_memory) || command.payload.size() < 4) return true;
        const auto address = protocol::load<std::uint32_t>(command.payload);
        if (address < 0x0048 || address >= 0x00E8) return true;
        count_hit();
        return false;
    }
};

}  // namespace

const Kind& device_info_unreadable() {
    static const Kind kind{
        .name = "device_info_unreadable",
        .subject = Subject::device,
        .summary =
            "discovery is answered, and reads of the texts of the bootstrap registers (0x0048 to "
            "0x00E7) are not, as users of the family report with two cameras",
        .client = "Goes on with the other cameras, and asks this one again later.",
        .make = [](const scenes::Node&) -> FaultPtr { return std::make_shared<DeviceInfoUnreadable>(); }};
    return kind;
}

}  // namespace emulator::faults

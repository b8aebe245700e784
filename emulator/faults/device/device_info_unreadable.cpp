#include "emulator/faults/table.h"
#include "protocol/gvcp/register_access.h"

namespace emulator::faults {
namespace {

/// From the manufacturer's name to the serial number.
constexpr std::uint32_t kTexts = 0x0048, kTextsEnd = 0x00E8;

class DeviceInfoUnreadable final : public Fault {
    bool on_command(const protocol::gvcp::Command& command, protocol::Endpoint) override {
        if (!command.is(protocol::gvcp::Code::read_memory)) return true;
        const auto accesses = protocol::gvcp::accesses_of(command, {});
        if (accesses.empty() || accesses.front().address < kTexts || accesses.front().address >= kTextsEnd)
            return true;
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

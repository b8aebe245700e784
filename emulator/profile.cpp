#include "emulator/profile.h"

#include <cstdlib>

namespace emulator {

protocol::Identity identity(const Profile& profile) {
    constexpr std::uint64_t kVendorPrefix = 0x0007'48;
    const auto number = std::strtoull(profile.serial.c_str(), nullptr, 10) & 0xFF'FFFF;
    return {.vendor = "The Imaging Source Europe GmbH",
            .model = "DFK 39GX265-Z20",
            .version = profile.firmware,
            .manufacturer_info = "@Type=3@Model=DFK 39GX265-Z20@",
            .serial = profile.serial,
            .mac = kVendorPrefix << 24 | number};
}

}  // namespace emulator

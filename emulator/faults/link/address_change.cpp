#include "emulator/camera/camera.h"
#include "emulator/faults/table.h"
#include "emulator/net/interface.h"

namespace emulator::faults {
namespace {

std::optional<std::uint32_t> dotted(const scenes::Node& node, const char* key) {
    const auto text = node.text_or(key, "", "^([0-9]{1,3}(\\.[0-9]{1,3}){3}|)$", "an IPv4 address");
    if (text.empty()) return std::nullopt;
    const auto ip = net::parse_dotted(text);
    if (!ip) node.unfit(key, "an IPv4 address");
    return ip;
}

class AddressChange final : public Fault {
  public:
    explicit AddressChange(const scenes::Node& node)
        : address_(dotted(node, "address")), mask_(dotted(node, "mask")) {
        if (!address_ && !node.is_recording()) node.wrong("address", "an IPv4 address was expected");
    }

  private:
    void begin(Camera& camera) override {
        auto ip = camera.device.ip;
        ip.ip = *address_;
        ip.mask = mask_.value_or(ip.mask);
        if (protocol::usable(ip, camera.device.ip.ip) && protocol::ok(camera.apply_ip(ip))) count_hit();
    }
    void end(Camera& camera) override { camera.restart_ip_configuration(); }

    std::optional<std::uint32_t> address_, mask_;
};

}  // namespace

const Kind& address_change() {
    static const Kind kind{
        .name = "address_change",
        .subject = Subject::link,
        .summary =
            "the camera is at another address, as after a new lease of DHCP; afterwards it goes "
            "back to its own",
        .client =
            "Loses the camera within its timeouts, and finds it by discovery, by its MAC address "
            "or serial number.",
        .keys = "`address` (required), `mask` (default that of now)",
        .make = [](const scenes::Node& node) -> FaultPtr { return std::make_shared<AddressChange>(node); }};
    return kind;
}

}  // namespace emulator::faults

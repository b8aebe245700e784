#include "tests/support/random_client.h"

#include "emulator/features/encoding.h"
#include "emulator/features/limits.h"
#include "emulator/features/table.h"

namespace support {

namespace genicam = protocol::genicam;
namespace features = emulator::features;

RandomClient::RandomClient(VirtualCamera& camera, std::uint64_t seed)
    : camera_(camera), client_(camera), dice_(seed) {
    client_.keeps_payload = false;
    for (const auto& category : features::table()) {
        for (const auto& feature : category.features) {
            if (feature.info.address >= 0x100) addresses_.push_back(feature.info.address);
        }
    }
    for (std::uint32_t address = 0x0900; address <= 0x0970; address += 4) addresses_.push_back(address);
    // The registers of the channels several times, so that it finds to a stream among so many features.
    for (int weight = 0; weight < 3; ++weight) {
        for (const std::uint32_t address : {0x0000, 0x0014, 0x00E8, 0x0200, 0x064C, 0x0A00, 0x0B00, 0x0B10,
                                            0x0B14, 0x0B18, 0x0D00, 0x0D04, 0x0D08, 0x0D18, 0x0D24}) {
            addresses_.push_back(address);
        }
    }
}

std::uint32_t RandomClient::address() {
    if (dice_.one_in(20)) return static_cast<std::uint32_t>(dice_.next());
    auto one = addresses_[dice_.below(addresses_.size())];
    if (dice_.one_in(20)) one += static_cast<std::uint32_t>(dice_.below(9)) - 4;
    if (dice_.one_in(20)) one += static_cast<std::uint32_t>(1 + dice_.below(5)) << 28;
    return one;
}

std::uint32_t RandomClient::value(std::uint32_t address) {
    if (address == 0x0D00 && !dice_.one_in(4)) return client_.stream_end().port;
    if ((address == 0x0D18 || address == 0x0B10) && !dice_.one_in(4)) return client_.stream_end().ip;
    if (address == 0x0A00 && !dice_.one_in(8)) return 2;
    switch (dice_.below(6)) {
        case 0:
            return static_cast<std::uint32_t>(dice_.next());
        case 1:
            return static_cast<std::uint32_t>(dice_.below(4));
        case 2:
            return static_cast<std::uint32_t>(dice_.below(4096)) & ~3U;
        case 3:
            return 1U << dice_.below(32);
        case 4:
            return 0U - static_cast<std::uint32_t>(dice_.below(3));
        default:
            return client_.read(address).value_or(0);  // What is there already.
    }
}

Bytes RandomClient::noise(std::size_t most) {
    Bytes bytes(dice_.below(most + 1));
    for (auto& byte : bytes) byte = static_cast<std::uint8_t>(dice_.next());
    return bytes;
}

void RandomClient::act() {
    const auto at = address();
    switch (dice_.below(12)) {
        case 0:
            client_.take_control();
            break;
        case 1:
            (void)client_.read(at);
            break;
        case 2:
            (void)client_.read_memory(at, static_cast<std::uint32_t>(dice_.below(600)));
            break;
        case 3:
            client_.write_memory(at, noise(64));
            break;
        case 4:
            client_.raw(noise(600));
            break;
        case 5:
            client_.command(static_cast<std::uint16_t>(2 * dice_.below(130)), noise(64),
                            static_cast<std::uint8_t>(dice_.next()));
            break;
        case 6:
            client_.ask_resend(dice_.below(20), static_cast<std::uint32_t>(dice_.below(50)),
                               static_cast<std::uint32_t>(dice_.next()), dice_.one_in(2));
            break;
        case 7:
            client_.start();
            break;
        case 8:
            camera_.camera.gvcp().handle_message(noise(40), {client_.control_end().ip, 52000});
            break;
        case 9:
            (void)client_.repeat();
            break;
        default:
            client_.write(at, value(at));
            break;
    }
    client_.blocks.clear();
    client_.refusals.clear();
    client_.acks.clear();
    client_.test_packets.clear();
    client_.event_datagrams.clear();
    client_.events.clear();
    camera_.requests.clear();
    camera_.run_for(Time(dice_.below(dice_.one_in(50) ? 2'000'000'000 : 3'000'000)));
}

std::string wrong_with(const emulator::Camera& camera) {
    for (const auto& category : features::table()) {
        for (const auto& feature : category.features) {
            const auto& type = feature.info.type;
            if (!feature.value.get || feature.info.access == genicam::Access::wo) continue;
            const auto value = feature.value.get(camera);
            const auto name = std::string(feature.info.name);
            if (const auto* choice = std::get_if<genicam::Choice>(&type)) {
                const auto number = std::get<std::int64_t>(value);
                if (std::ranges::none_of(choice->entries,
                                         [&](const auto& entry) { return entry.value == number; })) {
                    return name + " is none of its entries";
                }
            }
            if (!std::holds_alternative<genicam::Integer>(type) &&
                !std::holds_alternative<genicam::Real>(type))
                continue;
            const auto bytes = features::encode(type, value);
            const auto again = features::decode(type, bytes);
            const auto steps = [&](const features::Value& v) {
                const auto* real = std::get_if<genicam::Real>(&type);
                return real ? std::llround(genicam::steps_of_value(*real, std::get<double>(v)))
                            : std::get<std::int64_t>(v);
            };
            if (steps(again) != steps(value)) return name + " does not fit its register";
            if (feature.info.access == genicam::Access::ro) continue;
            const auto [min, max] = features::register_range(feature, camera);
            if (steps(value) < min || steps(value) > max) return name + " is out of its range";
        }
    }
    const auto& image = camera.settings.image;
    if (image.offset_x + image.width > features::width_max(image))
        return "the image leaves the sensor to the right";
    if (image.offset_y + image.height > features::height_max(image))
        return "the image leaves the sensor below";
    const auto& stream = camera.device.stream;
    const bool size_fits = stream.packet_size_bytes >= 576 && stream.packet_size_bytes <= 16364 &&
                           stream.packet_size_bytes % 4 == 0;
    if (!size_fits) return "the packet size is impossible";
    return "";
}

}  // namespace support

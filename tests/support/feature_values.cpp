#include "tests/support/feature_values.h"

#include <doctest/doctest.h>

#include "emulator/features/register_map.h"

namespace support {
namespace {

constexpr std::uint32_t kMost = 512;

std::uint32_t mask_of(protocol::genicam::Bits bits) {
    const int count = bits.high - bits.low + 1;
    return count == 32 ? ~0U : (1U << count) - 1;
}

}  // namespace

Bytes read_long(FakeClient& client, std::uint32_t address, std::uint32_t size) {
    Bytes bytes;
    for (std::uint32_t at = 0; at < size; at += kMost) {
        const auto ack = client.read_memory(address + at, std::min(kMost, size - at));
        REQUIRE(ack);
        REQUIRE(ack->status == 0);
        bytes.insert(bytes.end(), ack->payload.begin() + 4, ack->payload.end());
    }
    return bytes;
}

std::uint16_t write_long(FakeClient& client, std::uint32_t address, ByteView bytes) {
    std::uint16_t status = 0;
    for (std::size_t at = 0; at < bytes.size() && status == 0; at += kMost) {
        status = client.write_memory(address + static_cast<std::uint32_t>(at),
                                     bytes.subspan(at, std::min<std::size_t>(bytes.size() - at, kMost)));
    }
    return status;
}

std::uint32_t bits_of(std::uint32_t word, protocol::genicam::Bits bits) {
    return word >> bits.low & mask_of(bits);
}

std::uint16_t put_bits(FakeClient& client, const protocol::genicam::FeatureInfo& info, std::uint32_t units) {
    const auto mask = mask_of(info.bits) << info.bits.low;
    if (mask == ~0U) return client.write(info.address, units);
    return client.write(info.address,
                        (client.must_read(info.address) & ~mask) | (units << info.bits.low & mask));
}

std::vector<std::int64_t> units_to_try(const emulator::features::Feature& feature,
                                       const emulator::Camera& camera) {
    namespace genicam = protocol::genicam;
    const auto& type = feature.info.type;
    if (std::holds_alternative<genicam::Flag>(type)) return {0, 1, 0};
    if (const auto* command = std::get_if<genicam::Command>(&type)) return {command->value};
    std::vector<std::int64_t> units;
    if (const auto* choice = std::get_if<genicam::Choice>(&type)) {
        for (const auto& entry : choice->entries) units.push_back(entry.value);
        return units;
    }
    const auto* integer = std::get_if<genicam::Integer>(&type);
    if (!integer && !std::holds_alternative<genicam::Real>(type)) return {};
    const auto [min, max] = emulator::features::register_range(feature, camera);
    const auto step = integer ? integer->inc : 1;
    return {min, min + (max - min) / 2 / step * step, max};
}

}  // namespace support

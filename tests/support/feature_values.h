#pragma once

#include "emulator/features/feature.h"
#include "tests/support/fake_client.h"

namespace support {

/// Reads all bytes of a register, however long.
[[nodiscard]] Bytes read_long(FakeClient& client, std::uint32_t address, std::uint32_t size);
std::uint16_t write_long(FakeClient& client, std::uint32_t address, ByteView bytes);

/// What stands in a feature's bits of a word of 32 bits, and a write of these bits alone.
[[nodiscard]] std::uint32_t bits_of(std::uint32_t word, protocol::genicam::Bits bits);
std::uint16_t put_bits(FakeClient& client, const protocol::genicam::FeatureInfo& info, std::uint32_t units);

/// Register contents to try: both ends of a feature's present range, and a place between; every entry of a
/// choice; none where it is no number.
[[nodiscard]] std::vector<std::int64_t> units_to_try(const emulator::features::Feature& feature,
                                                     const emulator::Camera& camera);

}  // namespace support

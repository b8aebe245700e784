#include "emulator/acquisition/chunks.h"

#include <cmath>

#include "protocol/gvsp/chunks.h"

namespace emulator {
namespace {

constexpr std::size_t kTagBytes = 8, kValueBytes = 4;

/// A value as its feature's register has it: counted in steps.
protocol::Bytes steps(double value, double steps_per_unit) {
    return protocol::Writer().u32(static_cast<std::uint32_t>(std::lround(value * steps_per_unit))).take();
}

}  // namespace

std::size_t chunk_bytes(const Chunks& chunks) {
    if (!chunks.active) return 0;
    const auto values =
        std::size_t{chunks.enabled[Chunks::exposure_time]} + std::size_t{chunks.enabled[Chunks::gain]};
    return kTagBytes + values * (kValueBytes + kTagBytes);
}

std::uint32_t chunk_layout_id(const Chunks& chunks) {
    return 1 + (chunks.enabled[Chunks::exposure_time] ? 1 : 0) + (chunks.enabled[Chunks::gain] ? 2 : 0);
}

void append_chunks(protocol::Bytes& payload, const Chunks& chunks, const Exposure& exposure) {
    namespace gvsp = protocol::gvsp;
    gvsp::append_chunk_tag(payload, kImageChunk, payload.size());
    if (chunks.enabled[Chunks::exposure_time])
        gvsp::append_chunk(payload, kExposureTimeChunk, steps(exposure.time_us, 1));
    if (chunks.enabled[Chunks::gain]) gvsp::append_chunk(payload, kGainChunk, steps(exposure.gain_db, 10));
}

}  // namespace emulator

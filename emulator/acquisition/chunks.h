#pragma once

#include "emulator/settings.h"
#include "protocol/bytes.h"

namespace emulator {

/// Chunk data. Ids: the image's is the camera family's, the others are assumed.
enum ChunkId : std::uint32_t {
    kImageChunk = 0x1337'0001,
    kExposureTimeChunk = 0x1337'0003,
    kGainChunk = 0x1337'0004
};

/// Bytes that chunk mode adds to an image.
[[nodiscard]] std::size_t chunk_bytes(const Chunks&);
/// Layout id: changes whenever the set or the offsets of chunks change.
[[nodiscard]] std::uint32_t chunk_layout_id(const Chunks&);
/// Turns an image into a payload of chunks: the image, then the settings it was exposed with.
void append_chunks(protocol::Bytes& payload, const Chunks&, const Exposure&);

}  // namespace emulator

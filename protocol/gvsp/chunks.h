#pragma once

#include "protocol/bytes.h"

namespace protocol::gvsp {

/// Appends the tag that makes the last `data_bytes` of a payload a chunk: its id and its length.
/// A payload with chunks is read from its end, tag by tag, and must be covered completely.
inline void append_chunk_tag(Bytes& payload, std::uint32_t id, std::size_t data_bytes) {
    const auto tag = Writer().u32(id).u32(static_cast<std::uint32_t>(data_bytes)).take();
    payload.insert(payload.end(), tag.begin(), tag.end());
}

inline void append_chunk(Bytes& payload, std::uint32_t id, ByteView data) {
    payload.insert(payload.end(), data.begin(), data.end());
    append_chunk_tag(payload, id, data.size());
}

}  // namespace protocol::gvsp

#pragma once

#include "emulator/camera/camera.h"
#include "emulator/acquisition/chunks.h"
#include "emulator/features/feature.h"

// clang-format off
namespace emulator::features {

inline constexpr Entry kChunkNames[] = {
    {"Image", Chunks::image}, {"ExposureTime", Chunks::exposure_time}, {"Gain", Chunks::gain}};

inline bool chunk_is_always_on(const Camera& c) { return c.settings.chunks.selected == Chunks::image; }

inline constexpr Accessor kChunkEnable{
    .get = [](const Camera& c) -> Value { return std::int64_t{c.settings.chunks.enabled[c.settings.chunks.selected]}; },
    .set = [](Camera& c, const Value& value) {
        c.settings.chunks.enabled[c.settings.chunks.selected] = std::get<std::int64_t>(value) != 0;
        return Outcome{};
    },
};

/// Chunk data of an image (SFNC ChunkDataControl, manual 5.18). Rows of a chunk are read from the image's
/// block, not from the camera.
inline constexpr Feature kChunkDataControl[] = {
    {.info = {.name = "ChunkModeActive", .display = "Chunk Mode Active", .address = 0x001A'0000, .type = Flag{},
              .visibility = Visibility::expert,
              .tip = "Sends chunks along with the image, which changes the format of blocks.", .frozen_while_streaming = true},
     .value = field<&Camera::settings, &Settings::chunks, &Chunks::active>},
    {.info = {.name = "ChunkSelector", .display = "Chunk Selector", .address = 0x001A'0004, .type = Choice{kChunkNames},
              .visibility = Visibility::expert, .tip = "Selects the chunk of ChunkEnable."},
     .value = field<&Camera::settings, &Settings::chunks, &Chunks::selected>},
    {.info = {.name = "ChunkEnable", .display = "Chunk Enable", .address = 0x001A'0008, .type = Flag{},
              .visibility = Visibility::expert, .selector = "ChunkSelector",
              .tip = "Whether the selected chunk is sent; the image always is.",
              .frozen_while_streaming = true},
     // Aravis switches all chunks off before it switches some on, and takes a refusal for a failure.
     .value = kChunkEnable, .locked = chunk_is_always_on, .tolerant = true},
    {.info = {.name = "ChunkImageLength", .address = 0x001A'000C, .type = Integer{0, 0x7FFF'FFFF, 1, "B"}, .access = Access::ro,
              .visibility = Visibility::invisible, .tip = "Bytes of the chunk that holds the image.", .custom = true},
     .value = computed<[](const Camera& c) { return acquisition::image_bytes(c.settings.image); }>},
    {.info = {.name = "ChunkImage", .display = "Chunk Image", .address = 0, .type = Raw{.size_from = "ChunkImageLength"},
              .access = Access::ro, .visibility = Visibility::guru,
              .tip = "The image itself.", .message = {.chunk_id = kImageChunk}}},
    {.info = {.name = "ChunkExposureTime", .display = "Chunk Exposure Time", .address = 0, .type = Real{20, 30e6, 1, "us"},
              .access = Access::ro, .visibility = Visibility::expert,
              .tip = "Exposure time of this image.", .message = {.chunk_id = kExposureTimeChunk, .bytes = 4}}},
    {.info = {.name = "ChunkGain", .display = "Chunk Gain", .address = 0, .type = Real{0, 48, 0.1, "dB"},
              .access = Access::ro, .visibility = Visibility::expert,
              .tip = "Gain of this image.", .message = {.chunk_id = kGainChunk, .bytes = 4}}},
};

}  // namespace emulator::features

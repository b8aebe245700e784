#pragma once

#include "emulator/camera/camera.h"
#include "emulator/features/feature.h"

// clang-format off
namespace emulator::features {

/// The whole table as its register holds it: each of 257 entries in a word of 32 bits.
inline constexpr Accessor kWholeLut{
    .get = [](const Camera& c) -> Value {
        protocol::Writer writer;
        for (const auto entry : c.settings.isp.lut) writer.u32(entry);
        return writer.take();
    },
    .set = [](Camera& c, const Value& value) {
        protocol::Reader reader(std::get<Bytes>(value));
        isp::Lut lut;
        for (auto& entry : lut) {
            const auto word = reader.u32();
            if (word > 0xFFFF) return Outcome{Status::invalid_parameter};
            entry = static_cast<std::uint16_t>(word);
        }
        c.settings.isp.lut = lut;
        return Outcome{};
    },
};

inline constexpr Accessor kLutValue{
    .get = [](const Camera& c) -> Value {
        return std::int64_t{c.settings.isp.lut[static_cast<std::size_t>(c.settings.selectors.lut_index)]};
    },
    .set = [](Camera& c, const Value& value) {
        c.settings.isp.lut[static_cast<std::size_t>(c.settings.selectors.lut_index)] =
            static_cast<std::uint16_t>(std::get<std::int64_t>(value));
        return Outcome{};
    },
};

inline constexpr Entry kLuts[] = {{"Luminance", 0}};

/// The lookup table (manual 5.10.2).
inline constexpr Feature kLutControl[] = {
    {.info = {.name = "LUTEnable", .display = "LUT Enable", .address = 0x0018'0000, .type = Flag{},
              .visibility = Visibility::expert, .tip = "Applies the lookup table, which switches gamma off."},
     .value = field<&Camera::settings, &Settings::isp, &isp::Settings::lut_enabled>},
    {.info = {.name = "LUTIndex", .display = "LUT Index", .address = 0x0018'0004, .type = Integer{0, 256, 1, "", Look::pure_number},
              .visibility = Visibility::guru, .tip = "Selects the entry of LUTValue."},
     .value = field<&Camera::settings, &Settings::selectors, &Selectors::lut_index>},
    {.info = {.name = "LUTValue", .display = "LUT Value", .address = 0x0018'0008, .type = Integer{0, 65535, 1, "", Look::pure_number},
              .visibility = Visibility::guru, .selector = "LUTIndex", .tip = "Value of the entry, of 16 bits."},
     .value = kLutValue, .streamable = false},
    {.info = {.name = "LUTSelector", .address = 0x0018'000C, .type = Choice{kLuts}, .visibility = Visibility::expert,
              .tip = "Selects the lookup table; there is one."},
     .value = field<&Camera::settings, &Settings::selectors, &Selectors::lut>, .streamable = false},
    {.info = {.name = "LUTValueAll", .display = "LUT Value All", .address = 0x0018'0400, .type = Raw{1028},
              .visibility = Visibility::guru, .tip = "All 257 entries, each in a word of 32 bits."},
     .value = kWholeLut, .in_user_sets = false, .streamable = true},
};

inline constexpr Entry kMatrixPlaces[] = {{"Gain00", 0}, {"Gain01", 1}, {"Gain02", 2}, {"Gain10", 3}, {"Gain11", 4},
                                          {"Gain12", 5}, {"Gain20", 6}, {"Gain21", 7}, {"Gain22", 8}};

inline constexpr Accessor kMatrixValue{
    .get = [](const Camera& c) -> Value {
        return c.settings.isp.matrix_16[static_cast<std::size_t>(c.settings.selectors.colour_matrix)] / 16.0;
    },
    .set = [](Camera& c, const Value& value) {
        c.settings.isp.matrix_16[static_cast<std::size_t>(c.settings.selectors.colour_matrix)] =
            static_cast<std::int8_t>(std::lround(std::get<double>(value) * 16));
        return Outcome{};
    },
};

inline constexpr Entry kColourTransformations[] = {{"RGBtoRGB", 0}};

/// The colour correction matrix of colour formats (manual 5.11.3).
inline constexpr Feature kColorTransformationControl[] = {
    {.info = {.name = "ColorTransformationEnable", .display = "Enable Color Correction Matrix", .address = 0x0019'0000,
              .type = Flag{}, .tip = "Applies the colour correction matrix."},
     .value = field<&Camera::settings, &Settings::isp, &isp::Settings::matrix_enabled>},
    {.info = {.name = "ColorTransformationValueSelector", .address = 0x0019'0004, .type = Choice{kMatrixPlaces},
              .tip = "Selects the coefficient: row of the output colour, column of the input colour."},
     .value = field<&Camera::settings, &Settings::selectors, &Selectors::colour_matrix>},
    {.info = {.name = "ColorTransformationValue", .address = 0x0019'0008, .type = Real{-3.9375, 3.9375, 1.0 / 16},
              .selector = "ColorTransformationValueSelector", .tip = "Coefficient at the selected place."},
     .value = kMatrixValue},
    {.info = {.name = "ColorTransformationSelector", .address = 0x0019'000C, .type = Choice{kColourTransformations},
              .tip = "Selects the matrix; there is one."},
     .value = field<&Camera::settings, &Settings::selectors, &Selectors::colour_transformation>, .streamable = false},
};

}  // namespace emulator::features

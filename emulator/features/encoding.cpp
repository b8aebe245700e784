#include "emulator/features/encoding.h"

#include <cmath>

namespace emulator::features {
namespace {

bool is_signed(const Type& type) {
    if (const auto* integer = std::get_if<Integer>(&type)) return integer->min < 0;
    if (const auto* real = std::get_if<Real>(&type)) return real->min < 0;
    return false;
}

std::int64_t units_of(const Type& type, const Value& value) {
    if (const auto* real = std::get_if<Real>(&type))
        return std::llround(steps_of_value(*real, std::get<double>(value)));
    return std::get<std::int64_t>(value);
}

}  // namespace

Bytes encode_number(const Type& type, std::int64_t units) {
    protocol::Writer writer;
    if (register_bytes(type) == 8) return writer.u64(static_cast<std::uint64_t>(units)).take();
    return writer.u32(static_cast<std::uint32_t>(units)).take();
}

Bytes encode(const Type& type, const Value& value) {
    if (const auto* text = std::get_if<Text>(&type)) {
        return protocol::Writer().text(std::get<std::string>(value), text->size_bytes).take();
    }
    if (std::holds_alternative<Raw>(type)) return std::get<Bytes>(value);
    return encode_number(type, units_of(type, value));
}

Value decode(const Type& type, protocol::ByteView bytes) {
    if (std::holds_alternative<Text>(type)) return protocol::text_of(bytes);
    if (std::holds_alternative<Raw>(type)) return Bytes(bytes.begin(), bytes.end());
    std::int64_t units = 0;
    if (bytes.size() == 8) {
        units = static_cast<std::int64_t>(protocol::load<std::uint64_t>(bytes));
    } else {
        const auto word = protocol::load<std::uint32_t>(bytes);
        units = is_signed(type) ? static_cast<std::int32_t>(word) : static_cast<std::int64_t>(word);
    }
    if (const auto* real = std::get_if<Real>(&type)) return value_of_steps(*real, units);
    return units;
}

}  // namespace emulator::features

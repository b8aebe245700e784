#include "emulator/isp/pack.h"

#include <cassert>

#include "emulator/isp/pipeline.h"

namespace emulator::isp {

void pack(const std::uint16_t* dn, std::size_t count, PixelFormat format, std::uint8_t* out,
          const Stages& stages) {
    assert(protocol::gvsp::is_raw(format) && count % 2 == 0);
    const auto length = static_cast<long>(count);
    switch (format) {
        case PixelFormat::BayerRG8:
            return stages.pack_8(dn, length, out);
        case PixelFormat::BayerRG16:
            return stages.pack_16(dn, length, out);
        case PixelFormat::BayerRG12p:
            return stages.pack_12p(dn, length, out);
        case PixelFormat::BayerRG12Packed:
            return stages.pack_12_packed(dn, length, out);
        default:
            return;
    }
}

protocol::Bytes pack(const scenes::light::Image<std::uint16_t>& dn, PixelFormat format) {
    protocol::Bytes out(protocol::gvsp::image_bytes(format, static_cast<std::uint32_t>(dn.width),
                                                    static_cast<std::uint32_t>(dn.height)));
    pack(dn.samples.data(), dn.samples.size(), format, out.data(), stages(scenes::light::best_isa()));
    return out;
}

}  // namespace emulator::isp

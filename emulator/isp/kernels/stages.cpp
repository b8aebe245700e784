#include "emulator/isp/kernels/stages.h"

#include "emulator/isp/kernels/loops.h"

namespace emulator::isp::GIGEMU_ISA {
namespace {

constexpr Stages kStages{balance, demosaic, transform, luma,           tone,      weave,     balance_codes,
                         pack_8,  pack_16,  pack_12p,  pack_12_packed, write_bgr, write_422, write_411};

}  // namespace

const Stages& stages() { return kStages; }

}  // namespace emulator::isp::GIGEMU_ISA

#pragma once

namespace scenes::light {

/// For which instruction set the pixel kernels were compiled. All of them give the same image, bit for bit.
enum class Isa { baseline, v3, v4 };  // SSE2; AVX2; AVX-512

/// Whether this machine can run such a kernel.
[[nodiscard]] bool supported(Isa);

/// The widest one that this machine can run.
[[nodiscard]] Isa best_isa();

/// The one of three that is meant for an instruction set.
template <class Kernel>
[[nodiscard]] constexpr const Kernel& chosen(Isa isa, const Kernel& baseline, const Kernel& v3,
                                             const Kernel& v4) {
    return isa == Isa::v4 ? v4 : isa == Isa::v3 ? v3 : baseline;
}

}  // namespace scenes::light

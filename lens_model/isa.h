#pragma once

namespace lens_model {

/// For which instruction set the kernels were compiled. All of them give the same image, bit for bit.
enum class Isa { baseline, v3, v4 };  // SSE2; AVX2; AVX-512

/// Whether this machine can run such a kernel.
[[nodiscard]] bool supported(Isa);

/// The widest one that this machine can run.
[[nodiscard]] Isa best_isa();

}  // namespace lens_model

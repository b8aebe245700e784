#pragma once

/// Kernels: loops that are compiled once for each instruction set, and chosen when the program starts. This
/// header includes no library code, because they include it.
namespace scenes::light {

/// For which instruction set the kernels were compiled. All of them give the same image, bit for bit.
enum class Isa { baseline, v3, v4 };  // SSE2; AVX2; AVX-512
inline constexpr Isa kIsas[] = {Isa::baseline, Isa::v3, Isa::v4};

/// Whether this machine can run such a kernel. Others than x86 have the baseline alone.
[[nodiscard]] bool supported(Isa);

/// The widest one that this machine can run.
[[nodiscard]] Isa best_isa();

/// The one of three that is meant for an instruction set.
template <class Kernel>
[[nodiscard]] constexpr Kernel& chosen(Isa isa, Kernel& baseline, Kernel& v3, Kernel& v4) {
    return isa == Isa::v4 ? v4 : isa == Isa::v3 ? v3 : baseline;
}

}  // namespace scenes::light

/// Declares kernels, each instruction set's in the namespace of its name. Their source defines them in
/// namespace GIGEMU_ISA: the build compiles it once for each.
#define GIGEMU_FOR_EACH_ISA(...) \
    namespace baseline {         \
    __VA_ARGS__                  \
    }                            \
    namespace v3 {               \
    __VA_ARGS__                  \
    }                            \
    namespace v4 {               \
    __VA_ARGS__                  \
    }

/// The kernel of this name for an instruction set.
#define GIGEMU_KERNEL(isa, name) ::scenes::light::chosen(isa, baseline::name, v3::name, v4::name)

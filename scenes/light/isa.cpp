#include "scenes/light/isa.h"

namespace scenes::light {

#if defined(__x86_64__)
bool supported(Isa isa) {
    __builtin_cpu_init();
    const bool v3 =
        __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi2") && __builtin_cpu_supports("fma");
    const bool v4 = v3 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
                    __builtin_cpu_supports("avx512cd") && __builtin_cpu_supports("avx512dq") &&
                    __builtin_cpu_supports("avx512vl");
    return isa == Isa::baseline || (isa == Isa::v3 && v3) || (isa == Isa::v4 && v4);
}
#else
bool supported(Isa isa) { return isa == Isa::baseline; }
#endif

Isa best_isa() {
    if (supported(Isa::v4)) return Isa::v4;
    return supported(Isa::v3) ? Isa::v3 : Isa::baseline;
}

}  // namespace scenes::light

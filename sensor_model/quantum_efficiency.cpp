#include "sensor_model/quantum_efficiency.h"

#include <algorithm>
#include <cassert>

#include "sensor_model/data/quantum_efficiency.h"

namespace sensor_model {

double quantum_efficiency(int colour, double wavelength_nm) {
    constexpr double kStep_nm = 5;
    assert(colour >= 0 && colour < 3);
    if (!(wavelength_nm >= kWavelength_nm_min && wavelength_nm <= kWavelength_nm_max)) return 0;
    const double place = (wavelength_nm - kWavelength_nm_min) / kStep_nm;
    const int last = static_cast<int>((kWavelength_nm_max - kWavelength_nm_min) / kStep_nm);
    const int below = std::min(static_cast<int>(place), last - 1);
    const double* table = data::kQuantumEfficiency[colour];
    return table[below] + (table[below + 1] - table[below]) * (place - below);
}

}  // namespace sensor_model

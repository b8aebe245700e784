#include "emulator/isp/colour_matrix.h"

namespace emulator::isp {

Matrix colour_matrix(const Coefficients& coefficients_16) {
    Matrix matrix;
    for (std::size_t i = 0; i < coefficients_16.size(); ++i)
        matrix.factor[i] = coefficients_16[i] * (kMatrixUnit / 16);
    return matrix;
}

}  // namespace emulator::isp

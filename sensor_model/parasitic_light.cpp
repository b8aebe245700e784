#include "sensor_model/parasitic_light.h"

#include <cmath>

namespace sensor_model {

double relative_pls(const Chip& chip, double wavelength_nm) {
    return std::pow(chip.parasitic_infrared, (wavelength_nm - 550) / (850 - 550));
}

}  // namespace sensor_model

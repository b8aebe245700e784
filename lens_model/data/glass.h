#pragma once

#include "scenes/light/spectrum.h"

namespace lens_model::data {

// Transmission of the lens without its filter. Assumed: some fifteen elements with coatings for visible
// light.
inline constexpr scenes::light::Knot kGlass[] = {
    {380, 0.45}, {400, 0.60}, {420, 0.74}, {450, 0.83}, {500, 0.87},  {550, 0.88}, {600, 0.88},
    {650, 0.87}, {700, 0.86}, {800, 0.80}, {900, 0.73}, {1000, 0.65}, {1100, 0.58}};

}  // namespace lens_model::data

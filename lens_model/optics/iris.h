#pragma once

#include "lens_model/lens.h"
#include "lens_model/optics/constants.h"

namespace lens_model {

/// F-number of the open iris: 1.5 wide to 3.4 tele.
[[nodiscard]] double open_f_number(const Constants&, double zoom_steps);

/// F-number as the iris stands, at most `f_number_max`; also where the iris is closed, for what leaks
/// through.
[[nodiscard]] double f_number(const Constants&, const State&);

[[nodiscard]] bool iris_is_closed(const Constants&, const State&);

/// Working F-number on the image side: F (1 + m/m_p), larger than F for near objects.
[[nodiscard]] double working_f_number(const Constants&, const State&);

}  // namespace lens_model

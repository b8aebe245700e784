#pragma once

#include <vector>

#include "tests/support/measure_bench.h"

/// The slanted edge of ISO 12233, on the pixels of one colour of a raw frame.
namespace measure {

class SlantedEdge {
  public:
    /// Finds the one edge in a picture, which is closer to upright than to level, and gathers the pixels of a
    /// colour (0 R, 1 G, 2 B) up to `half_width_px` on both sides by their distance from it. Give it enough
    /// room for the blur.
    SlantedEdge(const Picture&, double half_width_px, int channel = 1);

    /// Contrast at a spatial frequency in cycles per pixel, across the edge; corrected for the meter's own
    /// bins. The sign is negative where the contrast is reversed, as beyond the first zero of a defocused
    /// lens.
    [[nodiscard]] double contrast(double cycles_per_px) const;
    /// The frequency at which contrast first falls to this value.
    [[nodiscard]] double frequency_of(double contrast) const;
    /// Diameter of an even disc that has its first zero where this contrast has it.
    [[nodiscard]] double disc_px() const;

    [[nodiscard]] double angle_deg() const;
    [[nodiscard]] double x_at(double sensor_y_px) const { return x0_ + slope_ * sensor_y_px; }

  private:
    void find(const Picture&, double half_width_px);
    void gather(const Picture&, double half_width_px);

    int channel_;
    double x0_ = 0, slope_ = 0;
    std::vector<double> line_;  // the line spread, in bins of a quarter of a pixel
    double centre_bin_ = 0;
};

}  // namespace measure

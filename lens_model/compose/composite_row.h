#pragma once

#include <array>
#include <vector>

#include "lens_model/compose/layer_sampler.h"

namespace lens_model {

/// A row of a picture before the lens: all layers, from far to near, one over the other.
class CompositeRow {
  public:
    /// Of a row of so many samples, every `step`th is looked at.
    CompositeRow(const scenes::light::Radiance&, int width, int step);
    void look(int x, int y);

    std::array<std::vector<float>, 3> light;
    std::vector<float> distance_m;  // of the last layer that hides at least half of what is behind it

  private:
    const scenes::light::Radiance& radiance_;
    int width_;
    std::size_t step_;
    std::vector<float> hidden_, signal_;
};

}  // namespace lens_model

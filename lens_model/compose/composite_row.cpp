#include "lens_model/compose/composite_row.h"

#include "lens_model/compose/layer_composite.h"

namespace lens_model {

CompositeRow::CompositeRow(const scenes::light::Radiance& radiance, int width, int step)
    : radiance_(radiance), width_(width), step_(static_cast<std::size_t>(step)) {
    const auto count = static_cast<std::size_t>(width);
    hidden_.resize(count), signal_.resize(count);
}

void CompositeRow::look(int x, int y) {
    const RasterSamples row{x, y, width_, 1};
    const auto count = static_cast<std::size_t>(width_);
    for (auto& of_colour : light) of_colour.assign(count, 0);
    distance_m.assign(count, 0);
    for (const auto& layer : radiance_.layers) {
        const LayerSampler source = source_of(radiance_, layer);
        if (!source.meets(in_samples(source, row))) continue;
        gather_row(source, 3, row, hidden_.data());
        for (std::size_t i = 0; i < count; i += step_)
            if (hidden_[i] >= 0.5F) distance_m[i] = static_cast<float>(layer.distance_m);
        for (std::size_t c = 0; c < 3; ++c) {
            gather_row(source, static_cast<int>(c), row, signal_.data());
            float* const below = light[c].data();
            for (std::size_t i = 0; i < count; i += step_) below[i] = over(below[i], signal_[i], hidden_[i]);
        }
    }
}

}  // namespace lens_model

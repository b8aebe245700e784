#pragma once

#include <map>
#include <utility>

#include "scenes/item.h"

namespace scenes {

/// Pictures made ready to be drawn: kept as long as the light on them and the frame they show stay the same.
/// Keep one beside a world that does not move in memory. Without it each render makes them anew.
class Prints {
  public:
    using Weights = std::array<std::array<double, 3>, 3>;  // `signal_from_rgb`

    const targets::Pyramid& of(const Item& item, const targets::Picture::Frame& frame, std::size_t lamp,
                               const Weights& weights) {
        auto& kept = kept_[{&item, lamp}];
        if (kept.frame != &frame || kept.weights != weights)
            kept = {&frame, weights, targets::pyramid_of(frame, weights)};
        return kept.pyramid;
    }

  private:
    struct Kept {
        const targets::Picture::Frame* frame = nullptr;
        Weights weights{};
        targets::Pyramid pyramid;
    };
    std::map<std::pair<const Item*, std::size_t>, Kept> kept_;
};

}  // namespace scenes

#pragma once

#include <map>
#include <utility>

#include "scenes/world.h"

namespace scenes {

/// The still pictures of a world, made ready to be drawn. Keep one beside a world that does not move in
/// memory.
class TextureCache {
  public:
    /// What the pictures show at a time, in the light of every lamp. What is still as it was is not made
    /// again.
    void prepare(const World&, const light::Response&, Time);
    [[nodiscard]] const targets::Pyramid& of(const Item& item, std::size_t lamp) const {
        return kept_.at({&item, lamp}).pyramid;
    }
    /// Adds one picture.
    void prepare(const Item&, std::size_t lamp_index, const light::Lamp&, const light::Response&, Time);

  private:
    using Weights = std::array<std::array<double, 3>, 3>;  // signal from linear RGB
    struct Kept {
        const targets::Picture::Frame* frame = nullptr;
        Weights weights{};
        targets::Pyramid pyramid;
    };
    std::map<std::pair<const Item*, std::size_t>, Kept> kept_;
};

}  // namespace scenes

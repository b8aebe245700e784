#pragma once

#include <map>
#include <utility>

#include "scenes/world.h"

namespace scenes {

/// Texture cache: mipmaps of the pictures of a world. The world must not move in memory while one refers to
/// it.
class TextureCache {
  public:
    /// Updates the textures to a time, in the light of every lamp. Unchanged ones are kept.
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

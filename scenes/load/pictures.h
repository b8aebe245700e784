#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "scenes/targets/picture.h"

namespace scenes {

/// The pictures that a scene may name: those that came with it, and files. A file is decoded once, as long as
/// a world that shows it exists.
struct Pictures {
    std::filesystem::path folder{};  // of the scene's file; empty: there is none
    bool elsewhere = true;           // files outside the folder count as well
    bool built_in = false;           // the scene is built in, and so are its pictures
    std::map<std::string, targets::Picture::Frames> uploaded{};
    std::map<std::string, std::weak_ptr<const std::vector<targets::Picture::Frame>>> decoded{};

    /// The frames under a name, and what is wrong with them in one sentence if there are none.
    struct Found {
        targets::Picture::Frames frames;
        std::string sentence;
    };
    [[nodiscard]] Found find(const std::string& name);
};

/// Pixels of a PNG or JPEG picture by its header, before anything is decoded; 0 if it is none of them.
[[nodiscard]] std::size_t picture_pixels(std::string_view bytes);

/// A picture of the bytes of a PNG or JPEG file; nothing if it is none of them, or larger than
/// `kPicturePixelsMax`.
[[nodiscard]] std::optional<targets::Picture::Frame> decode_picture(std::string_view bytes);
inline constexpr std::size_t kPicturePixelsMax = 64'000'000;

}  // namespace scenes

#include "scenes/light/materials.h"
#include "scenes/load/loading.h"

namespace scenes {

using targets::Picture;

Picture read_picture(const Node& node, Pictures& pictures) {
    Picture picture;
    if (node.has("file")) {
        auto found = pictures.find(node.text("file"));
        if (!found.frames) node.wrong("file", found.sentence);
        picture.frames = std::move(found.frames);
    }
    picture.width_m = node.number_or("width_m", {1e-4, 1000, "m"}, 1);
    picture.frame_rate_hz = node.number_or("frame_rate_hz", {0.001, 1000, "Hz"}, 25);
    return picture;
}

}  // namespace scenes

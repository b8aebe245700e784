#include <algorithm>
#include <opencv2/imgcodecs.hpp>

#include "scenes/load/loading.h"

namespace scenes {
namespace {

namespace fs = std::filesystem;
using targets::Picture;

constexpr std::size_t kFramesMax = 500;  // about 5 GB at the size of the sensor

Picture::Frame frame_of(const cv::Mat& bgr) {
    Picture::Frame frame(bgr.cols, bgr.rows);
    for (int y = 0; y < bgr.rows; ++y)
        for (int x = 0; x < bgr.cols; ++x) {
            const auto& p = bgr.at<cv::Vec3b>(y, x);
            frame.at(x, y) = {p[2], p[1], p[0]};
        }
    return frame;
}

/// Empty if the file cannot be decoded.
cv::Mat decoded(const fs::path& file) {
    try {
        return cv::imread(file.string(), cv::IMREAD_COLOR);
    } catch (const cv::Exception&) {
        return {};
    }
}

std::vector<Picture::Frame> read_folder(const Node& node, const fs::path& folder) {
    std::vector<fs::path> files;
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(folder, error))
        if (entry.is_regular_file(error)) files.push_back(entry.path());
    std::sort(files.begin(), files.end());
    if (files.size() > kFramesMax)
        node.unfit("file", "A folder of at most " + std::to_string(kFramesMax) + " pictures");
    std::vector<Picture::Frame> frames;
    for (const fs::path& file : files) {
        const cv::Mat frame = decoded(file);
        if (frame.empty())
            node.wrong("file",
                       "every file of this folder must be a picture, but " + file.string() + " is not.");
        frames.push_back(frame_of(frame));
    }
    return frames;
}

fs::path found(const Node& node, const fs::path& folder) {
    const fs::path file = node.text("file");
    std::error_code error;
    for (const fs::path& candidate : {folder / file, file})
        if (fs::exists(candidate, error)) return candidate;
    node.unfit("file",
               "A picture, or a folder of pictures, that exists (beside the scene file or in the working "
               "directory)");
}

}  // namespace

Picture read_picture(const Node& node, const fs::path& folder) {
    const fs::path file = found(node, folder);
    Picture picture;
    std::error_code error;
    if (fs::is_directory(file, error)) {
        picture.frames = read_folder(node, file);
    } else if (const cv::Mat single = decoded(file); !single.empty()) {
        picture.frames.push_back(frame_of(single));
    }
    if (picture.frames.empty())
        node.unfit("file", "A picture (PNG, JPEG, TIFF, BMP) or a folder of pictures");
    for (const Picture::Frame& frame : picture.frames)
        if (frame.width != picture.frames[0].width || frame.height != picture.frames[0].height)
            node.wrong("file", "all frames must have the size of the first.");

    picture.width_m = node.number_or("width_m", {1e-4, 1000, "m"}, 1);
    picture.height_m = picture.width_m * picture.frames[0].height / picture.frames[0].width;
    picture.frame_rate_hz = node.number_or("frame_rate_hz", {0.001, 1000, "Hz"}, 25);
    return picture;
}

}  // namespace scenes

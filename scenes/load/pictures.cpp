#include "scenes/load/pictures.h"

#include <algorithm>
#include <opencv2/imgcodecs.hpp>

#include "scenes/load/built_in.h"

namespace scenes {
namespace {

namespace fs = std::filesystem;
using targets::Picture;

constexpr std::size_t kFramesMax = 500;  // about 5 GB at the size of the sensor

Picture::Frame frame_of(const cv::Mat& bgr) {
    Picture::Srgb frame(bgr.cols, bgr.rows);
    for (int y = 0; y < bgr.rows; ++y)
        for (int x = 0; x < bgr.cols; ++x) {
            const auto& p = bgr.at<cv::Vec3b>(y, x);
            frame.at(x, y) = {p[2], p[1], p[0]};
        }
    return frame;
}

/// Empty if the file cannot be decoded.
cv::Mat decoded_file(const fs::path& file) {
    try {
        return cv::imread(file.string(), cv::IMREAD_COLOR);
    } catch (const cv::Exception&) {
        return {};
    }
}

/// That this build can read. The static one has no TIFF.
std::string formats() {
    return cv::haveImageWriter("a.tiff") ? "PNG, JPEG, TIFF, BMP"
                                         : "PNG, JPEG or BMP; this build reads no TIFF";
}

std::size_t number_at(std::string_view bytes, std::size_t at, int count) {
    std::size_t number = 0;
    for (int i = 0; i < count; ++i)
        number = number << 8 | static_cast<unsigned char>(bytes[at + static_cast<std::size_t>(i)]);
    return number;
}

Pictures::Found missing(std::string sentence) { return {nullptr, std::move(sentence)}; }

/// A folder's frames in the order of their names.
Pictures::Found read_folder(const fs::path& folder) {
    std::vector<fs::path> files;
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(folder, error))
        if (entry.is_regular_file(error)) files.push_back(entry.path());
    std::sort(files.begin(), files.end());
    if (files.size() > kFramesMax)
        return missing("A folder of at most " + std::to_string(kFramesMax) + " pictures is expected.");
    std::vector<Picture::Frame> frames;
    for (const fs::path& file : files) {
        const cv::Mat frame = decoded_file(file);
        if (frame.empty())
            return missing("every file of this folder must be a picture, but " + file.string() + " is not.");
        frames.push_back(frame_of(frame));
        if (targets::size_of(frames.back()) != targets::size_of(frames.front()))
            return missing("all frames must have the size of the first.");
    }
    return {std::make_shared<const std::vector<Picture::Frame>>(std::move(frames)), ""};
}

/// Names a version of a file or folder: what was decoded of it before counts as long as it is the same.
std::string version_of(const fs::path& file) {
    std::error_code error;
    auto text = file.string();
    const auto add = [&](const fs::path& path) {
        text += ' ' + std::to_string(fs::last_write_time(path, error).time_since_epoch().count()) + ' ' +
                std::to_string(fs::is_regular_file(path, error) ? fs::file_size(path, error) : 0);
    };
    add(file);
    if (fs::is_directory(file, error))
        for (const auto& entry : fs::directory_iterator(file, error)) add(entry.path());
    return text;
}

bool inside(const fs::path& file, const fs::path& folder) {
    std::error_code error;
    const auto below = fs::canonical(file, error).lexically_relative(fs::canonical(folder, error));
    return !error && !below.empty() && *below.begin() != "..";
}

/// Null if no such picture is built in.
Picture::Frames read_built_in(const std::string& name) {
    const auto* file = built_in_file("scenes/" + name);
    auto frame = file == nullptr ? std::nullopt : decode_picture(file->bytes);
    if (!frame) return nullptr;
    return std::make_shared<const std::vector<Picture::Frame>>(1, std::move(*frame));
}

fs::path found(const Pictures& pictures, const fs::path& name) {
    std::error_code error;
    if (auto beside = pictures.folder / name; fs::exists(beside, error))
        if (pictures.elsewhere || (!pictures.folder.empty() && inside(beside, pictures.folder)))
            return beside;
    return pictures.elsewhere && fs::exists(name, error) ? name : fs::path{};
}

}  // namespace

std::size_t picture_pixels(std::string_view bytes) {
    if (bytes.starts_with("\x89PNG\r\n\x1A\n"))
        return bytes.size() < 24 ? 0 : number_at(bytes, 16, 4) * number_at(bytes, 20, 4);
    if (!bytes.starts_with("\xFF\xD8")) return 0;
    // Segments of a marker and a length, up to the frame header: SOF0 to SOF15 without DHT, JPG and DAC.
    for (std::size_t at = 2; at + 9 <= bytes.size() && bytes[at] == '\xFF';) {
        const auto marker = number_at(bytes, at + 1, 1);
        if (marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC)
            return number_at(bytes, at + 5, 2) * number_at(bytes, at + 7, 2);
        at += marker == 0xFF ? 1 : 2 + number_at(bytes, at + 2, 2);
    }
    return 0;
}

std::optional<Picture::Frame> decode_picture(std::string_view bytes) {
    if (const auto pixels = picture_pixels(bytes); pixels == 0 || pixels > kPicturePixelsMax)
        return std::nullopt;
    try {
        const std::vector<unsigned char> copy(bytes.begin(), bytes.end());
        const auto picture = cv::imdecode(copy, cv::IMREAD_COLOR);
        if (picture.empty()) return std::nullopt;
        return frame_of(picture);
    } catch (const cv::Exception&) {
        return std::nullopt;
    }
}

Pictures::Found Pictures::find(const std::string& name) {
    if (const auto known = uploaded.find(name); known != uploaded.end()) return {known->second, ""};
    std::erase_if(decoded, [](const auto& one) { return one.second.expired(); });
    if (built_in) {
        if (const auto known = decoded.find(name); known != decoded.end()) return {known->second.lock(), ""};
        if (const auto frames = read_built_in(name)) {
            decoded[name] = frames;
            return {frames, ""};
        }
    }
    const auto file = found(*this, name);
    if (file.empty())
        return missing(elsewhere
                           ? "A picture, or a folder of pictures, that exists (beside the scene file or in "
                             "the working directory) is expected, but \"" +
                                 name + "\" was found."
                           : "A picture that was uploaded with the scene, or that lies beside its file, is "
                             "expected, but \"" +
                                 name + "\" was found.");
    const auto version = version_of(file);
    if (const auto known = decoded.find(version); known != decoded.end()) return {known->second.lock(), ""};
    Found now;
    std::error_code error;
    if (fs::is_directory(file, error)) {
        now = read_folder(file);
    } else if (const cv::Mat single = decoded_file(file); !single.empty()) {
        now.frames = std::make_shared<const std::vector<Picture::Frame>>(1, frame_of(single));
    }
    if (now.sentence.empty() && (!now.frames || now.frames->empty()))
        return missing("A picture (" + formats() + ") or a folder of pictures is expected, but \"" + name +
                       "\" was found.");
    if (now.frames) decoded[version] = now.frames;
    return now;
}

}  // namespace scenes

#include "emulator/testbench/scene_library.h"

#include <algorithm>

namespace emulator::testbench {
namespace {

std::size_t bytes_of(const scenes::targets::Picture::Frame& frame) {
    return std::visit([](const auto& image) { return image.samples.size() * sizeof(image.samples[0]); },
                      frame);
}

std::size_t bytes_of(const scenes::SceneFile& scene) {
    auto bytes = scene.content.dump().size();
    for (const auto& [name, frames] : scene.pictures.uploaded)
        for (const auto& frame : *frames) bytes += bytes_of(frame);
    return bytes;
}

}  // namespace

bool SceneLibrary::is_name(const std::string& name) {
    return !name.empty() && name.size() <= 64 && std::ranges::all_of(name, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
               c == '_';
    });
}

bool SceneLibrary::is_of_program(const std::string& name) const {
    const auto names = of_program();
    return std::ranges::find(names, name) != names.end();
}

std::vector<std::string> SceneLibrary::uploaded() const {
    std::vector<std::string> names;
    for (const auto& [name, scene] : uploaded_) names.push_back(name);
    return names;
}

std::optional<scenes::SceneFile> SceneLibrary::find(const std::string& name) const {
    if (const auto found = uploaded_.find(name); found != uploaded_.end()) return *found->second;
    if (!is_of_program(name)) return std::nullopt;
    auto scene = scenes::read_scene_file(name, {}, folders_);
    scene.pictures.elsewhere = false;
    return scene;
}

bool SceneLibrary::keep(scenes::SceneFile scene) {
    std::size_t count = 1, bytes = bytes_of(scene);
    for (const auto& [name, other] : uploaded_) {
        if (name == scene.name) continue;
        ++count;
        bytes += bytes_of(*other);
    }
    if (count > kUploadedMost || bytes > kUploadedBytes) return false;
    const auto name = scene.name;
    uploaded_[name] = std::make_shared<const scenes::SceneFile>(std::move(scene));
    return true;
}

}  // namespace emulator::testbench

#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "scenes/load/scene_file.h"

namespace emulator::testbench {

/// Scene library: the scenes that come with the program, and those that were uploaded. Copies share scenes.
class SceneLibrary {
  public:
    static constexpr std::size_t kUploadedMost = 32;
    static constexpr std::size_t kUploadedBytes = 256'000'000;  // of content and decoded pictures

    explicit SceneLibrary(std::vector<std::filesystem::path> folders) : folders_(std::move(folders)) {}

    /// Letters, digits, - and _, at most 64.
    [[nodiscard]] static bool is_name(const std::string&);
    [[nodiscard]] static bool comes_with_program(const std::string& name);

    /// Names of uploaded scenes, in order.
    [[nodiscard]] std::vector<std::string> uploaded() const;
    /// Nothing if there is none of this name. Its pictures are those that came with it or lie beside it.
    [[nodiscard]] std::optional<scenes::SceneFile> find(const std::string& name) const;
    /// Keeps a scene under its name, in place of an uploaded one. False if there are too many or too large.
    [[nodiscard]] bool keep(scenes::SceneFile);

  private:
    std::vector<std::filesystem::path> folders_;
    std::map<std::string, std::shared_ptr<const scenes::SceneFile>> uploaded_;
};

}  // namespace emulator::testbench

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

    /// The program's scenes are those that it carries, and those in `folders`.
    explicit SceneLibrary(std::vector<std::filesystem::path> folders = {}) : folders_(std::move(folders)) {}

    /// Letters, digits, - and _, at most 64.
    [[nodiscard]] static bool is_name(const std::string&);

    /// Names of the program's scenes, and of uploaded ones, in order.
    [[nodiscard]] std::vector<std::string> of_program() const { return scenes::names(folders_); }
    [[nodiscard]] std::vector<std::string> uploaded() const;
    [[nodiscard]] bool is_of_program(const std::string& name) const;
    /// Nothing if there is none of this name. Its pictures are those that came with it or lie beside it.
    [[nodiscard]] std::optional<scenes::SceneFile> find(const std::string& name) const;
    /// Keeps a scene under its name, in place of an uploaded one. False if there are too many or too large.
    [[nodiscard]] bool keep(scenes::SceneFile);

  private:
    std::vector<std::filesystem::path> folders_;
    std::map<std::string, std::shared_ptr<const scenes::SceneFile>> uploaded_;
};

}  // namespace emulator::testbench

#pragma once

#include <memory>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "scenes/json/config_error.h"

namespace scenes {

/// The numbers that a key accepts, both ends included, and their unit for the reader of an error.
struct Bounds {
    double min, max;
    std::string_view unit = {};
};

/// An object of a scene file while it is read. It notes which keys were asked for, so that `done` finds the
/// others. Whatever does not fit ends in a ConfigError with the dotted path of the key.
class Node {
  public:
    Node(const nlohmann::json& value, std::string file, std::string path = "");

    [[nodiscard]] bool has(const std::string& key) const;
    [[nodiscard]] double number(const std::string& key, Bounds) const;
    [[nodiscard]] double number_or(const std::string& key, Bounds, double otherwise) const;
    [[nodiscard]] int whole(const std::string& key, Bounds) const;
    [[nodiscard]] int whole_or(const std::string& key, Bounds, int otherwise) const;
    [[nodiscard]] std::string text(const std::string& key) const;
    [[nodiscard]] std::string text_or(const std::string& key, const std::string& otherwise) const;
    [[nodiscard]] bool flag_or(const std::string& key, bool otherwise) const;
    [[nodiscard]] std::vector<double> numbers(const std::string& key, std::size_t min_count,
                                              std::size_t max_count, Bounds) const;
    [[nodiscard]] const nlohmann::json* value(const std::string& key) const;  // null where absent
    [[nodiscard]] Node object(const std::string& key) const;
    [[nodiscard]] std::vector<Node> objects(const std::string& key) const;  // of an array; none where absent

    /// Throws if there is a key that nobody asked for.
    void done() const;
    /// Throws: what stands under this key (or here, if it is empty) is wrong.
    [[noreturn]] void wrong(const std::string& key, const std::string& sentence) const;
    /// Throws: `expected` is expected, and what is there is quoted.
    [[noreturn]] void unfit(const std::string& key, const std::string& expected) const;

    [[nodiscard]] const std::string& file() const { return file_; }

  private:
    [[nodiscard]] std::string path_of(const std::string& key) const;
    [[nodiscard]] double checked(const std::string& key, const nlohmann::json& value, Bounds,
                                 const std::string& what) const;

    const nlohmann::json* value_;
    std::string file_, path_;
    std::shared_ptr<std::set<std::string>> asked_;  // shared by copies: they read the same object
};

}  // namespace scenes

#pragma once

#include <memory>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "scenes/json/config_error.h"

namespace scenes {

/// Range of a number, both ends included, and its unit for error messages.
struct Bounds {
    double min, max;
    std::string_view unit = {};
};

/// Reader of a JSON object. It records the keys that were read, so that `done` finds unknown ones. Errors
/// throw ConfigError with the dotted path of the key.
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

    /// Throws if there is a key that was not read.
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

#pragma once

#include <memory>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "scenes/json/config_error.h"
#include "scenes/json/json_schema.h"

namespace scenes {

/// Reader of a JSON object. It records the keys that were read, so that `done` finds unknown ones. Errors
/// throw ConfigError with the dotted path of the key.
///
/// A recording one has no object: it notes what is asked of it in a schema, says that each key is there, and
/// answers with `otherwise`, or with the least that would be accepted.
class Node {
  public:
    Node(const nlohmann::json& value, std::string file, std::string path = "");
    [[nodiscard]] static Node recording(ObjectSchema&);
    /// Answer of a recording reader where a text is required: it fits wherever one is read.
    static constexpr std::string_view kRecordedText = "A";

    [[nodiscard]] bool has(const std::string& key) const;
    [[nodiscard]] double number(const std::string& key, Bounds) const;
    [[nodiscard]] double number_or(const std::string& key, Bounds, double otherwise) const;
    [[nodiscard]] int whole(const std::string& key, Bounds) const;
    [[nodiscard]] int whole_or(const std::string& key, Bounds, int otherwise) const;
    [[nodiscard]] std::string text(const std::string& key) const;
    [[nodiscard]] std::string text_or(const std::string& key, const std::string& otherwise) const;
    /// A text of at most so many bytes.
    [[nodiscard]] std::string text_or(const std::string& key, const std::string& otherwise,
                                      std::size_t bytes_max) const;
    /// A text that fits a regular expression (ECMAScript); `expected` says it in words.
    [[nodiscard]] std::string text_or(const std::string& key, const std::string& otherwise,
                                      const std::string& pattern, const std::string& expected) const;
    /// One of these names; required if `otherwise` is empty.
    [[nodiscard]] std::string choice(const std::string& key, const std::vector<std::string_view>& names,
                                     const std::string& otherwise = "") const;
    /// A number, one of these names, or a text that fits a pattern; null where absent.
    [[nodiscard]] nlohmann::json number_or_name(const std::string& key, Bounds,
                                                const std::vector<std::string_view>& names,
                                                const std::string& pattern,
                                                const std::string& expected) const;
    [[nodiscard]] bool flag_or(const std::string& key, bool otherwise) const;
    [[nodiscard]] std::vector<double> numbers(const std::string& key, std::size_t min_count,
                                              std::size_t max_count, Bounds) const;
    [[nodiscard]] std::vector<double> numbers_or(const std::string& key, Bounds,
                                                 const std::vector<double>& otherwise) const;
    [[nodiscard]] const nlohmann::json* value(const std::string& key) const;  // null where absent
    /// The same for a key under which anything may stand; null for a recording reader.
    [[nodiscard]] const nlohmann::json* any(const std::string& key) const;
    [[nodiscard]] Node object(const std::string& key) const;
    /// Of an array; none where absent. A recording reader returns one for each kind.
    [[nodiscard]] std::vector<Node> objects(const std::string& key, const Kinds& = {}) const;
    /// Of an array that is not empty, or a single object.
    [[nodiscard]] std::vector<Node> one_or_more(const std::string& key, const Kinds&,
                                                const std::string& expected) const;
    /// Names and their values, each a text, a number, true or false; none where absent.
    [[nodiscard]] std::vector<std::pair<std::string, nlohmann::json>> values(
        const std::string& key, const std::string& expected) const;

    /// Throws if both keys are there.
    void exclude(const std::string& a, const std::string& b, const std::string& sentence) const;

    /// Throws if there is a key that was not read.
    void done() const;
    /// Throws: what stands under this key (or here, if it is empty) is wrong.
    [[noreturn]] void wrong(const std::string& key, const std::string& sentence) const;
    /// Throws: `expected` is expected, and what is there is quoted.
    [[noreturn]] void unfit(const std::string& key, const std::string& expected) const;
    [[nodiscard]] bool is_recording() const { return schema_ != nullptr; }

    [[nodiscard]] const std::string& file() const { return file_; }

  private:
    explicit Node(ObjectSchema& schema) : schema_(&schema) {}
    [[nodiscard]] std::vector<Node> recorded(const std::string& key, const Kinds&, ObjectSchema::Form) const;
    [[nodiscard]] std::string path_of(const std::string& key) const;
    [[nodiscard]] double checked(const std::string& key, const nlohmann::json& value, Bounds,
                                 const std::string& what) const;

    const nlohmann::json* value_ = nullptr;
    ObjectSchema* schema_ = nullptr;  // that is recorded
    std::string file_, path_;
    std::shared_ptr<std::set<std::string>> asked_;  // shared by copies: they read the same object
};

}  // namespace scenes

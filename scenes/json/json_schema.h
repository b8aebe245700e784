#pragma once

#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace scenes {

/// Range of a number, both ends included, and its unit for error messages.
struct Bounds {
    double min, max;
    std::string_view unit = {};
    bool max_varies = false;  // `max` depends on the rest of the file, so a schema leaves it out
};

/// Objects of several kinds, told apart by the name under a key: each kind has keys of its own.
struct Kinds {
    std::string key;
    std::vector<std::string_view> names;
    std::string_view otherwise = {};  // the kind of an object without the key
};

/// JSON Schema of an object, made out of what its reader asks for (`Node`, recording). Keywords are those
/// that draft 7 and 2020-12 have in common.
class ObjectSchema {
  public:
    ObjectSchema() = default;

    void optional(const std::string& key) { (void)property(key); }
    /// What stands under a key. It is required unless the reader has asked whether it is there.
    void note(const std::string& key, nlohmann::json schema);
    /// A text of these names; where the reader is that of one kind, its name.
    [[nodiscard]] std::string choose(const std::string& key, const std::vector<std::string_view>& names);
    /// What was noted under a key last is a whole number.
    void whole(const std::string& key) { property(key)["type"] = "integer"; }
    void exclude(const std::string& a, const std::string& b);
    void close() { schema_["additionalProperties"] = false; }

    [[nodiscard]] ObjectSchema& object(const std::string& key);
    enum class Form { list, one_or_more };
    /// A list of objects, or an object or a list of at least one: a schema for each kind.
    [[nodiscard]] std::vector<ObjectSchema*> objects(const std::string& key, const Kinds&, Form);

    /// The schema, once the reader has run.
    [[nodiscard]] nlohmann::json made() const;

  private:
    struct Objects {
        Form form = Form::list;
        Kinds kinds;
        std::vector<std::unique_ptr<ObjectSchema>> of_kind;
    };
    nlohmann::json& property(const std::string& key) { return schema_["properties"][key]; }

    nlohmann::json schema_ = {{"type", "object"}};
    std::map<std::string, std::unique_ptr<ObjectSchema>> objects_;
    std::map<std::string, Objects> lists_;
};

[[nodiscard]] nlohmann::json number_schema(Bounds);

}  // namespace scenes

#pragma once

#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

namespace valijson {
class Schema;
}

namespace emulator::testbench {

/// What a JSON value must be: a JSON Schema, ready to check values by.
class JsonSchema {
  public:
    /// `text` is a schema of `route_table()`; an empty one is for an object without any key.
    explicit JsonSchema(std::string_view text);
    ~JsonSchema();
    JsonSchema(JsonSchema&&) noexcept;

    /// Throws Problem 400 with the dotted key and what is expected there; errors of the value as a whole name
    /// it `whole`.
    void check(const nlohmann::json& value, const std::string& whole) const;
    /// The schema of a key of the object; null if it has none.
    [[nodiscard]] const nlohmann::json* of(const std::string& key) const;

    /// In words: "a number from 0.001 to 1000".
    [[nodiscard]] static std::string expectation(const nlohmann::json& schema);

  private:
    std::shared_ptr<nlohmann::json> text_;  // beside it all that it may refer to
    std::unique_ptr<valijson::Schema> compiled_;
};

/// The schema that "#/components/schemas/NAME" refers to, or the schema itself where it refers to none.
[[nodiscard]] const nlohmann::json& resolved(const nlohmann::json& schema);

}  // namespace emulator::testbench

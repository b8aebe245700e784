#pragma once

#include <string>
#include <vector>

#include "emulator/features/description_file.h"
#include "emulator/features/feature.h"
#include "protocol/gvcp/memory.h"

namespace emulator::features {

/// The manufacturer's address space: the description file, and a register for every row of the table.
///
/// All writes of features are checked here, from clients and from the command line alike.
class RegisterMap final : public protocol::Memory {
  public:
    using Texts = std::vector<std::pair<std::string, std::string>>;  // names and values

    RegisterMap(std::span<const Category> table, Camera& camera);

    Status read(std::uint32_t address, std::span<std::uint8_t> out) const override;
    Outcome write(std::uint32_t address, protocol::ByteView bytes) override;

    /// Sets a feature by its name from text, as the command line does. Returns a sentence that says what is
    /// wrong.
    [[nodiscard]] std::string set_by_name(std::string_view name, const std::string& text);
    /// The same for several. A manual value turns the auto function of its feature off first, unless that is
    /// set too. Returns a sentence for each error.
    [[nodiscard]] std::vector<std::string> set_by_name(const Texts& features);

    /// Writes a value of the feature's kind, as a client does.
    Outcome set(const Feature&, Value);
    /// It cannot be written at this moment.
    [[nodiscard]] bool locked(const Feature&) const;

    [[nodiscard]] const std::string& xml() const { return file_.xml; }
    [[nodiscard]] const std::string& xml_url() const { return file_.url; }

    struct Row {
        const Feature* feature;
        std::uint32_t address, size_bytes;
    };
    /// All features that have a register of their own, by address.
    [[nodiscard]] const std::vector<Row>& rows() const { return rows_; }

  private:
    [[nodiscard]] const Row* find(std::uint32_t address) const;
    [[nodiscard]] Status read_word(std::uint32_t address, std::span<std::uint8_t> out) const;
    [[nodiscard]] Bytes read_row(const Row& row) const;
    Outcome write_row(const Row& row, std::uint32_t offset, protocol::ByteView bytes);
    [[nodiscard]] Status judge(const Feature&, const Value&) const;

    std::vector<Row> rows_;  // by address
    Camera& camera_;
    const DescriptionFile& file_;
};

/// The legal range at this moment, in register units: steps for reals.
[[nodiscard]] std::pair<std::int64_t, std::int64_t> register_range(const Feature&, const Camera&);

/// Whether the value, which is of the feature's kind, is in its range at this moment.
[[nodiscard]] Status fits(const Feature&, const Value&, const Camera&);

}  // namespace emulator::features

#pragma once

#include <cstdint>
#include <filesystem>

namespace emulator::net {

/// A file that lists the addresses that cameras have added to interfaces of this network namespace; for
/// kernels that keep no mark with an address. Addresses that could not be written are not listed.
class AddressList {
  public:
    struct Line {
        int interface_index = 0;
        std::uint32_t ip = 0;
        int prefix_bits = 0;
        bool operator==(const Line&) const = default;
    };

    explicit AddressList(std::filesystem::path file) : file_(std::move(file)) {}
    /// The list in the folder of this user's running programs ($XDG_RUNTIME_DIR, else /run).
    [[nodiscard]] static AddressList of_host();
    /// The folder of that list.
    [[nodiscard]] static std::filesystem::path folder();

    [[nodiscard]] bool contains(const Line&) const;
    void add(const Line&);
    void remove(const Line&);

  private:
    template <class Change>
    void change(const Change&);

    std::filesystem::path file_;
};

}  // namespace emulator::net

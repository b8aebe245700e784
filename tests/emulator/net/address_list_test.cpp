#include "emulator/net/address_list.h"

#include <doctest/doctest.h>
#include <unistd.h>

#include <fstream>
#include <thread>
#include <vector>

// The list of added addresses, for kernels that keep no mark with them.

using emulator::net::AddressList;

namespace {

namespace fs = std::filesystem;

struct Folder {
    fs::path path = fs::temp_directory_path() / ("gigemu-addresses-" + std::to_string(getpid()));
    fs::path file = path / "run" / "list";
    ~Folder() { fs::remove_all(path); }
};

constexpr AddressList::Line kOne{2, 0x0A00'0001, 24}, kOther{2, 0x0A00'0001, 16};

}  // namespace

TEST_CASE("address list: it holds what was added and not removed, for whoever reads it") {
    const Folder folder;
    AddressList list(folder.file);
    CHECK_FALSE(list.contains(kOne));
    list.remove(kOne);
    CHECK_FALSE(fs::exists(folder.path));  // A question leaves nothing behind.
    list.add(kOne);
    CHECK(AddressList(folder.file).contains(kOne));
    CHECK_FALSE(list.contains(kOther));
    list.add(kOther);
    list.remove(kOne);
    CHECK_FALSE(list.contains(kOne));
    CHECK(list.contains(kOther));
    list.remove(kOther);
    CHECK_FALSE(fs::exists(folder.file));
}

TEST_CASE("address list: cameras that write at once lose nothing") {
    const Folder folder;
    constexpr int kCameras = 4, kEach = 25;
    std::vector<std::thread> cameras;
    for (int camera = 0; camera < kCameras; ++camera)
        cameras.emplace_back([&folder, camera] {
            for (int i = 0; i < kEach; ++i)
                AddressList(folder.file).add({camera, static_cast<std::uint32_t>(i), 24});
        });
    for (auto& one : cameras) one.join();
    for (int camera = 0; camera < kCameras; ++camera)
        for (int i = 0; i < kEach; ++i)
            CHECK(AddressList(folder.file).contains({camera, static_cast<std::uint32_t>(i), 24}));
}

TEST_CASE("address list: whoever reads while it is changed finds the old list or the new one, whole") {
    const Folder folder;
    AddressList list(folder.file);
    list.add(kOne);
    std::ifstream reader(folder.file);
    list.add(kOther);
    const std::string found{std::istreambuf_iterator<char>(reader), {}};
    CHECK(found == "2 167772161 24\n");
    CHECK(list.contains(kOne));
    CHECK(list.contains(kOther));
}

TEST_CASE("address list: a file that cannot be read or written lists nothing") {
    const Folder folder;
    fs::create_directories(folder.file.parent_path());
    std::ofstream(folder.file) << "2 garbage 24\n";
    AddressList list(folder.file);
    CHECK_FALSE(list.contains(kOne));
    list.add(kOne);
    CHECK(list.contains(kOne));
    AddressList nowhere("/proc/no/such/folder");
    nowhere.add(kOne);
    CHECK_FALSE(nowhere.contains(kOne));
}

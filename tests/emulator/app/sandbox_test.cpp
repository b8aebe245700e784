#include <doctest/doctest.h>

#include <fcntl.h>
#include <linux/if_packet.h>
#include <linux/netlink.h>
#include <sys/mount.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cerrno>
#include <filesystem>
#include <functional>
#include <thread>

#include "emulator/app/file_rules.h"
#include "emulator/app/system_call_filter.h"

// What the camera cannot do once it is in its sandbox. A child enters it, so that the tests stay outside.

namespace {

namespace fs = std::filesystem;

constexpr int kYes = 0, kNo = 1, kNotHere = 2;

/// The exit code of a process that enters the sandbox and then does this.
int inside(const fs::path& folder, const std::function<bool()>& holds) {
    const auto child = fork();
    if (child == 0) {
        if (emulator::filter_system_calls() || emulator::restrict_files_to({folder})) _exit(kNotHere);
        _exit(holds() ? kYes : kNo);
    }
    int status = 0;
    waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

struct Folder {
    fs::path path = fs::temp_directory_path() / ("gigemu-sandbox-" + std::to_string(getpid()));
    Folder() { fs::create_directories(path / "inside"); }
    ~Folder() { fs::remove_all(path); }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
};

bool refused(long result) { return result == -1 && errno == EPERM; }

bool makes(const fs::path& file) {
    const int made = ::open(file.c_str(), O_WRONLY | O_CREAT, 0644);
    return made >= 0 && ::write(made, "x", 1) == 1 && ::close(made) == 0;
}

bool opens(int family, int type, int protocol) {
    return ::socket(family, type | SOCK_CLOEXEC, protocol) >= 0;
}

}  // namespace

TEST_CASE("in the sandbox no program is started, nothing traced or mounted, and no raw packet sent") {
    const Folder folder;
    if (inside(folder.path, [] { return true; }) == kNotHere) {
        MESSAGE("this host has no seccomp or no Landlock");
        return;
    }
    const auto is_refused = [&](const std::function<long()>& call) {
        return inside(folder.path, [&] { return refused(call()); }) == kYes;
    };
    CHECK(is_refused([] { return execl("/bin/true", "true", nullptr); }));
    CHECK(is_refused([] { return fork(); }));
    CHECK(is_refused([] { return ptrace(PTRACE_TRACEME, 0, nullptr, nullptr); }));
    CHECK(is_refused([] { return mount("none", "/", "tmpfs", 0, nullptr); }));
    CHECK(is_refused([] { return socket(AF_PACKET, SOCK_DGRAM, 0); }));
    CHECK(is_refused([] { return socket(AF_INET, SOCK_RAW, IPPROTO_UDP); }));
    CHECK(is_refused([] { return socket(AF_NETLINK, SOCK_RAW, NETLINK_KOBJECT_UEVENT); }));
}

TEST_CASE("in the sandbox are threads, sockets of the camera, and files of its folders alone") {
    const Folder folder;
    const auto does = [&](const std::function<bool()>& act) {
        const int code = inside(folder.path / "inside", act);
        return code == kYes || code == kNotHere;
    };
    CHECK(does([] {
        int ran = 0;
        std::thread([&] { ran = 1; }).join();
        return ran == 1;
    }));
    CHECK(does([] { return opens(AF_INET, SOCK_DGRAM, 0) && opens(AF_INET, SOCK_STREAM, 0); }));
    CHECK(does([] { return opens(AF_UNIX, SOCK_STREAM, 0) && opens(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE); }));
    CHECK(does([&] { return makes(folder.path / "inside/file"); }));
    CHECK(does([&] {
        return ::rename((folder.path / "inside/file").c_str(), (folder.path / "inside/other").c_str()) == 0;
    }));
    CHECK(does([&] { return !makes(folder.path / "file"); }));
    CHECK(does([] { return ::open("/etc/passwd", O_RDONLY) >= 0; }));
}

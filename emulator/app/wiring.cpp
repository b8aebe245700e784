#include "emulator/app/wiring.h"

#include <spdlog/spdlog.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <asio/io_context.hpp>
#include <asio/post.hpp>
#include <asio/signal_set.hpp>
#include <cctype>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <utility>

#include "emulator/app/exit_deadline.h"
#include "emulator/app/own_address.h"
#include "emulator/app/running_camera.h"
#include "emulator/app/sandbox.h"
#include "emulator/app/serving_place.h"
#include "emulator/net/address_list.h"
#include "emulator/net/picture_socket.h"
#include "emulator/net/place.h"
#include "emulator/testbench/http/http_server.h"
#include "emulator/testbench/http/posted_access.h"
#include "emulator/testbench/http/self_check.h"
#include "scenes/json/config_error.h"

namespace emulator {
namespace {

using scenes::ConfigError;

/// Which of the scene's suggested settings are applied.
scenes::CameraHints wanted(const CommandLine& line, const scenes::CameraHints& suggested) {
    using Start = CommandLine::Start;
    if (line.start == Start::factory) return {};
    return line.start == Start::scene_settings ? suggested : suggested.lens_alone();
}

/// Host names that the HTTP interface accepts.
testbench::RequestGuard make_guard(const CommandLine& line) {
    auto names = line.http_hosts;
    for (const auto& name : names) {
        if (!testbench::is_host_name(name))
            throw ConfigError("command line", "--http-host",
                              "a host name without a port was expected, not \"" + name + "\"");
    }
    std::array<char, 256> own{};
    if (gethostname(own.data(), own.size() - 1) == 0) names.emplace_back(own.data());
    return testbench::RequestGuard(std::move(names));
}

/// The first line of a file, or of the variable GIGEMU_HTTP_TOKEN.
std::string read_token(const CommandLine& line) {
    if (line.http_token_file.empty()) {
        const auto* variable = std::getenv("GIGEMU_HTTP_TOKEN");
        return variable == nullptr ? "" : variable;
    }
    std::ifstream file(line.http_token_file);
    std::string token;
    if (!std::getline(file, token))
        throw ConfigError("command line", "--http-token-file",
                          "a file with a token was expected, not \"" + line.http_token_file + "\"");
    return token;
}

testbench::AccessPolicy access_policy(const CommandLine& line) {
    auto token = read_token(line);
    const auto is_token_character = [](unsigned char c) {
        return std::isalnum(c) != 0 ||
               std::string_view("-._~+/=").find(static_cast<char>(c)) != std::string_view::npos;
    };
    const bool wanted = !line.http_token_file.empty();
    if ((wanted && token.empty()) || !std::ranges::all_of(token, is_token_character))
        throw ConfigError("command line", wanted ? "--http-token-file" : "GIGEMU_HTTP_TOKEN",
                          "a token of letters, digits and -._~+/= was expected (RFC 6750)");
    return {.token = std::move(token), .read_only = line.http_read_only};
}

/// Beyond loopback anybody on the network may drive the camera.
void warn_of_open_access(const testbench::HttpPlace& place, const testbench::AccessPolicy& policy) {
    const auto ip = net::parse_dotted(place.ip);
    const bool loopback = ip && *ip >> 24 == 127;
    if (!loopback && policy.token.empty() && !policy.read_only)
        spdlog::warn("HTTP at {} is open to the network without a token (--http-token-file)", place.ip);
}

/// False if address and port of --http cannot be opened; where they are the default the camera runs without
/// HTTP. The port is that which was opened.
bool open_http(testbench::HttpServer& http, std::optional<testbench::HttpPlace>& place,
               const testbench::AccessPolicy& policy, bool demanded) {
    if (!place) return true;
    warn_of_open_access(*place, policy);
    if (const auto port = http.listen(place->ip, place->port)) {
        place->port = *port;
        return true;
    }
    const auto finding =
        net::page_port(*net::parse_dotted(place->ip), static_cast<std::uint16_t>(place->port), demanded);
    spdlog::log(demanded ? spdlog::level::err : spdlog::level::warn, "{}", net::sentence(finding));
    place.reset();
    return !demanded;
}

/// The first frame of a scene takes longest to render, so it is made before a client waits for it.
void make_first_frame(RunningCamera& running, net::FrameWorker& worker, const std::function<void()>& made) {
    const auto& camera = running.camera();
    const auto rest = camera.lens().done() + std::chrono::microseconds(1);
    worker.make({.settings = camera.settings,
                 .lens = camera.lens(),
                 .world = camera.world_at(rest),
                 .start = rest,
                 .stamp = camera.device.clock.stamp(rest),
                 .seed = camera.profile.seed,
                 .housing_c = camera.housing_c()},
                {}, [&running, made](const std::optional<MadeFrame>&) {
                    running.bench().started();
                    made();
                });
}

/// Where the camera is, where its page is, and how its images are seen.
void print_ready(RunningCamera& running, const std::optional<testbench::HttpPlace>& http) {
    std::printf("gigemu ready: DFK 39GX265-Z20 %s at %s:3956\n", running.camera().profile.serial.c_str(),
                net::dotted(running.network().here().ip.ip).c_str());
    if (http)
        std::printf("page:   http://%s:%d/\n", http->ip.c_str(), http->port);
    else
        std::puts("page:   none");
    std::puts("images: arv-viewer-0.8, or arv-tool-0.8 (packages aravis-tools, aravis-tools-cli)");
    std::fflush(stdout);
}

void tell_ready(Companion* companion, asio::io_context& context, RunningCamera& running,
                const std::optional<testbench::HttpPlace>& http) {
    if (companion == nullptr || companion->announces()) print_ready(running, http);
    if (companion != nullptr) companion->ready(context, running, http);
}

net::AddressChoice address_choice(const CommandLine& line) {
    return {.interface = choose_interface(line),
            .demanded = !line.address.empty(),
            .fixed = line.fixed_address,
            .single_port = line.single_port};
}

testbench::Scene scene_of(const CommandLine& line, const Profile& profile) {
    return testbench::make_scene(
        scenes::read_scene_file(profile.scene, line.scene_overrides, scene_folders()));
}

/// Says what is not allowed here.
void warn_of(const net::Finding& finding) {
    if (finding.verdict != net::Verdict::ok) spdlog::warn("{}", net::sentence(finding));
}

NonVolatileStore open_store(const CommandLine& line, const Profile& profile) {
    if (line.state_dir) warn_of(net::state_folder(*line.state_dir));
    return NonVolatileStore(line.state_dir, profile.serial);
}

/// What the non-volatile memory has at power-up.
Flash at_power_up(const CommandLine& line, Flash stored) {
    if (line.start == CommandLine::Start::factory) stored.user_sets = {};
    return stored;
}

/// Null without --record-dir. With --record, packets are recorded from now on.
std::unique_ptr<testbench::RecordingDesk> make_recordings(const CommandLine& line) {
    constexpr std::uint64_t kBytesMax = 10'000'000'000;
    if (!line.record_dir) return nullptr;
    auto desk = std::make_unique<testbench::RecordingDesk>(*line.record_dir);
    if (line.record.empty()) return desk;
    int number = 1;
    const auto name = [&] { return "session_" + std::to_string(number); };
    while (desk->folder().find(name() + std::string(testbench::kRecordingEnding))) ++number;
    using Packets = recording::Recorder::Packets;
    desk->start({.name = name(),
                 .packets = line.record == "all" ? Packets::all : Packets::control,
                 .bytes_max = kBytesMax});
    spdlog::info("recording {} packets to {}", line.record, line.record_dir->string());
    return desk;
}

/// Null if there is none.
std::unique_ptr<net::PictureSocket> open_picture_socket(const CommandLine& line, asio::io_context& context,
                                                        const std::unique_ptr<RunningCamera>& running) {
    if (!line.picture_socket) return nullptr;
    const auto feed = [&running](const std::string& item, const auto& frames) {
        bool taken = false;
        running->in_time([&](testbench::Bench& bench) { taken = bench.scene().feed(item, frames); });
        return taken;
    };
    return std::make_unique<net::PictureSocket>(context, *line.picture_socket, feed);
}

/// Folders in which files are written.
std::vector<std::filesystem::path> written_folders(const CommandLine& line) {
    std::vector<std::filesystem::path> folders{net::AddressList::folder()};
    std::error_code ignored;
    std::filesystem::create_directories(folders.front(), ignored);
    if (line.state_dir) folders.push_back(*line.state_dir);
    if (line.record_dir) folders.push_back(*line.record_dir);
    if (line.picture_socket) folders.push_back(std::filesystem::absolute(*line.picture_socket).parent_path());
    return folders;
}

void give_up_rights(const CommandLine& line) {
    if (line.question == CommandLine::Question::none)
        enter_sandbox(line.sandbox, written_folders(line), line.own_address);
}

}  // namespace

std::vector<std::filesystem::path> scene_folders() { return {"/usr/share/gigemu/scenes"}; }

std::string free_loopback_address() {
    constexpr std::uint32_t kFirst = 0x7F65'0001, kTried = 4096;  // 127.101.0.1
    const auto begin = static_cast<std::uint32_t>(getpid()) % kTried;
    for (std::uint32_t i = 0; i < kTried; ++i) {
        const auto ip = kFirst + (begin + i) % kTried;
        if (net::is_free(ip)) return net::dotted(ip);
    }
    throw ConfigError("command line", "--address", "no address of loopback is free");
}

int ask_readyz(const CommandLine& line) {
    const auto place = choose_http(line, net::Interface());
    if (!place) throw ConfigError("command line", "--http", "without it there is nothing to ask");
    const auto sentence = testbench::self_check(*place);
    if (sentence.empty()) return 0;
    std::fprintf(stderr, "gigemu: %s\n", sentence.c_str());
    return 1;
}

int serve(const CommandLine& line, Profile profile, Companion* companion) {
    const auto store = open_store(line, profile);
    give_up_rights(line);
    const auto scene = scene_of(line, profile);
    profile.suggested = wanted(line, scene.world->camera);
    net::remove_abandoned_addresses();
    auto choice = address_choice(line);
    const auto recordings = make_recordings(line);
    std::optional<ExitDeadline> exit_deadline;  // outlives all threads that render
    asio::io_context context(1);
    asio::signal_set signals(context, SIGTERM, SIGINT);
    signals.async_wait([&context](const std::error_code&, int) { context.stop(); });
    FrameSource source(profile, StillCache::Threads::two);
    std::unique_ptr<RunningCamera> running;
    net::FrameWorker worker(context, source, [&running] { running->catch_up(); });
    const auto stored = store.load();
    std::function<void(std::optional<std::int64_t> seed)> reset;
    const auto own = find_own_address(context, line, profile, stored, choice, running);
    const auto power_up = [&](std::optional<std::int64_t> seed) {
        auto anew = profile;
        anew.seed = seed.value_or(profile.seed);
        running = std::make_unique<RunningCamera>(context, anew, at_power_up(line, stored), store, choice,
                                                  worker, scene, testbench::SceneLibrary(scene_folders()),
                                                  recordings.get());
        running->bench().on_reset([&](auto with) { asio::post(context, [&, with] { reset(with); }); });
        return running->network().settled();
    };
    if (!power_up(std::nullopt)) return 1;
    auto place = choose_http(line, running->network().here());
    bool told = false;
    const auto made = [&] {
        if (!std::exchange(told, true)) tell_ready(companion, context, *running, place);
    };
    reset = [&](std::optional<std::int64_t> seed) {
        running->stop();
        worker.discard();
        asio::post(context, [old = std::exchange(running, nullptr)] {});  // behind what waits for it
        if (store.load() != stored) store.save(stored);
        if (!power_up(seed)) return context.stop();
        make_first_frame(*running, worker, made);
    };
    const auto policy = access_policy(line);
    make_first_frame(*running, worker, made);  // while all that serves is opened
    worker.keep_picture();
    testbench::PostedAccess access(context, [&](const auto& act) { running->in_time(act); });
    const testbench::Router router(profile.serial, access, policy);
    testbench::HttpServer http(make_guard(line), router);
    const auto pictures = open_picture_socket(line, context, running);
    if (!open_http(http, place, policy, line.http != "auto")) return 1;

    warn_of(net::address_rights(running->network().here()));
    context.run();
    access.close();
    http.close();
    running->stop();
    if (recordings) recordings->stop();
    companion == nullptr ? void(exit_deadline.emplace()) : companion->stop();
    worker.finish();
    return running->network().settled() ? 0 : 1;
}

}  // namespace emulator

#include <zlib.h>

#include <algorithm>

#include "emulator/page/page_files.h"
#include "emulator/testbench/routes/table.h"

namespace emulator::testbench::routes {
namespace {

/// Nothing from elsewhere, no script in a text, and no frame around it.
constexpr const char* kPolicy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; connect-src "
    "'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

std::string unpacked(std::string_view packed) {
    z_stream stream{};
    constexpr int kGzip = 16;
    if (inflateInit2(&stream, MAX_WBITS + kGzip) != Z_OK) return "";
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data()));
    stream.avail_in = static_cast<uInt>(packed.size());
    std::string plain;
    std::array<char, 16384> part{};
    int result = Z_OK;
    while (result == Z_OK) {
        stream.next_out = reinterpret_cast<Bytef*>(part.data());
        stream.avail_out = part.size();
        result = inflate(&stream, Z_NO_FLUSH);
        plain.append(part.data(), part.size() - stream.avail_out);
    }
    inflateEnd(&stream);
    return plain;
}

Answer file_named(const Call& call, std::string_view name) {
    const auto files = page::files();
    const auto file = std::ranges::find(files, name, &page::File::name);
    if (file == files.end()) throw Problem(kNotFound, "", "The page has no such file.");
    const auto tag = "\"" + std::string(file->tag) + "\"";
    // It changes with the program alone, but under the same name.
    Answer answer{.headers = {{"Cache-Control", "no-cache"},
                              {"ETag", tag},
                              {"Vary", "Accept-Encoding"},
                              {"Referrer-Policy", "no-referrer"},
                              {"Content-Security-Policy", kPolicy}}};
    if (call.known == tag) {
        answer.status = kNotModified;
        return answer;
    }
    answer.type = file->type;
    answer.bytes = call.unpacks ? std::string(file->packed) : unpacked(file->packed);
    if (call.unpacks) answer.headers["Content-Encoding"] = "gzip";
    return answer;
}

Answer get_page(Call& call) { return file_named(call, "index.html"); }

Answer get_page_file(Call& call) { return file_named(call, call.path["name"]); }

constexpr Route kPageRows[] = {
    {.method = "GET",
     .path = "/",
     .summary = "The page",
     .serves = "text/html",
     .open = true,
     .at_once = false,
     .act = get_page},
    {.method = "GET",
     .path = "/page/{name}",
     .summary = "A file of the page",
     .serves = "text/javascript, text/css, image/svg+xml",
     .open = true,
     .at_once = false,
     .act = get_page_file},
};

}  // namespace

std::span<const Route> page() { return kPageRows; }

}  // namespace emulator::testbench::routes

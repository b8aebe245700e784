#include "emulator/net/discovery.h"

#include <sys/socket.h>

#include "emulator/file_descriptor.h"
#include "emulator/net/question.h"
#include "protocol/gvcp/codec.h"

namespace emulator::net {

bool answers_discovery(std::uint32_t ip, std::chrono::milliseconds patience) {
    namespace gvcp = protocol::gvcp;
    constexpr std::uint16_t kRequest = 1;
    const FileDescriptor socket(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    const auto command = gvcp::make_command(gvcp::Code::discovery, gvcp::kAcknowledge, kRequest, {});
    const auto answer = ask(socket.get(), {.ip = ip, .port = gvcp::kPort}, command, patience);
    return answer && answer->size() == gvcp::kHeaderBytes + gvcp::kDiscoveryAckBytes &&
           gvcp::parse_ack(*answer)->status == 0;
}

}  // namespace emulator::net

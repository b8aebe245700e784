#include "emulator/app/system_call_filter.h"

#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/netlink.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace emulator {
namespace {

using Program = std::vector<sock_filter>;

#if defined(__x86_64__)
constexpr std::uint32_t kArchitecture = AUDIT_ARCH_X86_64;
/// Calls of the x32 ABI have this bit.
constexpr std::uint32_t kForeignCalls = 0x4000'0000;
#elif defined(__aarch64__)
constexpr std::uint32_t kArchitecture = AUDIT_ARCH_AARCH64;
constexpr std::uint32_t kForeignCalls = 0x8000'0000;
#else
constexpr std::uint32_t kArchitecture = 0;
constexpr std::uint32_t kForeignCalls = 0x8000'0000;
#endif

constexpr long kRefused[]{
    // Other programs.
    SYS_execve,
    SYS_execveat,
#ifdef SYS_fork
    SYS_fork,
    SYS_vfork,
#endif
    // Other processes.
    SYS_ptrace,
    SYS_process_vm_readv,
    SYS_process_vm_writev,
    SYS_kcmp,
    SYS_pidfd_getfd,
    // Mounts and namespaces.
    SYS_mount,
    SYS_umount2,
    SYS_pivot_root,
    SYS_chroot,
    SYS_open_tree,
    SYS_move_mount,
    SYS_fsopen,
    SYS_fsmount,
    SYS_setns,
    SYS_unshare,
    SYS_swapon,
    SYS_swapoff,
    SYS_open_by_handle_at,
    // The kernel.
    SYS_init_module,
    SYS_finit_module,
    SYS_delete_module,
    SYS_kexec_load,
    SYS_kexec_file_load,
    SYS_reboot,
    SYS_bpf,
    SYS_perf_event_open,
    SYS_userfaultfd,
    SYS_io_uring_setup,
    SYS_acct,
    SYS_syslog,
    SYS_quotactl,
    // Keys, identities, names and clocks.
    SYS_add_key,
    SYS_request_key,
    SYS_keyctl,
    SYS_setuid,
    SYS_setgid,
    SYS_setresuid,
    SYS_setresgid,
    SYS_setgroups,
    SYS_sethostname,
    SYS_setdomainname,
    SYS_settimeofday,
    SYS_clock_settime,
    SYS_adjtimex,
    SYS_clock_adjtime,
#ifdef SYS_iopl
    SYS_iopl,
    SYS_ioperm,
#endif
};

constexpr std::uint32_t kRefusal = SECCOMP_RET_ERRNO | EPERM;

sock_filter give(std::uint32_t verdict) { return BPF_STMT(BPF_RET | BPF_K, verdict); }
sock_filter load(std::size_t offset) {
    return BPF_STMT(BPF_LD | BPF_W | BPF_ABS, static_cast<std::uint32_t>(offset));
}
sock_filter skip_unless_equal(std::uint32_t value, std::uint8_t skipped) {
    return BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, value, 0, skipped);
}
/// The lower half of an argument; both architectures are little-endian.
sock_filter load_argument(std::size_t number) { return load(offsetof(seccomp_data, args) + 8 * number); }

void append(Program& program, const Program& more) {
    program.insert(program.end(), more.begin(), more.end());
}

/// A part of the program for one system call; it has to give a verdict.
void on_call(Program& program, long number, const Program& part) {
    program.push_back(
        skip_unless_equal(static_cast<std::uint32_t>(number), static_cast<std::uint8_t>(part.size())));
    append(program, part);
}

/// Unix and IPv4 sockets that are not raw, and Netlink's for addresses of interfaces.
Program judge_socket(bool packet_sockets_too) {
    constexpr std::uint32_t kTypeBits = 0xF;
    return {load_argument(0),
            skip_unless_equal(AF_PACKET, 1),
            give(packet_sockets_too ? SECCOMP_RET_ALLOW : kRefusal),
            skip_unless_equal(AF_NETLINK, 3),
            load_argument(2),
            skip_unless_equal(NETLINK_ROUTE, 6),
            give(SECCOMP_RET_ALLOW),
            BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, AF_UNIX, 1, 0),
            skip_unless_equal(AF_INET, 3),
            load_argument(1),
            BPF_STMT(BPF_ALU | BPF_AND | BPF_K, kTypeBits),
            BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SOCK_RAW, 0, 1),
            give(kRefusal),
            give(SECCOMP_RET_ALLOW)};
}

Program make_program(bool packet_sockets_too) {
    Program program{load(offsetof(seccomp_data, arch)),
                    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, kArchitecture, 1, 0),
                    give(SECCOMP_RET_KILL_PROCESS),
                    load(offsetof(seccomp_data, nr)),
                    BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, kForeignCalls, 0, 1),
                    give(kRefusal)};
    for (const long number : kRefused) on_call(program, number, {give(kRefusal)});
    // Its flags are out of a filter's reach; who is told that it does not exist takes clone.
    on_call(program, SYS_clone3, {give(SECCOMP_RET_ERRNO | ENOSYS)});
    on_call(program, SYS_clone,
            {load_argument(0), BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, CLONE_THREAD, 1, 0), give(kRefusal),
             give(SECCOMP_RET_ALLOW)});
    on_call(program, SYS_socket, judge_socket(packet_sockets_too));
    program.push_back(give(SECCOMP_RET_ALLOW));
    return program;
}

}  // namespace

std::error_code filter_system_calls(bool packet_sockets_too) {
    if (kArchitecture == 0) return std::make_error_code(std::errc::function_not_supported);
    auto program = make_program(packet_sockets_too);
    const sock_fprog filter{.len = static_cast<unsigned short>(program.size()), .filter = program.data()};
    const bool filters = prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
                         prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter) == 0;
    return filters ? std::error_code() : std::error_code(errno, std::generic_category());
}

}  // namespace emulator

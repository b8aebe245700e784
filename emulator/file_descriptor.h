#pragma once

#include <unistd.h>

#include <utility>

namespace emulator {

/// A file descriptor that is closed with its owner: of a file, a folder or a socket. -1 is none.
class FileDescriptor {
  public:
    explicit FileDescriptor(int number = -1) : number_(number) {}
    ~FileDescriptor() {
        if (*this) ::close(number_);
    }
    FileDescriptor(FileDescriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
    FileDescriptor& operator=(FileDescriptor&& other) noexcept {
        std::swap(number_, other.number_);
        return *this;
    }

    explicit operator bool() const { return number_ >= 0; }
    [[nodiscard]] int get() const { return number_; }

  private:
    int number_;
};

}  // namespace emulator

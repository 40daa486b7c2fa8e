#pragma once

#include <cstdint>
#include "io/windows/winsock.h"

namespace oversoak::probes {

// A file in the folder for temporary files, gone when it is closed.
class TemporaryFile {
 public:
  // `flags`: FILE_FLAG_OVERLAPPED, FILE_FLAG_NO_BUFFERING.
  explicit TemporaryFile(DWORD flags);
  ~TemporaryFile() { CloseHandle(handle_); }
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;

  HANDLE get() const noexcept { return handle_; }
  std::uint64_t size_bytes() const;
  // Sets the size; what is new reads as zeros.
  void resize(std::uint64_t bytes);

 private:
  HANDLE handle_;
};

}  // namespace oversoak::probes

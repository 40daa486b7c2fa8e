#pragma once

#include <cstdint>
#include <string>

namespace oversoak::io {

// What a call or an operation failed with: the number of Winsock (WSAECONNRESET) or of Linux
// (ECONNRESET). False: it did not fail.
class Error {
 public:
  constexpr Error() = default;
  explicit constexpr Error(std::uint32_t number) : number_(number) {}

  // Of the calling thread's last call on a socket.
  static Error last() noexcept;
  // Of an operation that was given up.
  static Error cancelled() noexcept;

  explicit constexpr operator bool() const noexcept { return number_ != 0; }
  bool operator==(const Error&) const = default;

  bool would_block() const noexcept;
  // Whether this is how a reset by the peer shows.
  bool is_reset() const noexcept;

  // "WSAEADDRINUSE (10048)", "ECONNREFUSED (111)"; the bare number where the name is not one of the
  // common ones.
  std::string describe() const;

  constexpr std::uint32_t number() const noexcept { return number_; }

 private:
  std::uint32_t number_ = 0;
};

}  // namespace oversoak::io

#pragma once

#include <cstdint>
#include <string>

namespace oversoak::io {

// The error of a call or an operation: the number of Winsock (WSAECONNRESET) or of Linux
// (ECONNRESET). False: no error.
class Error {
 public:
  constexpr Error() = default;
  explicit constexpr Error(std::uint32_t number) : number_(number) {}

  // Of the calling thread's last call on a socket.
  static Error last() noexcept;
  // Of a cancelled operation.
  static Error cancelled() noexcept;

  explicit constexpr operator bool() const noexcept { return number_ != 0; }
  bool operator==(const Error&) const = default;

  bool would_block() const noexcept;
  // Whether the peer has reset the connection.
  bool is_reset() const noexcept;
  // Of a connect: whether the caller's own system had no descriptor, port or memory for it, which
  // says nothing of the peer.
  bool is_own_shortage() const noexcept;

  // "WSAEADDRINUSE (10048)", "ECONNREFUSED (111)"; the bare number where the name is not one of the
  // common ones.
  std::string describe() const;

  constexpr std::uint32_t number() const noexcept { return number_; }

 private:
  std::uint32_t number_ = 0;
};

}  // namespace oversoak::io

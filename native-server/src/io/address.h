#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "system_io.h"

namespace oversoak::io {

// An address of IPv4 or IPv6 with its port, as the system's calls take and fill it.
class Address {
 public:
  // None.
  Address() noexcept = default;
  explicit Address(const sockaddr_in& v4) noexcept { name_.v4 = v4; }

  // "10.0.0.1", "fd00::1"; nothing where `host` is neither. No name is looked up.
  static std::optional<Address> parse(const std::string& host, std::uint16_t port) noexcept;
  // Every address of this machine of the family, with a port of the system's.
  static Address any_of(int family) noexcept;

  const sockaddr* get() const noexcept { return &name_.any; }
  socklen_t size() const noexcept {
    return static_cast<socklen_t>(family() == AF_INET6 ? sizeof(name_.v6) : sizeof(name_.v4));
  }

  // For a call that fills the address in, and of how many bytes it may.
  static constexpr socklen_t kCapacity = sizeof(sockaddr_in6);
  sockaddr* fill() noexcept { return &name_.any; }

  int family() const noexcept { return name_.any.sa_family; }
  std::uint16_t port() const noexcept;
  explicit operator bool() const noexcept { return family() != AF_UNSPEC; }

  // "10.0.0.1:80", "[fd00::1]:80"
  std::string text() const;

 private:
  // The largest first: `{}` makes it zeroes, and with it the others.
  union Name {
    sockaddr_in6 v6;
    sockaddr_in v4;
    sockaddr any;
  };
  Name name_{};
};

// Loopback of IPv4; port 0: one of the system's.
sockaddr_in loopback(std::uint16_t port) noexcept;

}  // namespace oversoak::io
